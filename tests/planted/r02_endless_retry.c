/* SPDX-License-Identifier: MIT */
/* A backup that waits for its turn: only one shadow copy set can be in the making on a machine.
 * The bug: it waits for ever, so that one dead set of somebody else silently ends all backups. */
#include <windows.h>
#include "kit/requester.h"

#define PAUSE_MS 5000
#define LIMIT_MS (10 * 60 * 1000)

static BOOL StartSetInTurn(struct Requester *r)
{
    ULONGLONG begin = GetTickCount64();
    HRESULT hr;

    for (;;) {
        hr = IVssBackupComponents_StartSnapshotSet(r->backup, &r->set);
        if (hr != VSS_E_SNAPSHOT_SET_IN_PROGRESS)
            break;
#ifndef PLANTED
        if (GetTickCount64() - begin > LIMIT_MS)
            break;
#endif
        wprintf(L"    another shadow copy set is in progress since %I64u s\n",
                (GetTickCount64() - begin) / 1000);
        Sleep(PAUSE_MS);
    }
    return Say(L"StartSnapshotSet", hr);
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSetInTurn(r) || !AddVolumes(r) ||
        !Prepare(r) || !Snapshot(r) || !FindDevices(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}
