/* SPDX-License-Identifier: MIT */
/* See vsched_strategy.h. All draw from the scheduler's stream "choices" or from the strategy's own,
 * so that what random does with a seed is the same whatever else there is. */
#include "fakes/world/vsched_strategy.h"

#include "fakes/world/vsched_inside.h"

#include <stdlib.h>

struct vsched_strategy_ops {
    void (*begin)(struct vsched *vs);
    void (*add)(struct vsched *vs, struct vsched_thread *thread);
    void (*meet_point)(struct vsched *vs);
    void (*give_way)(struct vsched *vs);
    size_t (*pick)(struct vsched *vs, size_t n);
};

static size_t pick_any(struct vsched *vs, size_t n)
{
    return (size_t)random_below(&vs->choices.port, n);
}

/* The place in vs->runnable of who ran last, or the number of those there if it cannot go on. */
static size_t place_of_current(const struct vsched *vs)
{
    if (vs->current && vs->current->runnable_place)
        return vs->current->runnable_place - 1;
    return vs->runnable.count;
}

/* ---- places ---- */

static int compare_points(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void draw_points(struct vsched *vs, unsigned n)
{
    struct vsched_strategy *s = &vs->strategy;

    for (unsigned i = 0; i < n; i++)
        s->points[i] = 1 + random_below(&vs->strategy_draws.port, s->schedule.length);
    qsort(s->points, n, sizeof(s->points[0]), compare_points);
    s->n_points = n;
}

static void expect_next_point(struct vsched *vs)
{
    const struct vsched_strategy *s = &vs->strategy;

    vs->next_point = s->n_met < s->n_points ? s->points[s->n_met] : UINT64_MAX;
}

/* ---- pct ---- */

/* A priority as it is drawn is positive; at a change point it becomes negative, among the others
 * that did so in any order; who gave way is below all of them. */
#define CHANGED_RANGE (INT64_C(1) << 32)

static int64_t draw_priority(struct vsched *vs)
{
    return 1 + (int64_t)(random_next(&vs->strategy_draws.port) >> 2);
}

static void pct_begin(struct vsched *vs)
{
    vs->strategy.task_priority = draw_priority(vs);
    vs->strategy.lowest = -2 * CHANGED_RANGE;
    draw_points(vs, vs->strategy.schedule.n - 1);
    for (size_t i = 0; i < vs->threads.count; i++)
        vs->threads.items[i]->priority = draw_priority(vs);
}

static void pct_add(struct vsched *vs, struct vsched_thread *thread)
{
    thread->priority = draw_priority(vs);
}

static void pct_meet_point(struct vsched *vs)
{
    vs->running->priority =
        -1 - (int64_t)random_below(&vs->strategy_draws.port, (uint64_t)CHANGED_RANGE);
}

static void pct_give_way(struct vsched *vs)
{
    vs->running->priority = --vs->strategy.lowest;
}

static size_t pct_pick(struct vsched *vs, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < vs->runnable.count; i++) {
        if (vs->runnable.items[i]->priority > vs->runnable.items[best]->priority)
            best = i;
    }
    if (n > vs->runnable.count &&
        (!vs->runnable.count || vs->strategy.task_priority > vs->runnable.items[best]->priority))
        return vs->runnable.count;
    return best;
}

/* ---- bounded ---- */

static void bounded_begin(struct vsched *vs)
{
    draw_points(vs, vs->strategy.schedule.n);
}

static void bounded_due(struct vsched *vs)
{
    vs->strategy.is_due = true;
}

static size_t bounded_pick(struct vsched *vs, size_t n)
{
    size_t current = place_of_current(vs);

    if (current == vs->runnable.count)
        return pick_any(vs, n);
    if (!vs->strategy.is_due)
        return current;
    vs->strategy.is_due = false;
    size_t i = pick_any(vs, n - 1);
    return i < current ? i : i + 1;
}

/* ---- the table ---- */

static const struct vsched_strategy_ops strategies[] = {
    [VSCHED_PCT] = { pct_begin, pct_add, pct_meet_point, pct_give_way, pct_pick },
    [VSCHED_BOUNDED] = { bounded_begin, NULL, bounded_due, bounded_due, bounded_pick },
};

void vsched_strategy_begin(struct vsched *vs, const struct vsched_schedule *schedule)
{
    vs->strategy =
        (struct vsched_strategy){ .schedule = vsched_schedule_resolve(schedule, vs->seed) };
    if (vs->strategy.schedule.kind != VSCHED_RANDOM) {
        prng_init(&vs->strategy_draws, vs->seed, "strategy");
        vs->strategy.ops = &strategies[vs->strategy.schedule.kind];
        vs->strategy.ops->begin(vs);
    }
    expect_next_point(vs);
}

void vsched_strategy_add(struct vsched *vs, struct vsched_thread *thread)
{
    if (vs->strategy.ops && vs->strategy.ops->add)
        vs->strategy.ops->add(vs, thread);
}

void vsched_strategy_step(struct vsched *vs)
{
    while (vs->n_steps >= vs->next_point) {
        vs->strategy.n_met++;
        vs->strategy.ops->meet_point(vs);
        expect_next_point(vs);
    }
}

void vsched_strategy_give_way(struct vsched *vs)
{
    if (vs->strategy.ops)
        vs->strategy.ops->give_way(vs);
}

size_t vsched_strategy_pick(struct vsched *vs, size_t n)
{
    return vs->strategy.ops ? vs->strategy.ops->pick(vs, n) : pick_any(vs, n);
}
