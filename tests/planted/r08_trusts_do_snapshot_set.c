/* SPDX-License-Identifier: MIT */
/* A backup with its own progress thread. The bug: it takes DoSnapshotSet's success for that of the
 * writers. A writer that failed at Freeze shows in its status only. */
#include <windows.h>
#include "kit/requester.h"

struct Progress {
    HANDLE stop;
    LONG volatile stage;
};

static DWORD WINAPI ShowProgress(LPVOID argument)
{
    struct Progress *p = (struct Progress *)argument;
    LONG shown = 0;

    while (WaitForSingleObject(p->stop, 1000) == WAIT_TIMEOUT) {
        LONG stage = InterlockedCompareExchange(&p->stage, 0, 0);
        if (stage != shown)
            wprintf(L"    stage %ld of 3\n", stage);
        shown = stage;
    }
    return 0;
}

static BOOL Steps(struct Requester *r, struct Progress *p)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r) || !Prepare(r))
        return Abort(r);
    InterlockedIncrement(&p->stage);
#ifdef PLANTED
    BOOL isMade = RUN(r, DoSnapshotSet);
#else
    BOOL isMade = RUN(r, DoSnapshotSet) && WritersAreWell(r);
#endif
    if (!isMade || !FindDevices(r))
        return Abort(r);
    InterlockedIncrement(&p->stage);
    BOOL isCopied = CopyAll(r);
    InterlockedIncrement(&p->stage);
#ifdef PLANTED
    return ReportSuccess(r) && RUN(r, BackupComplete) && SaveDocument(r) && isCopied;
#else
    return EndBackup(r, isCopied);
#endif
}

static BOOL Backup(struct Requester *r)
{
    struct Progress progress = { CreateEventW(NULL, TRUE, FALSE, NULL), 0 };
    HANDLE thread = CreateThread(NULL, 0, ShowProgress, &progress, 0, NULL);
    BOOL isDone = thread && Steps(r, &progress);

    SetEvent(progress.stop);
    if (thread) {
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
    CloseHandle(progress.stop);
    return isDone;
}

int wmain(void)
{
    return RequesterMain(Backup);
}
