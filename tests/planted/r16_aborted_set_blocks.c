/* SPDX-License-Identifier: MIT */
/* A backup that tries three times, each time with a new session. The bug: when a volume cannot be
 * added, the session is neither aborted nor released, so that its half-made set is in the way of
 * every later try, of this program and of others. */
#include <windows.h>
#include "kit/requester.h"

#define TRIES 3

static BOOL Try(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r))
        return FALSE;
    /* A second program may be at work: once more is enough here, the outer loop tries again. */
    HRESULT hr = IVssBackupComponents_StartSnapshotSet(r->backup, &r->set);
    if (hr == VSS_E_SNAPSHOT_SET_IN_PROGRESS) {
        Sleep(30000);
        hr = IVssBackupComponents_StartSnapshotSet(r->backup, &r->set);
    }
    if (!Say(L"StartSnapshotSet", hr))
        return FALSE;
    if (!AddVolumes(r)) {
#ifdef PLANTED
        struct Requester fresh = { 0 };
        Forget(r);
        *r = fresh;
        return FALSE;
#else
        return Abort(r);
#endif
    }
    if (!Prepare(r) || !Snapshot(r) || !FindDevices(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

static BOOL Backup(struct Requester *r)
{
    for (int i = 1; i <= TRIES; i++) {
        if (Try(r))
            return TRUE;
        wprintf(L"    try %d of %d has failed\n", i, TRIES);
        Close(r);
        Sleep(60000);
    }
    return FALSE;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
