/* SPDX-License-Identifier: MIT */
/* Who waits when a signal comes, and for signals, on a virtual clock. POSIX pages of the functions'
 * names; Linux: "signal(7)", "Interruption of system calls and library functions by signal
 * handlers". */
#include "tests/unit/signal_stage.h"

#include <poll.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;

/* ---- what a handler interrupts ---- */

static void *posts_after_ten_seconds(void *arg)
{
    mask(SIG_BLOCK, SIGALRM);
    sleep(10);
    sem_post(&semaphore);
    return arg;
}

static void a_semaphore_s_wait_goes_on_with_restart_only(void **state)
{
    pthread_t thread;

    (void)state;
    sem_init(&semaphore, 0, 0);
    alarm(5);
    assert_int_equal(sem_wait(&semaphore), -1);
    assert_int_equal(errno, EINTR);

    install(SIGALRM, handle, SA_RESTART);
    assert_int_equal(pthread_create(&thread, NULL, posts_after_ten_seconds, NULL), 0);
    alarm(5);
    assert_int_equal(sem_wait(&semaphore), 0);
    assert_int_equal(n_handled, 2);
    assert_int_equal(handled_at, 10);
    assert_int_equal(seconds(), 15);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void polls_are_never_repeated(void **state)
{
    struct pollfd nothing = { .fd = -1 };
    struct timeval long_time = { .tv_sec = 1000 };

    (void)state;
    install(SIGALRM, handle, SA_RESTART);
    alarm(5);
    assert_int_equal(poll(&nothing, 1, -1), -1);
    assert_int_equal(errno, EINTR);
    alarm(5);
    assert_int_equal(select(0, NULL, NULL, NULL, &long_time), -1);
    assert_int_equal(errno, EINTR);
    assert_int_equal(seconds(), 10);
}

static void a_read_of_a_timer_is(void **state)
{
    struct itimerspec wish = { .it_value.tv_sec = 10 };
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    uint64_t n;

    (void)state;
    assert_int_equal(timerfd_settime(fd, 0, &wish, NULL), 0);
    alarm(5);
    assert_int_equal(read(fd, &n, sizeof(n)), -1);
    assert_int_equal(errno, EINTR);
    install(SIGALRM, handle, SA_RESTART);
    alarm(2);
    assert_int_equal(read(fd, &n, sizeof(n)), sizeof(n));
    assert_int_equal(seconds(), 10);
    assert_int_equal(n_handled, 2);
    close(fd);
}

static bool is_signalled;

static void *waits_for_mutex_and_condition(void *arg)
{
    pthread_mutex_lock(&mutex);
    *(int64_t *)arg = seconds();
    while (!is_signalled)
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* POSIX: "pthread_mutex_lock": the thread resumes waiting as if it was not interrupted. */
static void a_handler_runs_in_the_middle_of_a_wait_for_a_lock(void **state)
{
    pthread_t thread;
    int64_t locked_at = 0;

    (void)state;
    is_signalled = false;
    pthread_mutex_lock(&mutex);
    assert_int_equal(pthread_create(&thread, NULL, waits_for_mutex_and_condition, &locked_at), 0);
    mask(SIG_BLOCK, SIGALRM);
    alarm(10);
    assert_int_equal(sleep(20), 0);
    assert_int_equal(handled_at, 10);
    assert_true(pthread_equal(handled_on, thread));
    pthread_mutex_unlock(&mutex);
    alarm(10);
    assert_int_equal(sleep(20), 0);
    assert_int_equal(locked_at, 20);
    assert_int_equal(n_handled, 2);
    assert_int_equal(handled_at, 30);
    is_signalled = true;
    pthread_cond_signal(&condition);
    assert_int_equal(pthread_join(thread, NULL), 0);
    mask(SIG_UNBLOCK, SIGALRM);
}

static pthread_barrier_t barrier;

static void *comes_to_the_barrier(void *arg)
{
    pthread_barrier_wait(&barrier);
    *(int64_t *)arg = seconds();
    return NULL;
}

static void a_handler_does_not_lead_through_a_barrier(void **state)
{
    pthread_t thread;
    int64_t passed_at = 0;

    (void)state;
    pthread_barrier_init(&barrier, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, comes_to_the_barrier, &passed_at), 0);
    sleep(1);
    assert_int_equal(pthread_kill(thread, SIGUSR1), 0);
    sleep(9);
    assert_int_equal(n_handled, 1);
    assert_int_equal(passed_at, 0);
    pthread_barrier_wait(&barrier);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(passed_at, 10);
    pthread_barrier_destroy(&barrier);
}

/* ---- waiting for signals ---- */

static void waiting_for_a_signal_takes_until_it_comes_or_time_is_over(void **state)
{
    sigset_t set_of = only(SIGALRM);
    struct timespec minute = { .tv_sec = 60 };
    int number = 0;

    (void)state;
    mask(SIG_BLOCK, SIGALRM);
    alarm(30);
    assert_int_equal(sigwait(&set_of, &number), 0);
    assert_int_equal(number, SIGALRM);
    assert_int_equal(seconds(), 30);
    assert_int_equal(sigtimedwait(&set_of, NULL, &minute), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(seconds(), 90);
    assert_int_equal(n_handled, 0);
    mask(SIG_UNBLOCK, SIGALRM);
}

static void *waits_for_usr1(void *arg)
{
    sigset_t set_of = only(SIGUSR1);

    mask(SIG_BLOCK, SIGUSR1);
    sigwait(&set_of, arg);
    return NULL;
}

static void a_thread_is_sent_what_it_waits_for(void **state)
{
    pthread_t thread;
    int number = 0;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, waits_for_usr1, &number), 0);
    sleep(5);
    assert_int_equal(pthread_kill(thread, SIGUSR1), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(number, SIGUSR1);
    assert_int_equal(n_handled, 0);
}

static void a_mask_let_through_while_waiting_has_no_gap(void **state)
{
    sigset_t none, set_of = only(SIGALRM), pending;
    struct pollfd nothing = { .fd = -1 };
    struct timespec minute = { .tv_sec = 60 };

    (void)state;
    sigemptyset(&none);
    mask(SIG_BLOCK, SIGALRM);
    alarm(10);
    assert_int_equal(sleep(20), 0);
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGALRM), 1);
    assert_int_equal(n_handled, 0);
    assert_int_equal(sigsuspend(&none), -1); /* it has come already */
    assert_int_equal(errno, EINTR);
    assert_int_equal(n_handled, 1);
    assert_int_equal(seconds(), 20);
    alarm(10);
    assert_int_equal(sigsuspend(&none), -1);
    assert_int_equal(seconds(), 30);
    alarm(10);
    assert_int_equal(ppoll(&nothing, 1, &minute, &none), -1);
    assert_int_equal(errno, EINTR);
    assert_int_equal(seconds(), 40);
    alarm(10);
    sleep(20);
    assert_int_equal(pselect(0, NULL, NULL, NULL, &minute, &none), -1);
    assert_int_equal(seconds(), 60);
    assert_int_equal(n_handled, 4);
    pthread_sigmask(SIG_UNBLOCK, &set_of, NULL);
}

static void a_signal_file_is_readable_when_the_timer_expires(void **state)
{
    sigset_t set_of = only(SIGALRM);
    struct signalfd_siginfo info;

    (void)state;
    mask(SIG_BLOCK, SIGALRM);
    int fd = signalfd(-1, &set_of, SFD_NONBLOCK);
    struct pollfd is_readable = { .fd = fd, .events = POLLIN };
    alarm(30);
    assert_int_equal(poll(&is_readable, 1, -1), 1);
    assert_int_equal(seconds(), 30);
    assert_int_equal(read(fd, &info, sizeof(info)), sizeof(info));
    assert_int_equal(info.ssi_signo, SIGALRM);
    close(fd);
    mask(SIG_UNBLOCK, SIGALRM);
}

/* ---- sending ---- */

static void *sleeps_long(void *arg)
{
    *(unsigned *)arg = sleep(1000);
    return NULL;
}

static void a_signal_to_a_thread_ends_its_sleep(void **state)
{
    pthread_t thread;
    unsigned left = 0;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, sleeps_long, &left), 0);
    sleep(100);
    assert_int_equal(pthread_kill(thread, SIGUSR1), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_in_range(left, 899, 900);
    assert_true(pthread_equal(handled_on, thread));
    assert_int_equal(seconds(), 100);
    assert_int_equal(pthread_kill(pthread_self(), SIGUSR1), 0);
    assert_int_equal(n_handled, 2);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    assert_int_equal(n_handled, 3);
}

static void a_signal_from_outside_ends_a_wait(void **state)
{
    sigset_t none;
    int status;

    (void)state;
    sigemptyset(&none);
    mask(SIG_BLOCK, SIGUSR1);
    pid_t child = fork();
    if (child == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    assert_int_equal(sigsuspend(&none), -1);
    assert_int_equal(n_handled, 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    mask(SIG_UNBLOCK, SIGUSR1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_semaphore_s_wait_goes_on_with_restart_only),
        T(polls_are_never_repeated),
        T(a_read_of_a_timer_is),
        T(a_handler_runs_in_the_middle_of_a_wait_for_a_lock),
        T(a_handler_does_not_lead_through_a_barrier),
        T(waiting_for_a_signal_takes_until_it_comes_or_time_is_over),
        T(a_thread_is_sent_what_it_waits_for),
        T(a_mask_let_through_while_waiting_has_no_gap),
        T(a_signal_file_is_readable_when_the_timer_expires),
        T(a_signal_to_a_thread_ends_its_sleep),
        T(a_signal_from_outside_ends_a_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
