/* SPDX-License-Identifier: MIT */
/* A backup that first deletes what earlier runs of it have left: persistent shadow copies. The bug:
 * at the end of the list IVssEnumObject::Next answers S_FALSE, which is no failure to SUCCEEDED,
 * and what it has not filled in is taken for one more copy. */
#include <windows.h>
#include "kit/requester.h"

#define MAX_FOUND 512

/* The copies of this machine that are older than this run. */
static BOOL List(IVssBackupComponents *admin, VSS_ID *ret_ids, UINT *ret_count)
{
    VSS_ID nothing = { 0 };
    IVssEnumObject *list = NULL;
    HRESULT hr =
        IVssBackupComponents_Query(admin, nothing, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list);

    *ret_count = 0;
    Say(L"Query", hr);
    if (hr != S_OK)
        return hr == S_FALSE;
    while (*ret_count < MAX_FOUND) {
        VSS_OBJECT_PROP property;
        ULONG got = 0;
        memset(&property, 0, sizeof(property));
        hr = IVssEnumObject_Next(list, 1, &property, &got);
#ifdef PLANTED
        if (FAILED(hr))
            break;
#else
        if (hr != S_OK || got == 0)
            break;
#endif
        ret_ids[(*ret_count)++] = property.Obj.Snap.m_SnapshotId;
        wprintf(L"    %s\n", property.Obj.Snap.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&property.Obj.Snap);
        if (hr == S_FALSE)
            break;
    }
    IVssEnumObject_Release(list);
    return SUCCEEDED(hr);
}

static BOOL DeleteLeftovers(void)
{
    IVssBackupComponents *admin = NULL;
    VSS_ID ids[MAX_FOUND];
    UINT count = 0;

    if (FAILED(CreateVssBackupComponents(&admin)))
        return FALSE;
    BOOL all = SUCCEEDED(IVssBackupComponents_InitializeForBackup(admin, NULL)) &&
               SUCCEEDED(IVssBackupComponents_SetContext(admin, VSS_CTX_APP_ROLLBACK)) &&
               List(admin, ids, &count);
    for (UINT i = 0; all && i < count; i++) {
        LONG deleted = 0;
        VSS_ID notDeleted;
        HRESULT hr = IVssBackupComponents_DeleteSnapshots(admin, ids[i], VSS_OBJECT_SNAPSHOT, TRUE,
                                                          &deleted, &notDeleted);
        all = Say(L"DeleteSnapshots", hr);
    }
    IVssBackupComponents_Release(admin);
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!DeleteLeftovers()) {
        fwprintf(stderr, L"leftovers of an earlier run cannot be deleted\n");
        return FALSE;
    }
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}
