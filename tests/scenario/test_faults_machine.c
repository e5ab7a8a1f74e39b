/* SPDX-License-Identifier: MIT */
/* Faults of providers, volumes, the machine and the requester: one deviation, a backup, and what
 * the requester sees. What is always true (see test_faults_writers) is checked of each: writers
 * that froze are thawed or aborted, no write is held afterwards, the next backup works where the
 * fault has passed, the world ends. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* ---- the cast ---- */

static const char writer_xml[] =
    "<TestWriter usage='USER_DATA'>"
    "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' rebootRequired='no'/>"
    "<Component componentType='filegroup' componentName='docs' selectable='yes'>"
    "<ComponentFile path='C:\\docs' filespec='*' recursive='yes'/></Component></TestWriter>";

static struct vssemu_world *begin(const char *text)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    print_message("%s\n", text);
    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "a", 1));
    assert_true(vssemu_add_writer_xml(w, writer_xml));
    if (!vssemu_add_fault(w, text))
        fail_msg("%s", vssemu_error(w));
    return w;
}

static void end(struct vssemu_world *w)
{
    assert_string_equal(vssemu_unfired_faults(w), "");
    vssemu_requester_dies(w);
    assert_int_equal(vssemu_world_free(w), 0);
}

static bool is_thawed(struct vssemu_world *w)
{
    const char *events = vssemu_writer_events(w, "Test Writer");
    const char *freeze = strstr(events, "Freeze");

    return !freeze || strstr(freeze, "Thaw") || strstr(freeze, "Abort");
}

/* ---- one deviation, the result of the backup ---- */

/* clang-format off */
static const struct fault_row {
    const char *text;
    HRESULT result;     /* of the first call or operation that fails */
    bool is_gone;       /* the volume */
} rows[] = {
    /* Learn: "IVssBackupComponents::DoSnapshotSet"; failure-catalogue T06 to T08, P06, S02. */
    { "volume=C: op=flush do=delay for=11s",                            VSS_E_FLUSH_WRITES_TIMEOUT,       false },
    { "volume=C: op=flush do=hang",                                     VSS_E_FLUSH_WRITES_TIMEOUT,       false },
    { "volume=C: op=flush do=fail code=EIO",                            VSS_E_FLUSH_WRITES_TIMEOUT,       false },
    { "volume=C: op=flush do=delay for=2s",                             S_OK,                             false },
    { "volume=C: op=hold do=fail code=EBUSY",                           VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "volume=C: op=hold do=fail code=ENOMEM",                          VSS_E_PROVIDER_VETO,              false },
    { "volume=C: op=hold do=hang",                                      VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "volume=C: op=hold do=lose-hold",                                 S_OK,                             false },
    { "volume=C: op=hold do=vanish",                                    VSS_E_OBJECT_NOT_FOUND,           true  },
    { "volume=C: op=commit do=vanish",                                  VSS_E_OBJECT_NOT_FOUND,           true  },
    { "volume=C: op=commit do=fail code=EIO",                           VSS_E_PROVIDER_VETO,              false },
    { "volume=C: op=commit do=fail code=ENOSPC",                        VSS_E_INSUFFICIENT_STORAGE,       false },
    { "volume=C: op=flush do=fill",                                     VSS_E_INSUFFICIENT_STORAGE,       false },
    { "volume=C: op=release do=delay for=30s",                          VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "volume=C: op=release do=hang",                                   VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "volume=C: op=release do=delay for=3s",                           S_OK,                             false },
    /* Learn: "Error Handling in Shadow Copy Providers"; P02, T13. */
    { "provider=* call=IsVolumeSupported do=fail code=VSS_E_UNEXPECTED_PROVIDER_ERROR", VSS_E_UNEXPECTED_PROVIDER_ERROR, false },
    { "provider=* call=BeginPrepareSnapshot do=fail code=VSS_E_PROVIDER_VETO",    VSS_E_PROVIDER_VETO,             false },
    { "provider=* call=BeginPrepareSnapshot do=fail code=VSS_E_INSUFFICIENT_STORAGE", VSS_E_INSUFFICIENT_STORAGE,  false },
    { "provider=* call=BeginPrepareSnapshot do=fail code=S_FALSE",      VSS_E_UNEXPECTED_PROVIDER_ERROR,  false },
    { "provider=* call=BeginPrepareSnapshot do=delay for=5m",           S_OK,                             false },
    { "provider=* call=BeginPrepareSnapshot do=hang",                   VSS_E_UNEXPECTED_PROVIDER_ERROR,  false },
    { "provider=* call=EndPrepareSnapshots do=fail code=E_FAIL",        VSS_E_UNEXPECTED_PROVIDER_ERROR,  false },
    { "provider=* call=PreCommitSnapshots do=crash",                    VSS_E_UNEXPECTED_PROVIDER_ERROR,  false },
    { "provider=* call=CommitSnapshots do=throw",                       VSS_E_UNEXPECTED_PROVIDER_ERROR,  false },
    { "provider=* call=CommitSnapshots do=delay for=11s",               VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "provider=* call=CommitSnapshots do=hang",                        VSS_E_HOLD_WRITES_TIMEOUT,        false },
    { "provider=* call=PostCommitSnapshots do=fail code=VSS_E_PROVIDER_VETO",     VSS_E_PROVIDER_VETO,   false },
    { "provider=* call=PreFinalCommitSnapshots do=fail code=VSS_E_PROVIDER_VETO", VSS_E_PROVIDER_VETO,   false },
    { "provider=* call=EndPrepareSnapshots do=delay for=1m",            S_OK,                             false },
    /* The pages of the calls. */
    { "machine call=AddToSnapshotSet do=low-memory",                    E_OUTOFMEMORY,                    false },
    { "machine call=InitializeForBackup do=access-denied",              E_ACCESSDENIED,                   false },
    { "machine call=DoSnapshotSet do=internal-error",                   VSS_E_UNEXPECTED,                 false },
    { "machine call=GatherWriterMetadata do=no-messages",               VSS_E_WRITER_INFRASTRUCTURE,      false },
    { "machine call=BackupComplete do=no-messages",                     VSS_E_UNEXPECTED_WRITER_ERROR,    false },
    { "machine call=AddComponent do=damaged-document",                  VSS_E_INVALID_XML_DOCUMENT,       false },
    /* Learn: "IVssBackupComponents::StartSnapshotSet"; C04. */
    { "machine call=StartSnapshotSet do=set-in-progress",               VSS_E_SNAPSHOT_SET_IN_PROGRESS,   false },
    { "machine call=* nth=3 do=low-memory",                             E_OUTOFMEMORY,                    false },
    /* T16: whatever the time of day says, windows are counted otherwise. */
    { "machine call=DoSnapshotSet do=clock-jump by=-2h",                S_OK,                             false },
    { "machine call=DoSnapshotSet do=clock-jump by=3d",                 S_OK,                             false },
    { "machine at=0 do=clock-jump by=90s",                              S_OK,                             false },
    /* OQ-63, and O037: the lock goes with the service. */
    { "machine call=DoSnapshotSet do=restart",                          VSS_E_UNEXPECTED,                 false },
    { "requester call=PrepareForBackup do=die",                         E_ABORT,                          false },
    { "requester call=BackupComplete do=crash",                         E_ABORT,                          false },
};
/* clang-format on */

static HRESULT back_up(struct vssemu_world *w)
{
    HRESULT hr = vssemu_backup(w, VSSEMU_BACKUP_COMPLETE);

    return SUCCEEDED(hr) ? vssemu_backup(w, VSSEMU_END) : hr;
}

static void a_backup_with_one_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vssemu_world *w = begin(rows[i].text);
        HRESULT hr = back_up(w);

        if (hr != rows[i].result)
            fail_msg("%s: %s", rows[i].text, vssemu_result_name(hr));
        if (!is_thawed(w))
            fail_msg("%s: %s", rows[i].text, vssemu_writer_events(w, "Test Writer"));
        vssemu_requester_dies(w);
        assert_string_equal(vssemu_unfired_faults(w), "");
        if (!rows[i].is_gone && !strstr(rows[i].text, "do=fill")) {
            assert_true(vssemu_file_write(w, "C:\\after.txt", "a", 1));
            hr = back_up(w);
            if (hr != S_OK)
                fail_msg("%s, the next one: %s", rows[i].text, vssemu_result_name(hr));
        }
        end(w);
    }
}

/* ---- what hangs for ever ---- */

/* T13. The built-in requester gives up after a day of its clock. */
static void a_set_whose_provider_hangs_after_the_commit_never_ends(void **state)
{
    static const char *const calls[] = { "EndPrepareSnapshots", "PreFinalCommitSnapshots",
                                         "PostFinalCommitSnapshots" };

    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        auto_free char *text = str_printf("provider=* call=%s do=hang", calls[i]);
        struct vssemu_world *w = begin(text);

        assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), HRESULT_FROM_WIN32(ERROR_TIMEOUT));
        assert_true(is_thawed(w));
        assert_true(vssemu_file_write(w, "C:\\after.txt", "a", 1));
        end(w);
    }
}

/* ---- files ---- */

static HANDLE open_file(const WCHAR *path, DWORD access)
{
    return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0,
                       NULL);
}

static void the_nth_block_fails(void **state)
{
    struct vssemu_world *w = begin("volume=C: op=write nth=3 do=fail code=EIO");
    static char data[200000];
    DWORD n = 0;

    (void)state;
    HANDLE file = open_file(L"C:\\docs\\big.bin", GENERIC_READ | GENERIC_WRITE);
    assert_true(file != INVALID_HANDLE_VALUE);
    assert_false(WriteFile(file, data, sizeof(data), &n, NULL)); /* two blocks came through */
    assert_int_equal(GetLastError(), ERROR_IO_DEVICE);
    assert_int_equal(GetFileSize(file, NULL), 131072);
    assert_true(WriteFile(file, data, sizeof(data), &n, NULL));
    assert_true(vssemu_add_fault(w, "volume=C: op=read do=fail code=EIO"));
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    assert_false(ReadFile(file, data, 10, &n, NULL));
    assert_int_equal(GetLastError(), ERROR_IO_DEVICE);
    assert_true(ReadFile(file, data, 10, &n, NULL));
    assert_true(vssemu_add_fault(w, "volume=C: op=open do=fail code=EACCES"));
    assert_true(open_file(L"C:\\docs\\a.txt", GENERIC_READ) == INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
    CloseHandle(file);
    end(w);
}

struct release {
    struct sched_task task;
    struct volume *volume;
};

static void note_nothing(struct volume_done *done, int error)
{
    (void)done;
    assert_int_equal(error, 0);
}

static void let_go(struct sched_task *task)
{
    static struct volume_done done = { note_nothing };
    struct volume *v = container_of(task, struct release, task)->volume;

    v->ops->release(v, &done);
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* How long a write waits for a hold that lasts ten seconds. */
static int64_t wait_of_a_write(struct vssemu_world *w)
{
    struct sched *sched = w->ports.sched;
    struct volume_done done = { note_nothing };
    struct release release = { .task.run = let_go,
                               .volume = service_find_volume(&w->service, "C:\\") };
    int64_t before = sched_now(sched);

    sched_enter(sched);
    release.volume->ops->hold(release.volume, &done);
    sched_post(sched, &release.task, before + 10 * SCHED_SECOND);
    sched_leave(sched);
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "b", 1));
    int64_t took = sched_now(sched) - before;
    sched_enter(sched);
    sched_wait(sched, never, NULL, before + 11 * SCHED_SECOND); /* until it is over */
    sched_leave(sched);
    return took;
}

static void a_lost_hold_lets_writes_go_on(void **state)
{
    struct vssemu_world *w = begin("volume=C: op=hold do=lose-hold");

    (void)state;
    assert_true(wait_of_a_write(w) < SCHED_SECOND);
    assert_true(wait_of_a_write(w) >= 10 * SCHED_SECOND); /* the next one holds */
    end(w);
}

static void a_block_of_the_snapshot_fails_and_the_original_is_whole(void **state)
{
    struct vssemu_world *w = begin("volume=C: op=read-copy do=fail code=EIO");
    void *data = NULL;
    size_t size;

    (void)state;
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    auto_free char *path = str_printf("%s\\docs\\a.txt", vssemu_snapshot_device(w, "C:"));
    assert_false(vssemu_file_read(w, path, &data, &size));
    assert_true(vssemu_file_read(w, "C:\\docs\\a.txt", &data, &size));
    free(data);
    assert_true(vssemu_file_read(w, path, &data, &size));
    free(data);
    end(w);
}

/* S04, as search finds it hardest: the copies go, the files stay. */
static void snapshots_are_lost_and_the_original_is_whole(void **state)
{
    struct vssemu_world *w = begin("volume=C: op=read-copy nth=2 do=vanish");
    void *data = NULL;
    size_t size;

    (void)state;
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    auto_free char *path = str_printf("%s\\docs\\a.txt", vssemu_snapshot_device(w, "C:"));
    assert_true(vssemu_file_read(w, path, &data, &size));
    free(data);
    assert_false(vssemu_file_read(w, path, &data, &size));
    assert_false(vssemu_file_read(w, path, &data, &size));
    assert_int_equal(vssemu_event_count(w, "Volsnap", 25), 1);
    assert_true(vssemu_file_read(w, "C:\\docs\\a.txt", &data, &size));
    free(data);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    auto_free char *next = str_printf("%s\\docs\\a.txt", vssemu_snapshot_device(w, "C:"));
    assert_true(vssemu_file_read(w, next, &data, &size));
    free(data);
    end(w);
}

/* S04: what was whole a moment ago, and then for every file. */
static void a_volume_that_vanishes_takes_its_snapshots_along(void **state)
{
    struct vssemu_world *w = begin("volume=C: at=1h do=vanish");
    DWORD n = 0;
    char byte;

    (void)state;
    HANDLE file = open_file(L"C:\\docs\\a.txt", GENERIC_READ | GENERIC_WRITE);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_true(ReadFile(file, &byte, 1, &n, NULL));
    vssemu_run_for(w, 3600000);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    assert_false(ReadFile(file, &byte, 1, &n, NULL));
    assert_int_equal(GetLastError(), ERROR_NO_SUCH_DEVICE);
    assert_false(WriteFile(file, &byte, 1, &n, NULL));
    assert_int_equal(GetLastError(), ERROR_NO_SUCH_DEVICE);
    CloseHandle(file);
    end(w);
}

static void a_full_volume_takes_no_longer_file(void **state)
{
    struct vssemu_world *w = begin("volume=C: at=1s do=fill");
    DWORD n = 0;

    (void)state;
    vssemu_run_for(w, 2000);
    HANDLE file = open_file(L"C:\\docs\\a.txt", GENERIC_READ | GENERIC_WRITE);
    assert_true(WriteFile(file, "b", 1, &n, NULL)); /* in place of what is there */
    assert_false(WriteFile(file, "b", 1, &n, NULL));
    assert_int_equal(GetLastError(), ERROR_DISK_FULL);
    CloseHandle(file);
    assert_true(open_file(L"C:\\new.txt", GENERIC_WRITE) == INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_DISK_FULL);
    end(w);
}

/* ---- time ---- */

static int64_t time_of_day(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return ((int64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) / 10000000;
}

static void the_time_of_day_jumps_and_time_goes_on(void **state)
{
    struct vssemu_world *w = begin("machine at=10s do=clock-jump by=-1d");
    int64_t before = time_of_day(), ticks = vssemu_now_ms(w);

    (void)state;
    vssemu_run_for(w, 20000);
    assert_int_equal(time_of_day() - before, 20 - 86400);
    assert_int_equal(vssemu_now_ms(w) - ticks, 20000);
    end(w);
}

/* ---- the service starts again while it makes a set ---- */

static void a_set_that_is_cut_off_lets_everybody_go(void **state)
{
    struct vssemu_world *w = begin("machine at=2s do=restart");

    (void)state;
    assert_true(vssemu_add_fault(w, "writer=* event=Freeze do=delay for=5s"));
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), VSS_E_UNEXPECTED);
    vssemu_requester_dies(w); /* the object is still there to be released */
    vssemu_run_for(w, 10000);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Abort BackupShutdown");
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_true(vssemu_file_write(w, "C:\\after.txt", "a", 1));
    assert_int_equal(back_up(w), S_OK);
    end(w);
}

/* Reported: "in progress" for every requester until the service is restarted. */
static void a_set_that_never_ends_is_over_when_the_service_starts_again(void **state)
{
    struct vssemu_world *w = begin("machine call=StartSnapshotSet nth=every do=set-in-progress");

    (void)state;
    assert_true(vssemu_add_fault(w, "machine at=1m do=restart"));
    assert_int_equal(back_up(w), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(back_up(w), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    vssemu_run_for(w, 61000);
    vssemu_requester_dies(w); /* its object is cut off */
    assert_int_equal(back_up(w), S_OK);
    end(w);
}

/* ---- writers with a time ---- */

static void a_writer_dies_at_a_time_and_another_instance_comes(void **state)
{
    struct vssemu_world *w = begin("writer=Test* at=1m do=die for=10s");

    (void)state;
    assert_int_equal(vssemu_backup(w, VSSEMU_PREPARE_BACKUP), S_OK);
    vssemu_run_for(w, 61000);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_failure(w, "Test Writer"), VSS_E_WRITER_NOT_RESPONDING);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    vssemu_run_for(w, 10000);
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_failure(w, "Test Writer"), S_OK);
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    end(w);
}

/* ---- a writer that may not take part ---- */

static void a_writer_in_safe_mode_is_not_initialised(void **state)
{
    static const struct vssemu_writer_ops ops = { .OnFreeze = NULL };
    struct vssemu_world *w = begin("machine call=CVssWriter::Initialize do=safe-mode");
    struct vssemu_writer_identity identity;
    struct vssemu_writer *writer = vssemu_writer_new(&ops, NULL, 0);

    (void)state;
    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 7, 2, 3, { 4 } };
    identity.name = L"Safe";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    assert_int_equal(vssemu_writer_initialize(writer, &identity), S_FALSE);
    vssemu_writer_free(writer);
    end(w);
}

/* ---- what never happened ---- */

static void a_fault_that_never_fired_is_told(void **state)
{
    struct vssemu_world *w = begin("writer=Sqk event=Freeze do=hang");

    (void)state;
    assert_int_equal(back_up(w), S_OK);
    assert_int_equal(vssemu_fault_count(w), 1);
    assert_int_equal(vssemu_fault_fired(w, 0), 0);
    assert_string_equal(vssemu_unfired_faults(w),
                        "writer=Sqk event=Freeze do=hang: its place was met 0 times: no writer is "
                        "called Sqk; there are: Test Writer\n");
    assert_false(vssemu_add_fault(w, "writer=Sqk event=Freese do=hang"));
    assert_non_null(strstr(vssemu_error(w), "no event Freese"));
    assert_int_equal(vssemu_world_free(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_with_one_fault),
        cmocka_unit_test(a_set_whose_provider_hangs_after_the_commit_never_ends),
        cmocka_unit_test(the_nth_block_fails),
        cmocka_unit_test(a_lost_hold_lets_writes_go_on),
        cmocka_unit_test(a_block_of_the_snapshot_fails_and_the_original_is_whole),
        cmocka_unit_test(snapshots_are_lost_and_the_original_is_whole),
        cmocka_unit_test(a_volume_that_vanishes_takes_its_snapshots_along),
        cmocka_unit_test(a_full_volume_takes_no_longer_file),
        cmocka_unit_test(the_time_of_day_jumps_and_time_goes_on),
        cmocka_unit_test(a_set_that_is_cut_off_lets_everybody_go),
        cmocka_unit_test(a_set_that_never_ends_is_over_when_the_service_starts_again),
        cmocka_unit_test(a_writer_dies_at_a_time_and_another_instance_comes),
        cmocka_unit_test(a_writer_in_safe_mode_is_not_initialised),
        cmocka_unit_test(a_fault_that_never_fired_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
