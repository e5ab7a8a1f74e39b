/* SPDX-License-Identifier: MIT */
/* Cancelling threads that wait, on a virtual clock. POSIX: "Thread Cancellation Overview",
 * "pthread_cancel", "pthread_cond_wait". */
#include "tests/support/cmocka_vss.h"

#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex;
static pthread_cond_t condition;
static sem_t semaphore;
static int ends[2];
static bool is_cleaned_up;
static bool was_mutex_held;

static int begin(void **state)
{
    struct vsched *vs = vsched_new(1, NULL);

    vthread_activate(vs);
    pthread_mutex_init(&mutex, NULL);
    pthread_cond_init(&condition, NULL);
    sem_init(&semaphore, 0, 0);
    assert_int_equal(pipe(ends), 0);
    is_cleaned_up = was_mutex_held = false;
    *state = vs;
    return 0;
}

static int end(void **state)
{
    close(ends[0]);
    close(ends[1]);
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

static void clean_up(void *arg)
{
    (void)arg;
    is_cleaned_up = true;
    sleep(5); /* handlers may wait, too */
}

static void give_mutex_back(void *arg)
{
    (void)arg;
    was_mutex_held = pthread_mutex_trylock(&mutex) != 0;
    pthread_mutex_unlock(&mutex);
}

static void *sleeps(void *arg)
{
    pthread_cleanup_push(clean_up, NULL);
    sleep(1000000);
    pthread_cleanup_pop(0);
    return arg;
}

static void *waits_for_condition(void *arg)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(give_mutex_back, NULL);
    pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(1);
    return arg;
}

static void *waits_for_semaphore(void *arg)
{
    sem_wait(&semaphore);
    return arg;
}

static void *polls(void *arg)
{
    struct pollfd fd = { .fd = ends[0], .events = POLLIN };

    poll(&fd, 1, -1);
    return arg;
}

static void *joins(void *arg)
{
    pthread_join(*(pthread_t *)arg, NULL);
    return NULL;
}

static pthread_t started(void *(*main)(void *), void *arg)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, main, arg), 0);
    sleep(1); /* until it waits */
    return thread;
}

static void *result_of(pthread_t thread)
{
    void *result;

    assert_int_equal(pthread_join(thread, &result), 0);
    return result;
}

static void a_sleeper_ends_at_once_and_its_handlers_run(void **state)
{
    int64_t before = seconds();
    pthread_t thread = started(sleeps, NULL);

    (void)state;
    assert_int_equal(pthread_cancel(thread), 0);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_true(is_cleaned_up);
    assert_int_equal(seconds(), before + 6);
}

static void who_waits_for_a_condition_has_the_mutex_in_its_handler(void **state)
{
    pthread_t thread = started(waits_for_condition, NULL);

    (void)state;
    pthread_mutex_lock(&mutex);
    pthread_cancel(thread);
    sleep(10); /* it wants the mutex now */
    pthread_mutex_unlock(&mutex);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_true(was_mutex_held);
    assert_int_equal(pthread_mutex_trylock(&mutex), 0);
    pthread_mutex_unlock(&mutex);
}

static void every_other_wait_that_is_a_cancellation_point_ends(void **state)
{
    pthread_t sleeper = started(sleeps, NULL), joiner = started(joins, &sleeper);
    pthread_t waiter = started(waits_for_semaphore, NULL), poller = started(polls, NULL);

    (void)state;
    pthread_cancel(waiter);
    pthread_cancel(poller);
    pthread_cancel(joiner);
    assert_ptr_equal(result_of(waiter), PTHREAD_CANCELED);
    assert_ptr_equal(result_of(poller), PTHREAD_CANCELED);
    assert_ptr_equal(result_of(joiner), PTHREAD_CANCELED);
    pthread_cancel(sleeper);
    assert_ptr_equal(result_of(sleeper), PTHREAD_CANCELED);
}

static void *waits_behind_a_closed_door(void *arg)
{
    int state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    sleep(100);
    *(int64_t *)arg = seconds();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
    sleep(100);
    return arg;
}

static void a_thread_that_forbids_it_waits_to_the_end_and_ends_at_the_next_point(void **state)
{
    int64_t before = seconds(), after = 0;
    pthread_t thread = started(waits_behind_a_closed_door, &after);

    (void)state;
    pthread_cancel(thread);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_int_equal(after, before + 100);
    assert_int_equal(seconds(), after);
}

static void *waits_for_mutex(void *arg)
{
    pthread_mutex_lock(&mutex);
    *(int64_t *)arg = seconds();
    pthread_mutex_unlock(&mutex);
    pthread_testcancel();
    return arg;
}

static void a_lock_is_no_cancellation_point(void **state)
{
    int64_t before = seconds(), after = 0;

    (void)state;
    pthread_mutex_lock(&mutex);
    pthread_t thread = started(waits_for_mutex, &after);
    pthread_cancel(thread);
    sleep(30);
    pthread_mutex_unlock(&mutex);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_int_equal(after, before + 31);
}

static volatile bool is_there;

static void *may_be_ended_anywhere(void *arg)
{
    int type;

    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
    pthread_cleanup_push(clean_up, NULL);
    is_there = true;
    if (arg)
        pthread_mutex_lock(&mutex);
    for (;;) /* a lock is no cancellation point, either */
        pthread_mutex_trylock(arg ? arg : &mutex);
    pthread_cleanup_pop(0);
    return NULL;
}

static void a_thread_that_allows_it_ends_anywhere(void **state)
{
    int64_t before = seconds();
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, may_be_ended_anywhere, NULL), 0);
    while (!is_there)
        sched_yield();
    assert_int_equal(pthread_cancel(thread), 0);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_true(is_cleaned_up);
    assert_int_equal(seconds(), before + 5);
    pthread_mutex_unlock(&mutex);

    pthread_mutex_init(&mutex, NULL);
    pthread_mutex_lock(&mutex);
    thread = started(may_be_ended_anywhere, &mutex);
    is_cleaned_up = false;
    assert_int_equal(pthread_cancel(thread), 0);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_true(is_cleaned_up);
    assert_int_equal(seconds(), before + 11);
    assert_int_equal(pthread_mutex_unlock(&mutex), 0);
}

static void *opens_the_door_late(void *arg)
{
    int old;

    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    sleep(100);
    *(int64_t *)arg = seconds();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    *(int64_t *)arg = 0;
    return NULL;
}

static void where_it_is_forbidden_it_waits(void **state)
{
    int64_t before = seconds(), after = 0;
    pthread_t thread = started(opens_the_door_late, &after);

    (void)state;
    pthread_cancel(thread);
    assert_ptr_equal(result_of(thread), PTHREAD_CANCELED);
    assert_int_equal(after, before + 100);
}

#define virtual_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        virtual_test(a_sleeper_ends_at_once_and_its_handlers_run),
        virtual_test(who_waits_for_a_condition_has_the_mutex_in_its_handler),
        virtual_test(every_other_wait_that_is_a_cancellation_point_ends),
        virtual_test(a_thread_that_forbids_it_waits_to_the_end_and_ends_at_the_next_point),
        virtual_test(a_lock_is_no_cancellation_point),
        virtual_test(a_thread_that_allows_it_ends_anywhere),
        virtual_test(where_it_is_forbidden_it_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
