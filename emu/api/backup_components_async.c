/* SPDX-License-Identifier: MIT */
/* The calls that start an operation and answer an IVssAsync; AbortBackup. */
#include "emu/api/async_op.h"

#include "emu/api/guard.h"
#include "emu/api/backup_components.h"
#include "emu/proto/set_phases.h"

typedef HRESULT starter(struct backup *backup, struct operation **ret_operation);

/* Argument and state errors are answered here and yield no object (Learn: "IVssAsync"). */
static HRESULT start(backup_face *face, IVssAsync **ret, bool ends_leases, starter *begin)
{
    struct backup_components *bc = backup_components_of(face);
    struct operation *operation = NULL;

    if (!ret)
        return E_INVALIDARG;
    sched_enter(bc->sched);
    HRESULT hr = begin(bc->backup, &operation);
    if (SUCCEEDED(hr) && ends_leases)
        backup_components_end_leases(bc);
    sched_leave(bc->sched);
    if (SUCCEEDED(hr))
        async_op_new(bc->service, operation, ret);
    return hr;
}

HRESULT backup_components_GatherWriterMetadata(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_GatherWriterMetadata, ret);
    return start(face, ret, false, backup_gather_metadata);
}

HRESULT backup_components_GatherWriterStatus(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_GatherWriterStatus, ret);
    return start(face, ret, false, backup_gather_status);
}

HRESULT backup_components_PrepareForBackup(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_PrepareForBackup, ret);
    return start(face, ret, true, backup_prepare);
}

HRESULT backup_components_DoSnapshotSet(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_DoSnapshotSet, ret);
    return start(face, ret, true, backup_do_snapshot_set);
}

HRESULT backup_components_BackupComplete(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_BackupComplete, ret);
    return start(face, ret, true, backup_complete);
}

HRESULT backup_components_PreRestore(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_PreRestore, ret);
    return start(face, ret, true, backup_pre_restore);
}

HRESULT backup_components_PostRestore(backup_face *face, IVssAsync **ret)
{
    GUARD_OUT(IVssBackupComponents_PostRestore, ret);
    return start(face, ret, true, backup_post_restore);
}

static bool has_ended(void *arg)
{
    return !((struct backup *)arg)->flags.is_pending;
}

/* A pending operation is cancelled first, and its end waited for. */
HRESULT backup_components_AbortBackup(backup_face *face)
{
    GUARD(IVssBackupComponents_AbortBackup);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    if (bc->backup->flags.is_pending) {
        operation_cancel(bc->backup->operation);
        sched_wait(bc->sched, has_ended, bc->backup,
                   sched_now(bc->sched) + HANDLER_LIMIT_MS * SCHED_MS);
    }
    /* What hangs past the commit has not heard of it. */
    HRESULT hr = bc->backup->flags.is_pending ? VSS_E_BAD_STATE : backup_abort(bc->backup);
    sched_leave(bc->sched);
    return hr;
}
