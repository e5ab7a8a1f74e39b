/* SPDX-License-Identifier: MIT */
/* The Test Writer as its file describes it, its events played by hand. */
#include "tests/support/test_writer_stage.h"

#define METHOD "<RestoreMethod method='RESTORE_IF_CAN_BE_REPLACED' writerRestore='always'/>"
#define SIMPLE(attributes, extra)                                              \
    "<TestWriter " attributes ">" METHOD                                       \
    "<ExcludeFile path='c:\\app' filespec='*.tmp' recursive='yes'/>" extra     \
    "<Component componentType='filegroup' componentName='data'>"               \
    "<ComponentFile path='c:\\App' filespec='*' recursive='yes'/></Component>" \
    "<Component componentType='filegroup' componentName='other'>"              \
    "<ComponentFile path='c:\\other' filespec='*'/></Component></TestWriter>"

/* ---- tests ---- */

static void metadata_is_what_the_file_says(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter usage='SYSTEM_SERVICE' supportsCopy='yes'><RestoreMethod "
        "method='RESTORE_IF_CAN_BE_REPLACED' writerRestore='always'><AlternateLocationMapping "
        "path='c:\\a' filespec='*' alternatePath='c:\\b'/></RestoreMethod>"
        "<ExcludeFile path='c:\\a' filespec='*.tmp'/>"
        "<Component componentType='database' logicalPath='p' componentName='db'>"
        "<ComponentFile path='c:\\a' filespec='*.db'/></Component>"
        "<Component componentType='filegroup' componentName='fg' selectable='no'>"
        "<ComponentFile path='%SystemRoot%' filespec='*' recursive='yes' diffBackupRequired='no'/>"
        "<Dependency writerId='11111111-2222-4333-8444-555555555555' componentName='t'/>"
        "</Component></TestWriter>");
    bool agreed;
    struct wmd *wmd = identify(&agreed);
    const struct wmd_component *group = wmd_find_component(wmd, NULL, "fg");

    (void)state;
    assert_true(agreed);
    assert_int_equal(wmd->restore_method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    assert_int_equal(wmd->alternate_mappings.count, 1);
    assert_int_equal(wmd->exclude_files.count, 1);
    assert_int_equal(wmd->backup_schema, VSS_BS_COPY | VSS_BS_WRITER_SUPPORTS_NEW_TARGET);
    assert_int_equal(wmd_find_component(wmd, "p", "db")->database_files.count, 1);
    assert_false(group->selectable);
    assert_string_equal(group->files.items[0].path, "%SystemRoot%");
    assert_int_equal(group->files.items[0].backup_type_mask, 0xf0d);
    assert_int_equal(group->dependencies.count, 1);
    wmd_free(wmd);
    cast_free(cast);
}

static bool call_event(struct cast *cast, size_t event)
{
    const struct vssemu_writer_ops *ops = the_writer->ops;
    bool agreed;

    the_writer->failure = S_OK;
    switch (event) {
    case 0:
        wmd_free(identify(&agreed));
        return agreed;
    case 1:
        return play(cast, ops->OnPrepareBackup, COMPONENTS_PREPARE_BACKUP);
    case 2:
        return ops->OnPrepareSnapshot(the_writer->self);
    case 3:
        return ops->OnFreeze(the_writer->self);
    case 4:
        return ops->OnThaw(the_writer->self);
    case 5:
        return play(cast, ops->OnPostSnapshot, COMPONENTS_POST_SNAPSHOT);
    case 6:
        return ops->OnAbort(the_writer->self);
    case 7:
        return play(cast, ops->OnBackupComplete, COMPONENTS_BACKUP_COMPLETE);
    case 8:
        return play(cast, ops->OnPreRestore, COMPONENTS_PRE_RESTORE);
    default:
        return play(cast, ops->OnPostRestore, COMPONENTS_POST_RESTORE);
    }
}

static void every_event_fails_as_often_and_as_asked(void **state)
{
    static const char *const events[] = {
        "Identify", "PrepareForBackup", "PrepareForSnapsot", "Freeze",     "Thaw", "PostSnapshot",
        "Abort",    "BackupComplete",   "PreRestore",        "PostRestore"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        auto_free char *xml = str_printf("<TestWriter>" METHOD "<FailEvent writerEvent='%s' "
                                         "retryable='no' numFailures='2'/></TestWriter>",
                                         events[i]);
        struct cast *cast = cast_new(xml);

        for (int n = 0; n < 2; n++) {
            assert_false(call_event(cast, i));
            assert_int_equal(the_writer->failure, i ? VSS_E_WRITERERROR_NONRETRYABLE : S_OK);
        }
        assert_true(call_event(cast, i));
        assert_int_equal(the_writer->failure, S_OK);
        expect_note(cast, "failing as configured");
        cast_free(cast);
    }
}

static void a_retryable_failure_is_one_of_three_codes_and_repeats_with_the_seed(void **state)
{
    HRESULT first[20];
    unsigned n_different = 0;

    (void)state;
    for (int round = 0; round < 2; round++) {
        struct cast *cast = cast_new(
            "<TestWriter>" METHOD "<FailEvent writerEvent='Freeze' retryable='yes'/></TestWriter>");

        for (int i = 0; i < 20; i++) {
            assert_false(the_writer->ops->OnFreeze(the_writer->self));
            assert_true(the_writer->failure == VSS_E_WRITERERROR_OUTOFRESOURCES ||
                        the_writer->failure == VSS_E_WRITERERROR_TIMEOUT ||
                        the_writer->failure == VSS_E_WRITERERROR_RETRYABLE);
            if (round)
                assert_int_equal(the_writer->failure, first[i]);
            first[i] = the_writer->failure;
            n_different += first[i] != first[0];
        }
        cast_free(cast);
    }
    assert_true(n_different > 0);
}

static void files_are_deleted_from_the_original_only_and_only_of_chosen_components(void **state)
{
    struct cast *cast = cast_new(SIMPLE("deleteFiles='yes'", ""));
    unsigned number;

    (void)state;
    put(cast, "app/deep/file", "1");
    put(cast, "app/skip.tmp", "2");
    put(cast, "other/file", "3");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    number = back_up(cast);
    assert_false(is_there(cast, VOLUME_ORIGIN, "app/deep/file"));
    assert_true(is_there(cast, number, "app/deep/file"));
    assert_true(is_there(cast, VOLUME_ORIGIN, "app/skip.tmp")); /* excluded: not the writer's */
    assert_true(is_there(cast, VOLUME_ORIGIN, "other/file"));   /* not chosen */
    cast_free(cast);
}

static void spit_files_stand_in_the_snapshot_and_nowhere_after(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter deleteFiles='yes'>" METHOD
        "<Component componentType='filegroup' componentName='data'><ComponentFile path='c:\\app' "
        "filespec='*.db' recursive='yes' alternatePath='c:\\spit'/></Component></TestWriter>");
    unsigned number;

    (void)state;
    put(cast, "app/x/a.db", "content");
    put(cast, "app/b.txt", "other");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    number = back_up(cast);
    assert_false(is_there(cast, number, "app/x/a.db")); /* originals go before the copy */
    assert_true(is_there(cast, number, "spit/x/a.db"));
    assert_false(is_there(cast, VOLUME_ORIGIN, "spit/x/a.db")); /* spit files after it */
    assert_true(is_there(cast, VOLUME_ORIGIN, "app/b.txt"));
    cast_free(cast);
}

static void a_restore_is_compared_with_what_the_snapshot_held(void **state)
{
    struct cast *cast = cast_new(SIMPLE("checkIncludes='yes'", ""));

    (void)state;
    put(cast, "app/a", "one");
    put(cast, "app/b", "two");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    back_up(cast);
    put(cast, "app/a", "changed since");
    put(cast, "app/a", "one"); /* restored */
    select_for_restore(cast);
    assert_true(play(cast, the_writer->ops->OnPreRestore, COMPONENTS_PRE_RESTORE));
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    expect_note(cast, "2 files, 0 wrong");

    put(cast, "app/b", "not what it was");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    expect_note(cast, "c:\\App\\b did not come back");
    cast_free(cast);
}

static void a_file_may_come_back_at_a_new_target(void **state)
{
    struct cast *cast = cast_new(SIMPLE("checkIncludes='yes'", ""));
    struct bcd_component *component;

    (void)state;
    put(cast, "app/sub/a", "one");
    component = bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    back_up(cast);
    put(cast, "app/sub/a", "newer");
    put(cast, "elsewhere/sub/a", "one");
    select_for_restore(cast);
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    filespecs_add(&component->new_targets, "c:\\App", "*", true, "C:\\Elsewhere",
                  FILESPEC_MASK_DEFAULT);
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);

    filespecs_add(&component->alternate_mappings, "c:\\App", "*", true, "C:\\x",
                  FILESPEC_MASK_DEFAULT);
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    expect_note(cast, "is not one that this writer offers");
    cast_free(cast);
}

static void of_a_partial_file_only_the_ranges_count(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter checkIncludes='yes'>" METHOD
        "<Component componentType='filegroup' componentName='data'><ComponentFile path='c:\\app' "
        "filespec='*'/><PartialFile path='c:\\app' filespec='big' ranges='0:2, 4:2'/></Component>"
        "</TestWriter>");

    (void)state;
    put(cast, "app/big", "abcdefgh");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    back_up(cast);
    assert_int_equal(cast->components->components.items[0]->partial_files.count, 1);
    select_for_restore(cast);
    put(cast, "app/big", "abXXefXX");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    put(cast, "app/big", "Xbcdefgh");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    cast_free(cast);
}

static void a_partial_file_outside_of_every_set_has_to_come_back_too(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter checkIncludes='yes'>" METHOD
        "<Component componentType='filegroup' componentName='data'><ComponentFile path='c:\\app' "
        "filespec='*.db'/><PartialFile path='c:\\side' filespec='log' ranges='0:3'/></Component>"
        "</TestWriter>");

    (void)state;
    put(cast, "app/a.db", "one");
    put(cast, "side/log", "abcdef");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    back_up(cast);
    select_for_restore(cast);
    put(cast, "side/log", "abcXXX");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    expect_note(cast, "2 files, 0 wrong");
    put(cast, "side/log", "Xbcdef");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    expect_note(cast, "c:\\side\\log did not come back");
    cast_free(cast);
}

/* Learn: "VSS_FILE_SPEC_BACKUP_TYPE": what the mask does not require, a backup may leave out. */
static void a_file_that_its_mask_does_not_require_need_not_come_back(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter checkIncludes='yes' supportsIncremental='yes'>" METHOD
        "<Component componentType='filegroup' componentName='data'><ComponentFile path='c:\\app' "
        "filespec='*.db' incBackupRequired='no'/><ComponentFile path='c:\\app' "
        "filespec='*.log'/></Component></TestWriter>");

    (void)state;
    put(cast, "app/a.db", "one");
    put(cast, "app/a.log", "two");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    select_for_restore(cast);
    the_writer->backup_type = VSS_BT_INCREMENTAL;
    back_up(cast);
    put(cast, "app/a.db", "newer");
    select_for_restore(cast);
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    expect_note(cast, "1 files, 0 wrong");

    the_writer->backup_type = VSS_BT_FULL;
    put(cast, "app/a.db", "one");
    back_up(cast);
    put(cast, "app/a.db", "newer");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    cast_free(cast);
}

static void set_time(struct cast *cast, const char *path, time_t seconds)
{
    struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

    assert_int_equal(cast->volume->ops->set_times(cast->volume, VOLUME_ORIGIN, path, times), 0);
}

static void of_differenced_files_only_the_changed_ones_must_come_back(void **state)
{
    struct cast *cast = cast_new(
        "<TestWriter checkIncludes='yes' deleteDifferencedFiles='yes' "
        "supportsDifferential='yes'>" METHOD
        "<Component componentType='filegroup' componentName='data'><ComponentFile "
        "path='c:\\app' filespec='*'/><DifferencedFile path='c:\\app' filespec='*' year='2024' "
        "month='1' day='1'/></Component></TestWriter>");

    (void)state;
    put(cast, "app/old", "one");
    set_time(cast, "app/old", 1700000000); /* 2023-11-14 */
    put(cast, "app/new", "two");
    set_time(cast, "app/new", 1704070000); /* 2024-01-01 00:46 */
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    the_writer->backup_type = VSS_BT_DIFFERENTIAL;
    back_up(cast);
    assert_int_equal(cast->components->components.items[0]->differenced_files.count, 1);
    assert_false(is_there(cast, VOLUME_ORIGIN, "app/new"));
    select_for_restore(cast);
    put(cast, "app/new", "two");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    expect_note(cast, "1 files, 0 wrong");
    cast_free(cast);
}

static void an_excluded_file_that_comes_with_the_restore_is_a_mistake(void **state)
{
    struct cast *cast = cast_new(SIMPLE("checkExcludes='yes'", ""));

    (void)state;
    put(cast, "app/old.tmp", "was there all the time");
    bcd_add_component(cast->components, VSS_CT_FILEGROUP, NULL, "data");
    select_for_restore(cast);
    assert_true(play(cast, the_writer->ops->OnPreRestore, COMPONENTS_PRE_RESTORE));
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, S_OK);
    put(cast, "app/deep/new.tmp", "came back");
    assert_true(play(cast, the_writer->ops->OnPostRestore, COMPONENTS_POST_RESTORE));
    assert_int_equal(the_writer->failure, VSS_E_WRITERERROR_NONRETRYABLE);
    expect_note(cast, "new.tmp is excluded");
    cast_free(cast);
}

static void an_unsupported_backup_type_is_only_noted(void **state)
{
    struct cast *cast = cast_new(SIMPLE("verbosity='low'", ""));

    (void)state;
    the_writer->backup_type = VSS_BT_INCREMENTAL;
    assert_true(play(cast, the_writer->ops->OnPrepareBackup, COMPONENTS_PREPARE_BACKUP));
    assert_int_equal(the_writer->failure, S_OK);
    expect_note(cast, "incremental backup, which this writer does not support");
    assert_null(strstr(cast->trace.notes.text, "event received"));
    cast_free(cast);
}

static void a_bad_file_or_none_is_a_clear_error(void **state)
{
    struct world_ports ports = { 0 };
    struct test_writer *none = NULL;
    auto_free char *missing = NULL, *bad = NULL;

    (void)state;
    assert_int_equal(test_writer_new(&ports, "/no/such/file.xml", &missing, &none), -ENOENT);
    assert_non_null(strstr(missing, "/no/such/file.xml: No such file"));
    assert_int_equal(test_writer_new_from_text(&ports, "<a/>", 4, "w.xml", &bad, &none), -EINVAL);
    assert_non_null(strstr(bad, "w.xml, line 1"));
    assert_null(none);
}

static void windows_paths_are_found_without_regard_to_case_and_variables(void **state)
{
    struct cast *cast = cast_new(SIMPLE("", ""));
    auto_free char *path = NULL, *real = NULL, *by_guid = NULL, *name = NULL;
    struct volume *volume = NULL;

    (void)state;
    put(cast, "Windows/System32/x.dll", "");
    assert_true(sim_locate(&cast->ports, "%systemroot%\\SYSTEM32\\", &volume, &path));
    assert_ptr_equal(volume, cast->volume);
    real = sim_real_path(volume, VOLUME_ORIGIN, path);
    assert_string_equal(real, "Windows/System32");
    name = str_printf("%sWindows", cast->volume->guid_name);
    assert_true(sim_locate(&cast->ports, name, &volume, &by_guid));
    assert_string_equal(by_guid, "Windows");
    assert_false(sim_locate(&cast->ports, "Q:\\x", &volume, &path));
    cast_free(cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_is_what_the_file_says),
        cmocka_unit_test(every_event_fails_as_often_and_as_asked),
        cmocka_unit_test(a_retryable_failure_is_one_of_three_codes_and_repeats_with_the_seed),
        cmocka_unit_test(files_are_deleted_from_the_original_only_and_only_of_chosen_components),
        cmocka_unit_test(spit_files_stand_in_the_snapshot_and_nowhere_after),
        cmocka_unit_test(a_restore_is_compared_with_what_the_snapshot_held),
        cmocka_unit_test(a_file_may_come_back_at_a_new_target),
        cmocka_unit_test(of_a_partial_file_only_the_ranges_count),
        cmocka_unit_test(a_partial_file_outside_of_every_set_has_to_come_back_too),
        cmocka_unit_test(a_file_that_its_mask_does_not_require_need_not_come_back),
        cmocka_unit_test(of_differenced_files_only_the_changed_ones_must_come_back),
        cmocka_unit_test(an_excluded_file_that_comes_with_the_restore_is_a_mistake),
        cmocka_unit_test(an_unsupported_backup_type_is_only_noted),
        cmocka_unit_test(a_bad_file_or_none_is_a_clear_error),
        cmocka_unit_test(windows_paths_are_found_without_regard_to_case_and_variables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
