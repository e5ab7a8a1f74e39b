/* SPDX-License-Identifier: MIT */
/* A backup in a program of three threads: while the first makes it (as tests/planted/kit does, with
 * every writer's files copied), two others give each other the turn. The schedule makes about as
 * many switches between threads of it as floor.c has: two hundred. */
#include <windows.h>
#include "kit/requester.h"

#define TURNS 16 /* of each */

static HANDLE turn[2];

static DWORD WINAPI TakeTurns(void *arg)
{
    INT_PTR self = (INT_PTR)arg;

    for (int i = 0; i < TURNS; i++) {
        WaitForSingleObject(turn[self], INFINITE);
        SetEvent(turn[1 - self]);
    }
    return 0;
}

static BOOL Backup(struct Requester *r)
{
    if (Open(r, VSS_BT_FULL) && Choose(r) && MakeShadowCopies(r))
        return EndBackup(r, CopyAll(r));
    return Abort(r);
}

int wmain(void)
{
    HANDLE threads[2];

    for (INT_PTR i = 0; i < 2; i++)
        turn[i] = CreateEventW(NULL, FALSE, i == 0, NULL);
    for (INT_PTR i = 0; i < 2; i++)
        threads[i] = CreateThread(NULL, 0, TakeTurns, (void *)i, 0, NULL);
    int code = RequesterMain(Backup);

    WaitForMultipleObjects(2, threads, TRUE, INFINITE);
    for (INT_PTR i = 0; i < 2; i++) {
        CloseHandle(threads[i]);
        CloseHandle(turn[i]);
    }
    return code;
}
