/* SPDX-License-Identifier: MIT */
/* The object itself: life, initialisation, state; its vtable. See backup_components.h. */
#include "emu/api/backup_components.h"

#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/proto/set_phases.h"
#include "emu/svc/service.h"

COM_UNKNOWN_METHODS(backup_components, IVssBackupComponentsEx4)

struct backup_components *backup_components_of(backup_face *face)
{
    return backup_components_from_IVssBackupComponentsEx4(face);
}

void backup_components_end_leases(struct backup_components *bc)
{
    for (size_t i = 0; i < bc->leases.count; i++)
        components_lease_end(bc->leases.items[i]);
    array_free(&bc->leases);
}

static HRESULT STDMETHODCALLTYPE backup_components_InitializeForBackup(backup_face *face, BSTR xml)
{
    GUARD(IVssBackupComponents_InitializeForBackup);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *text = utf8_from_wide(xml);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_TEXT("xml", text));
    HRESULT hr = backup_initialize_for_backup(bc->backup, text);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE backup_components_InitializeForRestore(backup_face *face, BSTR xml)
{
    GUARD(IVssBackupComponents_InitializeForRestore);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *text = utf8_from_wide(xml);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_TEXT("xml", text));
    HRESULT hr = backup_initialize_for_restore(bc->backup, text);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE backup_components_SetBackupState(backup_face *face,
                                                                  boolean select_components,
                                                                  boolean bootable,
                                                                  VSS_BACKUP_TYPE type,
                                                                  boolean partial_files)
{
    GUARD(IVssBackupComponents_SetBackupState);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_TRUTH("select", select_components),
                TRACE_TRUTH("bootable", bootable), TRACE_NUMBER("type", type),
                TRACE_TRUTH("partial", partial_files));
    HRESULT hr =
        backup_set_backup_state(bc->backup, select_components, bootable, type, partial_files);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE backup_components_SetRestoreState(backup_face *face,
                                                                   VSS_RESTORE_TYPE type)
{
    GUARD(IVssBackupComponents_SetRestoreState);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_NUMBER("type", type));
    HRESULT hr = backup_set_restore_state(bc->backup, type);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE backup_components_SetContext(backup_face *face, LONG context)
{
    GUARD(IVssBackupComponents_SetContext);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_NUMBER("context", context));
    HRESULT hr = backup_set_context(bc->backup, context);
    sched_leave(bc->sched);
    return hr;
}

/* Older versions of Windows do not know the newer interfaces. */
static const struct {
    const IID *iid;
    unsigned since; /* a value of CHOICE_NEWEST_INTERFACE */
} newer_interfaces[] = {
    { &IID_IVssBackupComponentsEx2, NEWEST_INTERFACE_EX3 },
    { &IID_IVssBackupComponentsEx3, NEWEST_INTERFACE_EX3 },
    { &IID_IVssBackupComponentsEx4, NEWEST_INTERFACE_EX4 },
};

static HRESULT STDMETHODCALLTYPE backup_components_QueryInterface(backup_face *face, REFIID iid,
                                                                  void **ret)
{
    unsigned newest =
        choices_value(&backup_components_of(face)->service->choices, CHOICE_NEWEST_INTERFACE);

    for (size_t i = 0; ret && i < sizeof(newer_interfaces) / sizeof(newer_interfaces[0]); i++) {
        if (newest < newer_interfaces[i].since && guid_is_equal(iid, newer_interfaces[i].iid)) {
            *ret = NULL;
            return E_NOINTERFACE;
        }
    }
    return backup_components_IVssBackupComponentsEx4_QueryInterface(face, iid, ret);
}

#define HERE(method) .method = backup_components_##method

static const IVssBackupComponentsEx4Vtbl backup_components_vtbl = {
    HERE(QueryInterface),
    .AddRef = backup_components_IVssBackupComponentsEx4_AddRef,
    .Release = backup_components_IVssBackupComponentsEx4_Release,
    HERE(GetWriterComponentsCount),
    HERE(GetWriterComponents),
    HERE(InitializeForBackup),
    HERE(SetBackupState),
    HERE(InitializeForRestore),
    HERE(SetRestoreState),
    HERE(GatherWriterMetadata),
    HERE(GetWriterMetadataCount),
    HERE(GetWriterMetadata),
    HERE(FreeWriterMetadata),
    HERE(AddComponent),
    HERE(PrepareForBackup),
    HERE(AbortBackup),
    HERE(GatherWriterStatus),
    HERE(GetWriterStatusCount),
    HERE(FreeWriterStatus),
    HERE(GetWriterStatus),
    HERE(SetBackupSucceeded),
    HERE(SetBackupOptions),
    HERE(SetSelectedForRestore),
    HERE(SetRestoreOptions),
    HERE(SetAdditionalRestores),
    HERE(SetPreviousBackupStamp),
    HERE(SaveAsXML),
    HERE(BackupComplete),
    HERE(AddAlternativeLocationMapping),
    HERE(AddRestoreSubcomponent),
    HERE(SetFileRestoreStatus),
    HERE(AddNewTarget),
    HERE(SetRangesFilePath),
    HERE(PreRestore),
    HERE(PostRestore),
    HERE(SetContext),
    HERE(StartSnapshotSet),
    HERE(AddToSnapshotSet),
    HERE(DoSnapshotSet),
    HERE(DeleteSnapshots),
    HERE(ImportSnapshots),
    HERE(BreakSnapshotSet),
    HERE(GetSnapshotProperties),
    HERE(Query),
    HERE(IsVolumeSupported),
    HERE(DisableWriterClasses),
    HERE(EnableWriterClasses),
    HERE(DisableWriterInstances),
    HERE(ExposeSnapshot),
    HERE(RevertToSnapshot),
    HERE(QueryRevertStatus),
    HERE(GetWriterMetadataEx),
    HERE(SetSelectedForRestoreEx),
    HERE(UnexposeSnapshot),
    HERE(SetAuthoritativeRestore),
    HERE(SetRollForward),
    HERE(SetRestoreName),
    HERE(BreakSnapshotSetEx),
    HERE(PreFastRecovery),
    HERE(FastRecovery),
    HERE(GetWriterStatusEx),
    HERE(AddSnapshotToRecoverySet),
    HERE(RecoverSet),
    HERE(GetSessionId),
    HERE(GetRootAndLogicalPrefixPaths),
};

static bool has_ended(void *arg)
{
    return !((struct backup *)arg)->flags.is_pending;
}

/* The last Release ends the session: what is pending is cancelled, writers get BackupShutdown,
 * auto-release snapshots go. */
static void backup_components_destroy(void *object)
{
    struct backup_components *bc = object;

    sched_enter(bc->sched);
    backup_components_end_leases(bc);
    backup_ref(bc->backup);
    if (bc->backup->is_cut_off)
        backup_unref(bc->backup);
    else
        backup_release(bc->backup);
    /* What hangs past the commit cannot be cancelled, and ends without us. */
    sched_wait(bc->sched, has_ended, bc->backup,
               sched_now(bc->sched) + HANDLER_LIMIT_MS * SCHED_MS);
    backup_unref(bc->backup);
    sched_leave(bc->sched);
}

COM_CLASS(backup_components, backup_components_destroy,
          COM_FACE_AS(backup_components, IVssBackupComponents, IVssBackupComponentsEx4),
          COM_FACE_AS(backup_components, IVssBackupComponentsEx, IVssBackupComponentsEx4),
          COM_FACE_AS(backup_components, IVssBackupComponentsEx2, IVssBackupComponentsEx4),
          COM_FACE_AS(backup_components, IVssBackupComponentsEx3, IVssBackupComponentsEx4),
          COM_FACE(backup_components, IVssBackupComponentsEx4));

void backup_components_new(struct service *service, IVssBackupComponents **ret)
{
    struct backup_components *bc = COM_NEW(backup_components);

    bc->IVssBackupComponentsEx4.lpVtbl = &backup_components_vtbl;
    bc->service = service;
    bc->sched = service->ports->sched;
    sched_enter(bc->sched);
    bc->backup = backup_new(service);
    sched_leave(bc->sched);
    *ret = (IVssBackupComponents *)(void *)&bc->IVssBackupComponentsEx4;
}
