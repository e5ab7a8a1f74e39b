/* SPDX-License-Identifier: MIT */
/* A backup that tidies up whatever happens. The bug: tidying up is the release of the object, and
 * writers that have prepared are not told that nothing will come of it. */
#include <windows.h>
#include "kit/requester.h"

/* Every way out leads through here. */
static BOOL TidyUp(struct Requester *r, BOOL isDone)
{
#ifndef PLANTED
    if (!isDone)
        Abort(r);
#endif
    Close(r);
    return isDone;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r))
        return TidyUp(r, FALSE);
    if (!MakeShadowCopies(r))
        return TidyUp(r, FALSE);
    return TidyUp(r, EndBackup(r, CopyAll(r)));
}

int wmain(void)
{
    return RequesterMain(Backup);
}
