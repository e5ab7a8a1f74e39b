/* SPDX-License-Identifier: MIT */
/* The course of a backup: which events writers see under which option, what is said when something
 * fails, and what becomes of single components (Learn: "Overview of Processing a Backup Under VSS",
 * "Writer Errors and Vetoes", "IVssComponentEx2::SetFailure"). */
#include "tests/support/betest_stage.h"

#include "emu/doc/filespec.h"

static VSS_BACKUP_TYPE type_seen;
static bool bootable_seen;
static LONG context_seen;
static char succeeded[3]; /* of both components, '1' or '0' */
static const WCHAR *named_file;

static void add_component(IVssCreateWriterMetadata *metadata, const WCHAR *name,
                          const WCHAR *directory, const WCHAR *filespec)
{
    check(call(metadata, AddComponent, VSS_CT_FILEGROUP, NULL, name, NULL, NULL, 0, FALSE, FALSE,
               TRUE, FALSE, 0) == S_OK);
    check(call(metadata, AddFilesToFileGroup, NULL, name, directory, filespec, FALSE, NULL,
               FILESPEC_MASK_DEFAULT) == S_OK);
}

static void identify(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    check(call(metadata, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
               VSS_WRE_ALWAYS, FALSE) == S_OK);
    add_component(metadata, L"One", L"C:\\one", named_file);
    add_component(metadata, L"Two", L"C:\\two", L"*");
}

static void see(struct betest_stage *stage, const char *event, IVssWriterComponents *components)
{
    if (str_is_equal(event, "PrepareForBackup")) {
        type_seen = vssemu_writer_backup_type(stage->writer);
        bootable_seen = vssemu_writer_is_bootable_state_backed_up(stage->writer);
    }
    if (str_is_equal(event, "PostSnapshot"))
        context_seen = vssemu_writer_context(stage->writer);
    if (!str_is_equal(event, "BackupComplete"))
        return;
    for (UINT i = 0; i < 2; i++) {
        IVssComponent *component = NULL;
        boolean has_succeeded = 0;

        if (call(components, GetComponent, i, &component) != S_OK)
            continue;
        call(component, GetBackupSucceeded, &has_succeeded);
        succeeded[i] = has_succeeded ? '1' : '0';
        call(component, Release);
    }
}

static struct betest_stage *begin(void **state)
{
    struct betest_stage *stage = *state;

    strcpy(succeeded, "--");
    named_file = L"a.txt";
    stage_write(stage, "C:\\one\\a.txt", "a");
    stage_write(stage, "C:\\two\\b.txt", "b");
    stage_writer(stage, identify);
    stage->handler = see;
    return stage;
}

#define BACKUP_EVENTS "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot"
#define assert_events(stage, expected) \
    assert_string_equal(vssemu_writer_events((stage)->world, "Story Writer"), expected)

static const char *snapshot_of_c(struct betest_stage *stage)
{
    return vssemu_snapshot_device(stage->world, "C:");
}

/* ---- options ---- */

static void a_full_backup_is_complete_and_leaves_no_snapshot(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    assert_events(stage, BACKUP_EVENTS " BackupComplete BackupShutdown");
    assert_int_equal(type_seen, VSS_BT_FULL);
    assert_false(bootable_seen);
    assert_string_equal(succeeded, "11");
    assert_null(snapshot_of_c(stage));
}

static void nbc_leaves_backup_complete_out(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/NBC", "/S", "@doc.xml", "/D", "@store");
    assert_events(stage, BACKUP_EVENTS " BackupShutdown");
    assert_true(stage_has(stage, "store", "Two", "C/two/b.txt"));
}

static void bc_tells_the_writers_of_the_document_and_nothing_else(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/NBC", "/S", "@doc.xml", "/D", "@store");
    assert_betest(BETEST_DONE, stage, "/BC", "/S", "@doc.xml");
    assert_events(stage, BACKUP_EVENTS " BackupShutdown Identify PrepareForBackup BackupComplete "
                                       "BackupShutdown");
    assert_string_equal(succeeded, "11");
}

static void a_snapshot_alone_takes_every_volume_and_no_files(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/Snapshot");
    assert_events(stage, BACKUP_EVENTS " BackupComplete BackupShutdown");
    assert_said(stage, "volume C:\\ joins the snapshot set");
    assert_said(stage, "volume D:\\ joins the snapshot set");
    assert_int_equal(type_seen, VSS_BT_COPY);
    assert_string_equal(succeeded, "00");
}

static char *write_config(struct betest_stage *stage, const char *name, const char *text)
{
    char *path = stage_path(stage, name);
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
    return path;
}

static void an_empty_list_selects_nothing(void **state)
{
    struct betest_stage *stage = begin(state);
    char *path = write_config(stage, "none.xml", "<BETest/>");

    assert_betest(BETEST_DONE, stage, "/Snapshot", "/X", path);
    assert_events(stage, "Identify");
    assert_said(stage, "volume D:\\ joins the snapshot set");
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/X", path, "/S", "@doc.xml");
    assert_said(stage, "no component to back up");
    free(path);
}

static void a_snapshot_of_named_components_takes_their_volumes(void **state)
{
    struct betest_stage *stage = begin(state);
    char *path = write_config(stage, "list.txt", "\"" STAGE_CLASS "\" : \"Two\";\r\n");

    assert_betest(BETEST_DONE, stage, "/Snapshot", "/C", path);
    assert_said(stage, "volume C:\\ joins the snapshot set");
    assert_not_said(stage, "volume D:\\");
    assert_not_said(stage, "\"One\"");
    free(path);
}

static void o_asks_for_the_bootable_system_state(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/O", "/T", "COPY");
    assert_true(bootable_seen);
    assert_int_equal(type_seen, VSS_BT_COPY);
}

static void p_makes_a_snapshot_that_stays(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/P", "/S", "@doc.xml", "/D", "@store");
    assert_said(stage, "it stays, as snapshot {");
    assert_int_equal(context_seen & 0x1D, VSS_CTX_APP_ROLLBACK);
    assert_non_null(snapshot_of_c(stage));
    assert_true(stage_has(stage, "store", "Two", "C/two/b.txt"));
}

static void a_persistent_snapshot_alone_is_a_backup(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/Snapshot", "/P");
    assert_string_equal(succeeded, "11");
    assert_non_null(snapshot_of_c(stage));
}

static void a_backup_that_came_to_nothing_leaves_no_persistent_snapshot(void **state)
{
    struct betest_stage *stage = begin(state);

    stage->fails_at = "PostSnapshot";
    stage->failure = VSS_E_WRITERERROR_RETRYABLE;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/P", "/StopError", "/D", "@store");
    assert_null(snapshot_of_c(stage));
}

static void rollback_is_told_to_writers_by_the_context(void **state)
{
    struct betest_stage *stage = begin(state);

    assert_betest(BETEST_DONE, stage, "/B", "/P", "/Rollback", "/S", "@doc.xml");
    assert_int_equal(context_seen & VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY,
                     VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY);
    assert_betest(BETEST_DONE, stage, "/B", "/S", "@doc.xml");
    assert_int_equal(context_seen & VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY, 0);
}

/* ---- failures ---- */

static void a_file_that_is_named_and_not_there_fails_its_component(void **state)
{
    struct betest_stage *stage = begin(state);

    named_file = L"gone.txt";
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    assert_said(stage, "cannot back up C:\\one\\gone.txt: its component names it, and it is not "
                       "there");
    assert_string_equal(succeeded, "01");
}

static void a_pattern_may_match_nothing(void **state)
{
    struct betest_stage *stage = begin(state);

    named_file = L"*.gone";
    assert_betest(BETEST_DONE, stage, "/B", "/S", "@doc.xml", "/D", "@store");
}

static void a_writer_that_fails_is_reported_with_its_code(void **state)
{
    struct betest_stage *stage = begin(state);

    stage->fails_at = "PostSnapshot";
    stage->failure = VSS_E_WRITERERROR_OUTOFRESOURCES;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    assert_said(stage, "writer 'Story Writer' failed at post-snapshot after DoSnapshotSet: "
                       "VSS_E_WRITERERROR_OUTOFRESOURCES (0x800423F1)");
    assert_false(stage_has(stage, "store", "Two", "C/two/b.txt"));
}

static void stop_error_ends_the_backup_at_the_first_writer_that_fails(void **state)
{
    struct betest_stage *stage = begin(state);

    stage->fails_at = "PrepareForBackup";
    stage->failure = VSS_E_WRITERERROR_RETRYABLE;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/S", "@doc.xml", "/D", "@store",
                  "/StopError");
    assert_said(stage, "stopped, because of /StopError");
    assert_null(strstr(vssemu_writer_events(stage->world, "Story Writer"), "Freeze"));
    char *document = stage_path(stage, "doc.xml");
    assert_int_not_equal(access(document, F_OK), 0);
    free(document);
}

static void fail_the_second(struct betest_stage *stage, const char *event,
                            IVssWriterComponents *components)
{
    IVssComponent *component = NULL;
    IVssComponentEx2 *newer = NULL;

    see(stage, event, components);
    if (!str_is_equal(event, "PostSnapshot"))
        return;
    check(call(components, GetComponent, 1, &component) == S_OK);
    check(call(component, QueryInterface, &IID_IVssComponentEx2, (void **)&newer) == S_OK);
    check(call(newer, SetFailure, VSS_E_WRITERERROR_NONRETRYABLE, S_OK, L"torn page", 0) == S_OK);
    call(newer, Release);
    call(component, Release);
}

static void a_component_that_its_writer_gives_up_fails_alone(void **state)
{
    struct betest_stage *stage = begin(state);

    stage->handler = fail_the_second;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    assert_said(stage, "component \"Two\" failed: VSS_E_WRITERERROR_NONRETRYABLE (0x800423F4): "
                       "torn page");
    assert_string_equal(succeeded, "10");
    assert_true(stage_has(stage, "store", "One", "C/one/a.txt"));
    assert_false(stage_has(stage, "store", "Two", "C/two/b.txt"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        betest_story(a_full_backup_is_complete_and_leaves_no_snapshot),
        betest_story(nbc_leaves_backup_complete_out),
        betest_story(bc_tells_the_writers_of_the_document_and_nothing_else),
        betest_story(a_snapshot_alone_takes_every_volume_and_no_files),
        betest_story(an_empty_list_selects_nothing),
        betest_story(a_snapshot_of_named_components_takes_their_volumes),
        betest_story(o_asks_for_the_bootable_system_state),
        betest_story(p_makes_a_snapshot_that_stays),
        betest_story(a_persistent_snapshot_alone_is_a_backup),
        betest_story(a_backup_that_came_to_nothing_leaves_no_persistent_snapshot),
        betest_story(rollback_is_told_to_writers_by_the_context),
        betest_story(a_file_that_is_named_and_not_there_fails_its_component),
        betest_story(a_pattern_may_match_nothing),
        betest_story(a_writer_that_fails_is_reported_with_its_code),
        betest_story(stop_error_ends_the_backup_at_the_first_writer_that_fails),
        betest_story(a_component_that_its_writer_gives_up_fails_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
