/* SPDX-License-Identifier: MIT */
/* Every method of IVssBackupComponents to Ex4 in every phase of the object, through the public
 * API: a fresh world for each pair, one call with good arguments, its answer (of an asynchronous
 * one: what the operation came to). Prints tests/golden/requester_calls.md; requester_calls.py
 * compares. */
#include "tests/conformance/requester_calls_scene.h"

#include <stdio.h>
#include <string.h>

/* ---- the calls ---- */

#define FILES stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name

/* A call that answers at once and leaves nothing to be given back. */
#define PLAIN(method, ...)                            \
    static HRESULT try_##method(struct stage *stage)  \
    {                                                 \
        return call(stage->b, method, ##__VA_ARGS__); \
    }
/* The last argument is an IVssAsync. */
#define ASYNC(method, ...)                                                          \
    static HRESULT try_##method(struct stage *stage)                                \
    {                                                                               \
        IVssAsync *async = NULL;                                                    \
        return stage_finish(call(stage->b, method, ##__VA_ARGS__, &async), &async); \
    }
/* The last argument is another interface. */
#define GIVES(itf, method, ...)                                      \
    static HRESULT try_##method(struct stage *stage)                 \
    {                                                                \
        itf *object = NULL;                                          \
        HRESULT hr = call(stage->b, method, ##__VA_ARGS__, &object); \
        if (object)                                                  \
            call(object, Release);                                   \
        return hr;                                                   \
    }

/* Of a snapshot or set that the stage has started; before that, of one that never was. */
static VSS_ID id_of(VSS_ID id)
{
    static const VSS_ID none;

    return memcmp(&id, &none, sizeof(id)) ? id : stage_writer_id;
}

static HRESULT try_InitializeForBackup(struct stage *stage)
{
    return call(stage->b, InitializeForBackup, NULL);
}

static HRESULT try_InitializeForRestore(struct stage *stage)
{
    BSTR xml = SysAllocString(
        L"<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" version=\"1.2\" "
        L"bootableSystemStateBackup=\"no\" selectComponents=\"yes\" backupType=\"full\"/>");
    HRESULT hr = call(stage->b, InitializeForRestore, xml);

    SysFreeString(xml);
    return hr;
}

static HRESULT try_GetWriterComponents(struct stage *stage)
{
    IVssWriterComponentsExt *components = NULL;
    HRESULT hr = call(stage->b, GetWriterComponents, 0, &components);

    if (components)
        stage_release_components(components);
    return hr;
}

static HRESULT try_GetWriterStatus(struct stage *stage)
{
    VSS_ID instance, writer;
    VSS_WRITER_STATE state;
    HRESULT failure, hr;
    BSTR name = NULL;

    hr = call(stage->b, GetWriterStatus, 0, &instance, &writer, &name, &state, &failure);
    SysFreeString(name);
    return hr;
}

static HRESULT try_GetWriterStatusEx(struct stage *stage)
{
    VSS_ID instance, writer;
    VSS_WRITER_STATE state;
    HRESULT failure, application, hr;
    BSTR name = NULL, message = NULL;

    hr = call(stage->b, GetWriterStatusEx, 0, &instance, &writer, &name, &state, &failure,
              &application, &message);
    SysFreeString(name);
    SysFreeString(message);
    return hr;
}

static VSS_ID instance_of_writer(struct stage *stage)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance = { 0 };

    call(stage->b, GetWriterMetadata, 0, &instance, &metadata);
    if (metadata)
        call(metadata, Release);
    return instance;
}

static HRESULT try_SaveAsXML(struct stage *stage)
{
    BSTR xml = NULL;
    HRESULT hr = call(stage->b, SaveAsXML, &xml);

    SysFreeString(xml);
    return hr;
}

static HRESULT try_GetSnapshotProperties(struct stage *stage)
{
    VSS_SNAPSHOT_PROP prop;
    HRESULT hr = call(stage->b, GetSnapshotProperties, id_of(stage->snapshot_id), &prop);

    if (hr == S_OK)
        VssFreeSnapshotProperties(&prop);
    return hr;
}

PLAIN(SetContext, VSS_CTX_BACKUP)
PLAIN(SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE)
PLAIN(EnableWriterClasses, &stage_writer_id, 1)
PLAIN(DisableWriterClasses, &stage_writer_id, 1)
PLAIN(DisableWriterInstances, &stage_writer_id, 1)
ASYNC(GatherWriterMetadata)
PLAIN(GetWriterMetadataCount, &(UINT){ 0 })
GIVES(IVssExamineWriterMetadata, GetWriterMetadata, 0, &(VSS_ID){ 0 })
GIVES(IVssExamineWriterMetadataEx, GetWriterMetadataEx, 0, &(VSS_ID){ 0 })
PLAIN(FreeWriterMetadata)
PLAIN(AddComponent, instance_of_writer(stage), stage_writer_id, VSS_CT_FILEGROUP, NULL, spare)
PLAIN(SetBackupOptions, FILES, L"deep")
PLAIN(SetPreviousBackupStamp, FILES, L"monday")
PLAIN(StartSnapshotSet, &(VSS_ID){ 0 })
PLAIN(AddToSnapshotSet, (VSS_PWSZ)L"D:\\", GUID_NULL, &(VSS_ID){ 0 })
ASYNC(PrepareForBackup)
ASYNC(DoSnapshotSet)
PLAIN(SetBackupSucceeded, instance_of_writer(stage), FILES, TRUE)
ASYNC(BackupComplete)
PLAIN(AbortBackup)
ASYNC(GatherWriterStatus)
PLAIN(GetWriterStatusCount, &(UINT){ 0 })
PLAIN(FreeWriterStatus)
PLAIN(GetWriterComponentsCount, &(UINT){ 0 })
PLAIN(GetSessionId, &(VSS_ID){ 0 })
PLAIN(IsVolumeSupported, GUID_NULL, (VSS_PWSZ)L"C:\\", &(BOOL){ 0 })
GIVES(IVssEnumObject, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT)
PLAIN(DeleteSnapshots, id_of(stage->set_id), VSS_OBJECT_SNAPSHOT_SET, TRUE, &(LONG){ 0 },
      &(VSS_ID){ 0 })
static HRESULT try_ExposeSnapshot(struct stage *stage)
{
    VSS_PWSZ exposed = NULL;
    HRESULT hr = call(stage->b, ExposeSnapshot, id_of(stage->snapshot_id), NULL,
                      VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY, (VSS_PWSZ)L"share", &exposed);

    CoTaskMemFree(exposed);
    return hr;
}

static HRESULT try_GetRootAndLogicalPrefixPaths(struct stage *stage)
{
    VSS_PWSZ root = NULL, prefix = NULL;
    HRESULT hr =
        call(stage->b, GetRootAndLogicalPrefixPaths, (VSS_PWSZ)L"C:\\files", &root, &prefix, FALSE);

    CoTaskMemFree(root);
    CoTaskMemFree(prefix);
    return hr;
}

PLAIN(UnexposeSnapshot, id_of(stage->snapshot_id))
PLAIN(BreakSnapshotSet, id_of(stage->set_id))
ASYNC(BreakSnapshotSetEx, id_of(stage->set_id), 0)
PLAIN(RevertToSnapshot, id_of(stage->snapshot_id), TRUE)
ASYNC(QueryRevertStatus, (VSS_PWSZ)L"C:\\")
ASYNC(ImportSnapshots)
PLAIN(AddSnapshotToRecoverySet, id_of(stage->snapshot_id), 0, NULL)
ASYNC(RecoverSet, 0)
PLAIN(SetRestoreState, VSS_RTYPE_BY_COPY)
PLAIN(SetSelectedForRestore, FILES, TRUE)
PLAIN(SetSelectedForRestoreEx, FILES, TRUE, GUID_NULL)
PLAIN(AddRestoreSubcomponent, FILES, stage_files_name, L"part", FALSE)
PLAIN(SetRestoreOptions, FILES, L"\"Authoritative\"=\"All\"")
PLAIN(AddNewTarget, FILES, L"C:\\files", L"*", TRUE, L"C:\\new")
PLAIN(SetAuthoritativeRestore, FILES, TRUE)
PLAIN(SetRollForward, FILES, VSS_RF_ALL, NULL)
PLAIN(SetRestoreName, FILES, L"renamed")
PLAIN(SetAdditionalRestores, FILES, TRUE)
ASYNC(PreRestore)
PLAIN(AddAlternativeLocationMapping, FILES, L"C:\\files", L"*", TRUE, L"C:\\other")
PLAIN(SetRangesFilePath, FILES, 0, L"C:\\other\\ranges")
PLAIN(SetFileRestoreStatus, FILES, VSS_RS_ALL)
ASYNC(PostRestore)
ASYNC(PreFastRecovery, stage->set_id, 0)
ASYNC(FastRecovery, stage->set_id, 0)

#define ROW(method)           \
    {                         \
#method, try_##method \
    }
static const struct row {
    const char *name;
    HRESULT (*try)(struct stage *stage);
} rows[] = {
    ROW(InitializeForBackup),
    ROW(InitializeForRestore),
    ROW(SetContext),
    ROW(SetBackupState),
    ROW(EnableWriterClasses),
    ROW(DisableWriterClasses),
    ROW(DisableWriterInstances),
    ROW(GatherWriterMetadata),
    ROW(GetWriterMetadataCount),
    ROW(GetWriterMetadata),
    ROW(GetWriterMetadataEx),
    ROW(FreeWriterMetadata),
    ROW(AddComponent),
    ROW(SetBackupOptions),
    ROW(SetPreviousBackupStamp),
    ROW(StartSnapshotSet),
    ROW(AddToSnapshotSet),
    ROW(PrepareForBackup),
    ROW(DoSnapshotSet),
    ROW(SetBackupSucceeded),
    ROW(BackupComplete),
    ROW(AbortBackup),
    ROW(GatherWriterStatus),
    ROW(GetWriterStatusCount),
    ROW(GetWriterStatus),
    ROW(GetWriterStatusEx),
    ROW(FreeWriterStatus),
    ROW(GetWriterComponentsCount),
    ROW(GetWriterComponents),
    ROW(SaveAsXML),
    ROW(GetSessionId),
    ROW(IsVolumeSupported),
    ROW(Query),
    ROW(GetSnapshotProperties),
    ROW(ExposeSnapshot),
    ROW(UnexposeSnapshot),
    ROW(DeleteSnapshots),
    ROW(BreakSnapshotSet),
    ROW(BreakSnapshotSetEx),
    ROW(RevertToSnapshot),
    ROW(QueryRevertStatus),
    ROW(ImportSnapshots),
    ROW(SetRestoreState),
    ROW(SetSelectedForRestore),
    ROW(SetSelectedForRestoreEx),
    ROW(AddRestoreSubcomponent),
    ROW(SetRestoreOptions),
    ROW(AddNewTarget),
    ROW(SetAuthoritativeRestore),
    ROW(SetRollForward),
    ROW(SetRestoreName),
    ROW(SetAdditionalRestores),
    ROW(PreRestore),
    ROW(AddAlternativeLocationMapping),
    ROW(SetRangesFilePath),
    ROW(SetFileRestoreStatus),
    ROW(PostRestore),
    ROW(AddSnapshotToRecoverySet),
    ROW(RecoverSet),
    ROW(GetRootAndLogicalPrefixPaths),
    ROW(PreFastRecovery),
    ROW(FastRecovery),
};

/* ---- the table ---- */

static HRESULT answer_in(const struct row *row, enum column column)
{
    struct scene scene = { .stage = stage_open() };
    HRESULT hr;

    EXPECT(vssemu_add_volume(scene.stage->world, "D:", NULL));
    scene.stage->handler = say_more;
    go(&scene, column);
    hr = row->try(scene.stage);
    leave(&scene);
    return hr;
}

/* The answers that are many get a short name. */
static const char *short_name(HRESULT hr)
{
    static const struct {
        HRESULT hr;
        const char *name;
    } names[] = {
        { S_OK, "ok" },
        { VSS_E_BAD_STATE, "BAD" },
        { VSS_E_SNAPSHOT_SET_IN_PROGRESS, "BUSY" },
        { VSS_E_OBJECT_NOT_FOUND, "none" },
        { E_NOTIMPL, "NI" },
        { VSS_E_PROVIDER_VETO, "VETO" },
        { VSS_E_UNSUPPORTED_CONTEXT, "CTX" },
        { VSS_E_NONTRANSPORTABLE_BCD, "BCD" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].hr == hr)
            return names[i].name;
    }
    return vssemu_result_name(hr);
}

static const char head[] =
    "# Every method of IVssBackupComponents in every phase\n"
    "\n"
    "What each method answers, called once with good arguments on an object in each phase (of an\n"
    "asynchronous one: what its operation came to). Printed by "
    "tests/conformance/requester_calls.c\n"
    "through the public API; `GOLDEN_UPDATE=1 ctest -R requester_calls` writes it anew.\n"
    "\n"
    "Columns: N created; I0 InitializeForBackup and nothing else; I also SetBackupState, "
    "metadata,\n"
    "two components and status; S0 as I0, then StartSnapshotSet and AddToSnapshotSet(C:\\); S as "
    "I,\n"
    "then the same; Sn as S0 in a context without writers; S~ as S, and PrepareForBackup is "
    "pending;\n"
    "P PrepareForBackup finished; C DoSnapshotSet finished; Cn the same without writers; D\n"
    "BackupComplete finished; X AbortBackup after P; R0 InitializeForRestore and nothing else; R "
    "also\n"
    "metadata, status, and both components selected; Q PreRestore finished; T PostRestore "
    "finished.\n"
    "\n"
    "ok S_OK; BAD VSS_E_BAD_STATE; BUSY VSS_E_SNAPSHOT_SET_IN_PROGRESS; none "
    "VSS_E_OBJECT_NOT_FOUND;\n"
    "NI E_NOTIMPL; VETO VSS_E_PROVIDER_VETO; CTX VSS_E_UNSUPPORTED_CONTEXT; BCD\n"
    "VSS_E_NONTRANSPORTABLE_BCD. tests/proto/requester_calls.py says why a cell is neither ok nor "
    "BAD.\n"
    "\n";

static void print_line(const char *first, const char *const cells[N_COLUMNS], char fill)
{
    printf("|%c%-29s%c|", fill, first, fill);
    for (unsigned i = 0; i < N_COLUMNS; i++)
        printf("%c%-4s%c|", fill, cells[i], fill);
    printf("\n");
}

int main(void)
{
    static const char *const rules[N_COLUMNS] = {
        "----", "----", "----", "----", "----", "----", "----", "----",
        "----", "----", "----", "----", "----", "----", "----", "----",
    };

    fputs(head, stdout);
    print_line("method", column_names, ' ');
    print_line("-----------------------------", rules, '-');
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *cells[N_COLUMNS];

        for (unsigned column = 0; column < N_COLUMNS; column++)
            cells[column] = short_name(answer_in(&rows[i], (enum column)column));
        print_line(rows[i].name, cells, ' ');
    }
    return contract_has_failed();
}
