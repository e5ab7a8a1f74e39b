/* SPDX-License-Identifier: MIT */
/* The calls that administer finished snapshots: names of their own, breaking, reverting, disks. */
#include "emu/api/backup_components.h"

#include "emu/api/async_op.h"
#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/port/volume.h"
#include "emu/svc/exposure.h"
#include "emu/svc/revert.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_break.h"
#include "emu/svc/snapshot_luns.h"
#include "emu/svc/snapshot_set.h"

#include <ctype.h>
#include <string.h>

/* ---- names of their own ---- */

HRESULT backup_components_ExposeSnapshot(backup_face *face, VSS_ID id, VSS_PWSZ path_from_root,
                                         LONG attributes, VSS_PWSZ expose, VSS_PWSZ *ret_exposed)
{
    GUARD(IVssBackupComponents_ExposeSnapshot);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *root = utf8_from_wide(path_from_root);
    auto_free char *wanted = utf8_from_wide(expose);
    auto_free char *name = NULL;

    if (!ret_exposed)
        return E_INVALIDARG;
    *ret_exposed = NULL;
    sched_enter(bc->sched);
    backup_name_method(bc->backup, "ExposeSnapshot");
    BACKUP_ARGS(bc->backup, TRACE_ID("snapshot", &id), TRACE_TEXT("path", root),
                TRACE_NUMBER("attributes", attributes), TRACE_TEXT("expose", wanted));
    HRESULT hr = backup_enter(bc->backup, CALL_QUERY);
    if (SUCCEEDED(hr)) {
        struct snapshot *snapshot = snapshot_find_for(bc->backup, &id);

        hr = snapshot ? exposure_make(bc->service, snapshot, attributes, root, wanted, &name)
                      : VSS_E_OBJECT_NOT_FOUND;
        hr = backup_leave(bc->backup, CALL_QUERY, hr, name);
    }
    sched_leave(bc->sched);
    if (SUCCEEDED(hr))
        *ret_exposed = task_wide_from_utf8(name);
    return hr;
}

HRESULT backup_components_UnexposeSnapshot(backup_face *face, VSS_ID id)
{
    GUARD(IVssBackupComponentsEx2_UnexposeSnapshot);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    backup_name_method(bc->backup, "UnexposeSnapshot");
    BACKUP_ARGS(bc->backup, TRACE_ID("snapshot", &id));
    HRESULT hr = backup_enter(bc->backup, CALL_QUERY);
    if (SUCCEEDED(hr)) {
        struct snapshot *snapshot = snapshot_find_for(bc->backup, &id);

        if (guid_is_null(&id))
            hr = E_INVALIDARG;
        else
            hr = snapshot ? exposure_end(bc->service, snapshot) : VSS_E_OBJECT_NOT_FOUND;
        hr = backup_leave(bc->backup, CALL_QUERY, hr, NULL);
    }
    sched_leave(bc->sched);
    return hr;
}

/* ---- breaking ---- */

HRESULT backup_components_BreakSnapshotSet(backup_face *face, VSS_ID set_id)
{
    GUARD(IVssBackupComponents_BreakSnapshotSet);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_ID("set", &set_id));
    HRESULT hr = backup_enter(bc->backup, CALL_BREAK_OR_REVERT);
    if (SUCCEEDED(hr)) {
        hr = guid_is_null(&set_id) ? E_INVALIDARG : snapshot_break(bc->backup, &set_id);
        hr = backup_leave(bc->backup, CALL_BREAK_OR_REVERT, hr, NULL);
    }
    sched_leave(bc->sched);
    return hr;
}

/* Ends a call that may have started an operation; outside the service. */
static HRESULT give(struct backup_components *bc, HRESULT hr, struct operation *take_operation,
                    IVssAsync **ret)
{
    if (SUCCEEDED(hr))
        async_op_new(bc->service, take_operation, ret);
    return hr;
}

HRESULT backup_components_BreakSnapshotSetEx(backup_face *face, VSS_ID set_id, DWORD flags,
                                             IVssAsync **ret)
{
    GUARD(IVssBackupComponentsEx2_BreakSnapshotSetEx);
    struct backup_components *bc = backup_components_of(face);
    struct operation *operation = NULL;

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    sched_enter(bc->sched);
    backup_name_method(bc->backup, "BreakSnapshotSetEx");
    BACKUP_ARGS(bc->backup, TRACE_ID("set", &set_id), TRACE_NUMBER("flags", flags));
    HRESULT hr = backup_enter(bc->backup, CALL_BREAK_OR_REVERT);
    if (SUCCEEDED(hr)) {
        hr = guid_is_null(&set_id) ? E_INVALIDARG
                                   : snapshot_break_later(bc->backup, &set_id, flags, &operation);
        hr = backup_leave(bc->backup, CALL_BREAK_OR_REVERT, hr, NULL);
    }
    sched_leave(bc->sched);
    return give(bc, hr, operation, ret);
}

/* ---- reverting ---- */

HRESULT backup_components_RevertToSnapshot(backup_face *face, VSS_ID id, BOOL force)
{
    GUARD(IVssBackupComponents_RevertToSnapshot);
    struct backup_components *bc = backup_components_of(face);

    sched_enter(bc->sched);
    backup_name_method(bc->backup, "RevertToSnapshot");
    BACKUP_ARGS(bc->backup, TRACE_ID("snapshot", &id), TRACE_TRUTH("force", force));
    HRESULT hr = backup_enter(bc->backup, CALL_BREAK_OR_REVERT);
    if (SUCCEEDED(hr)) {
        struct snapshot *snapshot = snapshot_find_for(bc->backup, &id);

        if (guid_is_null(&id))
            hr = E_INVALIDARG;
        else
            hr = snapshot ? revert_start(bc->service, snapshot, force) : VSS_E_OBJECT_NOT_FOUND;
        hr = backup_leave(bc->backup, CALL_BREAK_OR_REVERT, hr, NULL);
    }
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_QueryRevertStatus(backup_face *face, VSS_PWSZ volume, IVssAsync **ret)
{
    GUARD(IVssBackupComponents_QueryRevertStatus);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *name = utf8_from_wide(volume);
    struct operation *operation = NULL;

    if (!ret)
        return E_POINTER;
    *ret = NULL;
    sched_enter(bc->sched);
    backup_name_method(bc->backup, "QueryRevertStatus");
    BACKUP_ARGS(bc->backup, TRACE_TEXT("volume", name));
    HRESULT hr = backup_enter(bc->backup, CALL_BREAK_OR_REVERT);
    if (SUCCEEDED(hr)) {
        hr = name ? revert_query(bc->service, name, &operation) : E_INVALIDARG;
        hr = backup_leave(bc->backup, CALL_BREAK_OR_REVERT, hr, NULL);
    }
    sched_leave(bc->sched);
    return give(bc, hr, operation, ret);
}

/* ---- disks ---- */

HRESULT backup_components_ImportSnapshots(backup_face *face, IVssAsync **ret)
{
    GUARD(IVssBackupComponents_ImportSnapshots);
    struct backup_components *bc = backup_components_of(face);
    struct operation *operation = NULL;

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_IMPORT_SNAPSHOTS);
    if (SUCCEEDED(hr)) {
        hr = snapshot_luns_import(bc->backup, &operation);
        hr = backup_leave(bc->backup, CALL_IMPORT_SNAPSHOTS, hr, NULL);
    }
    sched_leave(bc->sched);
    return give(bc, hr, operation, ret);
}

HRESULT backup_components_AddSnapshotToRecoverySet(backup_face *face, VSS_ID id, DWORD flags,
                                                   VSS_PWSZ destination)
{
    struct backup_components *bc = backup_components_of(face);
    auto_free char *name = utf8_from_wide(destination);

    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_ID("snapshot", &id), TRACE_NUMBER("flags", flags),
                TRACE_TEXT("destination", name));
    HRESULT hr = backup_enter(bc->backup, CALL_RECOVERY_SET);
    if (SUCCEEDED(hr)) {
        hr =
            guid_is_null(&id) || flags ? E_INVALIDARG : snapshot_luns_choose(bc->backup, &id, name);
        hr = backup_leave(bc->backup, CALL_RECOVERY_SET, hr, NULL);
    }
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_RecoverSet(backup_face *face, DWORD flags, IVssAsync **ret)
{
    struct backup_components *bc = backup_components_of(face);
    struct operation *operation = NULL;

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    sched_enter(bc->sched);
    backup_name_method(bc->backup, "RecoverSet");
    BACKUP_ARGS(bc->backup, TRACE_NUMBER("flags", flags));
    HRESULT hr = backup_enter(bc->backup, CALL_RECOVERY_SET);
    if (SUCCEEDED(hr)) {
        hr = snapshot_luns_recover(bc->backup, flags, &operation);
        hr = backup_leave(bc->backup, CALL_RECOVERY_SET, hr, NULL);
    }
    sched_leave(bc->sched);
    return give(bc, hr, operation, ret);
}

/* Learn: both pages say that they are not supported. */
HRESULT backup_components_PreFastRecovery(backup_face *face, VSS_ID set_id, DWORD flags,
                                          IVssAsync **ret)
{
    (void)face, (void)set_id, (void)flags;
    if (ret)
        *ret = NULL;
    return E_NOTIMPL;
}

HRESULT backup_components_FastRecovery(backup_face *face, VSS_ID set_id, DWORD flags,
                                       IVssAsync **ret)
{
    return backup_components_PreFastRecovery(face, set_id, flags, ret);
}

/* ---- names of volumes ---- */

/* The volume of "C:\...", "\\?\Volume{...}\..." or what lies below a mounted folder; *ret_length:
 * of its root in the path. */
static struct volume *volume_of_path(struct service *service, const char *path, size_t *ret_length)
{
    struct volume *mounted = service_mounted_at(service, path, ret_length);
    if (mounted)
        return mounted;
    const char *end = path;
    bool is_drive = isalpha((unsigned char)path[0]) && path[1] == ':';

    if (is_drive)
        end = path + 2;
    else if (str_starts_with(path, "\\\\?\\"))
        end = path + 4 + strcspn(path + 4, "\\");
    *ret_length = (size_t)(end - path);
    auto_free char *root = str_printf("%.*s\\", (int)(end - path), path);
    return end > path && (!*end || *end == '\\') ? service_find_volume(service, root) : NULL;
}

/* Learn: "IVssBackupComponentsEx4::GetRootAndLogicalPrefixPaths". There are no names of other
 * machines in a world, so that bNormalizeFQDNforRootPath changes nothing. */
HRESULT backup_components_GetRootAndLogicalPrefixPaths(backup_face *face, VSS_PWSZ file_path,
                                                       VSS_PWSZ *ret_root, VSS_PWSZ *ret_prefix,
                                                       BOOL normalize)
{
    GUARD(IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *path = utf8_from_wide(file_path);
    size_t length = 0;

    (void)normalize;
    if (!path || !ret_root || !ret_prefix)
        return E_INVALIDARG;
    *ret_root = *ret_prefix = NULL;
    struct volume *volume = volume_of_path(bc->service, path, &length);
    if (!volume)
        return VSS_E_OBJECT_NOT_FOUND;
    auto_free char *root = str_printf("%.*s\\", (int)length, path);
    *ret_root = task_wide_from_utf8(root);
    *ret_prefix = task_wide_from_utf8(volume->guid_name);
    return S_OK;
}
