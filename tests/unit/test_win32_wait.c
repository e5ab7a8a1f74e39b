/* SPDX-License-Identifier: MIT */
/* Events, semaphores, mutexes and waits as the Windows documentation promises them
 * (Learn: "Synchronization Functions"). */
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu_types.h"

#define assert_error(code) assert_int_equal(GetLastError(), (code))

static DWORD state_of(HANDLE object)
{
    return WaitForSingleObject(object, 0);
}

static void auto_reset_event_lets_one_wait_through(void **state)
{
    HANDLE event = CreateEventW(NULL, FALSE, TRUE, NULL);

    (void)state;
    assert_int_equal(state_of(event), WAIT_OBJECT_0);
    assert_int_equal(state_of(event), WAIT_TIMEOUT);
    CloseHandle(event);
}

static void manual_reset_event_stays_until_reset(void **state)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    (void)state;
    assert_int_equal(state_of(event), WAIT_TIMEOUT);
    assert_true(SetEvent(event));
    assert_int_equal(state_of(event), WAIT_OBJECT_0);
    assert_int_equal(state_of(event), WAIT_OBJECT_0);
    assert_true(ResetEvent(event));
    assert_int_equal(state_of(event), WAIT_TIMEOUT);
    CloseHandle(event);
}

static void closed_handle_is_invalid(void **state)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    (void)state;
    assert_true(CloseHandle(event));
    assert_false(CloseHandle(event));
    assert_error(ERROR_INVALID_HANDLE);
    assert_false(SetEvent(event));
    assert_error(ERROR_INVALID_HANDLE);
    assert_int_equal(state_of(event), WAIT_FAILED);
    assert_false(SetEvent(NULL));
    assert_false(SetEvent((HANDLE)(uintptr_t)0x7FFFFFF4));
    assert_error(ERROR_INVALID_HANDLE);
}

static void handle_of_another_kind_is_invalid(void **state)
{
    HANDLE semaphore = CreateSemaphoreW(NULL, 0, 1, NULL);

    (void)state;
    assert_false(SetEvent(semaphore));
    assert_error(ERROR_INVALID_HANDLE);
    CloseHandle(semaphore);
}

static void name_opens_the_same_event(void **state)
{
    HANDLE first = CreateEventW(NULL, TRUE, FALSE, L"Global\\test-win32-event");
    assert_error(ERROR_SUCCESS);
    HANDLE second = CreateEventA(NULL, FALSE, TRUE, "Global\\test-win32-event");

    (void)state;
    assert_error(ERROR_ALREADY_EXISTS);
    assert_int_equal(state_of(second), WAIT_TIMEOUT); /* the first one's state stays */
    SetEvent(first);
    assert_int_equal(state_of(second), WAIT_OBJECT_0);
    CloseHandle(first);
    CloseHandle(second);
    assert_null(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"Global\\test-win32-event"));
    assert_error(ERROR_FILE_NOT_FOUND);
}

static void names_are_shared_by_all_kinds(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, L"test-win32-kind");

    (void)state;
    assert_null(CreateMutexW(NULL, FALSE, L"test-win32-kind"));
    assert_error(ERROR_INVALID_HANDLE);
    assert_null(OpenMutexW(SYNCHRONIZE, FALSE, L"Local\\test-win32-kind"));
    assert_error(ERROR_INVALID_HANDLE);
    assert_null(CreateEventW(NULL, TRUE, FALSE, L"no\\such\\space"));
    assert_error(ERROR_PATH_NOT_FOUND);
    CloseHandle(event);
}

static void opened_handle_has_only_the_access_it_asked_for(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, L"test-win32-access");
    HANDLE waiting = OpenEventW(SYNCHRONIZE, FALSE, L"test-win32-access");
    HANDLE setting = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"test-win32-access");

    (void)state;
    assert_false(SetEvent(waiting));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(SetEvent(setting));
    assert_int_equal(state_of(setting), WAIT_FAILED);
    assert_error(ERROR_ACCESS_DENIED);
    assert_int_equal(state_of(waiting), WAIT_OBJECT_0);
    CloseHandle(event);
    CloseHandle(waiting);
    CloseHandle(setting);
}

static void duplicate_lives_on_after_the_original(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL), copy = NULL;
    DWORD flags = 0;

    (void)state;
    assert_true(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, TRUE,
                                DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    assert_int_equal(state_of(copy), WAIT_OBJECT_0);
    assert_true(GetHandleInformation(copy, &flags));
    assert_int_equal(flags, HANDLE_FLAG_INHERIT);
    assert_true(
        SetHandleInformation(copy, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    assert_false(CloseHandle(copy));
    assert_true(SetHandleInformation(copy, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    assert_true(CloseHandle(copy));
}

static void semaphore_counts_and_refuses_too_many(void **state)
{
    HANDLE semaphore = CreateSemaphoreW(NULL, 1, 2, NULL);
    LONG previous = -1;

    (void)state;
    assert_int_equal(state_of(semaphore), WAIT_OBJECT_0);
    assert_int_equal(state_of(semaphore), WAIT_TIMEOUT);
    assert_true(ReleaseSemaphore(semaphore, 2, &previous));
    assert_int_equal(previous, 0);
    assert_false(ReleaseSemaphore(semaphore, 1, NULL));
    assert_error(ERROR_TOO_MANY_POSTS);
    assert_false(ReleaseSemaphore(semaphore, 0, NULL));
    assert_error(ERROR_INVALID_PARAMETER);
    assert_null(CreateSemaphoreW(NULL, 3, 2, NULL));
    assert_error(ERROR_INVALID_PARAMETER);
    CloseHandle(semaphore);
}

static DWORD WINAPI take_and_end(void *mutex)
{
    return WaitForSingleObject(mutex, INFINITE);
}

static void mutex_of_an_ended_thread_is_abandoned(void **state)
{
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, take_and_end, mutex, 0, NULL);

    (void)state;
    assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(state_of(mutex), WAIT_ABANDONED);
    assert_int_equal(state_of(mutex), WAIT_OBJECT_0); /* recursive, and no longer abandoned */
    assert_true(ReleaseMutex(mutex));
    assert_true(ReleaseMutex(mutex));
    assert_false(ReleaseMutex(mutex));
    assert_error(ERROR_NOT_OWNER);
    CloseHandle(thread);
    CloseHandle(mutex);
}

static void wait_for_any_takes_the_lowest_only(void **state)
{
    HANDLE events[] = {
        CreateEventW(NULL, FALSE, FALSE, NULL),
        CreateEventW(NULL, FALSE, TRUE, NULL),
        CreateEventW(NULL, FALSE, TRUE, NULL),
    };

    (void)state;
    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + 2);
    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, 1), WAIT_TIMEOUT);
    for (int i = 0; i < 3; i++)
        CloseHandle(events[i]);
}

static void wait_for_all_takes_nothing_unless_it_can_take_all(void **state)
{
    HANDLE events[] = {
        CreateEventW(NULL, FALSE, TRUE, NULL),
        CreateEventW(NULL, FALSE, FALSE, NULL),
    };

    (void)state;
    assert_int_equal(WaitForMultipleObjects(2, events, TRUE, 1), WAIT_TIMEOUT);
    assert_int_equal(state_of(events[0]), WAIT_OBJECT_0);
    SetEvent(events[0]);
    SetEvent(events[1]);
    assert_int_equal(WaitForMultipleObjects(2, events, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(state_of(events[0]), WAIT_TIMEOUT);
    assert_int_equal(state_of(events[1]), WAIT_TIMEOUT);
    CloseHandle(events[0]);
    CloseHandle(events[1]);
}

static void wait_for_multiple_checks_its_arguments(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);
    HANDLE twice[] = { event, event }, many[MAXIMUM_WAIT_OBJECTS + 1];

    (void)state;
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        many[i] = event;
    assert_int_equal(WaitForMultipleObjects(2, twice, TRUE, 0), WAIT_FAILED);
    assert_error(ERROR_INVALID_PARAMETER);
    assert_int_equal(WaitForMultipleObjects(2, twice, FALSE, 0), WAIT_OBJECT_0);
    assert_int_equal(WaitForMultipleObjects(0, twice, FALSE, 0), WAIT_FAILED);
    assert_int_equal(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, many, FALSE, 0), WAIT_FAILED);
    assert_error(ERROR_INVALID_PARAMETER);
    CloseHandle(event);
}

struct ping {
    HANDLE there, back;
    unsigned n;
};

#define N_PINGS 500

static DWORD WINAPI answer_pings(void *argument)
{
    struct ping *ping = argument;

    for (unsigned i = 0; i < N_PINGS; i++) {
        WaitForSingleObject(ping->there, INFINITE);
        ping->n++;
        SetEvent(ping->back);
    }
    return 0;
}

/* The setter waits for its own event at once: with "wake and try again" it would take the signal
 * back from the thread that it was for, and the exchange would stop. */
static void setter_cannot_take_its_signal_back(void **state)
{
    struct ping ping = { CreateEventW(NULL, FALSE, FALSE, NULL),
                         CreateEventW(NULL, FALSE, FALSE, NULL), 0 };
    HANDLE thread = CreateThread(NULL, 0, answer_pings, &ping, 0, NULL);

    (void)state;
    for (unsigned i = 0; i < N_PINGS; i++) {
        SetEvent(ping.there);
        assert_int_equal(WaitForSingleObject(ping.back, INFINITE), WAIT_OBJECT_0);
    }
    assert_int_equal(ping.n, N_PINGS);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(ping.there);
    CloseHandle(ping.back);
}

struct blocked {
    HANDLE ready, event;
    DWORD result;
};

static DWORD WINAPI wait_for_event(void *argument)
{
    struct blocked *blocked = argument;

    /* Ready is handed over in the same step in which the wait for the event begins. */
    blocked->result = SignalObjectAndWait(blocked->ready, blocked->event, INFINITE, FALSE);
    return 0;
}

static void blocked_waiter_gets_the_signal_before_the_setter_can(void **state)
{
    struct blocked blocked = { CreateEventW(NULL, FALSE, FALSE, NULL),
                               CreateEventW(NULL, FALSE, FALSE, NULL), 99 };

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        HANDLE thread = CreateThread(NULL, 0, wait_for_event, &blocked, 0, NULL);
        WaitForSingleObject(blocked.ready, INFINITE);
        SetEvent(blocked.event);
        assert_int_equal(state_of(blocked.event), WAIT_TIMEOUT);
        WaitForSingleObject(thread, INFINITE);
        assert_int_equal(blocked.result, WAIT_OBJECT_0);
        CloseHandle(thread);
    }
    CloseHandle(blocked.ready);
    CloseHandle(blocked.event);
}

static void pulse_reaches_who_waits_and_nobody_else(void **state)
{
    struct blocked blocked = { CreateEventW(NULL, FALSE, FALSE, NULL),
                               CreateEventW(NULL, TRUE, FALSE, NULL), 99 };
    HANDLE thread = CreateThread(NULL, 0, wait_for_event, &blocked, 0, NULL);

    (void)state;
    WaitForSingleObject(blocked.ready, INFINITE);
    assert_true(PulseEvent(blocked.event));
    assert_int_equal(state_of(blocked.event), WAIT_TIMEOUT);
    WaitForSingleObject(thread, INFINITE);
    assert_int_equal(blocked.result, WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(blocked.ready);
    CloseHandle(blocked.event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_reset_event_lets_one_wait_through),
        cmocka_unit_test(manual_reset_event_stays_until_reset),
        cmocka_unit_test(closed_handle_is_invalid),
        cmocka_unit_test(handle_of_another_kind_is_invalid),
        cmocka_unit_test(name_opens_the_same_event),
        cmocka_unit_test(names_are_shared_by_all_kinds),
        cmocka_unit_test(opened_handle_has_only_the_access_it_asked_for),
        cmocka_unit_test(duplicate_lives_on_after_the_original),
        cmocka_unit_test(semaphore_counts_and_refuses_too_many),
        cmocka_unit_test(mutex_of_an_ended_thread_is_abandoned),
        cmocka_unit_test(wait_for_any_takes_the_lowest_only),
        cmocka_unit_test(wait_for_all_takes_nothing_unless_it_can_take_all),
        cmocka_unit_test(wait_for_multiple_checks_its_arguments),
        cmocka_unit_test(setter_cannot_take_its_signal_back),
        cmocka_unit_test(blocked_waiter_gets_the_signal_before_the_setter_can),
        cmocka_unit_test(pulse_reaches_who_waits_and_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
