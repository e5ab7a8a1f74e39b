/* SPDX-License-Identifier: MIT */
/* Rules of the documentation that Windows lets a program break: each story breaks one, its twin
 * none of that name. docs/findings.md has a section for every rule and no other. */
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/proto/finding_rules.h"
#include "tests/support/cmocka_vss.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

static const char writer_xml[] =
    "<TestWriter usage=\"USER_DATA\"><RestoreMethod method=\"RESTORE_IF_CAN_BE_REPLACED\" "
    "writerRestore=\"always\" rebootRequired=\"no\"/><Component componentType=\"filegroup\" "
    "componentName=\"Documents\" selectable=\"yes\"><ComponentFile path=\"C:\\docs\" "
    "filespec=\"*\" recursive=\"yes\"/></Component></TestWriter>";

/* What a requester leaves out. */
enum omission {
    NOTHING,
    STATUS_AFTER_PREPARE,
    STATUS_AFTER_SNAPSHOT,
    STATUS_AFTER_COMPLETE,
    QUERY_STATUS,
    SUCCEEDED,
    COMPLETE,
    DO_SNAPSHOT_SET,
    READ_METADATA,
    READ_STATUS,
    FREE_TEXT,
    RELEASE_ASYNC
};

struct story {
    enum omission omission;
    IVssBackupComponents *b;
    IVssAsync *kept;
};

static void finish(struct story *story, HRESULT hr, IVssAsync *async)
{
    HRESULT result;

    assert_int_equal(hr, S_OK);
    assert_int_equal(call(async, Wait, INFINITE), S_OK);
    if (story->omission != QUERY_STATUS)
        assert_int_equal(call(async, QueryStatus, &result, NULL), S_OK);
    if (story->omission == RELEASE_ASYNC && !story->kept)
        story->kept = async;
    else
        call(async, Release);
}

static void status(struct story *story, enum omission when)
{
    IVssAsync *async = NULL;
    VSS_ID instance, class;
    BSTR name = NULL;
    VSS_WRITER_STATE state;
    HRESULT failure;

    if (story->omission == when)
        return;
    HRESULT hr = call(story->b, GatherWriterStatus, &async);
    finish(story, hr, async);
    if (story->omission == READ_STATUS)
        return;
    assert_int_equal(call(story->b, GetWriterStatus, 0, &instance, &class, &name, &state, &failure),
                     S_OK);
    if (story->omission != FREE_TEXT)
        SysFreeString(name);
    call(story->b, FreeWriterStatus);
}

static void choose(struct story *story, VSS_ID *instance, VSS_ID *class)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;

    if (story->omission == READ_METADATA)
        return;
    assert_int_equal(call(story->b, GetWriterMetadata, 0, instance, &metadata), S_OK);
    call(metadata, GetIdentity, instance, class, &name, &usage, &source);
    SysFreeString(name);
    call(metadata, Release);
    assert_int_equal(
        call(story->b, AddComponent, *instance, *class, VSS_CT_FILEGROUP, NULL, L"Documents"),
        S_OK);
}

static void back_up(struct story *story)
{
    IVssAsync *async = NULL;
    VSS_ID instance = { 0 }, class = { 0 }, id;

    assert_int_equal(CreateVssBackupComponents(&story->b), S_OK);
    call(story->b, InitializeForBackup, NULL);
    call(story->b, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE);
    HRESULT hr = call(story->b, GatherWriterMetadata, &async);
    finish(story, hr, async);
    choose(story, &instance, &class);
    call(story->b, StartSnapshotSet, &id);
    call(story->b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id);
    hr = call(story->b, PrepareForBackup, &async);
    finish(story, hr, async);
    status(story, STATUS_AFTER_PREPARE);
    if (story->omission != DO_SNAPSHOT_SET) {
        hr = call(story->b, DoSnapshotSet, &async);
        finish(story, hr, async);
        status(story, STATUS_AFTER_SNAPSHOT);
        if (story->omission != SUCCEEDED && story->omission != READ_METADATA)
            call(story->b, SetBackupSucceeded, instance, class, VSS_CT_FILEGROUP, NULL,
                 L"Documents", TRUE);
        if (story->omission != COMPLETE) {
            hr = call(story->b, BackupComplete, &async);
            finish(story, hr, async);
            status(story, STATUS_AFTER_COMPLETE);
        }
    }
    call(story->b, Release);
}

static const struct row {
    enum omission omission;
    const char *rule, *call, *object;
} rows[] = {
    { STATUS_AFTER_PREPARE, "status-after-prepare", "DoSnapshotSet", "" },
    { STATUS_AFTER_SNAPSHOT, "status-after-snapshot", "BackupComplete", "" },
    { STATUS_AFTER_COMPLETE, "status-after-complete", "Release", "" },
    { QUERY_STATUS, "async-not-queried", "Release", "GatherWriterMetadata" },
    { SUCCEEDED, "backup-succeeded-missing", "BackupComplete", "Test Writer: Documents" },
    { COMPLETE, "backup-complete-missing", "Release", "" },
    { DO_SNAPSHOT_SET, "session-dropped-after-prepare", "Release", "" },
    { READ_METADATA, "metadata-not-read", "PrepareForBackup", "" },
    { READ_STATUS, "status-not-read", "DoSnapshotSet", "" },
    { FREE_TEXT, "bstr-leaked", "SysFreeString", "BSTR" },
    { RELEASE_ASYNC, "async-leaked", "Release", "IVssAsync" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static struct vssemu_world *run(enum omission omission, IVssAsync **ret_kept)
{
    struct story story = { .omission = omission };
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "a", 1));
    assert_true(vssemu_add_writer_xml(w, writer_xml));
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    back_up(&story);
    CoUninitialize();
    vssemu_find_leaks(w);
    *ret_kept = story.kept;
    return w;
}

static void each_omission_is_its_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        IVssAsync *kept;
        struct vssemu_world *w = run(rows[i].omission, &kept);
        struct vssemu_finding f;
        bool is_seen = false;

        for (unsigned k = 0; vssemu_finding(w, k, &f); k++) {
            if (strcmp(f.rule, rows[i].rule) == 0 && strcmp(f.call, rows[i].call) == 0 &&
                strcmp(f.object, rows[i].object) == 0) {
                is_seen = true;
                assert_string_equal(
                    f.level, finding_level_name(finding_row(finding_rule_named(f.rule))->level));
                assert_string_equal(f.who, "requester");
            }
        }
        if (!is_seen)
            fail_msg("%s is not among:\n%s", rows[i].rule, vssemu_findings(w));
        if (kept)
            call(kept, Release);
        vssemu_world_free(w);
    }
}

static void a_correct_program_breaks_no_must(void **state)
{
    IVssAsync *kept;
    struct vssemu_world *w = run(NOTHING, &kept);

    (void)state;
    if (vssemu_finding_count(w, NULL))
        fail_msg("%s", vssemu_findings(w));
    for (size_t i = 0; i < N_ROWS; i++)
        assert_int_equal(vssemu_finding_count(w, rows[i].rule), 0);
    assert_int_equal(vssemu_event_count(w, "VSS", 8231), 1);
    assert_int_equal(vssemu_world_free(w), 0);
}

static void every_rule_has_its_section(void **state)
{
    FILE *file = fopen(SOURCE_DIR "/docs/findings.md", "r");
    char line[512];
    unsigned n = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = 0;
        if (!str_starts_with(line, "## "))
            continue;
        n++;
        if (finding_rule_named(line + 3) == N_FINDING_RULES)
            fail_msg("docs/findings.md: there is no rule %s", line + 3);
    }
    fclose(file);
    assert_int_equal(n, N_FINDING_RULES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_omission_is_its_finding),
        cmocka_unit_test(a_correct_program_breaks_no_must),
        cmocka_unit_test(every_rule_has_its_section),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
