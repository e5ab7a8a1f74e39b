/* SPDX-License-Identifier: MIT */
/* Waits, asynchronous procedure calls, waitable timers and slots, one line a call. The same source
 * runs under Wine: what both print must be equal, so no line depends on which of two threads is
 * faster. */
#include <stdio.h>
#include <windows.h>

#define SHOW(call)                                                    \
    do {                                                              \
        SetLastError(0);                                              \
        unsigned result_ = (unsigned)(call);                          \
        printf("%s: %u, error %u\n", #call, result_, GetLastError()); \
    } while (0)
#define SHOW_OK(call)                                                               \
    do {                                                                            \
        SetLastError(0);                                                            \
        int is_ok_ = !!(call);                                                      \
        printf("%s: %s, error %u\n", #call, is_ok_ ? "yes" : "no", GetLastError()); \
    } while (0)

static HANDLE event, other, gate;

static void CALLBACK say_apc(ULONG_PTR data)
{
    printf("  apc %u\n", (unsigned)data);
}

static void CALLBACK queue_another(ULONG_PTR data)
{
    printf("  apc %u queues another\n", (unsigned)data);
    QueueUserAPC(say_apc, GetCurrentThread(), data + 1);
}

static void own_calls(void)
{
    SHOW(QueueUserAPC(say_apc, GetCurrentThread(), 1));
    SHOW(QueueUserAPC(say_apc, GetCurrentThread(), 2));
    SHOW(SleepEx(0, FALSE));
    SHOW(WaitForSingleObject(event, 0));
    SHOW(SleepEx(0, TRUE));
    SHOW(SleepEx(0, TRUE));
    QueueUserAPC(queue_another, GetCurrentThread(), 3);
    SHOW(SleepEx(INFINITE, TRUE));
    QueueUserAPC(say_apc, GetCurrentThread(), 5);
    SetEvent(event);
    SHOW(WaitForSingleObjectEx(event, 0, TRUE)); /* signaled: that comes first */
    SHOW(WaitForSingleObjectEx(event, INFINITE, TRUE));
    SHOW(QueueUserAPC(say_apc, event, 0));
}

static DWORD WINAPI sleeper(void *argument)
{
    (void)argument;
    printf("sleeper begins\n");
    SetEvent(gate);
    DWORD result = WaitForSingleObjectEx(other, INFINITE, TRUE);
    printf("sleeper: %u\n", (unsigned)result);
    return 7;
}

static void calls_of_others(void)
{
    DWORD code = 0;
    HANDLE thread = CreateThread(NULL, 0, sleeper, NULL, CREATE_SUSPENDED, NULL);

    SHOW(QueueUserAPC(say_apc, thread, 10));
    ResumeThread(thread);
    WaitForSingleObject(gate, INFINITE);
    QueueUserAPC(say_apc, thread, 11);
    SHOW(WaitForSingleObject(thread, INFINITE));
    SHOW_OK(GetExitCodeThread(thread, &code));
    printf("exit code %u\n", (unsigned)code);
    SHOW_OK(QueueUserAPC(say_apc, thread, 12));
    CloseHandle(thread);
}

static void CALLBACK say_timer(void *argument, DWORD low, DWORD high)
{
    printf("  timer %s, a time: %s\n", (const char *)argument, low || high ? "yes" : "no");
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

    SHOW_OK(CreateWaitableTimerA(NULL, TRUE, "waits-timer"));
    SHOW_OK(OpenWaitableTimerW(SYNCHRONIZE, FALSE, L"waits-no-timer"));
    SHOW_OK(CreateEventA(NULL, TRUE, FALSE, "waits-timer"));
    SHOW(WaitForSingleObject(manual, 0));
    SHOW_OK(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    SHOW(WaitForSingleObject(manual, 0));
    SHOW(WaitForSingleObject(manual, INFINITE));
    SHOW(WaitForSingleObject(manual, 0));
    SHOW_OK(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    SHOW(WaitForSingleObject(manual, 0));
    SHOW_OK(CancelWaitableTimer(manual));
    SHOW(WaitForSingleObject(manual, 50));

    due.QuadPart = 1; /* the year 1601: long ago */
    SHOW_OK(SetWaitableTimer(automatic, &due, 0, NULL, NULL, FALSE));
    SHOW(WaitForSingleObject(automatic, INFINITE));
    SHOW(WaitForSingleObject(automatic, 0));
    due = in_ms(10);
    SHOW_OK(SetWaitableTimer(automatic, &due, 10, NULL, NULL, FALSE));
    for (int i = 0; i < 3; i++)
        SHOW(WaitForSingleObject(automatic, INFINITE));
    SHOW_OK(CancelWaitableTimer(automatic));

    due = in_ms(20);
    SHOW_OK(SetWaitableTimer(automatic, &due, 0, say_timer, "once", FALSE));
    SHOW(SleepEx(INFINITE, TRUE));
    SHOW(WaitForSingleObject(automatic, 0));
    SHOW_OK(SetWaitableTimer(automatic, &due, 20, say_timer, "twice", FALSE));
    SHOW(SleepEx(INFINITE, TRUE));
    SHOW(SleepEx(INFINITE, TRUE));
    SHOW_OK(CancelWaitableTimer(automatic));
    SHOW(SleepEx(60, TRUE));
    SHOW_OK(SetWaitableTimer(automatic, &due, -1, NULL, NULL, FALSE));
    SHOW_OK(SetWaitableTimer(event, &due, 0, NULL, NULL, FALSE));
    SHOW_OK(CancelWaitableTimer(event));

    HANDLE both[] = { manual, automatic };
    due = in_ms(10);
    SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE);
    due = in_ms(30);
    SetWaitableTimer(automatic, &due, 0, NULL, NULL, FALSE);
    SHOW(WaitForMultipleObjects(2, both, FALSE, INFINITE));
    SHOW(WaitForMultipleObjects(2, both, TRUE, INFINITE));
    SHOW(WaitForMultipleObjects(2, both, TRUE, 0));
    CloseHandle(manual);
    CloseHandle(automatic);
}

static void handles(void)
{
    HANDLE copy = NULL, weak = NULL;
    DWORD flags = 99;

    SHOW_OK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, TRUE,
                            DUPLICATE_SAME_ACCESS));
    SHOW_OK(GetHandleInformation(copy, &flags));
    printf("flags %u\n", (unsigned)flags);
    SHOW_OK(SetHandleInformation(copy, HANDLE_FLAG_INHERIT, 0));
    SHOW_OK(GetHandleInformation(copy, &flags));
    printf("flags %u\n", (unsigned)flags);
    SHOW_OK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &weak, SYNCHRONIZE,
                            FALSE, 0));
    SHOW_OK(SetEvent(weak));
    SHOW_OK(ResetEvent(weak));
    SHOW(WaitForSingleObject(weak, 0));
    SHOW_OK(DuplicateHandle(GetCurrentProcess(), copy, GetCurrentProcess(), &copy,
                            EVENT_MODIFY_STATE, FALSE, DUPLICATE_CLOSE_SOURCE));
    SHOW_OK(SetEvent(copy));
    SHOW(WaitForSingleObject(copy, 0));
    SHOW(WaitForSingleObject(weak, 0));
    SHOW_OK(CloseHandle(copy));
    SHOW_OK(CloseHandle(weak));
    SHOW_OK(DuplicateHandle(GetCurrentProcess(), (HANDLE)0x12344, GetCurrentProcess(), &copy, 0,
                            FALSE, DUPLICATE_SAME_ACCESS));
    SHOW_OK(CloseHandle(NULL));
    SHOW_OK(CloseHandle((HANDLE)0x12344));
    SHOW_OK(CloseHandle(GetCurrentThread()));
    SHOW(WaitForSingleObject(NULL, 0));
    SHOW(WaitForMultipleObjects(0, &event, FALSE, 0));
    SHOW(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, &event, FALSE, 0));
    HANDLE twice[] = { event, event };
    SHOW(WaitForMultipleObjects(2, twice, TRUE, 0));
    SHOW(WaitForMultipleObjects(2, twice, FALSE, 0));
}

static void mutexes_and_semaphores(void)
{
    LONG previous = 99;
    HANDLE mutex =
        CreateMutexExW(NULL, L"waits-mutex", CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
    HANDLE semaphore = CreateSemaphoreExA(NULL, 1, 2, NULL, 0, SEMAPHORE_ALL_ACCESS);

    SHOW_OK(CreateMutexA(NULL, FALSE, "Local\\waits-mutex"));
    SHOW_OK(OpenMutexA(SYNCHRONIZE, FALSE, "waits-mutex"));
    SHOW_OK(OpenSemaphoreA(SYNCHRONIZE, FALSE, "waits-mutex"));
    SHOW_OK(OpenEventA(SYNCHRONIZE, FALSE, "waits-nothing"));
    SHOW_OK(OpenEventA(SYNCHRONIZE, FALSE, NULL));
    SHOW(WaitForSingleObject(mutex, 0));
    SHOW_OK(ReleaseMutex(mutex));
    SHOW_OK(ReleaseMutex(mutex));
    SHOW_OK(ReleaseMutex(mutex));
    SHOW_OK(ReleaseSemaphore(semaphore, 1, &previous));
    printf("previous %d\n", (int)previous);
    SHOW_OK(ReleaseSemaphore(semaphore, 1, &previous));
    SHOW_OK(ReleaseSemaphore(semaphore, 0, &previous));
    SHOW(SignalObjectAndWait(mutex, semaphore, 0, FALSE));
    SHOW(SignalObjectAndWait(event, event, 0, FALSE));
    SHOW(SignalObjectAndWait(semaphore, semaphore, 0, FALSE));
    CloseHandle(mutex);
    CloseHandle(semaphore);
}

static void CALLBACK free_value(void *value)
{
    printf("  fls callback %s\n", (const char *)value);
}

static DWORD WINAPI uses_slot(void *argument)
{
    DWORD slot = *(DWORD *)argument;

    SHOW_OK(FlsSetValue(slot, "of the thread"));
    return 0;
}

static void slots(void)
{
    DWORD slot = FlsAlloc(free_value), plain = TlsAlloc();
    HANDLE thread = CreateThread(NULL, 0, uses_slot, &slot, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    SHOW_OK(FlsGetValue(slot));
    SHOW_OK(FlsSetValue(slot, "of main"));
    SHOW_OK(FlsGetValue(slot));
    SHOW_OK(FlsFree(slot));
    SHOW_OK(FlsFree(slot));
    SHOW_OK(TlsGetValue(plain));
    SHOW_OK(TlsSetValue(plain, &slot));
    SHOW_OK(TlsGetValue(plain));
    SHOW_OK(TlsFree(plain));
    SHOW_OK(TlsFree(plain));
}

static DWORD WINAPI never_begins(void *argument)
{
    (void)argument;
    printf("this line must not be\n");
    return 1;
}

static void threads(void)
{
    DWORD id = 0, code = 0;
    HANDLE thread = CreateThread(NULL, 0, never_begins, NULL, CREATE_SUSPENDED, &id);

    SHOW(SuspendThread(thread));
    SHOW(ResumeThread(thread));
    SHOW_OK(TerminateThread(thread, 42));
    SHOW(WaitForSingleObject(thread, INFINITE));
    SHOW_OK(GetExitCodeThread(thread, &code));
    printf("exit code %u\n", (unsigned)code);
    SHOW_OK(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_ABOVE_NORMAL));
    SHOW(GetThreadPriority(GetCurrentThread()));
    SHOW_OK(GetThreadId(thread) == id);
    SHOW_OK(OpenThread(SYNCHRONIZE, FALSE, 3));
    CloseHandle(thread);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
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
