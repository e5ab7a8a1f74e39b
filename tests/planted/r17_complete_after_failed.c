/* SPDX-License-Identifier: MIT */
/* A backup that tells the writers in any case how it went. The bug: after a failed DoSnapshotSet it
 * does so with BackupComplete, which is refused, where AbortBackup is the word. */
#include <windows.h>
#include "kit/requester.h"

enum result { NO_SET, SET_FAILED, SET_MADE };

static enum result Make(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r) || !Prepare(r))
        return NO_SET;
    return Snapshot(r) && FindDevices(r) ? SET_MADE : SET_FAILED;
}

static BOOL Backup(struct Requester *r)
{
    enum result result = Make(r);

    switch (result) {
    case SET_MADE:
        return EndBackup(r, CopyAll(r));
    case SET_FAILED:
#ifdef PLANTED
        ReportSuccess(r); /* nothing is marked as saved */
        RUN(r, BackupComplete);
        return FALSE;
#endif
    case NO_SET:
    default:
        return Abort(r);
    }
}

int wmain(void)
{
    return RequesterMain(Backup);
}
