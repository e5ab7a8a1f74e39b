/* SPDX-License-Identifier: MIT */
/* Types of backup (Learn: "Requester Role in VSS Incremental and Differential Backups",
 * "VSS_FILE_SPEC_BACKUP_TYPE"): what of a writer's files each of them holds, and stamps. */
#include "tests/support/betest_stage.h"

#include "emu/doc/filespec.h"

#define FULL "@full.xml", "/D", "@full"
#define INC  "@inc.xml", "/D", "@inc"

/* ---- writers ---- */

static void add_group(IVssCreateWriterMetadata *metadata, const WCHAR *name)
{
    check(call(metadata, AddComponent, VSS_CT_FILEGROUP, NULL, name, NULL, NULL, 0, FALSE, FALSE,
               TRUE, FALSE, 0) == S_OK);
}

static void add_files(IVssCreateWriterMetadata *metadata, const WCHAR *directory,
                      const WCHAR *filespec, DWORD mask)
{
    check(call(metadata, AddFilesToFileGroup, NULL, L"App", directory, filespec, TRUE, NULL,
               mask) == S_OK);
}

static void identify_with(IVssCreateWriterMetadata *metadata, DWORD schema)
{
    add_group(metadata, L"App");
    check(call(metadata, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
               VSS_WRE_ALWAYS, FALSE) == S_OK);
    check(call(metadata, SetBackupSchema, schema) == S_OK);
}

/* C:\app whenever any type of backup is made. */
static void all_types(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    identify_with(metadata, VSS_BS_INCREMENTAL | VSS_BS_DIFFERENTIAL | VSS_BS_LAST_MODIFY |
                                VSS_BS_TIMESTAMPED | VSS_BS_COPY);
    add_files(metadata, L"C:\\app", L"*", FILESPEC_MASK_DEFAULT);
}

/* C:\app\base in full backups, C:\app\log in incremental and C:\app\diff in differential ones. */
static void by_masks(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    identify_with(metadata, VSS_BS_INCREMENTAL | VSS_BS_DIFFERENTIAL);
    add_files(metadata, L"C:\\app\\base", L"*",
              VSS_FSBT_FULL_BACKUP_REQUIRED | VSS_FSBT_FULL_SNAPSHOT_REQUIRED);
    add_files(metadata, L"C:\\app\\log", L"*",
              VSS_FSBT_INCREMENTAL_BACKUP_REQUIRED | VSS_FSBT_INCREMENTAL_SNAPSHOT_REQUIRED);
    add_files(metadata, L"C:\\app\\diff", L"*",
              VSS_FSBT_DIFFERENTIAL_BACKUP_REQUIRED | VSS_FSBT_DIFFERENTIAL_SNAPSHOT_REQUIRED);
}

static void full_only(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    identify_with(metadata, 0);
    add_files(metadata, L"C:\\app", L"*", FILESPEC_MASK_DEFAULT);
}

static void database(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    check(call(metadata, AddComponent, VSS_CT_DATABASE, NULL, L"App", NULL, NULL, 0, FALSE, FALSE,
               TRUE, FALSE, 0) == S_OK);
    check(call(metadata, AddDatabaseFiles, NULL, L"App", L"C:\\app", L"*.db",
               FILESPEC_MASK_DEFAULT) == S_OK);
    check(call(metadata, AddDatabaseLogFiles, NULL, L"App", L"C:\\app", L"*.log",
               FILESPEC_MASK_DEFAULT) == S_OK);
    check(call(metadata, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
               VSS_WRE_ALWAYS, FALSE) == S_OK);
    check(call(metadata, SetBackupSchema, VSS_BS_LOG) == S_OK);
}

/* ---- stamps ---- */

static void stamp_each_backup(struct betest_stage *stage, const char *event,
                              IVssWriterComponents *components)
{
    if (!str_is_equal(event, "PostSnapshot"))
        return;
    IVssComponent *component = stage_component(components);
    BSTR previous = NULL;

    call(component, GetPreviousBackupStamp, &previous);
    free(stage->note);
    stage->note = previous ? str_printf("%c", (char)previous[0]) : mem_strdup("none");
    SysFreeString(previous);
    call(component, SetBackupStamp, stage->pass++ ? L"2" : L"1");
    call(component, Release);
}

static void each_backup_hears_the_stamp_of_the_one_it_builds_on(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\a.txt", "a");
    stage_writer(stage, all_types);
    stage->handler = stamp_each_backup;
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_string_equal(stage->note, "none");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_string_equal(stage->note, "1");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@inc.xml", "/S",
                  "@inc2.xml", "/D", "@inc2");
    assert_string_equal(stage->note, "2");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "DIFFERENTIAL", "/Pre", "@full.xml", "/S",
                  "@diff.xml", "/D", "@diff");
    assert_string_equal(stage->note, "1");
}

/* ---- masks ---- */

static void a_mask_says_in_which_backups_a_file_set_is(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\base\\b", "base");
    stage_write(stage, "C:\\app\\log\\l", "log");
    stage_write(stage, "C:\\app\\diff\\d", "diff");
    stage_writer(stage, by_masks);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "DIFFERENTIAL", "/Pre", "@full.xml", "/S",
                  "@diff.xml", "/D", "@diff");
    static const char *const stores[] = { "full", "inc", "diff" };
    static const char *const files[] = { "C/app/base/b", "C/app/log/l", "C/app/diff/d" };
    for (size_t s = 0; s < 3; s++)
        for (size_t f = 0; f < 3; f++)
            assert_int_equal(stage_has(stage, stores[s], "App", files[f]), s == f);
}

static void a_writer_without_the_schema_bit_is_backed_up_in_full_and_told(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\a.txt", "a");
    stage_writer(stage, full_only);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_said(stage, "component \"App\" is backed up in full: 'Story Writer' supports no "
                       "INCREMENTAL backups");
    assert_true(stage_has(stage, "inc", "App", "C/app/a.txt"));
}

static void a_component_that_the_earlier_backup_lacks_is_backed_up_in_full(void **state)
{
    struct betest_stage *stage = *state;
    char *none = stage_path(stage, "none.xml");
    FILE *file = fopen(none, "w");

    fputs("<BETest/>", file);
    fclose(file);
    free(none);
    stage_write(stage, "C:\\app\\base\\b", "base");
    stage_write(stage, "C:\\app\\log\\l", "log");
    stage_writer(stage, by_masks);
    assert_betest(BETEST_DONE, stage, "/Snapshot", "/X", "@none.xml", "/T", "FULL", "/S",
                  "@empty.xml");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@empty.xml", "/S", INC);
    assert_said(stage,
                "component \"App\" is backed up in full: it is not, or not with success, in ");
    assert_true(stage_has(stage, "inc", "App", "C/app/base/b"));
    assert_false(stage_has(stage, "inc", "App", "C/app/log/l"));
}

static void what_failed_in_the_earlier_backup_is_backed_up_in_full(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\base\\b", "base");
    stage_write(stage, "C:\\app\\log\\l", "log");
    stage_writer(stage, by_masks);
    stage->fails_at = "PostSnapshot";
    stage->failure = VSS_E_WRITERERROR_RETRYABLE;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/S", FULL);
    stage->fails_at = NULL;
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_said(stage,
                "component \"App\" is backed up in full: it is not, or not with success, in ");
    assert_true(stage_has(stage, "inc", "App", "C/app/base/b"));
}

static void a_backup_of_the_log_holds_log_files_alone(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\a.db", "data");
    stage_write(stage, "C:\\app\\a.log", "log");
    stage_writer(stage, database);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_true(stage_has(stage, "full", "App", "C/app/a.db"));
    assert_true(stage_has(stage, "full", "App", "C/app/a.log"));
    assert_betest(BETEST_DONE, stage, "/B", "/T", "LOG", "/Pre", "@full.xml", "/S", "@log.xml",
                  "/D", "@log");
    assert_true(stage_has(stage, "log", "App", "C/app/a.log"));
    assert_false(stage_has(stage, "log", "App", "C/app/a.db"));
}

static void a_copy_holds_everything_and_nothing_builds_on_it(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\a.txt", "a");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "COPY", "/S", FULL);
    assert_true(stage_has(stage, "full", "App", "C/app/a.txt"));
    assert_betest(BETEST_FILE_FAILED, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S",
                  INC);
    assert_said(stage, "is of type COPY: a backup of type INCREMENTAL builds on a full or an "
                       "incremental one");
}

/* ---- differenced files ---- */

static uint64_t changed_since;

static void name_differenced(struct betest_stage *stage, const char *event,
                             IVssWriterComponents *components)
{
    FILETIME since = { (DWORD)changed_since, (DWORD)(changed_since >> 32) };

    (void)stage;
    if (!str_is_equal(event, "PostSnapshot"))
        return;
    IVssComponent *component = stage_component(components);
    call(component, AddDifferencedFilesByLastModifyTime, L"C:\\app", L"*", TRUE, since);
    call(component, Release);
}

static void of_differenced_files_those_changed_since_are_copied(void **state)
{
    struct betest_stage *stage = *state;
    FILETIME now;

    stage_write(stage, "C:\\app\\old.txt", "old");
    stage_write(stage, "C:\\app\\sub\\changed.txt", "before");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    vssemu_run_for(stage->world, 60000);
    GetSystemTimeAsFileTime(&now);
    changed_since = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    stage_write(stage, "C:\\app\\sub\\changed.txt", "after");
    stage_write(stage, "C:\\app\\new.txt", "new");
    stage->handler = name_differenced;
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_said(stage, "\"App\": 1 unchanged, left out");
    assert_true(stage_has(stage, "inc", "App", "C/app/new.txt"));
    assert_true(stage_has(stage, "inc", "App", "C/app/sub/changed.txt"));
    assert_false(stage_has(stage, "inc", "App", "C/app/old.txt"));
}

static void without_a_time_the_earlier_backup_tells_what_has_changed(void **state)
{
    struct betest_stage *stage = *state;

    changed_since = 0;
    stage_write(stage, "C:\\app\\old.txt", "old");
    stage_write(stage, "C:\\app\\changed.txt", "before");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    vssemu_run_for(stage->world, 60000);
    stage_write(stage, "C:\\app\\changed.txt", "after");
    stage->handler = name_differenced;
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_true(stage_has(stage, "inc", "App", "C/app/changed.txt"));
    assert_false(stage_has(stage, "inc", "App", "C/app/old.txt"));
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@inc.xml", "/S",
                  "@inc2.xml", "/D", "@inc2");
    assert_false(stage_has(stage, "inc2", "App", "C/app/changed.txt"));
    assert_false(stage_has(stage, "inc2", "App", "C/app/old.txt"));
}

/* ---- partial files ---- */

static void name_parts(struct betest_stage *stage, const char *event,
                       IVssWriterComponents *components)
{
    if (!str_is_equal(event, "PrepareForBackup"))
        return;
    if (!vssemu_writer_is_partial_file_support_enabled(stage->writer))
        return;
    IVssComponent *component = stage_component(components);
    check(call(component, AddPartialFile, L"C:\\app", L"big.bin", L"0:2,6:0x2", NULL) == S_OK);
    check(call(component, AddPartialFile, L"C:\\app", L"ranged.bin", L"File=D:\\meta\\ranges",
               NULL) == S_OK);
    call(component, Release);
}

static void of_partial_files_the_parts_are_kept_and_come_back(void **state)
{
    struct betest_stage *stage = *state;
    const uint64_t ranges[] = { 1, 4, 2 };

    stage_write(stage, "C:\\app\\big.bin", "0123456789");
    stage_write(stage, "C:\\app\\ranged.bin", "0123456789");
    stage_write(stage, "C:\\app\\plain.txt", "plain");
    check(vssemu_file_write(stage->world, "D:\\meta\\ranges", ranges, sizeof(ranges)));
    stage_writer(stage, all_types);
    stage->handler = name_parts;
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    stage_write(stage, "C:\\app\\big.bin", "ABCDEFGHIJ");
    stage_write(stage, "C:\\app\\ranged.bin", "ABCDEFGHIJ");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_said(stage, "of 2 of them the parts that its writer named");
    assert_true(stage_has(stage, "inc", "App%parts", "C/app/big.bin"));
    assert_false(stage_has(stage, "inc", "App", "C/app/big.bin"));
    assert_true(stage_has(stage, "inc", "App", "D/meta/ranges"));
    assert_true(stage_has(stage, "inc", "App", "C/app/plain.txt"));

    stage_write(stage, "C:\\app\\big.bin", "----------");
    stage_write(stage, "C:\\app\\plain.txt", "-----");
    check(vssemu_file_delete(stage->world, "D:\\meta\\ranges"));
    assert_betest(BETEST_DONE, stage, "/R", "/S", INC, "/Pre", "@full.xml");
    assert_file(stage, "C:\\app\\big.bin", "AB2345GH89");
    assert_file(stage, "C:\\app\\ranged.bin", "0123EF6789");
    assert_file(stage, "C:\\app\\plain.txt", "plain");
    void *data;
    size_t size;
    assert_true(vssemu_file_read(stage->world, "D:\\meta\\ranges", &data, &size));
    assert_int_equal(size, sizeof(ranges));
    free(data);
}

static void a_ranges_file_that_cannot_be_put_back_lies_beside_its_place(void **state)
{
    struct betest_stage *stage = *state;
    const uint64_t ranges[] = { 1, 4, 2 };

    stage_write(stage, "C:\\app\\big.bin", "0123456789");
    stage_write(stage, "C:\\app\\ranged.bin", "0123456789");
    check(vssemu_file_write(stage->world, "D:\\meta\\ranges", ranges, sizeof(ranges)));
    stage_writer(stage, all_types);
    stage->handler = name_parts;
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    HANDLE held = CreateFileW(L"D:\\meta\\ranges", GENERIC_READ, FILE_SHARE_READ, NULL,
                              OPEN_EXISTING, 0, NULL);
    assert_ptr_not_equal(held, INVALID_HANDLE_VALUE);
    assert_betest(BETEST_DONE, stage, "/R", "/S", INC, "/Pre", "@full.xml");
    CloseHandle(held);
    assert_said(stage, "the ranges file D:\\meta\\ranges is now D:\\meta\\ranges.restored");
    char *beside = stage_read(stage, "D:\\meta\\ranges.restored");
    assert_non_null(beside);
    free(beside);
}

static void name_nonsense(struct betest_stage *stage, const char *event,
                          IVssWriterComponents *components)
{
    (void)stage;
    if (!str_is_equal(event, "PostSnapshot"))
        return;
    IVssComponent *component = stage_component(components);
    check(call(component, AddPartialFile, L"C:\\app", L"big.bin", L"C:\\app\\big.bin", NULL) ==
          S_OK);
    call(component, Release);
}

static void ranges_that_are_none_fail_the_component(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\big.bin", "0123456789");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    stage->handler = name_nonsense;
    assert_betest(BETEST_COMPONENT_FAILED, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml",
                  "/S", INC);
    assert_said(stage, "cannot use C:\\app\\big.bin: it is no ranges file");
}

/* ---- order ---- */

static void name_twice(struct betest_stage *stage, const char *event,
                       IVssWriterComponents *components)
{
    name_differenced(stage, event, components);
    if (str_is_equal(event, "PostSnapshot")) {
        IVssComponent *component = stage_component(components);

        check(call(component, AddPartialFile, L"C:\\app", L"both.txt", L"0:1", NULL) == S_OK);
        call(component, Release);
    }
}

static void differenced_files_come_before_partial_ones_and_masks(void **state)
{
    struct betest_stage *stage = *state;
    FILETIME now;

    stage_write(stage, "C:\\app\\both.txt", "both");
    stage_write(stage, "C:\\app\\old.txt", "old");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    vssemu_run_for(stage->world, 60000);
    GetSystemTimeAsFileTime(&now);
    changed_since = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    stage_write(stage, "C:\\app\\both.txt", "BOTH");
    stage->handler = name_twice;
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_true(stage_has(stage, "inc", "App", "C/app/both.txt"));
    assert_false(stage_has(stage, "inc", "App%parts", "C/app/both.txt"));
    assert_false(stage_has(stage, "inc", "App", "C/app/old.txt"));
}

/* ---- chains ---- */

static void note_additional_restores(struct betest_stage *stage, const char *event,
                                     IVssWriterComponents *components)
{
    boolean more = 0;

    name_parts(stage, event, components);
    if (!str_is_equal(event, "PreRestore"))
        return;
    IVssComponent *component = stage_component(components);
    call(component, GetAdditionalRestores, &more);
    call(component, Release);
    char *note = str_printf("%s%c", stage->note ? stage->note : "", more ? '1' : '0');
    free(stage->note);
    stage->note = note;
}

static void a_chain_comes_back_byte_for_byte_and_its_writer_is_told(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\big.bin", "0123456789");
    stage_write(stage, "C:\\app\\ranged.bin", "0123456789");
    stage_write(stage, "C:\\app\\a.txt", "one");
    const uint64_t ranges[] = { 1, 0, 1 };
    check(vssemu_file_write(stage->world, "D:\\meta\\ranges", ranges, sizeof(ranges)));
    stage_writer(stage, all_types);
    stage->handler = note_additional_restores;
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    stage_write(stage, "C:\\app\\big.bin", "AB234567cd");
    stage_write(stage, "C:\\app\\a.txt", "two");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    stage_write(stage, "C:\\app\\big.bin", "xy2345zw--");
    stage_write(stage, "C:\\app\\b.txt", "three");
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@inc.xml", "/S",
                  "@inc2.xml", "/D", "@inc2");
    check(vssemu_file_delete(stage->world, "C:\\app\\big.bin"));
    check(vssemu_file_delete(stage->world, "C:\\app\\a.txt"));
    check(vssemu_file_delete(stage->world, "C:\\app\\b.txt"));
    assert_betest(BETEST_DONE, stage, "/R", "/S", "@inc2.xml", "/D", "@inc2", "/Pre", "@inc.xml");
    assert_file(stage, "C:\\app\\big.bin", "xy2345zw89");
    assert_file(stage, "C:\\app\\a.txt", "two");
    assert_file(stage, "C:\\app\\b.txt", "three");
    assert_string_equal(stage->note, "110");
}

static void an_increment_alone_names_what_it_builds_on(void **state)
{
    struct betest_stage *stage = *state;

    stage_write(stage, "C:\\app\\a.txt", "one");
    stage_writer(stage, all_types);
    assert_betest(BETEST_DONE, stage, "/B", "/S", FULL);
    assert_betest(BETEST_DONE, stage, "/B", "/T", "INCREMENTAL", "/Pre", "@full.xml", "/S", INC);
    assert_betest(BETEST_DONE, stage, "/R", "/S", INC);
    assert_said(stage, "full.xml restores that first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        betest_story(each_backup_hears_the_stamp_of_the_one_it_builds_on),
        betest_story(a_mask_says_in_which_backups_a_file_set_is),
        betest_story(a_writer_without_the_schema_bit_is_backed_up_in_full_and_told),
        betest_story(a_component_that_the_earlier_backup_lacks_is_backed_up_in_full),
        betest_story(what_failed_in_the_earlier_backup_is_backed_up_in_full),
        betest_story(a_backup_of_the_log_holds_log_files_alone),
        betest_story(a_copy_holds_everything_and_nothing_builds_on_it),
        betest_story(of_differenced_files_those_changed_since_are_copied),
        betest_story(without_a_time_the_earlier_backup_tells_what_has_changed),
        betest_story(of_partial_files_the_parts_are_kept_and_come_back),
        betest_story(a_ranges_file_that_cannot_be_put_back_lies_beside_its_place),
        betest_story(ranges_that_are_none_fail_the_component),
        betest_story(differenced_files_come_before_partial_ones_and_masks),
        betest_story(a_chain_comes_back_byte_for_byte_and_its_writer_is_told),
        betest_story(an_increment_alone_names_what_it_builds_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
