/* SPDX-License-Identifier: MIT */
/* The virtual scheduler without threads: order, deadlines, time, deadlock. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/list.h"
#include "fakes/world/prng.h"
#include "fakes/world/vclock.h"
#include "fakes/world/vsched.h"
#include "fakes/world/vsched_inside.h"

#include <stdlib.h>
#include <string.h>

struct logged_task {
    struct sched_task task;
    struct world *world;
    char letter;
    int64_t ran_at_ns;
};

struct world {
    struct vsched *vs;
    struct sched *sched;
    char log[256];
    size_t length;
    struct sched_task *revived;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    w->vs = vsched_new(1, NULL);
    w->sched = vsched_port(w->vs);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    vsched_free(w->vs);
    free(w);
    return 0;
}

static void write_letter(struct sched_task *task)
{
    struct logged_task *logged = container_of(task, struct logged_task, task);

    logged->world->log[logged->world->length++] = logged->letter;
    logged->ran_at_ns = sched_now(logged->world->sched);
    sched_notify(logged->world->sched);
}

static struct logged_task letter_task(struct world *w, char letter)
{
    return (struct logged_task){ .task.run = write_letter, .world = w, .letter = letter };
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void run_until(struct world *w, int64_t at_ns)
{
    sched_enter(w->sched);
    assert_false(sched_wait(w->sched, never, NULL, at_ns));
    sched_leave(w->sched);
}

static void post(struct world *w, struct logged_task *task, int64_t at_ns)
{
    sched_enter(w->sched);
    sched_post(w->sched, &task->task, at_ns);
    sched_leave(w->sched);
}

static void tasks_run_in_order_of_time_and_of_posting(void **state)
{
    struct world *w = *state;
    struct logged_task a = letter_task(w, 'a'), b = letter_task(w, 'b'), c = letter_task(w, 'c'),
                       d = letter_task(w, 'd');

    post(w, &c, 20 * SCHED_MS);
    post(w, &a, 10 * SCHED_MS);
    post(w, &d, 20 * SCHED_MS);
    post(w, &b, 10 * SCHED_MS);
    run_until(w, SCHED_SECOND);
    assert_string_equal(w->log, "abcd");
    assert_int_equal(a.ran_at_ns, 10 * SCHED_MS);
    assert_int_equal(d.ran_at_ns, 20 * SCHED_MS);
}

static void a_task_posted_again_moves_and_a_cancelled_one_never_runs(void **state)
{
    struct world *w = *state;
    struct logged_task a = letter_task(w, 'a'), b = letter_task(w, 'b'), c = letter_task(w, 'c');

    post(w, &a, 10 * SCHED_MS);
    post(w, &b, 20 * SCHED_MS);
    post(w, &c, 30 * SCHED_MS);
    post(w, &a, 40 * SCHED_MS);
    sched_enter(w->sched);
    sched_cancel(w->sched, &b.task);
    sched_cancel(w->sched, &b.task);
    sched_leave(w->sched);
    run_until(w, SCHED_SECOND);
    assert_string_equal(w->log, "ca");
}

static void a_heap_of_many_tasks_keeps_order_under_cancelling(void **state)
{
    struct world *w = *state;
    struct logged_task tasks[200];
    struct prng prng;

    prng_init(&prng, 7, "test");
    for (int i = 0; i < 200; i++) {
        tasks[i] = letter_task(w, 'x');
        post(w, &tasks[i], SCHED_SECOND + (int64_t)random_below(&prng.port, 50) * SCHED_MS);
    }
    sched_enter(w->sched);
    for (int i = 0; i < 200; i++) {
        if (i % 5 != 0)
            sched_cancel(w->sched, &tasks[i].task);
    }
    sched_leave(w->sched);
    run_until(w, 2 * SCHED_SECOND);
    assert_int_equal(w->length, 40);
    for (int i = 0; i < 200; i += 5)
        assert_int_equal(tasks[i].ran_at_ns, tasks[i].task.due.at_ns);
}

static bool has_two_letters(void *arg)
{
    return ((struct world *)arg)->length == 2;
}

static void a_wait_ends_at_the_task_that_fulfils_it(void **state)
{
    struct world *w = *state;
    struct logged_task a = letter_task(w, 'a'), b = letter_task(w, 'b'), c = letter_task(w, 'c');

    post(w, &a, 10 * SCHED_MS);
    post(w, &b, 20 * SCHED_MS);
    post(w, &c, 30 * SCHED_MS);
    sched_enter(w->sched);
    assert_true(sched_wait(w->sched, has_two_letters, w, SCHED_NEVER));
    sched_leave(w->sched);
    assert_string_equal(w->log, "ab");
    assert_int_equal(sched_now(w->sched), 20 * SCHED_MS);
    sched_enter(w->sched);
    sched_cancel(w->sched, &c.task);
    sched_leave(w->sched);
}

static void a_wait_that_nobody_fulfils_ends_at_its_deadline(void **state)
{
    struct world *w = *state;
    struct logged_task late = letter_task(w, 'l');

    post(w, &late, 61 * SCHED_SECOND);
    run_until(w, 60 * SCHED_SECOND);
    assert_int_equal(sched_now(w->sched), 60 * SCHED_SECOND);
    assert_string_equal(w->log, "");
    run_until(w, 70 * SCHED_SECOND);
    assert_string_equal(w->log, "l");
}

static void asking_again_and_again_lets_time_pass_and_tasks_run(void **state)
{
    struct world *w = *state;
    struct logged_task a = letter_task(w, 'a');

    post(w, &a, 5 * SCHED_MS);
    while (!w->length) {
        sched_enter(w->sched);
        sched_leave(w->sched);
    }
    assert_true(sched_now(w->sched) >= 5 * SCHED_MS);
    assert_true(sched_now(w->sched) < 6 * SCHED_MS);
}

static bool post_the_missing_task(void *arg)
{
    struct world *w = arg;

    if (!w->revived)
        return false;
    sched_post(w->sched, w->revived, 0);
    w->revived = NULL;
    return true;
}

static bool has_one_letter(void *arg)
{
    return ((struct world *)arg)->length == 1;
}

static void a_deadlock_is_told_to_the_hook_which_may_cure_it(void **state)
{
    struct world *w = *state;
    struct logged_task a = letter_task(w, 'a');

    w->revived = &a.task;
    vsched_set_deadlock_hook(w->vs, post_the_missing_task, w);
    sched_enter(w->sched);
    assert_true(sched_wait(w->sched, has_one_letter, w, SCHED_NEVER));
    sched_leave(w->sched);
    assert_null(w->revived);
}

static void streams_of_one_seed_do_not_disturb_each_other(void **state)
{
    struct prng a1, a2, b;

    (void)state;
    prng_init(&a1, 42, "a");
    prng_init(&a2, 42, "a");
    prng_init(&b, 42, "b");
    for (int i = 0; i < 100; i++) {
        uint64_t value = random_next(&a1.port);

        assert_true(value == random_next(&a2.port));
        assert_true(value != random_next(&b.port));
    }
}

static void the_clock_begins_with_the_year_2026(void **state)
{
    struct world *w = *state;
    struct vclock clock;

    vclock_init(&clock, w->sched);
    assert_int_equal(clock_unix_ns(&clock.port), INT64_C(1767225600000000000));
    run_until(w, 70000 * SCHED_SECOND);
    assert_int_equal(clock_unix_ns(&clock.port), INT64_C(1767295600000000000));
}

/* A million accesses are work, ten minutes of a loop on a variable are a few millions. */
static void accesses_to_memory_take_no_time_unless_they_never_end(void **state)
{
    struct world *w = *state;
    unsigned n = 0;

    for (; n < 1000000; n++)
        vsched_fine(w->vs);
    assert_int_equal(sched_now(w->sched), 0);
    for (; n < 20000000 && sched_now(w->sched) < 600 * SCHED_SECOND; n++)
        vsched_fine(w->vs);
    assert_in_range(n, 2000000, 8000000);
    vsched_yield(w->vs, VSCHED_LOOK_NS); /* it does something else: that was work, then */
    int64_t before = sched_now(w->sched);
    for (n = 0; n < 1000000; n++)
        vsched_fine(w->vs);
    assert_int_equal(sched_now(w->sched), before);
}

/* Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs":
 * behind a change point a thread is below all that met none. */
static void a_change_point_of_pct_lowers_who_meets_it(void **state)
{
    struct world *w = *state;
    struct vsched_schedule schedule;

    assert_true(vsched_schedule_parse("pct:2,length=1", &schedule, NULL));
    vsched_set_schedule(w->vs, &schedule);
    struct vsched_thread *self = w->vs->running;
    int64_t drawn = self->priority;
    assert_true(drawn > 0);
    vsched_yield(w->vs, 1);
    assert_true(self->priority < 0);
    int64_t changed = self->priority;
    vsched_yield(w->vs, 1); /* there was one point */
    assert_true(self->priority == changed);
    vsched_strategy_give_way(w->vs);
    assert_true(self->priority < changed);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(tasks_run_in_order_of_time_and_of_posting),
        WORLD_TEST(a_task_posted_again_moves_and_a_cancelled_one_never_runs),
        WORLD_TEST(a_heap_of_many_tasks_keeps_order_under_cancelling),
        WORLD_TEST(a_wait_ends_at_the_task_that_fulfils_it),
        WORLD_TEST(a_wait_that_nobody_fulfils_ends_at_its_deadline),
        WORLD_TEST(asking_again_and_again_lets_time_pass_and_tasks_run),
        WORLD_TEST(a_deadlock_is_told_to_the_hook_which_may_cure_it),
        WORLD_TEST(streams_of_one_seed_do_not_disturb_each_other),
        WORLD_TEST(accesses_to_memory_take_no_time_unless_they_never_end),
        WORLD_TEST(a_change_point_of_pct_lowers_who_meets_it),
        WORLD_TEST(the_clock_begins_with_the_year_2026),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
