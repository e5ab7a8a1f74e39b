/* SPDX-License-Identifier: MIT */
/* Reverting, breaking, and what moves disks. Learn: "IVssBackupComponents::RevertToSnapshot",
 * "...::QueryRevertStatus", "...::BreakSnapshotSet", "IVssBackupComponentsEx2::BreakSnapshotSetEx",
 * "IVssBackupComponents::ImportSnapshots", "IVssBackupComponentsEx3::AddSnapshotToRecoverySet",
 * "...::RecoverSet", "IVssBackupComponentsEx4::GetRootAndLogicalPrefixPaths". */
#include "script_provider.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))
#define EX2(method, code, ...) \
    SHOWS(IVssBackupComponentsEx2, method, code, B(method, ##__VA_ARGS__))
#define EX3(method, code, ...) \
    SHOWS(IVssBackupComponentsEx3, method, code, B(method, ##__VA_ARGS__))
#define C_ROOT ((VSS_PWSZ)L"C:\\")

static struct stage *stage_in(LONG context)
{
    struct stage *stage = stage_open();

    stage->context = context;
    stage_go(stage, AT_SNAPSHOT_DONE);
    return stage;
}

static bool holds(struct stage *stage, const char *path, const char *expected)
{
    void *data = NULL;
    size_t size = 0;
    bool is_so = vssemu_file_read(stage->world, path, &data, &size) && size == strlen(expected) &&
                 memcmp(data, expected, size) == 0;

    free(data);
    return is_so;
}

/* ---- reverting ---- */

static void a_volume_goes_back(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    IVssAsync *async = NULL;
    HRESULT status = S_OK;

    EXPECT(vssemu_file_write(stage->world, "C:\\files\\a.txt", "spoilt", 6));
    EXPECT(vssemu_file_write(stage->world, "C:\\files\\new.txt", "new", 3));
    EXPECT(vssemu_file_delete(stage->world, "C:\\db\\base.mdb"));
    BASE(QueryRevertStatus, VSS_E_OBJECT_NOT_FOUND, C_ROOT, &async);
    BASE(RevertToSnapshot, S_OK, stage->snapshot_id, FALSE);
    BASE(RevertToSnapshot, VSS_E_REVERT_IN_PROGRESS, stage->snapshot_id, FALSE);
    BASE(QueryRevertStatus, S_OK, C_ROOT, &async);
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_PENDING);
    OFF_LIST(VSS_E_BAD_STATE, call(async, Cancel)); /* it cannot be cancelled */
    MUST(stage_finish(S_OK, &async));
    EXPECT(holds(stage, "C:\\files\\a.txt", "words"));
    EXPECT(holds(stage, "C:\\db\\base.mdb", "pages"));
    EXPECT(!holds(stage, "C:\\files\\new.txt", "new"));
    /* Windows: a requester reads this as "done" */
    BASE(QueryRevertStatus, VSS_E_OBJECT_NOT_FOUND, C_ROOT, &async);
    stage_close(stage);
}

static void a_volume_in_use(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    char text[8];
    DWORD n = 0;
    HANDLE file = CreateFileW(L"C:\\files\\a.txt", GENERIC_READ, FILE_SHARE_READ, NULL,
                              OPEN_EXISTING, 0, NULL);

    BASE(RevertToSnapshot, VSS_E_VOLUME_IN_USE, stage->snapshot_id, FALSE);
    EXPECT(ReadFile(file, text, 1, &n, NULL));
    BASE(RevertToSnapshot, S_OK, stage->snapshot_id, TRUE);
    EXPECT(!ReadFile(file, text, 1, &n, NULL)); /* dismounted under it */
    CloseHandle(file);
    stage_close(stage);
}

static void what_cannot_be_reverted_to(void)
{
    struct stage *stage = stage_in(VSS_CTX_BACKUP);
    IVssAsync *async = NULL;

    BASE(RevertToSnapshot, VSS_E_UNSUPPORTED_CONTEXT, stage->snapshot_id, TRUE);
    BASE(RevertToSnapshot, VSS_E_OBJECT_NOT_FOUND, stage->set_id, TRUE);
    BASE(RevertToSnapshot, E_INVALIDARG, GUID_NULL, TRUE);
    BASE(QueryRevertStatus, VSS_E_OBJECT_NOT_FOUND, (VSS_PWSZ)L"Q:\\", &async);
    BASE(QueryRevertStatus, E_INVALIDARG, NULL, &async);
    BASE(QueryRevertStatus, E_POINTER, C_ROOT, NULL);
    stage_close(stage);
}

static void providers_and_reverts(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    VSS_ID own = script_provider_id(VSS_PROV_SOFTWARE);
    IVssAsync *async = NULL;

    stage->context = VSS_CTX_APP_ROLLBACK;
    stage_go(stage, AT_SNAPSHOT_DONE);
    script_provider_answers(provider, "RevertToSnapshot", E_NOTIMPL);
    BASE(RevertToSnapshot, E_NOTIMPL, stage->snapshot_id, TRUE);
    script_provider_answers(provider, "RevertToSnapshot", VSS_E_VOLUME_NOT_SUPPORTED);
    BASE(RevertToSnapshot, VSS_E_VOLUME_NOT_SUPPORTED, stage->snapshot_id, TRUE);
    script_provider_answers(provider, "RevertToSnapshot", VSS_E_REVERT_IN_PROGRESS);
    BASE(RevertToSnapshot, VSS_E_REVERT_IN_PROGRESS, stage->snapshot_id, TRUE);
    script_provider_answers(provider, "QueryRevertStatus", E_NOTIMPL);
    BASE(QueryRevertStatus, E_NOTIMPL, C_ROOT, &async);
    script_provider_answers(provider, "QueryRevertStatus", VSS_E_VOLUME_NOT_SUPPORTED);
    BASE(QueryRevertStatus, VSS_E_VOLUME_NOT_SUPPORTED, C_ROOT, &async);
    /* one that an earlier session has begun */
    script_provider_answers(provider, "QueryRevertStatus", S_OK);
    script_provider_reverts(provider, VSS_S_ASYNC_PENDING);
    BASE(QueryRevertStatus, S_OK, C_ROOT, &async);
    script_provider_reverts(provider, VSS_S_ASYNC_FINISHED);
    MUST(stage_finish(S_OK, &async));
    EXPECT(vssemu_remove_provider(stage->world, &own));
    BASE(RevertToSnapshot, VSS_E_PROVIDER_NOT_REGISTERED, stage->snapshot_id, TRUE);
    stage_close(stage);
}

/* ---- breaking ---- */

static void software_snapshots_cannot_be_broken(void)
{
    struct stage *stage = stage_in(VSS_CTX_BACKUP);
    IVssAsync *async = NULL;

    BASE(BreakSnapshotSet, VSS_E_PROVIDER_VETO, stage->set_id);
    BASE(BreakSnapshotSet, VSS_E_OBJECT_NOT_FOUND, stage->snapshot_id);
    BASE(BreakSnapshotSet, E_INVALIDARG, GUID_NULL);
    EX2(BreakSnapshotSetEx, VSS_E_PROVIDER_VETO, stage->set_id, 0, &async);
    EX2(BreakSnapshotSetEx, VSS_E_OBJECT_NOT_FOUND, stage->snapshot_id, 0, &async);
    EX2(BreakSnapshotSetEx, E_INVALIDARG, stage->set_id, 0, NULL);
    EX2(BreakSnapshotSetEx, E_INVALIDARG, stage->set_id, 0x4000, &async);
    EX2(BreakSnapshotSetEx, E_INVALIDARG, stage->set_id,
        VSS_BREAKEX_FLAG_MASK_LUNS | VSS_BREAKEX_FLAG_MAKE_READ_WRITE, &async);
    EX2(BreakSnapshotSetEx, E_INVALIDARG, stage->set_id,
        VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL | VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE, &async);
    stage_close(stage);
}

static struct stage *stage_with_hardware(void)
{
    struct stage *stage = stage_open();

    script_provider_add(stage->world, VSS_PROV_HARDWARE);
    stage_go(stage, AT_SNAPSHOT_DONE);
    return stage;
}

static void hardware_snapshots_are_broken(void)
{
    struct stage *stage = stage_with_hardware();
    IVssAsync *async = NULL;
    VSS_SNAPSHOT_PROP prop;

    BASE(BreakSnapshotSet, S_OK, stage->set_id);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, B(GetSnapshotProperties, stage->snapshot_id, &prop));
    stage_close(stage);

    stage = stage_with_hardware();
    EX2(BreakSnapshotSetEx, S_OK, stage->set_id, VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL, &async);
    SHOWS(IVssBackupComponentsEx2, BreakSnapshotSetEx, VSS_E_BREAK_REVERT_ID_FAILED,
          stage_finish(S_OK, &async));
    MUST(B(GetSnapshotProperties, stage->snapshot_id, &prop)); /* nothing has changed */
    VssFreeSnapshotProperties(&prop);
    MUST(B(BreakSnapshotSetEx, stage->set_id, VSS_BREAKEX_FLAG_MAKE_READ_WRITE, &async));
    MUST(stage_finish(S_OK, &async));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, B(GetSnapshotProperties, stage->snapshot_id, &prop));
    stage_close(stage);
}

/* ---- disks ---- */

/* Frees the document that it has loaded. */
static struct stage *another_machine(BSTR xml)
{
    struct stage *stage = stage_at(AT_CREATED);

    MUST(B(InitializeForBackup, xml));
    SysFreeString(xml);
    return stage;
}

static void imports(void)
{
    struct stage *stage = stage_at(AT_CREATED), *other;
    IVssAsync *async = NULL;

    BASE(ImportSnapshots, VSS_E_BAD_STATE, &async);
    stage_go(stage, AT_INITIALIZED);
    BASE(ImportSnapshots, E_INVALIDARG, NULL);
    OFF_LIST(VSS_E_NONTRANSPORTABLE_BCD, B(ImportSnapshots, &async));
    stage_go(stage, AT_SNAPSHOT_DONE);
    BASE(ImportSnapshots, VSS_E_BAD_STATE, &async);
    BSTR xml = stage_saved_document(stage); /* of a set that stays here */
    stage_close(stage);
    other = another_machine(xml);
    OFF_LIST(VSS_E_NONTRANSPORTABLE_BCD, call(other->b, ImportSnapshots, &async));
    stage_close(other);

    stage = stage_open();
    script_provider_add(stage->world, VSS_PROV_HARDWARE);
    stage->context = VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_TRANSPORTABLE;
    stage_go(stage, AT_SNAPSHOT_DONE);
    xml = stage_saved_document(stage); /* of one that is made to travel */
    stage_close(stage);
    other = another_machine(xml);
    SHOWS(IVssBackupComponents, ImportSnapshots, S_OK, call(other->b, ImportSnapshots, &async));
    OFF_LIST(VSS_E_NO_SNAPSHOTS_IMPORTED, stage_finish(S_OK, &async));
    stage_close(other);
}

static void recovery_sets(void)
{
    struct stage *stage = stage_open();
    IVssAsync *async = NULL;

    stage->context = VSS_CTX_APP_ROLLBACK;
    stage_go(stage, AT_INITIALIZED);
    EX3(AddSnapshotToRecoverySet, VSS_E_BAD_STATE, stage_writer_id, 0, NULL);
    EX3(RecoverSet, VSS_E_BAD_STATE, 0, &async);
    stage_go(stage, AT_RESTORE); /* persistent: the snapshot is still there */
    EX3(AddSnapshotToRecoverySet, VSS_E_BAD_STATE, stage->snapshot_id, 0, NULL); /* no hardware */
    EX3(RecoverSet, VSS_E_BAD_STATE, 0, &async);
    script_provider_add(stage->world, VSS_PROV_HARDWARE);
    EX3(AddSnapshotToRecoverySet, VSS_E_SNAPSHOT_NOT_IN_SET, stage_writer_id, 0, NULL);
    EX3(AddSnapshotToRecoverySet, VSS_E_OBJECT_NOT_FOUND, stage->snapshot_id, 0, NULL);
    EX3(RecoverSet, VSS_E_LEGACY_PROVIDER, 0, &async);
    OFF_LIST(E_INVALIDARG, B(AddSnapshotToRecoverySet, GUID_NULL, 0, NULL));
    OFF_LIST(E_INVALIDARG, B(RecoverSet, 0, NULL));
    stage_close(stage);

    stage = stage_open();
    script_provider_add(stage->world, VSS_PROV_HARDWARE);
    stage->context = VSS_CTX_APP_ROLLBACK;
    stage_go(stage, AT_RESTORE);
    EX3(AddSnapshotToRecoverySet, VSS_E_LEGACY_PROVIDER, stage->snapshot_id, 0, NULL);
    stage_close(stage);
}

/* Snapshots are copied back onto the disks that they came from. */
static void copying_back(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_HARDWARE);
    IVssAsync *async = NULL;

    script_provider_has_hardware_face(provider);
    stage->context = VSS_CTX_APP_ROLLBACK;
    stage_go(stage, AT_RESTORE);
    EX3(RecoverSet, VSS_E_BAD_STATE, 0, &async); /* the set is empty */
    EX3(AddSnapshotToRecoverySet, VSS_E_VOLUME_NOT_SUPPORTED, stage->snapshot_id, 0,
        (VSS_PWSZ)L"Q:\\");
    EX3(AddSnapshotToRecoverySet, S_OK, stage->snapshot_id, 0, NULL);
    script_provider_answers(provider, "ResyncLuns", E_NOTIMPL);
    EX3(RecoverSet, E_NOTIMPL, 0, &async);
    script_provider_answers(provider, "ResyncLuns", VSS_E_PROVIDER_VETO);
    EX3(RecoverSet, VSS_E_PROVIDER_VETO, 0, &async);
    script_provider_answers(provider, "ResyncLuns", VSS_E_CANNOT_REVERT_DISKID);
    EX3(RecoverSet, VSS_E_CANNOT_REVERT_DISKID, VSS_RECOVERY_REVERT_IDENTITY_ALL, &async);
    script_provider_answers(provider, "ResyncLuns", S_OK);
    script_provider_reverts(provider, VSS_S_ASYNC_PENDING);
    EX3(RecoverSet, S_OK, VSS_RECOVERY_NO_VOLUME_CHECK, &async);
    EX3(AddSnapshotToRecoverySet, VSS_E_RESYNC_IN_PROGRESS, stage->snapshot_id, 0, NULL);
    script_provider_reverts(provider, VSS_S_ASYNC_FINISHED);
    MUST(stage_finish(S_OK, &async));
    stage_close(stage);
}

static void what_is_reserved(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;

    EX2(PreFastRecovery, E_NOTIMPL, stage_writer_id, 0, &async);
    EX2(FastRecovery, E_NOTIMPL, stage_writer_id, 0, &async);
    EXPECT(!async);
    stage_close(stage);
}

/* ---- names of volumes ---- */

static void roots_and_prefixes(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    VSS_PWSZ root = NULL, prefix = NULL;
    WCHAR guid_name[64];

    SHOWS(IVssBackupComponentsEx4, GetRootAndLogicalPrefixPaths, S_OK,
          B(GetRootAndLogicalPrefixPaths, (VSS_PWSZ)L"C:\\files\\a.txt", &root, &prefix, FALSE));
    EXPECT(wcscmp(root, L"C:\\") == 0);
    EXPECT(GetVolumeNameForVolumeMountPointW(L"C:\\", guid_name, 64));
    EXPECT(wcscmp(prefix, guid_name) == 0);
    CoTaskMemFree(root);
    CoTaskMemFree(prefix);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND,
             B(GetRootAndLogicalPrefixPaths, (VSS_PWSZ)L"Q:\\x", &root, &prefix, FALSE));
    OFF_LIST(E_INVALIDARG, B(GetRootAndLogicalPrefixPaths, NULL, &root, &prefix, FALSE));
    OFF_LIST(E_INVALIDARG, B(GetRootAndLogicalPrefixPaths, C_ROOT, NULL, &prefix, FALSE));
    stage_close(stage);
}

int main(void)
{
    a_volume_goes_back();
    a_volume_in_use();
    what_cannot_be_reverted_to();
    providers_and_reverts();
    software_snapshots_cannot_be_broken();
    hardware_snapshots_are_broken();
    imports();
    recovery_sets();
    copying_back();
    what_is_reserved();
    roots_and_prefixes();
    return contract_result();
}
