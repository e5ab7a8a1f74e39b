/* SPDX-License-Identifier: MIT */
/* For test_named_objects.py: one of the two or three processes of a run. Each word of the command
 * line is one step; a step prints what came of it. */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

static HANDLE event, mutex, semaphore;

static void show(const char *what, DWORD result)
{
    if (result == WAIT_OBJECT_0)
        printf("%s: got it\n", what);
    else if (result == WAIT_ABANDONED_0)
        printf("%s: abandoned\n", what);
    else if (result == WAIT_TIMEOUT)
        printf("%s: timed out\n", what);
    else
        printf("%s: %u, error %u\n", what, (unsigned)result, (unsigned)GetLastError());
    fflush(stdout);
}

/* Both are there from then on; before, each has the time of the world for itself. */
static void meet(const WCHAR *own, const WCHAR *others)
{
    HANDLE mine = CreateEventW(NULL, TRUE, FALSE, own);
    HANDLE theirs = CreateEventW(NULL, TRUE, FALSE, others);

    SetEvent(mine);
    while (WaitForSingleObject(theirs, 0) != WAIT_OBJECT_0)
        Sleep(1);
}

static void make(BOOL says)
{
    event = CreateEventW(NULL, FALSE, FALSE, L"Global\\named-event");
    if (says)
        printf("event: %s\n", GetLastError() == ERROR_ALREADY_EXISTS ? "there" : "new");
    mutex = CreateMutexW(NULL, FALSE, L"named-mutex");
    semaphore = CreateSemaphoreW(NULL, 0, 10, L"named-semaphore");
    fflush(stdout);
}

static void kinds(void)
{
    HANDLE wrong = CreateMutexW(NULL, FALSE, L"Global\\named-event");

    printf("another kind: %s, error %u\n", wrong ? "made" : "refused", (unsigned)GetLastError());
    wrong = OpenSemaphoreW(SYNCHRONIZE, FALSE, L"Local\\named-mutex");
    printf("another kind: %s, error %u\n", wrong ? "opened" : "refused", (unsigned)GetLastError());
    fflush(stdout);
}

static void wait_for_all(void)
{
    HANDLE local = CreateEventW(NULL, TRUE, TRUE, NULL), both[] = { local, semaphore };

    show("all", WaitForMultipleObjects(2, both, TRUE, 60000));
}

static void timed(DWORD limit_ms)
{
    ULONGLONG begin = GetTickCount64();

    show("timed", WaitForSingleObject(event, limit_ms));
    printf("after %u s\n", (unsigned)((GetTickCount64() - begin + 500) / 1000));
    fflush(stdout);
}

static void ping_pong(BOOL begins)
{
    HANDLE ping = CreateEventW(NULL, FALSE, FALSE, L"named-ping");
    HANDLE pong = CreateEventW(NULL, FALSE, FALSE, L"named-pong");

    for (int i = 0; i < 200; i++) {
        if (begins)
            SetEvent(ping);
        WaitForSingleObject(begins ? pong : ping, INFINITE);
        if (!begins)
            SetEvent(pong);
    }
    printf("200 rounds\n");
    fflush(stdout);
}

static void step(const WCHAR *word)
{
    if (!wcscmp(word, L"make"))
        make(TRUE);
    else if (!wcscmp(word, L"quiet"))
        make(FALSE);
    else if (!wcscmp(word, L"first"))
        meet(L"named-first", L"named-second");
    else if (!wcscmp(word, L"second"))
        meet(L"named-second", L"named-first");
    else if (!wcscmp(word, L"kinds"))
        kinds();
    else if (!wcscmp(word, L"wait"))
        show("wait", WaitForSingleObject(event, 60000));
    else if (!wcscmp(word, L"set"))
        SetEvent(event);
    else if (!wcscmp(word, L"lock"))
        show("lock", WaitForSingleObject(mutex, 60000));
    else if (!wcscmp(word, L"post"))
        ReleaseSemaphore(semaphore, 1, NULL);
    else if (!wcscmp(word, L"all"))
        wait_for_all();
    else if (!wcscmp(word, L"timed"))
        timed(5000);
    else if (!wcscmp(word, L"sleep"))
        Sleep(3000);
    else if (!wcscmp(word, L"ping"))
        ping_pong(TRUE);
    else if (!wcscmp(word, L"pong"))
        ping_pong(FALSE);
    else if (!wcscmp(word, L"die"))
        TerminateProcess(GetCurrentProcess(), 9);
    else
        printf("no such step\n");
}

int wmain(int argc, WCHAR **argv)
{
    for (int i = 1; i < argc; i++)
        step(argv[i]);
    return 0;
}
