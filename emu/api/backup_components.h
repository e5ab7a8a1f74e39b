/* SPDX-License-Identifier: MIT */
/* IVssBackupComponents to Ex4: checks arguments, turns UTF-16 into UTF-8, enters the service, calls
 * emu/svc/backup, leaves. One object in several files by the kind of call; this header is theirs,
 * and emu/api/entry's. */
#pragma once

#include "emu/api/components_lease.h"
#include "emu/base/array.h"
#include "emu/com/object.h"
#include "emu/include/vsbackup.h"
#include "emu/port/sched.h"
#include "emu/svc/backup.h"

struct backup_components {
    struct com_object com;
    IVssBackupComponentsEx4 IVssBackupComponentsEx4; /* also serves the interfaces it extends */
    struct service *service;
    struct sched *sched;
    struct backup *backup;                   /* the requester's reference */
    ARRAY(struct components_lease *) leases; /* of GetWriterComponents, alive */
};

/* The caller owns the reference in *ret. */
void backup_components_new(struct service *service, IVssBackupComponents **ret);

typedef IVssBackupComponentsEx4 backup_face; /* a short name for signatures below */

/* Further arguments of a call, for its record. */
struct call_args {
    const struct trace_arg *items;
    size_t n;
};
#define CALL_ARGS(...)                                                              \
    (&(const struct call_args){ (const struct trace_arg[]){ __VA_ARGS__ },          \
                                sizeof((const struct trace_arg[]){ __VA_ARGS__ }) / \
                                    sizeof(struct trace_arg) })

struct backup_components *backup_components_of(backup_face *face);
/* The objects from GetWriterComponents die when an event call is made. Inside the service. */
void backup_components_end_leases(struct backup_components *bc);

/* ---- backup_components_async.c ---- */
HRESULT backup_components_GatherWriterMetadata(backup_face *face, IVssAsync **ret);
HRESULT backup_components_GatherWriterStatus(backup_face *face, IVssAsync **ret);
HRESULT backup_components_PrepareForBackup(backup_face *face, IVssAsync **ret);
HRESULT backup_components_DoSnapshotSet(backup_face *face, IVssAsync **ret);
HRESULT backup_components_BackupComplete(backup_face *face, IVssAsync **ret);
HRESULT backup_components_PreRestore(backup_face *face, IVssAsync **ret);
HRESULT backup_components_PostRestore(backup_face *face, IVssAsync **ret);
HRESULT backup_components_AbortBackup(backup_face *face);

/* ---- backup_components_documents.c ---- */
HRESULT backup_components_GetWriterComponentsCount(backup_face *face, UINT *ret);
HRESULT backup_components_GetWriterComponents(backup_face *face, UINT i,
                                              IVssWriterComponentsExt **ret);
HRESULT backup_components_GetWriterMetadataCount(backup_face *face, UINT *ret);
HRESULT backup_components_GetWriterMetadata(backup_face *face, UINT i, VSS_ID *ret_instance,
                                            IVssExamineWriterMetadata **ret);
HRESULT backup_components_GetWriterMetadataEx(backup_face *face, UINT i, VSS_ID *ret_instance,
                                              IVssExamineWriterMetadataEx **ret);
HRESULT backup_components_FreeWriterMetadata(backup_face *face);
HRESULT backup_components_GetWriterStatusCount(backup_face *face, UINT *ret);
HRESULT backup_components_GetWriterStatus(backup_face *face, UINT i, VSS_ID *ret_instance,
                                          VSS_ID *ret_class, BSTR *ret_name,
                                          VSS_WRITER_STATE *ret_state, HRESULT *ret_failure);
HRESULT backup_components_GetWriterStatusEx(backup_face *face, UINT i, VSS_ID *ret_instance,
                                            VSS_ID *ret_class, BSTR *ret_name,
                                            VSS_WRITER_STATE *ret_state, HRESULT *ret_failure,
                                            HRESULT *ret_application, BSTR *ret_message);
HRESULT backup_components_FreeWriterStatus(backup_face *face);
HRESULT backup_components_SaveAsXML(backup_face *face, BSTR *ret_xml);
HRESULT backup_components_GetSessionId(backup_face *face, VSS_ID *ret_id);

/* ---- backup_components_choice.c ---- */
/* The shape of every setter: the table, the arguments, the component, the change. NULL instance:
 * every instance of the class (the setters but two name no instance). method is the name for the
 * trace. apply NULL: an argument beside the component's name is no good; state comes first. */
HRESULT backup_components_change(backup_face *face, const char *method, enum backup_call call,
                                 const VSS_ID *instance, const VSS_ID *writer,
                                 VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                 component_change *apply, const void *value,
                                 const struct call_args *more);
HRESULT backup_components_AddComponent(backup_face *face, VSS_ID instance, VSS_ID writer,
                                       VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name);
HRESULT backup_components_SetBackupSucceeded(backup_face *face, VSS_ID instance, VSS_ID writer,
                                             VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                             boolean succeeded);
HRESULT backup_components_SetBackupOptions(backup_face *face, VSS_ID writer,
                                           VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                           LPCWSTR options);
HRESULT backup_components_SetPreviousBackupStamp(backup_face *face, VSS_ID writer,
                                                 VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                 LPCWSTR name, LPCWSTR stamp);
HRESULT backup_components_DisableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n);
HRESULT backup_components_EnableWriterClasses(backup_face *face, const VSS_ID *ids, UINT n);
HRESULT backup_components_DisableWriterInstances(backup_face *face, const VSS_ID *ids, UINT n);

/* ---- backup_components_restore.c ---- */
HRESULT backup_components_SetSelectedForRestore(backup_face *face, VSS_ID writer,
                                                VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                                boolean selected);
HRESULT backup_components_SetRestoreOptions(backup_face *face, VSS_ID writer,
                                            VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                            LPCWSTR options);
HRESULT backup_components_SetAdditionalRestores(backup_face *face, VSS_ID writer,
                                                VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                                boolean additional);
HRESULT backup_components_AddAlternativeLocationMapping(backup_face *face, VSS_ID writer,
                                                        VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                        LPCWSTR name, LPCWSTR file_path,
                                                        LPCWSTR filespec, boolean recursive,
                                                        LPCWSTR destination);
HRESULT backup_components_AddRestoreSubcomponent(backup_face *face, VSS_ID writer,
                                                 VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                 LPCWSTR name, LPCWSTR sub_path, LPCWSTR sub_name,
                                                 boolean repair);
HRESULT backup_components_SetFileRestoreStatus(backup_face *face, VSS_ID writer,
                                               VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                               VSS_FILE_RESTORE_STATUS status);
HRESULT backup_components_AddNewTarget(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                       LPCWSTR path, LPCWSTR name, LPCWSTR file_path,
                                       LPCWSTR file_name, boolean recursive, LPCWSTR alternate);
HRESULT backup_components_SetSelectedForRestoreEx(backup_face *face, VSS_ID writer,
                                                  VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                  LPCWSTR name, boolean selected, VSS_ID instance);
HRESULT backup_components_SetAuthoritativeRestore(backup_face *face, VSS_ID writer,
                                                  VSS_COMPONENT_TYPE type, LPCWSTR path,
                                                  LPCWSTR name, boolean authoritative);
HRESULT backup_components_SetRollForward(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                         LPCWSTR path, LPCWSTR name, VSS_ROLLFORWARD_TYPE how,
                                         LPCWSTR point);
HRESULT backup_components_SetRestoreName(backup_face *face, VSS_ID writer, VSS_COMPONENT_TYPE type,
                                         LPCWSTR path, LPCWSTR name, LPCWSTR restore_name);
HRESULT backup_components_SetRangesFilePath(backup_face *face, VSS_ID writer,
                                            VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                            UINT i, LPCWSTR ranges_path);

/* ---- backup_components_snapshots.c ---- */
HRESULT backup_components_StartSnapshotSet(backup_face *face, VSS_ID *ret_id);
HRESULT backup_components_AddToSnapshotSet(backup_face *face, VSS_PWSZ volume, VSS_ID provider,
                                           VSS_ID *ret_id);
HRESULT backup_components_IsVolumeSupported(backup_face *face, VSS_ID provider, VSS_PWSZ volume,
                                            BOOL *ret_supported);
HRESULT backup_components_GetSnapshotProperties(backup_face *face, VSS_ID id,
                                                VSS_SNAPSHOT_PROP *ret_prop);
HRESULT backup_components_Query(backup_face *face, VSS_ID object, VSS_OBJECT_TYPE object_type,
                                VSS_OBJECT_TYPE returned_type, IVssEnumObject **ret);
HRESULT backup_components_DeleteSnapshots(backup_face *face, VSS_ID id, VSS_OBJECT_TYPE type,
                                          BOOL force, LONG *ret_deleted, VSS_ID *ret_not_deleted);

/* ---- backup_components_admin.c ---- */
HRESULT backup_components_ExposeSnapshot(backup_face *face, VSS_ID id, VSS_PWSZ path_from_root,
                                         LONG attributes, VSS_PWSZ expose, VSS_PWSZ *ret_exposed);
HRESULT backup_components_UnexposeSnapshot(backup_face *face, VSS_ID id);
HRESULT backup_components_BreakSnapshotSet(backup_face *face, VSS_ID set_id);
HRESULT backup_components_BreakSnapshotSetEx(backup_face *face, VSS_ID set_id, DWORD flags,
                                             IVssAsync **ret);
HRESULT backup_components_RevertToSnapshot(backup_face *face, VSS_ID id, BOOL force);
HRESULT backup_components_QueryRevertStatus(backup_face *face, VSS_PWSZ volume, IVssAsync **ret);
HRESULT backup_components_ImportSnapshots(backup_face *face, IVssAsync **ret);
HRESULT backup_components_AddSnapshotToRecoverySet(backup_face *face, VSS_ID id, DWORD flags,
                                                   VSS_PWSZ destination);
HRESULT backup_components_RecoverSet(backup_face *face, DWORD flags, IVssAsync **ret);
HRESULT backup_components_PreFastRecovery(backup_face *face, VSS_ID set_id, DWORD flags,
                                          IVssAsync **ret);
HRESULT backup_components_FastRecovery(backup_face *face, VSS_ID set_id, DWORD flags,
                                       IVssAsync **ret);
HRESULT backup_components_GetRootAndLogicalPrefixPaths(backup_face *face, VSS_PWSZ file_path,
                                                       VSS_PWSZ *ret_root, VSS_PWSZ *ret_prefix,
                                                       BOOL normalize);
