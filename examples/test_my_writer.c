/* SPDX-License-Identifier: MIT */
/* How to test a writer of one's own: a world in memory, the writer, a requester that stops where
 * the test wants to look, and questions about states, events and files. Nothing here waits in real
 * time. A class derived from CVssWriter is tested in the same way from C++: construct it and
 * Subscribe after vssemu_world_new(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <vssemu.h>
#include <vssemu_writer.h>

#include <stdio.h>
#include <stdlib.h>

/* ---- the writer under test: keeps a journal, which must be closed while it is frozen ---- */

struct journal_writer {
    struct vssemu_world *world;
    struct vssemu_writer *writer;
    bool refuses_to_freeze;
    DWORD slow_ms;
};

static bool journal_identify(void *self, IVssCreateWriterMetadata *metadata)
{
    (void)self;
    return SUCCEEDED(metadata->lpVtbl->AddComponent(metadata, VSS_CT_FILEGROUP, NULL, L"journal",
                                                    NULL, NULL, 0, false, true, true, false, 0)) &&
           SUCCEEDED(metadata->lpVtbl->AddFilesToFileGroup(
               metadata, NULL, L"journal", L"C:\\journal", L"*.log", false, NULL,
               VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)) &&
           SUCCEEDED(metadata->lpVtbl->SetRestoreMethod(metadata, VSS_RME_RESTORE_IF_CAN_REPLACE,
                                                        NULL, NULL, VSS_WRE_ALWAYS, false));
}

static void journal_say(struct journal_writer *j, const char *text)
{
    vssemu_file_write(j->world, "C:\\journal\\now.log", text, 6);
}

static bool journal_freeze(void *self)
{
    struct journal_writer *j = self;

    if (j->refuses_to_freeze) {
        vssemu_writer_set_failure(j->writer, VSS_E_WRITERERROR_RETRYABLE);
        return false;
    }
    Sleep(j->slow_ms);
    return true;
}

static bool journal_thaw(void *self)
{
    (void)self;
    return true;
}

static const struct vssemu_writer_ops journal_ops = {
    .OnIdentify = journal_identify,
    .OnFreeze = journal_freeze,
    .OnThaw = journal_thaw,
};

/* ---- the stage of each test: a volume in memory, the journal, its writer ---- */

static int setup(void **state)
{
    struct journal_writer *j = calloc(1, sizeof(*j));
    struct vssemu_writer_identity identity;

    j->world = vssemu_world_new(NULL);
    assert_true(vssemu_add_volume(j->world, "C:", NULL));
    journal_say(j, "closed");

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x4a6f7572, 0x6e61, 0x6c21, { 1 } };
    identity.name = L"Journal Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    j->writer = vssemu_writer_new(&journal_ops, j, 0);
    assert_int_equal(vssemu_writer_initialize(j->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(j->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG), S_OK);
    *state = j;
    return 0;
}

static int teardown(void **state)
{
    struct journal_writer *j = *state;

    vssemu_writer_free(j->writer);
    assert_int_equal(vssemu_world_free(j->world), 0);
    free(j);
    return 0;
}

/* ---- the tests ---- */

static void backup_runs_to_its_end(void **state)
{
    struct journal_writer *j = *state;

    assert_int_equal(vssemu_backup(j->world, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(j->world, "Journal Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupComplete BackupShutdown");
}

static void snapshot_holds_the_journal_as_it_was_when_frozen(void **state)
{
    struct journal_writer *j = *state;
    char path[128];
    void *text;
    size_t size;

    assert_int_equal(vssemu_backup(j->world, VSSEMU_FREEZE), S_OK);
    assert_int_equal(vssemu_writer_state(j->world, "Journal Writer"), VSS_WS_WAITING_FOR_THAW);

    assert_int_equal(vssemu_backup(j->world, VSSEMU_POST_SNAPSHOT), S_OK);
    journal_say(j, "opened");
    snprintf(path, sizeof(path), "%s\\journal\\now.log", vssemu_snapshot_device(j->world, "C:"));
    assert_true(vssemu_file_read(j->world, path, &text, &size));
    assert_string_equal(text, "closed");
    free(text);
}

static void a_refusal_to_freeze_is_seen_in_the_status_and_the_snapshot_is_made(void **state)
{
    struct journal_writer *j = *state;

    j->refuses_to_freeze = true;
    assert_int_equal(vssemu_backup(j->world, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_state(j->world, "Journal Writer"), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(vssemu_writer_failure(j->world, "Journal Writer"),
                     VSS_E_WRITERERROR_RETRYABLE);
}

static void seventy_seconds_in_freeze_are_too_long(void **state)
{
    struct journal_writer *j = *state;

    j->slow_ms = 70000; /* virtual: the test takes no time */
    assert_int_equal(vssemu_backup(j->world, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_failure(j->world, "Journal Writer"), VSS_E_WRITERERROR_TIMEOUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(backup_runs_to_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(snapshot_holds_the_journal_as_it_was_when_frozen, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_refusal_to_freeze_is_seen_in_the_status_and_the_snapshot_is_made, setup, teardown),
        cmocka_unit_test_setup_teardown(seventy_seconds_in_freeze_are_too_long, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
