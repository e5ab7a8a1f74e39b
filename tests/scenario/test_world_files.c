/* SPDX-License-Identifier: MIT */
/* World files in a test's own world, and the inline run of scenarios that the search makes: from
 * structure to judgement without any text but the steps. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/scenario/expect.h"
#include "emu/scenario/scenario_read.h"
#include "emu/setup/scenario_run.h"
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu.h"

#include <string.h>

static const char mail_world[] = "volumes: {C: {files: {'docs\\a.txt': hello}}}\n"
                                 "writers: [Sql, {name: Mail, level: back-end}]\n"
                                 "registry: {'HKLM\\SOFTWARE\\X': {Count: 5, Name: text}}\n"
                                 "faults: writer=Mail event=Thaw do=veto\n";

static void a_world_file_fills_a_world(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free void *data = NULL;
    size_t size;

    (void)state;
    assert_true(vssemu_world_load_text(w, mail_world));
    assert_true(vssemu_file_read(w, "C:\\docs\\a.txt", &data, &size));
    assert_string_equal(data, "hello");
    assert_string_equal(vssemu_registry_get_text(w, "HKLM\\SOFTWARE\\X", "Name"), "text");
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_state(w, "Mail"), VSS_WS_FAILED_AT_THAW);
    assert_int_equal(vssemu_writer_state(w, "Sql"), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_unfired_faults(w), "");
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_mistake_in_it_is_told_with_its_place(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    (void)state;
    assert_false(vssemu_world_load_text(w, "writer: [Sql]\n"));
    assert_string_equal(vssemu_error(w),
                        "(text):1:1: a world file has no key writer; did you mean writers?");
    assert_false(vssemu_world_load(w, "/no/such.yaml"));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void steps_are_played_in_it(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    (void)state;
    assert_true(vssemu_world_load_text(w, "volumes: [C]\nwriters: [Sql]\n"));
    assert_true(vssemu_play(w, "backup\nrestore\n"));
    assert_false(vssemu_play(w, "begin\nDoSnapshotSet\n"));
    assert_string_equal(vssemu_error(w),
                        "line 2: DoSnapshotSet gave VSS_E_BAD_STATE; expected success");
    assert_false(vssemu_play(w, "# nothing yet\n\n  DoSnapshotSets\n"));
    assert_string_equal(vssemu_error(w),
                        "line 3: there is no step DoSnapshotSets; did you mean DoSnapshotSet?");
    assert_int_equal(vssemu_world_free(w), 0);
}

static const struct trace_record *record(const void *run, size_t i)
{
    return scenario_run_record(run, i);
}

/* As a search does: changed copies of one structure. */
static void a_structure_is_run_and_judged_without_a_file(void **state)
{
    auto_scenario struct scenario s = { 0 };
    auto_free char *error = NULL;

    (void)state;
    scenario_add_volume(&s, 'C');
    scenario_add_writer(&s, SCENARIO_WRITER_CAST, "deep-tree");
    scenario_add_step(&s, "backup");
    scenario_expect(&s, EXPECT_RESULT, "DoSnapshotSet", "S_OK");
    scenario_expect(&s, EXPECT_FINDINGS, NULL, NULL);
    for (unsigned i = 0; i < 20; i++) {
        auto_scenario struct scenario copy;
        auto_str struct str report = { 0 };
        struct scenario_run run;

        scenario_copy(&s, &copy);
        copy.has_seed = true;
        copy.seed = i;
        assert_true(scenario_run_begin(&copy, &run, &error));
        struct expect_run trace = { .get = record, .arg = &run, .count = scenario_run_count(&run) };
        assert_null(run.failure);
        if (expect_judge(&copy, &trace, &report))
            fail_msg("%s", report.text);
        scenario_run_end(&run);
        assert_int_equal(run.n_leaked, 0);
    }
}

static void what_is_not_met_is_told_with_both_sides(void **state)
{
    static const char text[] = "volumes: [C]\nwriters: [Sql]\nsteps: backup\n"
                               "expect: {events: {Sql: [Identify, Freeze]}}\n";
    auto_scenario struct scenario s = { 0 };
    auto_str struct str report = { 0 };
    auto_free char *error = NULL;
    struct scenario_run run;

    (void)state;
    assert_true(scenario_read(text, strlen(text), "w.yaml", &s, &error));
    assert_true(scenario_run_begin(&s, &run, &error));
    struct expect_run trace = { .get = record, .arg = &run, .count = scenario_run_count(&run) };
    assert_int_equal(expect_judge(&s, &trace, &report), 1);
    assert_string_equal(report.text,
                        "line 4: events of Sql\n  - expected Identify, Freeze\n  + got      "
                        "Identify, PrepareForBackup, PrepareForSnapshot, Freeze, Thaw, "
                        "PostSnapshot, BackupComplete, BackupShutdown\n");
    scenario_run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_world_file_fills_a_world),
        cmocka_unit_test(a_mistake_in_it_is_told_with_its_place),
        cmocka_unit_test(steps_are_played_in_it),
        cmocka_unit_test(a_structure_is_run_and_judged_without_a_file),
        cmocka_unit_test(what_is_not_met_is_told_with_both_sides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
