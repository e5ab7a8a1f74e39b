/* SPDX-License-Identifier: MIT */
/* The scheduler on the real clock: tasks from several threads, waits that end. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/list.h"
#include "emu/host/host_clock.h"
#include "emu/host/host_random.h"
#include "emu/host/host_sched.h"

#include <stdlib.h>

#define N_TASKS 200

struct counter {
    struct sched *sched;
    int ran; /* inside the service */
};

struct counting_task {
    struct sched_task task;
    struct counter *counter;
};

struct poster {
    struct counter *counter;
    struct counting_task tasks[N_TASKS];
};

static void count(struct sched_task *task)
{
    struct counting_task *counting = container_of(task, struct counting_task, task);

    counting->counter->ran++;
    sched_notify(counting->counter->sched);
}

static void post_all(void *arg)
{
    struct poster *poster = arg;
    struct sched *sched = poster->counter->sched;

    for (int i = 0; i < N_TASKS; i++) {
        poster->tasks[i] = (struct counting_task){ .task.run = count, .counter = poster->counter };
        sched_enter(sched);
        sched_post(sched, &poster->tasks[i].task, sched_now(sched) + i % 7 * 1000);
        sched_leave(sched);
    }
}

static bool has_run_all(void *arg)
{
    return ((struct counter *)arg)->ran == 2 * N_TASKS;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void tasks_posted_by_two_threads_all_run(void **state)
{
    struct host_sched *hs = host_sched_new();
    struct sched *sched = host_sched_port(hs);
    struct counter counter = { .sched = sched };
    struct poster posters[2] = { { .counter = &counter }, { .counter = &counter } };
    struct sched_thread *threads[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        threads[i] = sched->ops->start(sched, "poster", post_all, &posters[i]);
    sched_enter(sched);
    assert_true(sched_wait(sched, has_run_all, &counter, SCHED_NEVER));
    sched_leave(sched);
    for (int i = 0; i < 2; i++)
        sched->ops->join(sched, threads[i]);
    host_sched_free(hs);
}

static void a_wait_that_nobody_fulfils_ends_and_not_early(void **state)
{
    struct host_sched *hs = host_sched_new();
    struct sched *sched = host_sched_port(hs);

    (void)state;
    int64_t deadline_ns = sched_now(sched) + 2 * SCHED_MS;
    sched_enter(sched);
    assert_false(sched_wait(sched, never, NULL, deadline_ns));
    sched_leave(sched);
    assert_true(sched_now(sched) >= deadline_ns);
    host_sched_free(hs);
}

static void a_cancelled_task_never_runs(void **state)
{
    struct host_sched *hs = host_sched_new();
    struct sched *sched = host_sched_port(hs);
    struct counter counter = { .sched = sched };
    struct counting_task task = { .task.run = count, .counter = &counter };

    (void)state;
    sched_enter(sched);
    sched_post(sched, &task.task, sched_now(sched) + SCHED_MS);
    sched_cancel(sched, &task.task);
    assert_false(sched_wait(sched, never, NULL, sched_now(sched) + 3 * SCHED_MS));
    assert_int_equal(counter.ran, 0);
    sched_leave(sched);
    host_sched_free(hs);
}

static void a_seed_repeats_the_numbers(void **state)
{
    struct host_random *a = host_random_new(5), *b = host_random_new(5), *c = host_random_new(6);

    (void)state;
    for (int i = 0; i < 20; i++) {
        uint64_t value = random_next(host_random_port(a));

        assert_true(value == random_next(host_random_port(b)));
        assert_true(value != random_next(host_random_port(c)));
    }
    host_random_free(a);
    host_random_free(b);
    host_random_free(c);
}

static void the_clock_is_after_2020(void **state)
{
    (void)state;
    assert_true(clock_unix_ns(host_clock()) > INT64_C(1577836800) * SCHED_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_posted_by_two_threads_all_run),
        cmocka_unit_test(a_wait_that_nobody_fulfils_ends_and_not_early),
        cmocka_unit_test(a_cancelled_task_never_runs),
        cmocka_unit_test(a_seed_repeats_the_numbers),
        cmocka_unit_test(the_clock_is_after_2020),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
