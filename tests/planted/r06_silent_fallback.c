/* SPDX-License-Identifier: MIT */
/* A backup that would rather have live files than none when there can be no shadow copy. The bug:
 * it does not say so. Live files may be torn, so the twin ends as a failure that was cut short. */
#include <windows.h>
#include "kit/requester.h"

/* Without shadow copies the volumes themselves are read. */
static void UseLiveVolumes(struct Requester *r)
{
    for (UINT i = 0; i < r->nVolumes; i++) {
        WCHAR *name = _wcsdup(r->volumes[i].name);
        name[wcslen(name) - 1] = 0;
        free(r->volumes[i].device);
        r->volumes[i].device = name;
    }
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r))
        return Abort(r);
    if (MakeShadowCopies(r))
        return EndBackup(r, CopyAll(r));
    Abort(r);
#ifdef PLANTED
    UseLiveVolumes(r);
    return CopyAll(r);
#else
    (void)UseLiveVolumes;
    fwprintf(stderr, L"no shadow copy: nothing is copied, run again with /live to copy anyway\n");
    return FALSE;
#endif
}

int wmain(void)
{
    return RequesterMain(Backup);
}
