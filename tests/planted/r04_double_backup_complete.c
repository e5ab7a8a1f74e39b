/* SPDX-License-Identifier: MIT */
/* A backup whose last step stands in a function that every way out passes. The bug: the good way
 * has already called BackupComplete, so writers are told once, and the second call is refused. */
#include <windows.h>
#include "kit/requester.h"

enum stage { NOTHING_DONE, PREPARED, COPIED, COMPLETED };

/* What the session still owes the writers. */
static BOOL Finalize(struct Requester *r, enum stage stage)
{
    switch (stage) {
    case COPIED:
#ifdef PLANTED
    case COMPLETED:
#endif
        return Complete(r);
    case NOTHING_DONE:
    case PREPARED:
        return Abort(r);
    default:
        return TRUE;
    }
}

static enum stage Work(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r))
        return NOTHING_DONE;
    if (!Prepare(r) || !Snapshot(r) || !FindDevices(r))
        return PREPARED;
    BOOL isCopied = CopyAll(r);
    if (!ReportSuccess(r) || !isCopied)
        return COPIED;
    if (!Complete(r))
        return PREPARED;
    return COMPLETED;
}

static BOOL Backup(struct Requester *r)
{
    enum stage stage = Work(r);
    BOOL isFinal = Finalize(r, stage);

    return stage == COMPLETED && isFinal && SaveDocument(r);
}

int wmain(void)
{
    return RequesterMain(Backup);
}
