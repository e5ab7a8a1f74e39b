/* SPDX-License-Identifier: MIT */
/* A backup that tells the writers which components it has saved, once it knows. The bug: "once it
 * knows" was moved behind BackupComplete, when the last file has also been verified. By then the
 * writers have read the document: to them nothing was saved, and no log is ever truncated. */
#include <windows.h>
#include "kit/requester.h"

/* Reads everything again that has been copied. */
static BOOL Verify(const struct Requester *r)
{
    for (UINT i = 0; i < r->nFileSets; i++) {
        WCHAR folder[PATH_SIZE];
        StorePath(r->fileSets[i].folder, folder);
        if (r->chosen[r->fileSets[i].chosen].isSaved &&
            GetFileAttributesW(folder) == INVALID_FILE_ATTRIBUTES)
            wprintf(L"    nothing was copied of %s\n", r->fileSets[i].folder);
    }
    return TRUE;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    BOOL isCopied = CopyAll(r);
#ifdef PLANTED
    BOOL isComplete = Complete(r) && Verify(r);
    ReportSuccess(r);
#else
    BOOL isReported = Verify(r) && ReportSuccess(r);
    BOOL isComplete = Complete(r) && isReported;
#endif
    return SaveDocument(r) && isComplete && isCopied;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
