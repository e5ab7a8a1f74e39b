/* SPDX-License-Identifier: MIT */
/* A backup that copies with two threads. The bug: nobody waits for BackupComplete, which only
 * starts an operation; the session is released while writers are still being told. */
#include <windows.h>
#include "kit/requester.h"

struct Half {
    struct Requester view; /* the same session, every second file set */
    UINT first;
    BOOL isCopied;
};

static DWORD WINAPI CopyHalf(LPVOID argument)
{
    struct Half *half = (struct Half *)argument;

    half->isCopied = TRUE;
    /* A file may stand in two sets of one component, which must not be copied at the same time. */
    for (UINT i = 0; i < half->view.nFileSets; i++) {
        if (half->view.fileSets[i].chosen % 2 == half->first &&
            !CopyFileSet(&half->view, &half->view.fileSets[i]))
            half->isCopied = FALSE;
    }
    return 0;
}

static BOOL CopyWithTwoThreads(struct Requester *r)
{
    struct Half halves[2];
    HANDLE threads[2];

    for (UINT i = 0; i < 2; i++) {
        halves[i].view = *r;
        halves[i].view.nFiles = 0;
        halves[i].first = i;
        threads[i] = CreateThread(NULL, 0, CopyHalf, &halves[i], 0, NULL);
    }
    WaitForMultipleObjects(2, threads, TRUE, INFINITE);
    for (UINT i = 0; i < 2; i++) {
        CloseHandle(threads[i]);
        r->nFiles += halves[i].view.nFiles;
    }
    BOOL isCopied = halves[0].isCopied && halves[1].isCopied && DevicesAreThere(r);
    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isSaved = isCopied;
    return isCopied;
}

static BOOL CompleteAtLast(struct Requester *r)
{
#ifdef PLANTED
    IVssAsync *operation = NULL;
    HRESULT hr = IVssBackupComponents_BackupComplete(r->backup, &operation);
    if (SUCCEEDED(hr))
        IVssAsync_Release(operation);
    return Say(L"BackupComplete", hr);
#else
    return Complete(r);
#endif
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    BOOL isCopied = CopyWithTwoThreads(r);
    BOOL isReported = ReportSuccess(r), isComplete = CompleteAtLast(r);
    return isReported && isComplete && isCopied;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
