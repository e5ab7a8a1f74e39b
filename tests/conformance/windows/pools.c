/* SPDX-License-Identifier: MIT */
/* run: world */
/* Thread pools, timer queues, registered waits and the newer locks, one line a call; the same under
 * Wine. Callbacks count; main alone prints, when they have come. */
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0602 /* WaitOnAddress */
#include "say.h"

static volatile LONG n_calls, n_cancelled, n_timed_out;
static HANDLE called, gate;

static void CALLBACK count_work(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    (void)instance;
    (void)work;
    InterlockedExchangeAdd(&n_calls, *(LONG *)context);
}

static void CALLBACK blocks(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    (void)context;
    (void)work;
    SetEventWhenCallbackReturns(instance, called);
    InterlockedIncrement(&n_calls);
    WaitForSingleObject(gate, INFINITE);
}

static void CALLBACK count_simple(PTP_CALLBACK_INSTANCE instance, void *context)
{
    (void)instance;
    InterlockedIncrement(&n_calls);
    SetEvent((HANDLE)context);
}

static DWORD WINAPI count_item(void *context)
{
    InterlockedIncrement(&n_calls);
    SetEvent((HANDLE)context);
    return 0;
}

static void CALLBACK count_cancelled(void *object, void *cleanup)
{
    say("  cancelled, context %s, clean-up %s", object ? (const char *)object : "none",
        (const char *)cleanup);
    InterlockedIncrement(&n_cancelled);
}

static void work(void)
{
    LONG three = 3;
    PTP_WORK item = CreateThreadpoolWork(count_work, &three, NULL);

    for (int i = 0; i < 50; i++)
        SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    say("work: %d", (int)n_calls);
    CloseThreadpoolWork(item);
    SAY_BOOL(TrySubmitThreadpoolCallback(count_simple, called, NULL));
    WaitForSingleObject(called, INFINITE);
    SAY_BOOL(QueueUserWorkItem(count_item, called, WT_EXECUTEDEFAULT));
    WaitForSingleObject(called, INFINITE);
    say("calls: %d", (int)n_calls);
}

static void own_pool(void)
{
    TP_CALLBACK_ENVIRON environment;
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();

    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolCallbackCleanupGroup(&environment, group, count_cancelled);
    SetThreadpoolThreadMaximum(pool, 1);
    SAY_BOOL(SetThreadpoolThreadMinimum(pool, 1));
    n_calls = 0;
    PTP_WORK item = CreateThreadpoolWork(blocks, "of the work", &environment);
    SubmitThreadpoolWork(item);
    while (!n_calls)
        Sleep(1);
    SubmitThreadpoolWork(item);
    SubmitThreadpoolWork(item);
    SetEvent(gate);
    WaitForThreadpoolWorkCallbacks(item, TRUE);
    say("at most one of three had begun: %s", n_calls <= 3 && n_calls >= 1 ? "yes" : "no");
    ResetEvent(called);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, "of the group");
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
    DestroyThreadpoolEnvironment(&environment);
    say("cancelled: %d", (int)n_cancelled);
}

static void CALLBACK count_timer(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER timer)
{
    (void)instance;
    (void)timer;
    if (InterlockedIncrement(&n_calls) == 3)
        SetEvent((HANDLE)context);
}

static FILETIME in_ms(int ms)
{
    ULARGE_INTEGER due;
    FILETIME time;

    due.QuadPart = (ULONGLONG)(ms * -10000LL);
    time.dwLowDateTime = due.LowPart;
    time.dwHighDateTime = due.HighPart;
    return time;
}

static void timer(void)
{
    PTP_TIMER item = CreateThreadpoolTimer(count_timer, called, NULL);
    FILETIME due = in_ms(10);

    n_calls = 0;
    SAY_BOOL(IsThreadpoolTimerSet(item));
    SetThreadpoolTimer(item, &due, 10, 0);
    SAY_BOOL(IsThreadpoolTimerSet(item));
    WaitForSingleObject(called, INFINITE);
    SetThreadpoolTimer(item, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(item, TRUE);
    SAY_BOOL(IsThreadpoolTimerSet(item));
    LONG before = n_calls;
    Sleep(50);
    say("it stands: %s", before == n_calls ? "yes" : "no");
    due = in_ms(3600000);
    SetThreadpoolTimer(item, &due, 0, 0);
    WaitForThreadpoolTimerCallbacks(item, FALSE); /* nothing is queued */
    CloseThreadpoolTimer(item);
}

static void CALLBACK say_wait(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WAIT wait,
                              TP_WAIT_RESULT result)
{
    (void)instance;
    (void)wait;
    InterlockedIncrement(result == WAIT_TIMEOUT ? &n_timed_out : &n_calls);
    SetEvent((HANDLE)context);
}

static void wait(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    PTP_WAIT item = CreateThreadpoolWait(say_wait, called, NULL);
    FILETIME due = in_ms(20);

    n_calls = n_timed_out = 0;
    SetThreadpoolWait(item, event, NULL);
    SetEvent(event);
    WaitForSingleObject(called, INFINITE);
    SetEvent(event); /* the wait was made once */
    say("signaled: %d, the event is %s", (int)n_calls,
        WaitForSingleObject(event, 0) ? "not set" : "set");
    SetThreadpoolWait(item, event, &due);
    WaitForSingleObject(called, INFINITE);
    say("timed out: %d", (int)n_timed_out);
    SetThreadpoolWait(item, event, NULL);
    SetThreadpoolWait(item, NULL, NULL);
    WaitForThreadpoolWaitCallbacks(item, TRUE);
    SetEvent(event);
    say("taken back: the event is %s", WaitForSingleObject(event, 0) ? "not set" : "set");
    CloseThreadpoolWait(item);
    CloseHandle(event);
}

static void CALLBACK count_fired(void *context, BOOLEAN timed_out)
{
    InterlockedIncrement(timed_out ? &n_timed_out : &n_calls);
    SetEvent((HANDLE)context);
}

static volatile LONG is_through;

static void CALLBACK take_a_while(void *context, BOOLEAN timed_out)
{
    SetEvent((HANDLE)context);
    Sleep(30);
    InterlockedExchange(&is_through, 1);
    (void)timed_out;
}

/* INVALID_HANDLE_VALUE: who takes the wait back waits for the callback that runs. */
static void taken_back_while_it_runs(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), item = NULL;

    RegisterWaitForSingleObject(&item, event, take_a_while, called, INFINITE, WT_EXECUTEONLYONCE);
    SetEvent(event);
    WaitForSingleObject(called, INFINITE);
    SAY_BOOL(UnregisterWaitEx(item, INVALID_HANDLE_VALUE));
    say("the callback is through: %d", (int)is_through);
    CloseHandle(event);
}

static void registered(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), item = NULL;
    HANDLE done = CreateEventW(NULL, TRUE, FALSE, NULL);

    n_calls = n_timed_out = 0;
    SAY_BOOL(RegisterWaitForSingleObject(&item, event, count_fired, called, INFINITE, 0));
    for (int i = 0; i < 3; i++) {
        SetEvent(event);
        WaitForSingleObject(called, INFINITE);
    }
    SAY_BOOL(UnregisterWaitEx(item, INVALID_HANDLE_VALUE));
    SAY_BOOL(
        RegisterWaitForSingleObject(&item, event, count_fired, called, 10, WT_EXECUTEONLYONCE));
    WaitForSingleObject(called, INFINITE);
    SAY_BOOL(UnregisterWaitEx(item, INVALID_HANDLE_VALUE));
    SAY_BOOL(RegisterWaitForSingleObject(&item, event, count_fired, called, INFINITE, 0));
    SAY_BOOL(UnregisterWaitEx(item, done) || GetLastError() == ERROR_IO_PENDING);
    WaitForSingleObject(done, INFINITE);
    say("signaled %d, timed out %d", (int)n_calls, (int)n_timed_out);
    SAY_BOOL(UnregisterWait(NULL));
    CloseHandle(event);
    CloseHandle(done);
}

static void queues(void)
{
    HANDLE queue = CreateTimerQueue(), item = NULL, later = NULL;
    HANDLE done = CreateEventW(NULL, TRUE, FALSE, NULL);

    n_calls = n_timed_out = 0;
    SAY_BOOL(CreateTimerQueueTimer(&item, NULL, count_fired, called, 10, 0, WT_EXECUTEDEFAULT));
    WaitForSingleObject(called, INFINITE);
    SAY_BOOL(ChangeTimerQueueTimer(NULL, item, 0, 0)); /* has rung: nothing */
    SAY_BOOL(DeleteTimerQueueTimer(NULL, item, INVALID_HANDLE_VALUE));
    say("once: %d %d", (int)n_calls, (int)n_timed_out);
    SAY_BOOL(
        CreateTimerQueueTimer(&item, queue, count_fired, called, 5, 5, WT_EXECUTEINTIMERTHREAD));
    for (int i = 0; i < 3; i++)
        WaitForSingleObject(called, INFINITE);
    SAY_BOOL(DeleteTimerQueueTimer(queue, item, INVALID_HANDLE_VALUE));
    say("repeated: %s", n_timed_out >= 4 ? "yes" : "no");
    SAY_BOOL(CreateTimerQueueTimer(&later, queue, count_fired, called, 3600000, 0, 0));
    SAY_BOOL(ChangeTimerQueueTimer(queue, later, 5, 0));
    WaitForSingleObject(called, INFINITE);
    SAY_BOOL(CreateTimerQueueTimer(&later, queue, count_fired, called, 3600000, 0, 0));
    SAY_BOOL(DeleteTimerQueueTimer(queue, NULL, NULL));
    SAY_BOOL(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
    CloseHandle(done);
}

static BOOL CALLBACK make_once(PINIT_ONCE once, void *parameter, void **ret_context)
{
    (void)once;
    ++*(int *)parameter;
    *ret_context = (void *)16;
    return TRUE;
}

static volatile LONG address = 1;

static DWORD WINAPI change_address(void *argument)
{
    (void)argument;
    InterlockedExchange(&address, 2);
    WakeByAddressAll((void *)&address);
    return 0;
}

static void locks(void)
{
    SRWLOCK lock = SRWLOCK_INIT;
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    CONDITION_VARIABLE variable = CONDITION_VARIABLE_INIT;
    CRITICAL_SECTION section;
    int made = 0;
    void *context = NULL;
    LONG one = 1;

    SAY_BOOL(TryAcquireSRWLockShared(&lock));
    SAY_BOOL(TryAcquireSRWLockShared(&lock));
    SAY_BOOL(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    SAY_BOOL(TryAcquireSRWLockExclusive(&lock));
    SAY_BOOL(TryAcquireSRWLockShared(&lock));
    SAY_BOOL(SleepConditionVariableSRW(&variable, &lock, 5, 0));
    ReleaseSRWLockExclusive(&lock);
    InitializeCriticalSection(&section);
    SAY_BOOL(TryEnterCriticalSection(&section));
    SAY_BOOL(SleepConditionVariableCS(&variable, &section, 5));
    LeaveCriticalSection(&section);
    DeleteCriticalSection(&section);
    SAY_BOOL(InitOnceExecuteOnce(&once, make_once, &made, &context));
    SAY_BOOL(InitOnceExecuteOnce(&once, make_once, &made, &context));
    say("made %d, context %d", made, (int)(INT_PTR)context);
    HANDLE thread = CreateThread(NULL, 0, change_address, NULL, 0, NULL);
    while (address == 1)
        WaitOnAddress(&address, &one, sizeof(one), INFINITE);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    one = 2;
    SAY_BOOL(WaitOnAddress(&address, &one, sizeof(one), 5));
    SAY_BOOL(WaitOnAddress(&address, &one, 3, 5));
}

static void lists(void)
{
    static SLIST_HEADER __attribute__((aligned(16))) head;
    static struct {
        SLIST_ENTRY entry;
        int number;
    } __attribute__((aligned(16))) items[3];

    InitializeSListHead(&head);
    SAY_POINTER(InterlockedPopEntrySList(&head));
    for (int i = 0; i < 3; i++) {
        items[i].number = i;
        say("pushed on %s", InterlockedPushEntrySList(&head, &items[i].entry) ? "one" : "none");
    }
    say("depth %d", QueryDepthSList(&head));
    PSLIST_ENTRY first = InterlockedPopEntrySList(&head);
    say("popped %d", ((__typeof__(&items[0]))(void *)first)->number);
    SAY_POINTER(InterlockedFlushSList(&head));
    say("depth %d", QueryDepthSList(&head));
}

int wmain(void)
{
    called = CreateEventW(NULL, FALSE, FALSE, NULL);
    gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    work();
    own_pool();
    timer();
    wait();
    registered();
    taken_back_while_it_runs();
    queues();
    locks();
    lists();
    return 0;
}
