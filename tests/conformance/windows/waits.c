/* SPDX-License-Identifier: MIT */
/* run: world */
/* Waits, asynchronous procedure calls, waitable timers and slots, one line a call. The same source
 * runs under Wine: what both print must be equal, so no line depends on which of two threads is
 * faster. */
#include "say.h"

static HANDLE event, other, gate;

static void CALLBACK say_apc(ULONG_PTR data)
{
    say("  apc %u", (unsigned)data);
}

static void CALLBACK queue_another(ULONG_PTR data)
{
    say("  apc %u queues another", (unsigned)data);
    QueueUserAPC(say_apc, GetCurrentThread(), data + 1);
}

static void own_calls(void)
{
    SAY_NUMBER(QueueUserAPC(say_apc, GetCurrentThread(), 1));
    SAY_NUMBER(QueueUserAPC(say_apc, GetCurrentThread(), 2));
    SAY_WAIT(SleepEx(0, FALSE));
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_WAIT(SleepEx(0, TRUE));
    SAY_WAIT(SleepEx(0, TRUE));
    QueueUserAPC(queue_another, GetCurrentThread(), 3);
    SAY_WAIT(SleepEx(INFINITE, TRUE));
    QueueUserAPC(say_apc, GetCurrentThread(), 5);
    SetEvent(event);
    SAY_WAIT(WaitForSingleObjectEx(event, 0, TRUE)); /* signaled: that comes first */
    SAY_WAIT(WaitForSingleObjectEx(event, INFINITE, TRUE));
    SAY_NUMBER(QueueUserAPC(say_apc, event, 0));
}

static DWORD WINAPI sleeper(void *argument)
{
    (void)argument;
    say("sleeper begins");
    SetEvent(gate);
    DWORD result = WaitForSingleObjectEx(other, INFINITE, TRUE);
    say("sleeper: %u", (unsigned)result);
    return 7;
}

static void calls_of_others(void)
{
    DWORD code = 0;
    HANDLE thread = CreateThread(NULL, 0, sleeper, NULL, CREATE_SUSPENDED, NULL);

    SAY_NUMBER(QueueUserAPC(say_apc, thread, 10));
    ResumeThread(thread);
    WaitForSingleObject(gate, INFINITE);
    QueueUserAPC(say_apc, thread, 11);
    SAY_WAIT(WaitForSingleObject(thread, INFINITE));
    SAY_BOOL(GetExitCodeThread(thread, &code));
    say("exit code %u", (unsigned)code);
    SAY_NUMBER(QueueUserAPC(say_apc, thread, 12));
    CloseHandle(thread);
}

static void CALLBACK say_timer(void *argument, DWORD low, DWORD high)
{
    say("  timer %s, a time: %s", (const char *)argument, low || high ? "yes" : "no");
}

static LARGE_INTEGER in_ms(int ms)
{
    LARGE_INTEGER due;

    due.QuadPart = ms * -10000LL;
    return due;
}

static void timers(void)
{
    LARGE_INTEGER due = in_ms(20);
    HANDLE manual = CreateWaitableTimerW(NULL, TRUE, NULL);
    HANDLE automatic = CreateWaitableTimerA(NULL, FALSE, "waits-timer");

    SAY_HANDLE(CreateWaitableTimerA(NULL, TRUE, "waits-timer"));
    SAY_LAST_ERROR();
    SAY_HANDLE(OpenWaitableTimerW(SYNCHRONIZE, FALSE, L"waits-no-timer"));
    SAY_HANDLE(CreateEventA(NULL, TRUE, FALSE, "waits-timer"));
    SAY_WAIT(WaitForSingleObject(manual, 0));
    SAY_BOOL(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    SAY_WAIT(WaitForSingleObject(manual, 0));
    SAY_WAIT(WaitForSingleObject(manual, INFINITE));
    SAY_WAIT(WaitForSingleObject(manual, 0));
    SAY_BOOL(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    SAY_WAIT(WaitForSingleObject(manual, 0));
    SAY_BOOL(CancelWaitableTimer(manual));
    SAY_WAIT(WaitForSingleObject(manual, 50));

    due.QuadPart = 1; /* the year 1601: long ago */
    SAY_BOOL(SetWaitableTimer(automatic, &due, 0, NULL, NULL, FALSE));
    SAY_WAIT(WaitForSingleObject(automatic, INFINITE));
    SAY_WAIT(WaitForSingleObject(automatic, 0));
    due = in_ms(10);
    SAY_BOOL(SetWaitableTimer(automatic, &due, 10, NULL, NULL, FALSE));
    for (int i = 0; i < 3; i++)
        SAY_WAIT(WaitForSingleObject(automatic, INFINITE));
    SAY_BOOL(CancelWaitableTimer(automatic));

    due = in_ms(20);
    SAY_BOOL(SetWaitableTimer(automatic, &due, 0, say_timer, "once", FALSE));
    SAY_WAIT(SleepEx(INFINITE, TRUE));
    SAY_WAIT(WaitForSingleObject(automatic, 0));
    SAY_BOOL(SetWaitableTimer(automatic, &due, 20, say_timer, "twice", FALSE));
    SAY_WAIT(SleepEx(INFINITE, TRUE));
    SAY_WAIT(SleepEx(INFINITE, TRUE));
    SAY_BOOL(CancelWaitableTimer(automatic));
    SAY_WAIT(SleepEx(60, TRUE));
    SAY_BOOL(SetWaitableTimer(event, &due, 0, NULL, NULL, FALSE));
    SAY_BOOL(CancelWaitableTimer(event));

    HANDLE both[] = { manual, automatic };
    due = in_ms(10);
    SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE);
    due = in_ms(30);
    SetWaitableTimer(automatic, &due, 0, NULL, NULL, FALSE);
    SAY_WAIT(WaitForMultipleObjects(2, both, FALSE, INFINITE));
    SAY_WAIT(WaitForMultipleObjects(2, both, TRUE, INFINITE));
    SAY_WAIT(WaitForMultipleObjects(2, both, TRUE, 0));
    SAY_BOOL(SetWaitableTimer(automatic, &due, -1, NULL, NULL, FALSE));
    CloseHandle(manual);
    CloseHandle(automatic);
}

static void handles(void)
{
    HANDLE copy = NULL, weak = NULL;
    DWORD flags = 99;

    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, TRUE,
                             DUPLICATE_SAME_ACCESS));
    SAY_BOOL(GetHandleInformation(copy, &flags));
    say("flags %u", (unsigned)flags);
    SAY_BOOL(SetHandleInformation(copy, HANDLE_FLAG_INHERIT, 0));
    SAY_BOOL(GetHandleInformation(copy, &flags));
    say("flags %u", (unsigned)flags);
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &weak, SYNCHRONIZE,
                             FALSE, 0));
    SAY_BOOL(SetEvent(weak));
    SAY_BOOL(ResetEvent(weak));
    SAY_WAIT(WaitForSingleObject(weak, 0));
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), copy, GetCurrentProcess(), &copy,
                             EVENT_MODIFY_STATE, FALSE, DUPLICATE_CLOSE_SOURCE));
    SAY_BOOL(SetEvent(copy));
    SAY_WAIT(WaitForSingleObject(copy, 0));
    SAY_WAIT(WaitForSingleObject(weak, 0));
    SAY_BOOL(CloseHandle(copy));
    SAY_BOOL(CloseHandle(weak));
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), (HANDLE)0x12344, GetCurrentProcess(), &copy, 0,
                             FALSE, DUPLICATE_SAME_ACCESS));
    SAY_BOOL(CloseHandle(NULL));
    SAY_BOOL(CloseHandle((HANDLE)0x12344));
    SAY_BOOL(CloseHandle(GetCurrentThread()));
    SAY_WAIT(WaitForSingleObject(NULL, 0));
    SAY_WAIT(WaitForMultipleObjects(0, &event, FALSE, 0));
    SAY_WAIT(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, &event, FALSE, 0));
    HANDLE twice[] = { event, event };
    SAY_WAIT(WaitForMultipleObjects(2, twice, TRUE, 0));
    SAY_WAIT(WaitForMultipleObjects(2, twice, FALSE, 0));
}

static void mutexes_and_semaphores(void)
{
    LONG previous = 99;
    HANDLE mutex =
        CreateMutexExW(NULL, L"waits-mutex", CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
    HANDLE semaphore = CreateSemaphoreExA(NULL, 1, 2, NULL, 0, SEMAPHORE_ALL_ACCESS);

    SAY_HANDLE(CreateMutexA(NULL, FALSE, "Local\\waits-mutex"));
    SAY_LAST_ERROR();
    SAY_HANDLE(OpenMutexA(SYNCHRONIZE, FALSE, "waits-mutex"));
    SAY_HANDLE(OpenSemaphoreA(SYNCHRONIZE, FALSE, "waits-mutex"));
    SAY_HANDLE(OpenEventA(SYNCHRONIZE, FALSE, "waits-nothing"));
    SAY_HANDLE(OpenEventA(SYNCHRONIZE, FALSE, NULL));
    SAY_WAIT(WaitForSingleObject(mutex, 0));
    SAY_BOOL(ReleaseMutex(mutex));
    SAY_BOOL(ReleaseMutex(mutex));
    SAY_BOOL(ReleaseMutex(mutex));
    SAY_BOOL(ReleaseSemaphore(semaphore, 1, &previous));
    say("previous %d", (int)previous);
    SAY_BOOL(ReleaseSemaphore(semaphore, 1, &previous));
    SAY_BOOL(ReleaseSemaphore(semaphore, 0, &previous));
    SAY_WAIT(SignalObjectAndWait(mutex, semaphore, 0, FALSE));
    SAY_WAIT(SignalObjectAndWait(event, event, 0, FALSE));
    SAY_WAIT(SignalObjectAndWait(semaphore, semaphore, 0, FALSE));
    CloseHandle(mutex);
    CloseHandle(semaphore);
}

static void CALLBACK free_value(void *value)
{
    say("  fls callback %s", (const char *)value);
}

static DWORD WINAPI uses_slot(void *argument)
{
    DWORD slot = *(DWORD *)argument;

    SAY_BOOL(FlsSetValue(slot, "of the thread"));
    return 0;
}

static void slots(void)
{
    DWORD slot = FlsAlloc(free_value), plain = TlsAlloc();
    HANDLE thread = CreateThread(NULL, 0, uses_slot, &slot, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    SAY_POINTER(FlsGetValue(slot));
    SAY_BOOL(FlsSetValue(slot, "of main"));
    SAY_POINTER(FlsGetValue(slot));
    SAY_BOOL(FlsFree(slot));
    SAY_BOOL(FlsFree(slot));
    SAY_POINTER(TlsGetValue(plain));
    SAY_BOOL(TlsSetValue(plain, &slot));
    SAY_POINTER(TlsGetValue(plain));
    SAY_BOOL(TlsFree(plain));
    SAY_BOOL(TlsFree(plain));
}

static DWORD WINAPI never_begins(void *argument)
{
    (void)argument;
    say("this line must not be");
    return 1;
}

static void threads(void)
{
    DWORD id = 0, code = 0;
    HANDLE thread = CreateThread(NULL, 0, never_begins, NULL, CREATE_SUSPENDED, &id);

    SAY_NUMBER(SuspendThread(thread));
    SAY_NUMBER(ResumeThread(thread));
    SAY_BOOL(TerminateThread(thread, 42));
    SAY_WAIT(WaitForSingleObject(thread, INFINITE));
    SAY_BOOL(GetExitCodeThread(thread, &code));
    say("exit code %u", (unsigned)code);
    SAY_BOOL(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_ABOVE_NORMAL));
    SAY_NUMBER(GetThreadPriority(GetCurrentThread()));
    SAY_BOOL(GetThreadId(thread) == id);
    SAY_HANDLE(OpenThread(SYNCHRONIZE, FALSE, 3));
    CloseHandle(thread);
}

int wmain(void)
{
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    other = CreateEventW(NULL, FALSE, FALSE, NULL);
    gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    own_calls();
    calls_of_others();
    timers();
    handles();
    mutexes_and_semaphores();
    slots();
    threads();
    return 0;
}
