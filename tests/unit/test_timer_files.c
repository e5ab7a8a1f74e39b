/* SPDX-License-Identifier: MIT */
/* Timers that are file descriptors, on a virtual clock. What they do stands in
 * "timerfd_create(2)". */
#include "tests/support/cmocka_vss.h"

#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int begin(void **state)
{
    struct vsched *vs = vsched_new(1, NULL);

    vthread_activate(vs);
    *state = vs;
    return 0;
}

static int end(void **state)
{
    vthread_deactivate();
    vsched_free(*state);
    return 0;
}

static int64_t seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void set(int timer, time_t first, time_t interval)
{
    struct itimerspec wish = { .it_value.tv_sec = first, .it_interval.tv_sec = interval };

    assert_int_equal(timerfd_settime(timer, 0, &wish, NULL), 0);
}

static int made(int flags)
{
    int timer = timerfd_create(CLOCK_MONOTONIC, flags);

    assert_true(timer >= 0);
    return timer;
}

static int expirations(int timer)
{
    uint64_t n;

    return read(timer, &n, sizeof(n)) == sizeof(n) ? (int)n : -errno;
}

static void a_timer_says_how_often_it_has_expired_since_it_was_read(void **state)
{
    int timer = made(TFD_NONBLOCK);
    struct itimerspec left;

    (void)state;
    assert_int_equal(expirations(timer), -EAGAIN); /* not set yet */
    set(timer, 10, 5);
    assert_int_equal(expirations(timer), -EAGAIN);
    sleep(22);
    assert_int_equal(expirations(timer), 3); /* after 10, 15 and 20 seconds */
    assert_int_equal(expirations(timer), -EAGAIN);
    assert_int_equal(timerfd_gettime(timer, &left), 0);
    assert_int_equal(left.it_interval.tv_sec, 5);
    assert_int_equal(left.it_value.tv_sec, 2); /* and nearly a third */
    close(timer);
}

static void a_read_waits_for_the_hour_that_it_takes(void **state)
{
    int timer = made(0);
    int64_t before = seconds();

    (void)state;
    set(timer, 3600, 0);
    assert_int_equal(expirations(timer), 1);
    assert_int_equal(seconds(), before + 3600);
    close(timer);
}

static void who_waits_for_descriptors_is_woken_by_a_timer_among_them(void **state)
{
    int timer = made(0), epoll = epoll_create1(0);
    struct pollfd fd = { .fd = timer, .events = POLLIN };
    struct epoll_event event = { .events = EPOLLIN };
    int64_t before = seconds();
    fd_set readable;

    (void)state;
    set(timer, 100, 0);
    assert_int_equal(poll(&fd, 1, 99000), 0);
    assert_int_equal(poll(&fd, 1, -1), 1);
    assert_int_equal(fd.revents, POLLIN);
    assert_int_equal(seconds(), before + 100);
    set(timer, 50, 0);
    FD_ZERO(&readable);
    FD_SET(timer, &readable);
    assert_int_equal(select(timer + 1, &readable, NULL, NULL, NULL), 1);
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event), 0);
    assert_int_equal(epoll_wait(epoll, &event, 1, 0), 1); /* until it is read */
    set(timer, 25, 0);
    assert_int_equal(epoll_wait(epoll, &event, 1, -1), 1);
    assert_int_equal(seconds(), before + 175);
    close(timer);
    close(epoll);
}

static void a_timer_that_is_set_again_forgets_what_was_not_read(void **state)
{
    int timer = made(TFD_NONBLOCK);
    struct itimerspec wish = { 0 }, old;

    (void)state;
    set(timer, 1, 0);
    sleep(2);
    wish.it_value.tv_sec = 60;
    assert_int_equal(timerfd_settime(timer, 0, &wish, &old), 0);
    assert_int_equal(old.it_value.tv_sec + old.it_value.tv_nsec, 0); /* expired: disarmed */
    assert_int_equal(expirations(timer), -EAGAIN);
    set(timer, 0, 7); /* disarms, whatever the interval */
    sleep(100);
    assert_int_equal(expirations(timer), -EAGAIN);
    close(timer);
}

static void an_absolute_time_is_one_of_the_timers_clock(void **state)
{
    int timer = timerfd_create(CLOCK_REALTIME, 0);
    struct itimerspec wish = { .it_value.tv_sec = time(NULL) + 30 };
    int64_t before = seconds();

    (void)state;
    assert_int_equal(timerfd_settime(timer, TFD_TIMER_ABSTIME, &wish, NULL), 0);
    assert_int_equal(expirations(timer), 1);
    assert_in_range(seconds(), before + 29, before + 30);
    wish.it_value.tv_sec = 1; /* long ago: at once */
    assert_int_equal(timerfd_settime(timer, TFD_TIMER_ABSTIME, &wish, NULL), 0);
    assert_int_equal(expirations(timer), 1);
    close(timer);
}

static void *reads(void *arg)
{
    return (void *)(intptr_t)expirations(*(int *)arg);
}

static void a_timer_may_be_set_while_another_thread_waits_for_it(void **state)
{
    int timer = made(0);
    int64_t before = seconds();
    pthread_t thread;
    void *n;

    (void)state;
    pthread_create(&thread, NULL, reads, &timer);
    sleep(1);
    set(timer, 1000, 0);
    set(timer, 10, 0);
    pthread_join(thread, &n);
    assert_int_equal((intptr_t)n, 1);
    assert_int_equal(seconds(), before + 11);
    close(timer);
}

static void a_number_that_was_a_timers_is_whatever_is_opened_next(void **state)
{
    int timer = made(0), ends[2];
    char letter = 0;

    (void)state;
    set(timer, 1000, 0);
    assert_int_equal(close(timer), 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(ends[0], timer);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(read(ends[0], &letter, 1), 1);
    assert_int_equal(letter, 'x');
    close(ends[0]);
    close(ends[1]);
}

static void what_makes_no_sense_is_refused(void **state)
{
    int timer = made(0);
    struct itimerspec wish = { .it_value.tv_nsec = 1000000000 };
    char four[4];

    (void)state;
    assert_int_equal(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(timerfd_create(CLOCK_MONOTONIC, 1), -1);
    assert_int_equal(timerfd_settime(timer, 0, &wish, NULL), -1);
    assert_int_equal(errno, EINVAL);
    set(timer, 1, 0);
    assert_int_equal(read(timer, four, sizeof(four)), -1);
    assert_int_equal(errno, EINVAL);
    close(timer);
}

static void without_a_world_timers_are_the_kernels(void **state)
{
    int timer = made(0);
    struct itimerspec wish = { .it_value.tv_nsec = 1 };

    (void)state;
    assert_int_equal(timerfd_settime(timer, 0, &wish, NULL), 0);
    assert_int_equal(expirations(timer), 1);
    close(timer);
}

#define virtual_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        virtual_test(a_timer_says_how_often_it_has_expired_since_it_was_read),
        virtual_test(a_read_waits_for_the_hour_that_it_takes),
        virtual_test(who_waits_for_descriptors_is_woken_by_a_timer_among_them),
        virtual_test(a_timer_that_is_set_again_forgets_what_was_not_read),
        virtual_test(an_absolute_time_is_one_of_the_timers_clock),
        virtual_test(a_timer_may_be_set_while_another_thread_waits_for_it),
        virtual_test(a_number_that_was_a_timers_is_whatever_is_opened_next),
        virtual_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(without_a_world_timers_are_the_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
