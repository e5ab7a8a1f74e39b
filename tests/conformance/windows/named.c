/* SPDX-License-Identifier: MIT */
/* run: world */
/* Named objects between this program and the child that it starts of itself. Learn: "Object Names",
 * "Interprocess Synchronization", "Mutex Objects". Child and parent take turns in printing. */
#include "say.h"

static HANDLE event, answer, mutex, semaphore;

static void open_all(void)
{
    event = SAY_HANDLE(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"named-conformance-event"));
    answer = SAY_HANDLE(CreateEventW(NULL, TRUE, FALSE, L"Local\\named-conformance-answer"));
    SAY_LAST_ERROR();
    mutex = SAY_HANDLE(CreateMutexW(NULL, FALSE, L"named-conformance-mutex"));
    SAY_LAST_ERROR();
    semaphore =
        SAY_HANDLE(OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, L"named-conformance-semaphore"));
}

/* The parent waits for the answer all the time. */
static int child(void)
{
    open_all();
    SAY_HANDLE(OpenEventW(SYNCHRONIZE, FALSE, L"named-conformance-mutex"));
    SAY_HANDLE(OpenEventW(SYNCHRONIZE, FALSE, L"named-conformance-nothing"));
    SAY_WAIT(WaitForSingleObject(event, INFINITE));
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_WAIT(WaitForSingleObject(mutex, INFINITE));
    SAY_BOOL(ReleaseSemaphore(semaphore, 2, NULL));
    SAY_BOOL(SetEvent(answer));
    return 5; /* the mutex is still its own */
}

static HANDLE start_child(const WCHAR *own)
{
    STARTUPINFOW startup;
    PROCESS_INFORMATION process;
    WCHAR line[600];

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    wcscpy(line, L"\"");
    wcscat(line, own);
    wcscat(line, L"\" child");
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

int wmain(int argc, WCHAR **argv)
{
    WCHAR own[MAX_PATH];
    DWORD code = 0;

    if (argc > 1)
        return child();
    GetModuleFileNameW(NULL, own, MAX_PATH);
    event = CreateEventW(NULL, FALSE, TRUE, L"named-conformance-event");
    answer = CreateEventW(NULL, TRUE, FALSE, L"named-conformance-answer");
    mutex = CreateMutexW(NULL, FALSE, L"named-conformance-mutex");
    semaphore = CreateSemaphoreW(NULL, 0, 5, L"named-conformance-semaphore");
    HANDLE process = start_child(own);
    DWORD first = WaitForSingleObject(answer, INFINITE);
    DWORD second = WaitForSingleObject(process, INFINITE);
    say("the child has answered: %u, has ended: %u", (unsigned)first, (unsigned)second);
    SAY_BOOL(GetExitCodeProcess(process, &code));
    say("exit code %u", (unsigned)code);
    SAY_WAIT(WaitForSingleObject(mutex, INFINITE));
    SAY_BOOL(ReleaseMutex(mutex));
    HANDLE both[2] = { semaphore, answer };
    SAY_WAIT(WaitForMultipleObjects(2, both, TRUE, INFINITE));
    SAY_WAIT(WaitForMultipleObjects(2, both, TRUE, INFINITE));
    SAY_WAIT(WaitForMultipleObjects(2, both, TRUE, 0));
    return 0;
}
