/* SPDX-License-Identifier: MIT */
/* Timers that send signals or start threads, on a virtual clock. POSIX pages of the functions'
 * names. */
#include "tests/unit/signal_stage.h"

#include <sys/time.h>

static timer_t made(int notify, int number)
{
    struct sigevent event = { .sigev_notify = notify, .sigev_signo = number };
    timer_t timer;

    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    return timer;
}

static void set(timer_t timer, time_t first, time_t interval)
{
    struct itimerspec wish = { .it_value.tv_sec = first, .it_interval.tv_sec = interval };

    assert_int_equal(timer_settime(timer, 0, &wish, NULL), 0);
}

/* ---- the alarm of the process ---- */

static void an_alarm_ends_a_sleep_and_what_is_left_is_told(void **state)
{
    (void)state;
    assert_int_equal(alarm(3600), 0);
    assert_in_range(sleep(10000), 6399, 6400);
    assert_int_equal(n_handled, 1);
    assert_int_equal(handled_at, 3600);
    assert_int_equal(sleep(100000), 0); /* it was the only one */
    assert_int_equal(n_handled, 1);

    struct timespec length = { .tv_sec = 100 }, left = { 0 };
    alarm(30);
    assert_int_equal(nanosleep(&length, &left), -1);
    assert_int_equal(errno, EINTR);
    assert_in_range(left.tv_sec, 69, 70);
    alarm(30);
    assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL), EINTR);
    ualarm(500000, 0);
    assert_int_equal(usleep(900000), -1);
    assert_int_equal(errno, EINTR);
}

static void an_alarm_says_what_was_left_and_is_taken_back(void **state)
{
    (void)state;
    alarm(100);
    sleep(40);
    assert_int_equal(alarm(200), 60);
    assert_int_equal(alarm(0), 200);
    assert_int_equal(sleep(1000), 0);
    assert_int_equal(n_handled, 0);
}

static void an_interval_timer_comes_again_and_again(void **state)
{
    struct itimerval wish = { { 2, 0 }, { 3, 0 } }, now;

    (void)state;
    assert_int_equal(setitimer(ITIMER_REAL, &wish, NULL), 0);
    assert_int_equal(getitimer(ITIMER_REAL, &now), 0);
    assert_int_equal(now.it_interval.tv_sec, 2);
    assert_in_range(now.it_value.tv_sec, 2, 3);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(pause(), -1);
        assert_int_equal(errno, EINTR);
        assert_int_equal(seconds(), 3 + 2 * i);
    }
    wish = (struct itimerval){ 0 };
    assert_int_equal(setitimer(ITIMER_REAL, &wish, &now), 0);
    assert_int_equal(now.it_interval.tv_sec, 2);
    assert_in_range(now.it_value.tv_sec, 1, 2);
    assert_int_equal(sleep(10), 0);
    assert_int_equal(n_handled, 5);
    wish.it_value.tv_usec = 1000000;
    assert_int_equal(setitimer(ITIMER_REAL, &wish, NULL), -1);
    assert_int_equal(errno, EINVAL);
}

/* ---- timers of POSIX ---- */

static void a_timer_is_absolute_told_and_deleted(void **state)
{
    timer_t timer = made(SIGEV_SIGNAL, SIGUSR1);
    struct itimerspec wish = { 0 }, old;
    struct timespec now;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &now);
    wish.it_value = (struct timespec){ .tv_sec = now.tv_sec + 50 };
    assert_int_equal(timer_settime(timer, TIMER_ABSTIME, &wish, NULL), 0);
    assert_int_equal(timer_gettime(timer, &old), 0);
    assert_in_range(old.it_value.tv_sec, 48, 50);
    assert_true(sleep(100) > 0);
    assert_int_equal(handled_at, 50);
    assert_int_equal(timer_gettime(timer, &old), 0);
    assert_int_equal(old.it_value.tv_sec, 0);
    assert_int_equal(old.it_value.tv_nsec, 0);

    set(timer, 30, 0);
    wish = (struct itimerspec){ 0 };
    assert_int_equal(timer_settime(timer, 0, &wish, &old), 0);
    assert_in_range(old.it_value.tv_sec, 29, 30);
    assert_int_equal(sleep(100), 0);
    set(timer, 30, 0);
    assert_int_equal(timer_delete(timer), 0);
    assert_int_equal(sleep(100), 0);
    assert_int_equal(n_handled, 1);
}

static void a_timer_without_notice_only_shows_its_time(void **state)
{
    timer_t timer = made(SIGEV_NONE, 0);
    struct itimerspec left;

    (void)state;
    set(timer, 100, 10);
    sleep(125);
    assert_int_equal(timer_gettime(timer, &left), 0);
    assert_in_range(left.it_value.tv_sec, 4, 5);
    assert_int_equal(n_handled, 0);
    assert_int_equal(timer_delete(timer), 0);
}

static volatile int n_called;
static volatile int value_called;
static volatile bool was_blocked_there;

static void called(union sigval value)
{
    sigset_t now;

    pthread_sigmask(SIG_BLOCK, NULL, &now);
    was_blocked_there = sigismember(&now, SIGUSR1) == 1;
    value_called = value.sival_int;
    n_called++;
    sleep(25); /* each has a thread of its own: they overlap */
}

static void a_timer_starts_a_thread_each_time(void **state)
{
    struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 7 };
    timer_t timer;

    (void)state;
    n_called = 0;
    event.sigev_notify_function = called;
    assert_int_equal(timer_create(CLOCK_REALTIME, &event, &timer), 0);
    set(timer, 10, 10);
    assert_int_equal(sleep(35), 0);
    assert_int_equal(n_called, 3);
    assert_int_equal(value_called, 7);
    assert_true(was_blocked_there);
    assert_int_equal(timer_delete(timer), 0);
    sleep(100);
    assert_int_equal(n_called, 3);
}

static void *has_a_timer_of_its_own(void *arg)
{
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
    timer_t timer;

    event._sigev_un._tid = gettid();
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    set(timer, 10, 0);
    *(unsigned *)arg = sleep(100);
    timer_delete(timer);
    return NULL;
}

static void a_timer_s_signal_goes_to_the_thread_that_it_names(void **state)
{
    pthread_t thread;
    unsigned left = 0;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, has_a_timer_of_its_own, &left), 0);
    assert_int_equal(sleep(50), 0);
    assert_int_equal(handled_at, 10);
    assert_true(pthread_equal(handled_on, thread));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_in_range(left, 89, 90);
}

static void what_is_wrong_is_refused(void **state)
{
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 1000 };
    struct itimerspec wish = { .it_value.tv_nsec = 1000000000 };
    timer_t timer;

    (void)state;
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), -1);
    assert_int_equal(errno, EINVAL);
    event.sigev_notify = 77;
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), -1);
    assert_int_equal(errno, EINVAL);
    timer = made(SIGEV_SIGNAL, SIGUSR1);
    assert_int_equal(timer_settime(timer, 0, &wish, NULL), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(timer_delete(timer), 0);
}

static void expirations_of_a_blocked_signal_are_counted(void **state)
{
    timer_t timer = made(SIGEV_SIGNAL, SIGRTMIN + 1);
    sigset_t set_of = only(SIGRTMIN + 1);
    struct timespec none = { 0 };
    siginfo_t info;

    (void)state;
    mask(SIG_BLOCK, SIGRTMIN + 1);
    set(timer, 1, 1);
    struct timespec length = { 10, 500000000 };
    assert_int_equal(nanosleep(&length, NULL), 0);
    assert_int_equal(sigtimedwait(&set_of, &info, &none), SIGRTMIN + 1);
    assert_int_equal(info.si_code, SI_TIMER);
    assert_int_equal(info.si_overrun, 9);
    assert_int_equal(timer_getoverrun(timer), 9);
    assert_int_equal(sigtimedwait(&set_of, &info, &none), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(sigwaitinfo(&set_of, &info), SIGRTMIN + 1);
    assert_int_equal(seconds(), 11);
    assert_int_equal(timer_getoverrun(timer), 0);
    assert_int_equal(timer_delete(timer), 0);
    mask(SIG_UNBLOCK, SIGRTMIN + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_alarm_ends_a_sleep_and_what_is_left_is_told),
        T(an_alarm_says_what_was_left_and_is_taken_back),
        T(an_interval_timer_comes_again_and_again),
        T(a_timer_is_absolute_told_and_deleted),
        T(a_timer_without_notice_only_shows_its_time),
        T(a_timer_starts_a_thread_each_time),
        T(a_timer_s_signal_goes_to_the_thread_that_it_names),
        T(what_is_wrong_is_refused),
        T(expirations_of_a_blocked_signal_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
