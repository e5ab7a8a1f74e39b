/* SPDX-License-Identifier: MIT */
/* DoSnapshotSet: what it starts, and what ends it. Learn:
 * "IVssBackupComponents::DoSnapshotSet", "Shadow Copy Creation for Providers", "Error Handling in
 * Shadow Copy Providers". */
#include "script_provider.h"
#include "stage.h"

#include <errno.h>
#include <string.h>

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))

/* The result of the operation. */
static HRESULT run(struct stage *stage)
{
    IVssAsync *async = NULL;
    HRESULT hr = call(stage->b, DoSnapshotSet, &async);

    return stage_finish(hr, &async);
}

static bool was_told(struct stage *stage, const char *events)
{
    return strstr(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), events) != NULL;
}

static void a_set_is_made(void)
{
    struct stage *stage = stage_at(AT_PREPARED);
    IVssAsync *async = NULL;
    VSS_SNAPSHOT_PROP prop;

    BASE(DoSnapshotSet, E_INVALIDARG, NULL);
    BASE(DoSnapshotSet, S_OK, &async);
    MUST(stage_finish(S_OK, &async));
    EXPECT(was_told(stage, "PrepareForSnapshot Freeze Thaw PostSnapshot"));
    MUST(B(GetSnapshotProperties, stage->snapshot_id, &prop));
    VssFreeSnapshotProperties(&prop);
    stage_close(stage);
}

static void before_its_time(void)
{
    static const enum stage_phase phases[] = { AT_CREATED, AT_CHOSEN, AT_SET_OPEN };
    IVssAsync *async = NULL;

    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        struct stage *stage = stage_at(phases[i]);

        BASE(DoSnapshotSet, VSS_E_BAD_STATE, &async);
        EXPECT(!async);
        stage_close(stage);
    }
}

/* Learn: "Shadow Copy Creation Details": a set without volumes is legal, and so is one without
 * writers; PrepareForBackup does not belong there. */
static void without_writers_and_volumes(void)
{
    struct stage *stage = stage_open();
    VSS_ID id;

    stage->context = VSS_CTX_NAS_ROLLBACK;
    stage_go(stage, AT_INITIALIZED);
    MUST(B(StartSnapshotSet, &id));
    MUST(run(stage));
    EXPECT(!was_told(stage, "Freeze"));
    stage_close(stage);
}

/* ---- volumes that fail ---- */

/* The number of the driver's entry in the log that a failed commit leaves; of others there is
 * none. */
static unsigned driver_number(enum vssemu_volume_operation operation, int error)
{
    return operation != VSSEMU_VOLUME_COMMIT ? 0 : error == ENOSPC ? 24 : 14;
}

static HRESULT with_fault(enum vssemu_volume_operation operation, int64_t delay_ms, int error)
{
    struct stage *stage = stage_at(AT_PREPARED);

    EXPECT(vssemu_plan_volume_fault(stage->world, "C:", operation, delay_ms, error));
    HRESULT hr = run(stage);
    EXPECT(was_told(stage, "Freeze Abort"));
    unsigned number = driver_number(operation, error);
    EXPECT(vssemu_event_count(stage->world, "Volsnap", number) == (number ? 1 : 0));
    EXPECT(vssemu_event_count(stage->world, "provider System", 0) == 0);
    EXPECT(vssemu_file_write(stage->world, "C:\\files\\b.txt", "goes on", 7));
    stage_close(stage);
    return hr;
}

/* Learn: "Shadow Copy Creation for Providers": 10 seconds. */
static void volumes_that_are_slow_or_full(void)
{
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_FLUSH_WRITES_TIMEOUT,
          with_fault(VSSEMU_VOLUME_FLUSH, 11000, 0));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_FLUSH_WRITES_TIMEOUT,
          with_fault(VSSEMU_VOLUME_FLUSH, 0, EIO));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_HOLD_WRITES_TIMEOUT,
          with_fault(VSSEMU_VOLUME_HOLD, 11000, 0));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_INSUFFICIENT_STORAGE,
          with_fault(VSSEMU_VOLUME_COMMIT, 0, ENOSPC));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_PROVIDER_VETO,
          with_fault(VSSEMU_VOLUME_COMMIT, 0, EIO));
}

static void a_volume_that_is_slow_but_in_time(void)
{
    struct stage *stage = stage_at(AT_PREPARED);

    EXPECT(vssemu_plan_volume_fault(stage->world, "C:", VSSEMU_VOLUME_FLUSH, 4000, 0));
    EXPECT(vssemu_plan_volume_fault(stage->world, "C:", VSSEMU_VOLUME_HOLD, 4000, 0));
    MUST(run(stage));
    EXPECT(vssemu_now_ms(stage->world) >= 8000);
    stage_close(stage);
}

/* ---- providers that fail ---- */

static const char *const set_methods[] = {
    "EndPrepareSnapshots", "PreCommitSnapshots",      "CommitSnapshots",
    "PostCommitSnapshots", "PreFinalCommitSnapshots", "PostFinalCommitSnapshots",
};

static HRESULT with_provider(const char *method, HRESULT answer, DWORD takes_ms)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);

    stage_go(stage, AT_PREPARED);
    script_provider_answers(provider, method, answer);
    script_provider_takes(provider, method, takes_ms);
    HRESULT hr = run(stage);
    if (FAILED(hr)) {
        EXPECT(script_provider_count(provider, "AbortSnapshots") == 1);
        OFF_LIST(VSS_E_OBJECT_NOT_FOUND,
                 B(GetSnapshotProperties, stage->snapshot_id, &(VSS_SNAPSHOT_PROP){ 0 }));
    }
    stage_close(stage);
    return hr;
}

/* Learn: "Error Handling in Shadow Copy Providers". */
static void codes_of_providers(void)
{
    for (size_t i = 0; i < sizeof(set_methods) / sizeof(set_methods[0]); i++) {
        SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_PROVIDER_VETO,
              with_provider(set_methods[i], VSS_E_PROVIDER_VETO, 0));
        SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_UNEXPECTED_PROVIDER_ERROR,
              with_provider(set_methods[i], E_FAIL, 0));
    }
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_INSUFFICIENT_STORAGE,
          with_provider("EndPrepareSnapshots", VSS_E_INSUFFICIENT_STORAGE, 0));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_NESTED_VOLUME_LIMIT,
          with_provider("EndPrepareSnapshots", VSS_E_NESTED_VOLUME_LIMIT, 0));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_REBOOT_REQUIRED,
          with_provider("PreCommitSnapshots", VSS_E_REBOOT_REQUIRED, 0));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, with_provider("CommitSnapshots", VSS_E_OBJECT_NOT_FOUND, 0));
    OFF_LIST(VSS_E_UNEXPECTED_PROVIDER_ERROR, with_provider("EndPrepareSnapshots", S_FALSE, 0));
}

static void a_commit_past_the_hold(void)
{
    OFF_LIST(S_OK, with_provider("CommitSnapshots", S_OK, 9000));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_HOLD_WRITES_TIMEOUT,
          with_provider("CommitSnapshots", S_OK, 11000));
    OFF_LIST(S_OK, with_provider("EndPrepareSnapshots", S_OK, 300000));
}

/* ---- transactions ---- */

static HRESULT with_transactions(LONG context, int64_t freeze_ms, int64_t thaw_ms)
{
    struct stage *stage = stage_open();

    stage->context = context;
    vssemu_set_transaction_times(stage->world, freeze_ms, thaw_ms);
    stage_go(stage, AT_PREPARED);
    HRESULT hr = run(stage);
    stage_close(stage);
    return hr;
}

static void transaction_managers_that_are_late(void)
{
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_TRANSACTION_FREEZE_TIMEOUT,
          with_transactions(VSS_CTX_BACKUP, 61000, 0));
    SHOWS(IVssBackupComponents, DoSnapshotSet, VSS_E_TRANSACTION_THAW_TIMEOUT,
          with_transactions(VSS_CTX_BACKUP, 0, 61000));
    OFF_LIST(S_OK, with_transactions(VSS_CTX_BACKUP, 50, 50));
    OFF_LIST(S_OK,
             with_transactions(VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_NOT_TRANSACTED, 61000, 0));
}

int main(void)
{
    a_set_is_made();
    before_its_time();
    without_writers_and_volumes();
    volumes_that_are_slow_or_full();
    a_volume_that_is_slow_but_in_time();
    codes_of_providers();
    a_commit_past_the_hold();
    transaction_managers_that_are_late();
    return contract_result();
}
