/* SPDX-License-Identifier: MIT */
/* A whole backup and a whole restore in a world in memory, with simulated writers and with a native
 * writer on a thread of its own. Order: Learn, "Overview of Processing a Backup Under VSS". */
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char docs_xml[] =
    "<TestWriter usage='USER_DATA'>"
    "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' rebootRequired='no'/>"
    "<Component componentType='filegroup' componentName='docs' selectable='yes'>"
    "<ComponentFile path='C:\\docs' filespec='*' recursive='yes'/></Component></TestWriter>";

static int setup(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "before", 6));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(vssemu_world_free(*state), 0);
    return 0;
}

static void assert_file(struct vssemu_world *w, const char *path, const char *expected)
{
    void *data = NULL;
    size_t size;

    if (!vssemu_file_read(w, path, &data, &size))
        fail_msg("%s", vssemu_error(w));
    assert_string_equal(data, expected);
    free(data);
}

static void writer_gets_every_event_in_order(void **state)
{
    struct vssemu_world *w = *state;

    if (!vssemu_add_writer_xml(w, docs_xml))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupComplete BackupShutdown");
}

static void snapshot_keeps_what_was_there_at_the_commit(void **state)
{
    struct vssemu_world *w = *state;
    char path[200];

    assert_true(vssemu_add_writer_xml(w, docs_xml));
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "after!", 6));
    snprintf(path, sizeof(path), "%s\\docs\\a.txt", vssemu_snapshot_device(w, "C:"));
    assert_file(w, path, "before");
    assert_file(w, "C:\\docs\\a.txt", "after!");
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_null(vssemu_snapshot_device(w, "C:"));
}

static void everybody_is_frozen_behind_freeze(void **state)
{
    struct vssemu_world *w = *state;

    assert_true(vssemu_add_writer_xml(w, docs_xml));
    assert_int_equal(vssemu_backup(w, VSSEMU_FREEZE), S_OK);
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_WAITING_FOR_THAW);
    assert_int_equal(vssemu_backup(w, VSSEMU_THAW), S_OK);
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_WAITING_FOR_POST_SNAPSHOT);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
}

static void restore_tells_the_writer_before_and_after(void **state)
{
    struct vssemu_world *w = *state;

    assert_true(vssemu_add_writer_xml(w, docs_xml));
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_int_equal(vssemu_restore(w, VSSEMU_POST_RESTORE), S_OK);
    assert_non_null(
        strstr(vssemu_writer_events(w, "Test Writer"), "Identify PreRestore PostRestore"));
}

/* ---- a native writer ---- */

struct my_writer {
    struct vssemu_writer *writer;
    DWORD sleep_in_freeze_ms;
    unsigned n_freezes, n_thaws, n_aborts;
};

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    return SUCCEEDED(m->lpVtbl->AddComponent(m, VSS_CT_FILEGROUP, NULL, L"mine", NULL, NULL, 0,
                                             false, false, true, false, 0)) &&
           SUCCEEDED(m->lpVtbl->AddFilesToFileGroup(m, NULL, L"mine", L"C:\\mine", L"*", true, NULL,
                                                    0x0f0f)) &&
           SUCCEEDED(m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                                 VSS_WRE_ALWAYS, false));
}

static bool on_freeze(void *self)
{
    struct my_writer *mine = self;

    mine->n_freezes++;
    if (mine->sleep_in_freeze_ms)
        Sleep(mine->sleep_in_freeze_ms);
    return true;
}

static bool on_thaw(void *self)
{
    ((struct my_writer *)self)->n_thaws++;
    return true;
}

static bool on_abort(void *self)
{
    ((struct my_writer *)self)->n_aborts++;
    return true;
}

static const struct vssemu_writer_ops my_ops = {
    .OnIdentify = on_identify, .OnFreeze = on_freeze, .OnThaw = on_thaw, .OnAbort = on_abort
};

static void my_writer_begin(struct my_writer *mine)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 1, 2, 3, { 4 } };
    identity.name = L"My Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    mine->writer = vssemu_writer_new(&my_ops, mine, 0);
    assert_int_equal(vssemu_writer_initialize(mine->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(
                         mine->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG),
                     S_OK);
}

static void native_writer_runs_on_a_thread_of_its_own(void **state)
{
    struct vssemu_world *w = *state;
    struct my_writer mine = { 0 };

    my_writer_begin(&mine);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(w, "My Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupComplete BackupShutdown");
    assert_int_equal(mine.n_freezes, 1);
    assert_int_equal(mine.n_thaws, 1);
    vssemu_writer_free(mine.writer);
}

/* Learn: "CVssWriter::Initialize": 60 s from Freeze to Thaw; then Abort and a time-out status. */
static void sleeping_in_freeze_misses_the_window_in_no_time(void **state)
{
    struct vssemu_world *w = *state;
    struct my_writer mine = { .sleep_in_freeze_ms = 70000 };

    my_writer_begin(&mine);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_state(w, "My Writer"), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(vssemu_writer_failure(w, "My Writer"), VSS_E_WRITERERROR_TIMEOUT);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_int_equal(mine.n_thaws, 0);
    assert_int_equal(mine.n_aborts, 1);
    assert_true(vssemu_now_ms(w) >= 60000);
    vssemu_writer_free(mine.writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writer_gets_every_event_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(snapshot_keeps_what_was_there_at_the_commit, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(everybody_is_frozen_behind_freeze, setup, teardown),
        cmocka_unit_test_setup_teardown(restore_tells_the_writer_before_and_after, setup, teardown),
        cmocka_unit_test_setup_teardown(native_writer_runs_on_a_thread_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(sleeping_in_freeze_misses_the_window_in_no_time, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
