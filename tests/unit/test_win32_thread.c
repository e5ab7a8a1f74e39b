/* SPDX-License-Identifier: MIT */
/* Threads, thread-local slots and the locks that are no kernel objects. */
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu_types.h"

#include "fakes/windows/console.h"

#define assert_error(code) assert_int_equal(GetLastError(), (code))

static DWORD WINAPI answer_42(void *argument)
{
    (void)argument;
    return 42;
}

static void thread_is_signaled_with_its_exit_code(void **state)
{
    DWORD id = 0, code = 0;
    HANDLE thread = CreateThread(NULL, 0, answer_42, NULL, CREATE_SUSPENDED, &id);

    (void)state;
    assert_int_equal(GetThreadId(thread), id);
    assert_int_equal(id % 4, 0);
    assert_true(GetExitCodeThread(thread, &code));
    assert_int_equal(code, STILL_ACTIVE);
    assert_int_equal(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    assert_int_equal(ResumeThread(thread), 1);
    assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &code));
    assert_int_equal(code, 42);
    CloseHandle(thread);
}

static DWORD WINAPI leave_early(void *argument)
{
    (void)argument;
    ExitThread(7);
}

static void exit_thread_ends_it_with_a_code(void **state)
{
    HANDLE thread = CreateThread(NULL, 0, leave_early, NULL, 0, NULL);
    DWORD code = 0;

    (void)state;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    assert_int_equal(code, 7);
    CloseHandle(thread);
}

static DWORD WINAPI set_done(void *argument)
{
    SetEvent(argument);
    return 0;
}

static void thread_outlives_its_closed_handle(void **state)
{
    HANDLE done = CreateEventW(NULL, TRUE, FALSE, NULL);

    (void)state;
    CloseHandle(CreateThread(NULL, 0, set_done, done, 0, NULL));
    assert_int_equal(WaitForSingleObject(done, INFINITE), WAIT_OBJECT_0);
    CloseHandle(done);
}

static DWORD slot;

static DWORD WINAPI see_own_slot(void *argument)
{
    DWORD before = TlsGetValue(slot) == NULL;

    TlsSetValue(slot, argument);
    return before && TlsGetValue(slot) == argument;
}

static void each_thread_has_its_own_slots(void **state)
{
    DWORD code = 0;

    (void)state;
    slot = TlsAlloc();
    assert_int_not_equal(slot, TLS_OUT_OF_INDEXES);
    assert_true(TlsSetValue(slot, &slot));
    HANDLE thread = CreateThread(NULL, 0, see_own_slot, &code, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    assert_int_equal(code, TRUE);
    assert_ptr_equal(TlsGetValue(slot), &slot);
    assert_true(TlsFree(slot));
    assert_false(TlsFree(slot));
    assert_error(ERROR_INVALID_PARAMETER);
    CloseHandle(thread);
}

#define N_ADDITIONS 1000

struct counter {
    CRITICAL_SECTION section;
    SRWLOCK srw;
    unsigned in_section, in_srw;
};

static DWORD WINAPI count_up(void *argument)
{
    struct counter *counter = argument;

    for (unsigned i = 0; i < N_ADDITIONS; i++) {
        EnterCriticalSection(&counter->section);
        EnterCriticalSection(&counter->section);
        counter->in_section++;
        LeaveCriticalSection(&counter->section);
        LeaveCriticalSection(&counter->section);
        AcquireSRWLockExclusive(&counter->srw);
        counter->in_srw++;
        ReleaseSRWLockExclusive(&counter->srw);
    }
    return 0;
}

static void locks_let_one_thread_in_at_a_time(void **state)
{
    struct counter counter = { .srw = SRWLOCK_INIT };
    HANDLE threads[3];

    (void)state;
    InitializeCriticalSection(&counter.section);
    for (int i = 0; i < 3; i++)
        threads[i] = CreateThread(NULL, 0, count_up, &counter, 0, NULL);
    assert_int_equal(WaitForMultipleObjects(3, threads, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(counter.in_section, 3 * N_ADDITIONS);
    assert_int_equal(counter.in_srw, 3 * N_ADDITIONS);
    for (int i = 0; i < 3; i++)
        CloseHandle(threads[i]);
    DeleteCriticalSection(&counter.section);
}

static DWORD WINAPI try_section(void *argument)
{
    if (!TryEnterCriticalSection(argument))
        return FALSE;
    LeaveCriticalSection(argument);
    return TRUE;
}

static void critical_section_excludes_other_threads(void **state)
{
    CRITICAL_SECTION section;
    DWORD could_enter = TRUE;

    (void)state;
    InitializeCriticalSectionAndSpinCount(&section, 4000);
    EnterCriticalSection(&section);
    assert_true(TryEnterCriticalSection(&section));
    HANDLE thread = CreateThread(NULL, 0, try_section, &section, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &could_enter);
    assert_int_equal(could_enter, FALSE);
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    CloseHandle(thread);
    DeleteCriticalSection(&section);
}

static void srw_lock_is_shared_by_readers(void **state)
{
    SRWLOCK lock = SRWLOCK_INIT;

    (void)state;
    AcquireSRWLockShared(&lock);
    assert_true(TryAcquireSRWLockShared(&lock));
    assert_false(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    assert_true(TryAcquireSRWLockExclusive(&lock));
    assert_false(TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
}

struct baton {
    CRITICAL_SECTION section;
    CONDITION_VARIABLE changed;
    unsigned turn;
};

static DWORD WINAPI wait_for_turn(void *argument)
{
    struct baton *baton = argument;

    EnterCriticalSection(&baton->section);
    while (baton->turn != 1)
        SleepConditionVariableCS(&baton->changed, &baton->section, INFINITE);
    baton->turn = 2;
    WakeAllConditionVariable(&baton->changed);
    LeaveCriticalSection(&baton->section);
    return 0;
}

static void condition_variable_wakes_who_sleeps(void **state)
{
    struct baton baton = { .changed = CONDITION_VARIABLE_INIT };

    (void)state;
    InitializeCriticalSection(&baton.section);
    HANDLE thread = CreateThread(NULL, 0, wait_for_turn, &baton, 0, NULL);
    EnterCriticalSection(&baton.section);
    assert_false(SleepConditionVariableCS(&baton.changed, &baton.section, 0));
    assert_error(ERROR_TIMEOUT);
    baton.turn = 1;
    WakeConditionVariable(&baton.changed);
    while (baton.turn != 2)
        SleepConditionVariableCS(&baton.changed, &baton.section, INFINITE);
    LeaveCriticalSection(&baton.section);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    DeleteCriticalSection(&baton.section);
}

static unsigned n_initialised;

static BOOL WINAPI initialise(PINIT_ONCE once, PVOID parameter, PVOID *ret_context)
{
    (void)once;
    n_initialised++;
    *ret_context = &n_initialised;
    return parameter != NULL;
}

static void one_time_initialisation_happens_once_it_succeeds(void **state)
{
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    void *context = NULL;

    (void)state;
    assert_false(InitOnceExecuteOnce(&once, initialise, NULL, NULL));
    assert_true(InitOnceExecuteOnce(&once, initialise, &once, &context));
    assert_ptr_equal(context, &n_initialised);
    context = NULL;
    assert_true(InitOnceExecuteOnce(&once, initialise, &once, &context));
    assert_ptr_equal(context, &n_initialised);
    assert_int_equal(n_initialised, 2);
}

static DWORD seen[3], n_seen;

static BOOL WINAPI older_handler(DWORD type)
{
    seen[n_seen++] = type + 100;
    return TRUE;
}

static BOOL WINAPI newer_handler(DWORD type)
{
    seen[n_seen++] = type;
    return type == CTRL_CLOSE_EVENT;
}

static void control_handlers_run_newest_first_until_one_takes_it(void **state)
{
    (void)state;
    assert_false(console_send_control(CTRL_CLOSE_EVENT));
    SetConsoleCtrlHandler(older_handler, TRUE);
    SetConsoleCtrlHandler(newer_handler, TRUE);
    assert_true(console_send_control(CTRL_CLOSE_EVENT));
    assert_true(console_send_control(CTRL_BREAK_EVENT));
    assert_int_equal(n_seen, 3);
    assert_int_equal(seen[0], CTRL_CLOSE_EVENT);
    assert_int_equal(seen[1], CTRL_BREAK_EVENT);
    assert_int_equal(seen[2], CTRL_BREAK_EVENT + 100);
    assert_true(SetConsoleCtrlHandler(newer_handler, FALSE));
    assert_true(SetConsoleCtrlHandler(older_handler, FALSE));
    assert_false(SetConsoleCtrlHandler(older_handler, FALSE));
    assert_error(ERROR_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thread_is_signaled_with_its_exit_code),
        cmocka_unit_test(exit_thread_ends_it_with_a_code),
        cmocka_unit_test(thread_outlives_its_closed_handle),
        cmocka_unit_test(each_thread_has_its_own_slots),
        cmocka_unit_test(locks_let_one_thread_in_at_a_time),
        cmocka_unit_test(critical_section_excludes_other_threads),
        cmocka_unit_test(srw_lock_is_shared_by_readers),
        cmocka_unit_test(condition_variable_wakes_who_sleeps),
        cmocka_unit_test(one_time_initialisation_happens_once_it_succeeds),
        cmocka_unit_test(control_handlers_run_newest_first_until_one_takes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
