/* SPDX-License-Identifier: MIT */
/* Calls out of order: every method of IVssBackupComponents that does not deal with snapshots
 * answers VSS_E_BAD_STATE on an object that was not initialised, and in some phase later. Learn:
 * the page of each. Every method in every phase: tests/conformance/requester_calls.c. */
#include "stage.h"

#define B(method, ...)            call(stage->b, method, ##__VA_ARGS__)
#define REFUSES(itf, method, ...) SHOWS(itf, method, VSS_E_BAD_STATE, B(method, ##__VA_ARGS__))
#define BASE(method, ...)         REFUSES(IVssBackupComponents, method, ##__VA_ARGS__)
#define FILES                     stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name

static void asks_refuse(struct stage *stage)
{
    IVssExamineWriterMetadata *metadata = NULL;
    IVssExamineWriterMetadataEx *metadata_ex = NULL;
    IVssWriterComponentsExt *components = NULL;
    IVssAsync *async = NULL;
    BSTR xml = NULL;
    VSS_ID id;
    UINT n = 7;

    BASE(GatherWriterMetadata, &async);
    BASE(GetWriterMetadataCount, &n);
    BASE(GetWriterMetadata, 0, &id, &metadata);
    REFUSES(IVssBackupComponentsEx, GetWriterMetadataEx, 0, &id, &metadata_ex);
    BASE(FreeWriterMetadata);
    BASE(GatherWriterStatus, &async);
    BASE(GetWriterStatusCount, &n);
    BASE(FreeWriterStatus);
    BASE(GetWriterComponentsCount, &n);
    BASE(GetWriterComponents, 0, &components);
    BASE(SaveAsXML, &xml);
    EXPECT(!n && !xml && !components && !metadata && !metadata_ex && !async);
    SHOWS_EFFECT(IVssBackupComponentsEx3, GetSessionId, (any failure HRESULT),
                 FAILED(B(GetSessionId, &id)));
}

static void steps_refuse(struct stage *stage)
{
    IVssAsync *async = NULL;

    BASE(SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE);
    BASE(EnableWriterClasses, &stage_writer_id, 1);
    BASE(DisableWriterClasses, &stage_writer_id, 1);
    BASE(DisableWriterInstances, &stage_writer_id, 1);
    BASE(AddComponent, stage_writer_id, FILES);
    BASE(SetBackupOptions, FILES, L"deep");
    BASE(SetPreviousBackupStamp, FILES, L"monday");
    BASE(PrepareForBackup, &async);
    BASE(SetBackupSucceeded, stage_writer_id, FILES, TRUE);
    BASE(BackupComplete, &async);
    BASE(AbortBackup);
    EXPECT(!async);
}

static void restore_refuses(struct stage *stage)
{
    IVssAsync *async = NULL;

    BASE(SetRestoreState, VSS_RTYPE_BY_COPY);
    BASE(SetSelectedForRestore, FILES, TRUE);
    REFUSES(IVssBackupComponentsEx, SetSelectedForRestoreEx, FILES, TRUE, GUID_NULL);
    BASE(AddRestoreSubcomponent, FILES, stage_files_name, L"part", FALSE);
    BASE(SetRestoreOptions, FILES, L"x");
    BASE(SetAdditionalRestores, FILES, TRUE);
    BASE(AddNewTarget, FILES, L"C:\\files", L"*", TRUE, L"C:\\new");
    BASE(AddAlternativeLocationMapping, FILES, L"C:\\files", L"*", TRUE, L"C:\\other");
    BASE(SetRangesFilePath, FILES, 0, L"C:\\ranges");
    REFUSES(IVssBackupComponentsEx2, SetAuthoritativeRestore, FILES, TRUE);
    REFUSES(IVssBackupComponentsEx2, SetRollForward, FILES, VSS_RF_ALL, NULL);
    REFUSES(IVssBackupComponentsEx2, SetRestoreName, FILES, L"renamed");
    BASE(PreRestore, &async);
    BASE(SetFileRestoreStatus, FILES, VSS_RS_ALL);
    BASE(PostRestore, &async);
    EXPECT(!async);
}

static void an_object_that_was_not_initialised_refuses(void)
{
    struct stage *stage = stage_at(AT_CREATED);

    asks_refuse(stage);
    steps_refuse(stage);
    restore_refuses(stage);
    stage_close(stage);
}

static void a_backup_is_no_restore(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);

    restore_refuses(stage);
    stage_close(stage);
}

static void an_object_serves_one_purpose(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);

    BASE(InitializeForBackup, NULL);
    BASE(InitializeForRestore, NULL);
    stage_go(stage, AT_RESTORE);
    BASE(InitializeForBackup, NULL);
    BASE(InitializeForRestore, NULL);
    stage_close(stage);
}

/* The state is told before the arguments, a NULL out pointer before the state. */
static void checks_come_in_their_order(void)
{
    struct stage *stage = stage_at(AT_CREATED);

    OFF_LIST(E_INVALIDARG, B(GatherWriterMetadata, NULL));
    OFF_LIST(E_INVALIDARG, B(SaveAsXML, NULL));
    BASE(SetBackupState, TRUE, FALSE, VSS_BT_UNDEFINED, FALSE);
    BASE(AddComponent, GUID_NULL, GUID_NULL, VSS_CT_UNDEFINED, NULL, NULL);
    BASE(SetRestoreOptions, GUID_NULL, VSS_CT_UNDEFINED, NULL, NULL, NULL);
    BASE(EnableWriterClasses, NULL, 1);
    stage_close(stage);
}

/* ---- while writers are asked ---- */

static bool take_a_second(void *self, IVssWriterComponents *components)
{
    (void)self, (void)components;
    Sleep(1000);
    return true;
}

/* Nothing but saving, the session's id and giving up is possible. */
static void a_pending_operation_lets_few_calls_pass(void)
{
    static const struct vssemu_writer_ops slow_ops = { .OnPrepareBackup = take_a_second };
    struct stage *stage = stage_open();
    struct vssemu_writer *slow = vssemu_writer_new(&slow_ops, NULL, 0);
    struct vssemu_writer_identity identity;
    IVssAsync *async = NULL, *other = NULL;
    HRESULT status = E_FAIL;
    BSTR xml = NULL;
    VSS_ID id;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x510, 0, 0, { 0 } };
    identity.name = L"Slow Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(slow, &identity));
    MUST(vssemu_writer_subscribe(slow, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    MUST(vssemu_set_choice(stage->world, "prepare_without_components", "all") ? S_OK : E_FAIL);
    stage_go(stage, AT_SET_OPEN);
    MUST(B(PrepareForBackup, &async));
    BASE(PrepareForBackup, &other);
    BASE(GatherWriterStatus, &other);
    BASE(GetWriterMetadataCount, &(UINT){ 0 });
    BASE(SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE);
    MUST(B(SaveAsXML, &xml));
    MUST(B(GetSessionId, &id));
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_PENDING);
    SHOWS(IVssBackupComponents, AbortBackup, S_OK, B(AbortBackup));
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_CANCELLED);
    call(async, Release);
    SysFreeString(xml);
    call(stage->b, Release);
    stage->b = NULL;
    vssemu_writer_free(slow);
    stage_close(stage);
}

int main(void)
{
    an_object_that_was_not_initialised_refuses();
    a_backup_is_no_restore();
    an_object_serves_one_purpose();
    checks_come_in_their_order();
    a_pending_operation_lets_few_calls_pass();
    return contract_result();
}
