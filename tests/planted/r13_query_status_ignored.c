/* SPDX-License-Identifier: MIT */
/* A backup of volumes, some of which cannot be copied from a shadow copy (they are skipped with a
 * line in the log). The bug: the waiting function returns what Wait and QueryStatus return, not
 * what the operation itself came to; a set that was never made looks like volumes to skip. */
#include <windows.h>
#include "kit/requester.h"

static HRESULT WaitFor(IVssAsync *operation)
{
    HRESULT result = VSS_S_ASYNC_PENDING;
    HRESULT hr = S_OK;

    for (int i = 0; i < 1000 && SUCCEEDED(hr) && result == VSS_S_ASYNC_PENDING; i++) {
        if (IVssAsync_Wait(operation, 1000) == E_INVALIDARG)
            Sleep(1000);
        hr = IVssAsync_QueryStatus(operation, &result, NULL);
    }
    if (result == VSS_S_ASYNC_PENDING)
        IVssAsync_Cancel(operation);
    IVssAsync_Release(operation);
#ifdef PLANTED
    return hr;
#else
    if (SUCCEEDED(hr) && result != VSS_S_ASYNC_FINISHED)
        hr = FAILED(result) ? result : HRESULT_FROM_WIN32(ERROR_TIMEOUT);
    return hr;
#endif
}

static BOOL MakeSet(struct Requester *r)
{
    IVssAsync *operation = NULL;
    HRESULT hr = IVssBackupComponents_DoSnapshotSet(r->backup, &operation);

    if (SUCCEEDED(hr))
        hr = WaitFor(operation);
    return Say(L"DoSnapshotSet", hr);
}

/* Answers how many volumes have a shadow copy; the others are skipped. */
static UINT KeepCopiedVolumes(struct Requester *r)
{
    UINT n = 0;

    for (UINT i = 0; i < r->nVolumes; i++) {
        VSS_SNAPSHOT_PROP properties = { 0 };
        if (FAILED(IVssBackupComponents_GetSnapshotProperties(r->backup, r->volumes[i].snapshot,
                                                              &properties))) {
            wprintf(L"    %s: no shadow copy, skipped\n", r->volumes[i].name);
            continue;
        }
        r->volumes[i].device = _wcsdup(properties.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&properties);
        n++;
    }
    return n;
}

static BOOL CopyKept(struct Requester *r)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nFileSets; i++) {
        const struct FileSet *set = &r->fileSets[i];
        struct Chosen *chosen = &r->chosen[set->chosen];
        const struct Volume *volume = VolumeOf(r, set->folder);
        if (!volume || !volume->device)
            continue;
        chosen->isSaved = CopyFileSet(r, set);
        all = all && chosen->isSaved;
    }
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r) || !Prepare(r))
        return Abort(r);
    if (!MakeSet(r) || !WritersAreWell(r))
        return Abort(r);
    if (!KeepCopiedVolumes(r)) {
        Abort(r);
        wprintf(L"nothing to copy\n");
        return TRUE;
    }
    BOOL isCopied = CopyKept(r) && DevicesAreThere(r);
    return EndBackup(r, isCopied);
}

int wmain(void)
{
    return RequesterMain(Backup);
}
