/* SPDX-License-Identifier: MIT */
/* World files: what is read, what is refused and how it is said, and that a scenario comes back as
 * it was written. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/scenario/scenario_read.h"
#include "tests/support/cmocka_vss.h"

#include <string.h>

static void refused(const char *text, const char *message)
{
    struct scenario scenario;
    char *error = NULL;

    if (scenario_read(text, strlen(text), "w.yaml", &scenario, &error))
        fail_msg("accepted: %s", text);
    if (strcmp(error, message) != 0)
        fail_msg("%s\nsays      %s\nshould be %s", text, error, message);
    free(error);
}

static struct scenario accepted(const char *text)
{
    struct scenario scenario = { 0 };
    char *error = NULL;

    if (!scenario_read(text, strlen(text), "w.yaml", &scenario, &error))
        fail_msg("%s\n%s", error, text);
    return scenario;
}

static const struct {
    const char *text, *message;
} mistakes[] = {
    { "seed: [", "w.yaml:2:1: this is no YAML: did not find expected node content, while "
                 "parsing a flow node" },
    { "sed: 1\n", "w.yaml:1:1: a world file has no key sed; did you mean seed?" },
    { "seed: 1\nseed: 2\n", "w.yaml:2:1: the key seed stands here twice" },
    { "seed: x\n", "w.yaml:1:7: a number from 0 to 9223372036854775807 stands here, not x" },
    { "a: &x 1\nb: *x\n", "w.yaml:2:4: aliases (*name) are not read here" },
    { "clock: fast\n", "w.yaml:1:8: clock is virtual or real, not fast" },
    { "windows: 95\n", "w.yaml:1:10: windows is 2003, 2008r2, 2012r2, 2016 or 2022, not 95" },
    { "choices: {writer_veto: x}\n", "w.yaml:1:24: writer_veto=x is no choice or no value of "
                                     "one; `vssemu states choices` lists them" },
    { "caller: root\n", "w.yaml:1:9: caller is administrator, backup-operator or user, not root" },
    { "fine: maybe\n", "w.yaml:1:7: yes or no stands here, not maybe" },
    { "document-limit: 2XB\n",
      "w.yaml:1:17: a number of bytes stands here (also 4KB, 20MB, 2GB), not 2XB" },
    { "transactions: {freeze: soon}\n", "w.yaml:1:24: a length of time stands here, such as "
                                        "250ms, 20s or 5m, not soon" },
    { "volumes: {CC: }\n", "w.yaml:1:15: a volume is called like C:, not CC" },
    { "volumes: [C, c]\n", "w.yaml:1:14: volume C: is there twice" },
    { "volumes: {C: {lable: x}}\n", "w.yaml:1:15: a volume has no key lable; did you mean "
                                    "label?" },
    { "volumes: {C: {directory: x, files: {a: b}}}\n",
      "w.yaml:1:14: the files of a directory are those that are in it: a volume has a "
      "directory or files" },
    { "writers: Sql\n", "w.yaml:1:10: writers is a list" },
    { "writers: [{name: Sql, level: top}]\n",
      "w.yaml:1:30: level is front-end, back-end, system or system-rm" },
    { "writers: [{name: Sql, id: 5}]\n",
      "w.yaml:1:27: id is a GUID such as 5affb034-969f-4919-8875-88f830d0ef89" },
    { "writers: [{name: Sql, components: [db, db]}]\n",
      "w.yaml:1:40: the component db is there twice" },
    { "writers: [{name: Sql, components: [{name: db, files: x}]}]\n",
      "w.yaml:1:54: x is no set of files: C:\\data\\*.mdf, C:\\data\\** for everything "
      "below" },
    { "writers: [{name: S, components: [{name: db, type: table}]}]\n",
      "w.yaml:1:51: type is filegroup or database, not table" },
    { "writers: [simulate: nobody]\n", "w.yaml:1:21: there is no writer of Windows called "
                                       "nobody; `vssemu writers` lists them" },
    { "writers: [{level: system, usage: OTHER}]\n", "w.yaml:1:11: a writer needs a name" },
    { "snapshots: [{volumes: C, count: 600}]\n",
      "w.yaml:1:33: a volume has at most 512 snapshots" },
    { "steps: |\n  GatherWriterMetadata\n  DoSnapshotSets\n",
      "w.yaml:3:3: there is no step DoSnapshotSets; did you mean DoSnapshotSet?" },
    { "steps: [DoSnapshotSet -> VSS_E_NOPE]\n",
      "w.yaml:1:9: VSS_E_NOPE is no code: behind -> stands VSS_E_BAD_STATE, S_OK, 0x80042301 "
      "or any" },
    { "steps: [AddComponent]\n", "w.yaml:1:9: AddComponent takes WRITER COMPONENT, or all" },
    { "steps: [start Pause 1s]\n",
      "w.yaml:1:9: Pause is no asynchronous method: nothing to start" },
    { "steps: [backup]\nbetest: x\n", "w.yaml:1:1: a run has one requester: steps or betest" },
    { "expect: {result: {A: S_OK}}\n",
      "w.yaml:1:10: expect has no key result; did you mean results?" },
    { "expect: {results: {A: OK}}\n",
      "w.yaml:1:23: OK is no code: VSS_E_BAD_STATE, S_OK or 0x80042301" },
    { "expect: {status: {A: FROZEN}}\n",
      "w.yaml:1:22: FROZEN is no state of a writer, such as STABLE or FAILED_AT_FREEZE" },
    { "expect: {findings: [no-rule]}\n",
      "w.yaml:1:21: there is no rule no-rule; `vssemu states findings` lists them" },
    { "a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: 1}}}}}}}}}}}}}\n",
      "w.yaml:1:48: this is nested too deeply" },
    { "faults:\n  - {writer: Sql, event: Freeze, do: hang}\n",
      "w.yaml:2:5: a fault is one line, as of --fault: - writer=Sql event=Freeze do=hang" },
    { "faults: {do: hang}\n",
      "w.yaml:1:9: a fault is one line, as of --fault: - writer=Sql event=Freeze do=hang" },
    { "name: x\nsteps: |\n  begin\n    DoSnapshotSett\n",
      "w.yaml:4:5: there is no step DoSnapshotSett; did you mean DoSnapshotSet?" },
    { "name: x\nabout: \xff\n", "w.yaml:2:8: this is no YAML: invalid leading UTF-8 octet" },
    { "name: x\nabout: y\n\n a\x01\n",
      "w.yaml:4:3: this is no YAML: control characters are not allowed" },
    { "name: x\n---\nname: y\n", "w.yaml:2:1: a file holds one document" },
};

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++)
        refused(mistakes[i].text, mistakes[i].message);
}

static void a_fault_is_refused_with_what_its_own_reader_says(void **state)
{
    const char *text = "faults:\n  - writer=A event=Freze do=hang\n";
    struct scenario scenario;
    auto_free char *error = NULL;

    (void)state;
    assert_false(scenario_read(text, strlen(text), "w.yaml", &scenario, &error));
    assert_true(str_starts_with(error, "w.yaml:2:5: "));
    assert_non_null(strstr(error, "Freze"));
}

static void a_fault_of_a_volume_is_a_line_although_it_has_a_colon(void **state)
{
    static const char *const texts[] = {
        "faults:\n  - writer=A event=Freeze do=hang\n  - volume=C: op=flush do=hang\n",
        "faults: |\n  writer=A event=Freeze do=hang\n  volume=C: op=flush do=hang\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        auto_scenario struct scenario scenario = { 0 };
        auto_free char *error = NULL;

        if (!scenario_read(texts[i], strlen(texts[i]), "w.yaml", &scenario, &error))
            fail_msg("%s", error);
        assert_int_equal(scenario.faults.count, 2);
    }
}

static const char whole[] = "name: W99\n"
                            "catalogue: W05\n"
                            "about: 'two: writers'\n"
                            "clock: real\n"
                            "seed: 7\n"
                            "schedule: random\n"
                            "fine: yes\n"
                            "windows: 2016\n"
                            "choices: ['writer_veto=fail-set']\n"
                            "caller: backup-operator\n"
                            "document-limit: 4096\n"
                            "strict: yes\n"
                            "strict-api: yes\n"
                            "service: Mine\n"
                            "transactions:\n"
                            "  freeze: 5s\n"
                            "volumes:\n"
                            "  C:\n"
                            "    label: Data\n"
                            "    files:\n"
                            "      docs\\a.txt: \"hello\\n\"\n"
                            "      docs\\big: {size: 100000}\n"
                            "  D: ./dir\n"
                            "unnamed-volumes: 2\n"
                            "writers:\n"
                            "  - name: Sql\n"
                            "  - name: Mail Store\n"
                            "    id: 5affb034-969f-4919-8875-88f830d0ef89\n"
                            "    instance: second\n"
                            "    usage: SYSTEM_SERVICE\n"
                            "    level: back-end\n"
                            "    freeze-timeout: 20s\n"
                            "    restore: CUSTOM\n"
                            "    components:\n"
                            "      - Store\\box\n"
                            "      - name: Store\\db\n"
                            "        type: database\n"
                            "        selectable: no\n"
                            "        files:\n"
                            "          - 'C:\\mail\\*.edb'\n"
                            "          - path: 'C:\\mail'\n"
                            "            filespec: '*'\n"
                            "            recursive: yes\n"
                            "            alternate: 'C:\\spit'\n"
                            "            mask: 0x101\n"
                            "        logs:\n"
                            "          - 'C:\\mail\\**\\*.log'\n"
                            "        depends:\n"
                            "          - '5affb034-969f-4919-8875-88f830d0ef89 Store\\box'\n"
                            "    exclude:\n"
                            "      - 'C:\\mail\\*.tmp'\n"
                            "  - simulate: 'registry'\n"
                            "providers: ['p.so']\n"
                            "registry:\n"
                            "  files: ['keys.reg']\n"
                            "  HKLM\\SOFTWARE\\X:\n"
                            "    Name: '\"text\"'\n"
                            "    Count: 'dword:00000005'\n"
                            "snapshots:\n"
                            "  - volumes: ['C:']\n"
                            "    count: 3\n"
                            "faults: |\n"
                            "  writer=Sql event=Freeze do=fail code=VSS_E_WRITERERROR_RETRYABLE\n"
                            "steps: |\n"
                            "  backup\n"
                            "  A: AddToSnapshotSet C: -> VSS_E_BAD_STATE\n"
                            "program: ['./prog', '-x']\n"
                            "expect:\n"
                            "  results:\n"
                            "    DoSnapshotSet: [S_OK, VSS_E_BAD_STATE]\n"
                            "  status:\n"
                            "    Sql: [FAILED_AT_FREEZE, VSS_E_WRITERERROR_RETRYABLE]\n"
                            "  order: ['Sql Freeze', 'Mail Store Freeze']\n"
                            "  findings: none\n"
                            "  files:\n"
                            "    C:\\docs\\b.txt: ~\n"
                            "  check: ['test -d {}/C', '! cmp {}/C/a {}/C/b']\n";

static void what_is_written_is_read_again(void **state)
{
    auto_scenario struct scenario scenario = accepted(whole);
    auto_scenario struct scenario copy;
    auto_str struct str first = { 0 }, second = { 0 };

    (void)state;
    scenario_write(&scenario, &first);
    auto_scenario struct scenario again = accepted(first.text);
    scenario_copy(&again, &copy);
    scenario_write(&copy, &second);
    assert_string_equal(first.text, second.text);
    assert_non_null(strstr(first.text, "'C:\\mail\\**\\*.log'"));
    assert_int_equal(copy.writers.count, 3);
    assert_int_equal(copy.writers.items[1].freeze_timeout_ms, 20000);
    assert_int_equal(copy.volumes.items[0].files.items[0].text_size, 6);
    assert_string_equal(copy.steps.items[1].text, "A: AddToSnapshotSet C: -> VSS_E_BAD_STATE");
    assert_int_equal(copy.expectations.count, 6);
    size_t n_checks;
    const char *const *checks = scenario_checks(&copy, &n_checks);
    assert_int_equal(n_checks, 2);
    assert_string_equal(checks[1], "! cmp {}/C/a {}/C/b");
    assert_int_equal(copy.expectations.items[4].values.count, 0);
}

static void lines_may_be_written_as_a_block_a_list_or_one(void **state)
{
    auto_scenario struct scenario block = accepted("steps: |\n  begin\n  # no\n\n  Release\n");
    auto_scenario struct scenario list =
        accepted("steps:\n  - begin\n  - AddToSnapshotSet C:\n  - A: Release\n");
    auto_scenario struct scenario one = accepted("steps: backup\n");

    (void)state;
    assert_int_equal(block.steps.count, 2);
    assert_int_equal(block.steps.items[1].line, 5);
    assert_int_equal(list.steps.count, 3);
    assert_string_equal(list.steps.items[1].text, "AddToSnapshotSet C:");
    assert_string_equal(list.steps.items[2].text, "A: Release");
    assert_int_equal(one.steps.count, 1);
}

static void a_name_is_a_whole_writer(void **state)
{
    auto_scenario struct scenario s = accepted("writers: [Sql]\n");
    const struct wmd *wmd = s.writers.items[0].document;

    (void)state;
    assert_string_equal(wmd->name, "Sql");
    assert_int_equal(wmd->components.count, 1);
    assert_true(wmd->has_restore_method);
    assert_string_equal(wmd->components.items[0].files.items[0].path, "C:\\Sql");
    assert_string_equal(wmd->components.items[0].files.items[0].filespec, "data.dat");
}

static void an_empty_file_is_an_empty_world(void **state)
{
    auto_scenario struct scenario s = accepted("# nothing\n");

    (void)state;
    assert_false(s.is_real_clock);
    assert_int_equal(s.volumes.count + s.writers.count + s.steps.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(a_fault_of_a_volume_is_a_line_although_it_has_a_colon),
        cmocka_unit_test(a_fault_is_refused_with_what_its_own_reader_says),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(lines_may_be_written_as_a_block_a_list_or_one),
        cmocka_unit_test(a_name_is_a_whole_writer),
        cmocka_unit_test(an_empty_file_is_an_empty_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
