/* SPDX-License-Identifier: MIT */
/* What ends a backup before its time: a requester that dies, AbortBackup, a volume that cannot be
 * held within its window, and the strict reading of a writer's veto.
 * Learn: "Aborting VSS Operations", "Handling BackupShutdown Events", "Shadow Copy Creation for
 * Providers". */
#include "tests/support/cmocka_vss.h"

#include "emu/api/backup_components.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char writer_xml[] =
    "<TestWriter usage='USER_DATA'>"
    "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' rebootRequired='no'/>"
    "%s"
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

static void add_writer(struct vssemu_world *w, const char *fail_event)
{
    char xml[1024];

    snprintf(xml, sizeof(xml), writer_xml, fail_event);
    if (!vssemu_add_writer_xml(w, xml))
        fail_msg("%s", vssemu_error(w));
}

/* Writes that were held would hang or fail this. */
static void assert_volume_takes_writes(struct vssemu_world *w)
{
    assert_true(vssemu_file_write(w, "C:\\docs\\b.txt", "after", 5));
}

static void assert_next_backup_works(struct vssemu_world *w)
{
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
}

/* Windows: after Freeze an aborted writer stands in FAILED_AT_FREEZE with S_OK. */
static void requester_that_dies_while_writers_are_frozen(void **state)
{
    struct vssemu_world *w = *state;

    add_writer(w, "");
    assert_int_equal(vssemu_backup(w, VSSEMU_FREEZE), S_OK);
    vssemu_requester_dies(w);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Abort BackupShutdown");
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_FAILED_AT_FREEZE);
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_volume_takes_writes(w);
    assert_next_backup_works(w);
}

static void requester_that_dies_before_freeze_leaves_writers_stable(void **state)
{
    struct vssemu_world *w = *state;

    add_writer(w, "");
    assert_int_equal(vssemu_backup(w, VSSEMU_PREPARE_BACKUP), S_OK);
    vssemu_requester_dies(w);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup Abort BackupShutdown");
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_STABLE);
    assert_next_backup_works(w);
}

/* Learn: "CVssWriter::OnAbort": not after PostSnapshot. */
static void requester_that_dies_after_the_snapshot_sends_no_abort(void **state)
{
    struct vssemu_world *w = *state;

    add_writer(w, "");
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    vssemu_requester_dies(w);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupShutdown");
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_next_backup_works(w);
}

/* ---- one creation at a time (Learn: "State Transitions in Shadow Copy Providers") ---- */

static void second_requester_finds_a_set_in_progress(void **state)
{
    struct vssemu_world *w = *state;
    IVssBackupComponents *second = NULL;
    VSS_ID id;

    add_writer(w, "");
    assert_int_equal(vssemu_backup(w, VSSEMU_PREPARE_BACKUP), S_OK);
    assert_int_equal(CreateVssBackupComponentsInternal(&second), S_OK);
    assert_int_equal(second->lpVtbl->InitializeForBackup(second, NULL), S_OK);
    assert_int_equal(second->lpVtbl->StartSnapshotSet(second, &id), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(second->lpVtbl->StartSnapshotSet(second, &id), S_OK);
    assert_int_equal(second->lpVtbl->AbortBackup(second), S_OK);
    second->lpVtbl->Release(second);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
}

/* ---- the window of flush and hold: 10 s ---- */

static struct volume_done *unanswered;
static struct volume_ops slow_ops;

static void never_answers(struct volume *v, struct volume_done *done)
{
    (void)v;
    unanswered = done;
}

static void answer_late(struct vssemu_world *w)
{
    sched_enter(w->ports.sched);
    unanswered->fn(unanswered, 0);
    sched_leave(w->ports.sched);
}

static void assert_window_missed(struct vssemu_world *w, HRESULT expected)
{
    const struct volume_ops *ops = w->ports.volumes[0]->ops;
    HRESULT hr;

    w->ports.volumes[0]->ops = &slow_ops;
    hr = vssemu_backup(w, VSSEMU_POST_SNAPSHOT);
    w->ports.volumes[0]->ops = ops;
    assert_int_equal(hr, expected);
    assert_true(vssemu_now_ms(w) >= 10000);
    assert_true(vssemu_now_ms(w) < 11000);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Abort");
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_volume_takes_writes(w);
    answer_late(w);
    vssemu_requester_dies(w);
    assert_next_backup_works(w);
}

static void hold_that_is_not_reached_in_10_seconds_fails_the_set(void **state)
{
    struct vssemu_world *w = *state;

    add_writer(w, "");
    slow_ops = *w->ports.volumes[0]->ops;
    slow_ops.hold = never_answers;
    assert_window_missed(w, VSS_E_HOLD_WRITES_TIMEOUT);
}

static void flush_that_does_not_end_fails_the_set(void **state)
{
    struct vssemu_world *w = *state;

    add_writer(w, "");
    slow_ops = *w->ports.volumes[0]->ops;
    slow_ops.flush = never_answers;
    assert_window_missed(w, VSS_E_FLUSH_WRITES_TIMEOUT);
}

/* ---- the strict reading of a veto (choice writer_veto) ---- */

static void veto_fails_the_set_where_that_is_chosen(void **state)
{
    struct vssemu_world *w = *state;

    assert_true(choices_set(&w->service.choices, "writer_veto", "fail-set"));
    add_writer(w, "<FailEvent writerEvent='Freeze' retryable='no'/>");
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), VSS_E_UNEXPECTED_WRITER_ERROR);
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(vssemu_writer_failure(w, "Test Writer"), VSS_E_WRITERERROR_NONRETRYABLE);
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_volume_takes_writes(w);
}

/* ---- cancelling ---- */

static void cancel_of_a_stopped_set_aborts_everybody(void **state)
{
    struct vssemu_world *w = *state;
    IVssBackupComponents *vss = NULL;
    IVssAsync *async = NULL;
    HRESULT status;
    VSS_ID id;
    WCHAR volume[] = L"C:\\";

    add_writer(w, "");
    assert_int_equal(vssemu_backup(w, VSSEMU_IDENTIFY), S_OK); /* makes the provider */
    vssemu_requester_dies(w);
    CreateVssBackupComponentsInternal(&vss);
    assert_int_equal(vss->lpVtbl->InitializeForBackup(vss, NULL), S_OK);
    assert_int_equal(vss->lpVtbl->SetBackupState(vss, false, false, VSS_BT_FULL, false), S_OK);
    assert_int_equal(vss->lpVtbl->GatherWriterMetadata(vss, &async), S_OK);
    async->lpVtbl->Wait(async, INFINITE);
    async->lpVtbl->Release(async);
    assert_int_equal(vss->lpVtbl->StartSnapshotSet(vss, &id), S_OK);
    assert_int_equal(vss->lpVtbl->AddToSnapshotSet(vss, volume, (VSS_ID){ 0 }, &id), S_OK);
    assert_int_equal(vss->lpVtbl->PrepareForBackup(vss, &async), S_OK);
    async->lpVtbl->Wait(async, INFINITE);
    async->lpVtbl->Release(async);

    w->service.pause_after = ON_FREEZE;
    assert_int_equal(vss->lpVtbl->DoSnapshotSet(vss, &async), S_OK);
    assert_int_equal(async->lpVtbl->Cancel(async), S_OK);
    assert_int_equal(async->lpVtbl->QueryStatus(async, &status, NULL), S_OK);
    assert_int_equal(status, VSS_S_ASYNC_CANCELLED);
    assert_int_equal(async->lpVtbl->Cancel(async), VSS_S_ASYNC_CANCELLED);
    async->lpVtbl->Release(async);
    w->service.pause_after = N_WRITER_EVENTS;
    assert_non_null(strstr(vssemu_writer_events(w, "Test Writer"), "Freeze Abort"));
    assert_int_equal(vss->lpVtbl->AbortBackup(vss), S_OK);
    vss->lpVtbl->Release(vss);
    assert_next_backup_works(w);
}

int main(void)
{
#define ABORT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        ABORT_TEST(requester_that_dies_while_writers_are_frozen),
        ABORT_TEST(requester_that_dies_before_freeze_leaves_writers_stable),
        ABORT_TEST(requester_that_dies_after_the_snapshot_sends_no_abort),
        ABORT_TEST(second_requester_finds_a_set_in_progress),
        ABORT_TEST(hold_that_is_not_reached_in_10_seconds_fails_the_set),
        ABORT_TEST(flush_that_does_not_end_fails_the_set),
        ABORT_TEST(veto_fails_the_set_where_that_is_chosen),
        ABORT_TEST(cancel_of_a_stopped_set_aborts_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
