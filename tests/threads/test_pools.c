/* SPDX-License-Identifier: MIT */
/* Thread pools, timers, waits and asynchronous calls on the real clock, many at once: what counts
 * must count right, and with ThreadSanitizer (ci/check tsan) nothing races. */
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu_types.h"
#include "emu/port/world.h"
#include "fakes/windows/pool/pool.h"

#define N_ROUNDS 200

static LONG n_calls; /* changed by InterlockedIncrement alone */

static void CALLBACK count_work(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK work)
{
    (void)instance;
    (void)context;
    (void)work;
    InterlockedIncrement(&n_calls);
}

static void work_is_called_as_often_as_it_is_submitted(void **state)
{
    PTP_WORK work = CreateThreadpoolWork(count_work, NULL, NULL);

    (void)state;
    InterlockedExchange(&n_calls, 0);
    for (int i = 0; i < N_ROUNDS; i++)
        SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    assert_int_equal(InterlockedExchange(&n_calls, 0), N_ROUNDS);
    CloseThreadpoolWork(work);
}

static void CALLBACK count_timer(void *context, BOOLEAN fired)
{
    (void)fired;
    InterlockedIncrement(&n_calls);
    SetEvent((HANDLE)context);
}

/* Deleted while they ring: after the deletion with INVALID_HANDLE_VALUE nothing is called. */
static void deleted_timer_is_silent(void **state)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE queue = CreateTimerQueue();

    (void)state;
    for (int i = 0; i < 20; i++) {
        HANDLE timer;
        assert_true(CreateTimerQueueTimer(&timer, queue, count_timer, event, 0, 1, 0));
        WaitForSingleObject(event, INFINITE);
        assert_true(DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE));
        ResetEvent(event);
        assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    }
    assert_true(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
    CloseHandle(event);
}

static void CALLBACK pass_on(void *context, BOOLEAN timed_out)
{
    (void)timed_out;
    InterlockedIncrement(&n_calls);
    SetEvent((HANDLE)context);
}

static void registered_wait_takes_each_signal(void **state)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE done = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE wait;

    (void)state;
    InterlockedExchange(&n_calls, 0);
    assert_true(RegisterWaitForSingleObject(&wait, event, pass_on, done, INFINITE, 0));
    for (int i = 0; i < N_ROUNDS; i++) {
        SetEvent(event);
        WaitForSingleObject(done, INFINITE);
    }
    assert_true(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    assert_int_equal(InterlockedExchange(&n_calls, 0), N_ROUNDS);
    CloseHandle(event);
    CloseHandle(done);
}

static void CALLBACK count_apc(ULONG_PTR data)
{
    InterlockedExchangeAdd(&n_calls, (LONG)data);
}

static DWORD WINAPI queue_to(void *thread)
{
    for (int i = 0; i < N_ROUNDS; i++)
        QueueUserAPC(count_apc, thread, 1);
    return 0;
}

static void calls_of_many_threads_all_come(void **state)
{
    HANDLE self = OpenThread(THREAD_SET_CONTEXT, FALSE, GetCurrentThreadId()), threads[4];

    (void)state;
    InterlockedExchange(&n_calls, 0);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, queue_to, self, 0, NULL);
    while (WaitForMultipleObjectsEx(4, threads, TRUE, INFINITE, TRUE) == WAIT_IO_COMPLETION)
        ;
    while (SleepEx(0, TRUE) == WAIT_IO_COMPLETION)
        ;
    assert_int_equal(InterlockedExchange(&n_calls, 0), 4 * N_ROUNDS);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CloseHandle(self);
}

static void CALLBACK count_simple(PTP_CALLBACK_INSTANCE instance, void *context)
{
    (void)instance;
    (void)context;
    InterlockedIncrement(&n_calls);
}

static void group_waits_for_its_members(void **state)
{
    TP_CALLBACK_ENVIRON_V3 environment = { .Version = 3,
                                           .CallbackPriority = TP_CALLBACK_PRIORITY_LOW };
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();

    (void)state;
    environment.Pool = pool;
    environment.CleanupGroup = group;
    InterlockedExchange(&n_calls, 0);
    for (int i = 0; i < N_ROUNDS; i++)
        assert_true(
            TrySubmitThreadpoolCallback(count_simple, NULL, (PTP_CALLBACK_ENVIRON)&environment));
    CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
    assert_int_equal(InterlockedExchange(&n_calls, 0), N_ROUNDS);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
}

static void threads_of_a_world_end_with_it(void **state)
{
    (void)state;
    pools_end_world(world_current()->serial);
    InterlockedExchange(&n_calls, 0);
    work_is_called_as_often_as_it_is_submitted(state); /* a new one begins */
    pools_end_world(world_current()->serial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_called_as_often_as_it_is_submitted),
        cmocka_unit_test(deleted_timer_is_silent),
        cmocka_unit_test(registered_wait_takes_each_signal),
        cmocka_unit_test(calls_of_many_threads_all_come),
        cmocka_unit_test(group_waits_for_its_members),
        cmocka_unit_test(threads_of_a_world_end_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
