/* SPDX-License-Identifier: MIT */
/* Where a restore puts files (Learn: "Setting VSS Restore Methods", "Setting VSS Restore Targets",
 * "Working with Directed Targets"): every method and target, and what the writer hears of it. */
#include "tests/support/betest_stage.h"

#include "emu/doc/filespec.h"

static VSS_RESTOREMETHOD_ENUM method;
static bool has_mapping;
static VSS_RESTORE_TARGET target;
static VSS_FILE_RESTORE_STATUS status;
static UINT n_mappings, n_new_targets;
static bool is_authoritative;
static DWORD schema;

/* ---- the writer ---- */

static void identify(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    check(call(metadata, SetRestoreMethod, method, L"Service", NULL, VSS_WRE_ALWAYS, FALSE) ==
          S_OK);
    check(call(metadata, AddComponent, VSS_CT_FILEGROUP, NULL, L"App", NULL, NULL, 0, FALSE, FALSE,
               TRUE, FALSE, 0) == S_OK);
    check(call(metadata, AddFilesToFileGroup, NULL, L"App", L"C:\\app", L"*", TRUE, NULL,
               FILESPEC_MASK_DEFAULT) == S_OK);
    if (has_mapping)
        check(call(metadata, AddAlternateLocationMapping, L"C:\\app", L"*", TRUE,
                   L"D:\\elsewhere") == S_OK);
    check(call(metadata, SetBackupSchema, schema) == S_OK);
}

static void direct(IVssComponent *component)
{
    if (target != VSS_RT_UNDEFINED)
        check(call(component, SetRestoreTarget, target) == S_OK);
    if (target != VSS_RT_DIRECTED)
        return;
    check(call(component, AddDirectedTarget, L"C:\\app", L"a.txt", L"0:2,2:1", L"D:\\other",
               L"parts.bin", L"4:2,0:1") == S_OK);
    check(call(component, AddDirectedTarget, L"C:\\app\\sub", L"b.txt", L"0:3", L"D:\\other",
               L"moved.txt", L"0:3") == S_OK);
}

static void hear(IVssComponent *component)
{
    IVssComponentEx *newer = NULL;
    boolean answer = 0;

    call(component, GetFileRestoreStatus, &status);
    call(component, GetAlternateLocationMappingCount, &n_mappings);
    call(component, GetNewTargetCount, &n_new_targets);
    check(call(component, QueryInterface, &IID_IVssComponentEx, (void **)&newer) == S_OK);
    call(newer, GetAuthoritativeRestore, &answer);
    is_authoritative = answer;
    call(newer, Release);
}

static void take_event(struct betest_stage *stage, const char *event,
                       IVssWriterComponents *components)
{
    bool is_before = str_is_equal(event, "PreRestore");

    (void)stage;
    if (!is_before && !str_is_equal(event, "PostRestore"))
        return;
    IVssComponent *component = stage_component(components);
    (is_before ? direct : hear)(component);
    call(component, Release);
}

/* Two files and an empty directory, backed up; nothing of it is left then. */
static void backed_up(struct betest_stage *stage, VSS_RESTOREMETHOD_ENUM how, bool with_mapping)
{
    method = how;
    has_mapping = with_mapping;
    status = VSS_RS_UNDEFINED;
    target = VSS_RT_UNDEFINED;
    n_mappings = n_new_targets = 0;
    is_authoritative = false;
    stage_write(stage, "C:\\app\\a.txt", "aaa");
    stage_write(stage, "C:\\app\\sub\\b.txt", "bbb");
    check(CreateDirectoryW(L"C:\\app\\empty", NULL));
    stage_writer(stage, identify);
    stage->handler = take_event;
    assert_betest(BETEST_DONE, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    check(vssemu_file_delete(stage->world, "C:\\app\\a.txt"));
    check(vssemu_file_delete(stage->world, "C:\\app\\sub\\b.txt"));
    check(RemoveDirectoryW(L"C:\\app\\sub") && RemoveDirectoryW(L"C:\\app\\empty"));
}

#define RESTORE "/R", "/S", "@doc.xml", "/D", "@store"

static void assert_in_place(struct betest_stage *stage)
{
    assert_file(stage, "C:\\app\\a.txt", "aaa");
    assert_file(stage, "C:\\app\\sub\\b.txt", "bbb");
    assert_int_equal(GetFileAttributesW(L"C:\\app\\empty") & FILE_ATTRIBUTE_DIRECTORY,
                     FILE_ATTRIBUTE_DIRECTORY);
    assert_int_equal(status, VSS_RS_ALL);
    assert_int_equal(n_mappings, 0);
}

static void assert_elsewhere(struct betest_stage *stage)
{
    assert_file(stage, "D:\\elsewhere\\a.txt", "aaa");
    assert_file(stage, "D:\\elsewhere\\sub\\b.txt", "bbb");
    assert_no_file(stage, "C:\\app\\sub\\b.txt");
    assert_int_equal(status, VSS_RS_ALL);
    assert_int_equal(n_mappings, 1);
}

/* ---- methods ---- */

static void if_not_there_restores_where_nothing_is(void **state)
{
    backed_up(*state, VSS_RME_RESTORE_IF_NOT_THERE, true);
    assert_betest(BETEST_DONE, (struct betest_stage *)*state, RESTORE);
    assert_in_place(*state);
}

static void if_not_there_goes_elsewhere_when_one_file_is_there(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_NOT_THERE, true);
    stage_write(stage, "C:\\app\\a.txt", "newer");
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_elsewhere(stage);
    assert_file(stage, "C:\\app\\a.txt", "newer");
}

static void if_not_there_restores_nothing_when_the_other_place_is_taken_too(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_NOT_THERE, true);
    stage_write(stage, "C:\\app\\a.txt", "newer");
    stage_write(stage, "D:\\elsewhere\\sub\\b.txt", "newer");
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "D:\\elsewhere\\sub\\b.txt is there already as well");
    assert_int_equal(status, VSS_RS_NONE);
    assert_no_file(stage, "D:\\elsewhere\\a.txt");
}

static void without_a_mapping_nothing_is_restored(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_NOT_THERE, false);
    stage_write(stage, "C:\\app\\a.txt", "newer");
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "has no alternate location mapping");
    assert_int_equal(status, VSS_RS_NONE);
    assert_no_file(stage, "C:\\app\\sub\\b.txt");
}

static void if_can_replace_replaces(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, true);
    stage_write(stage, "C:\\app\\a.txt", "newer and longer");
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_in_place(stage);
}

static HANDLE hold(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    check(file != INVALID_HANDLE_VALUE);
    return file;
}

static void if_can_replace_goes_elsewhere_when_one_file_is_in_use(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, true);
    stage_write(stage, "C:\\app\\a.txt", "in use");
    HANDLE file = hold(L"C:\\app\\a.txt");
    assert_betest(BETEST_DONE, stage, RESTORE);
    CloseHandle(file);
    assert_said(stage, "C:\\app\\a.txt cannot be replaced: in use by somebody else");
    assert_elsewhere(stage);
    assert_file(stage, "C:\\app\\a.txt", "in use");
}

static void to_alternate_location_needs_a_mapping(void **state)
{
    backed_up(*state, VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, true);
    assert_betest(BETEST_DONE, (struct betest_stage *)*state, RESTORE);
    assert_elsewhere(*state);
}

static void to_alternate_location_without_one_is_the_writers_mistake(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, false);
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "has no alternate location mapping");
    assert_int_equal(status, VSS_RS_NONE);
}

static void services_are_named_and_files_restored(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_STOP_RESTORE_START, false);
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_said(stage, "wants service Service stopped");
    assert_in_place(stage);
}

static void restore_stop_start_restores_first(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_STOP_START, false);
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_in_place(stage);
}

static void a_method_of_the_writers_own_is_left_to_it(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_CUSTOM, false);
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "its writer has a method of its own");
    assert_int_equal(status, VSS_RS_NONE);
    assert_no_file(stage, "C:\\app\\a.txt");
}

static void at_reboot_if_cannot_replace_replaces_what_it_can(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE, false);
    stage_write(stage, "C:\\app\\a.txt", "newer");
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_not_said(stage, "next start");
    assert_in_place(stage);
}

static void at_reboot_waits_for_the_next_start(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_AT_REBOOT, false);
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_said(stage, "2 files restored at the next start of the system");
    assert_int_equal(status, VSS_RS_ALL);
}

/* ---- targets ---- */

static void target_alternate_wins_over_the_method(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, true);
    target = VSS_RT_ALTERNATE;
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_elsewhere(stage);
}

static void target_original_location_wins_over_the_method(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, true);
    target = VSS_RT_ORIGINAL_LOCATION;
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_in_place(stage);
}

static void target_original_means_the_method(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, true);
    target = VSS_RT_ORIGINAL;
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_elsewhere(stage);
}

static void directed_files_and_ranges_go_where_the_writer_says(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    target = VSS_RT_DIRECTED;
    stage_write(stage, "D:\\other\\parts.bin", "xxxxxxxx");
    assert_betest(BETEST_DONE, stage, RESTORE);
    assert_file(stage, "D:\\other\\parts.bin", "axxxaaxx");
    assert_file(stage, "D:\\other\\moved.txt", "bbb");
    assert_no_file(stage, "C:\\app\\a.txt");
    assert_int_equal(status, VSS_RS_ALL);
}

static void a_new_target_is_told_to_the_writer(void **state)
{
    struct betest_stage *stage = *state;

    schema = VSS_BS_WRITER_SUPPORTS_NEW_TARGET;
    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    schema = 0;
    assert_betest(BETEST_DONE, stage, RESTORE, "/NewTarget", "c:\\app\\=D:\\new");
    assert_file(stage, "D:\\new\\a.txt", "aaa");
    assert_file(stage, "D:\\new\\sub\\b.txt", "bbb");
    assert_no_file(stage, "C:\\app\\a.txt");
    assert_int_equal(n_new_targets, 1);
    assert_int_equal(status, VSS_RS_ALL);
}

static void a_writer_that_knows_no_new_targets_keeps_its_place(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    assert_betest(BETEST_DONE, stage, RESTORE, "/NewTarget", "C:\\app=D:\\new");
    assert_said(stage, "'Story Writer' supports no new target");
    assert_in_place(stage);
    assert_int_equal(n_new_targets, 0);
}

/* ---- what writers hear ---- */

static void an_authoritative_restore_is_told_to_writers_that_know_it(void **state)
{
    struct betest_stage *stage = *state;

    schema = VSS_BS_AUTHORITATIVE_RESTORE;
    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    schema = 0;
    assert_betest(BETEST_DONE, stage, RESTORE, "/Auth");
    assert_true(is_authoritative);
}

static void other_writers_are_restored_as_always_and_it_is_said(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    assert_betest(BETEST_DONE, stage, RESTORE, "/Auth");
    assert_said(stage, "is not restored authoritatively: 'Story Writer' does not support it");
    assert_false(is_authoritative);
    assert_in_place(stage);
}

static void a_writer_that_refuses_pre_restore_keeps_its_files(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    stage->fails_at = "PreRestore";
    stage->failure = VSS_E_WRITERERROR_NONRETRYABLE;
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "writer 'Story Writer' failed at pre-restore after PreRestore");
    assert_no_file(stage, "C:\\app\\a.txt");
}

static void stop_error_keeps_all_files_but_ends_in_good_order(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    stage->fails_at = "PreRestore";
    stage->failure = VSS_E_WRITERERROR_NONRETRYABLE;
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE, "/StopError");
    assert_said(stage, "stopped, because of /StopError");
    assert_no_file(stage, "C:\\app\\a.txt");
}

static void a_set_that_nobody_describes_is_said(void **state)
{
    struct betest_stage *stage = *state;
    char *path = stage_path(stage, "doc.writers.xml");
    FILE *file;

    backed_up(stage, VSS_RME_RESTORE_IF_CAN_REPLACE, false);
    file = fopen(path, "w");
    fputs("<BETestWriters type=\"FULL\">\n</BETestWriters>\n", file);
    fclose(file);
    free(path);
    assert_betest(BETEST_COMPONENT_FAILED, stage, RESTORE);
    assert_said(stage, "is in the backup, but no saved writer document describes it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        betest_story(if_not_there_restores_where_nothing_is),
        betest_story(if_not_there_goes_elsewhere_when_one_file_is_there),
        betest_story(if_not_there_restores_nothing_when_the_other_place_is_taken_too),
        betest_story(without_a_mapping_nothing_is_restored),
        betest_story(if_can_replace_replaces),
        betest_story(if_can_replace_goes_elsewhere_when_one_file_is_in_use),
        betest_story(to_alternate_location_needs_a_mapping),
        betest_story(to_alternate_location_without_one_is_the_writers_mistake),
        betest_story(services_are_named_and_files_restored),
        betest_story(restore_stop_start_restores_first),
        betest_story(a_method_of_the_writers_own_is_left_to_it),
        betest_story(at_reboot_if_cannot_replace_replaces_what_it_can),
        betest_story(at_reboot_waits_for_the_next_start),
        betest_story(target_alternate_wins_over_the_method),
        betest_story(target_original_location_wins_over_the_method),
        betest_story(target_original_means_the_method),
        betest_story(directed_files_and_ranges_go_where_the_writer_says),
        betest_story(a_new_target_is_told_to_the_writer),
        betest_story(a_writer_that_knows_no_new_targets_keeps_its_place),
        betest_story(an_authoritative_restore_is_told_to_writers_that_know_it),
        betest_story(other_writers_are_restored_as_always_and_it_is_said),
        betest_story(a_writer_that_refuses_pre_restore_keeps_its_files),
        betest_story(stop_error_keeps_all_files_but_ends_in_good_order),
        betest_story(a_set_that_nobody_describes_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
