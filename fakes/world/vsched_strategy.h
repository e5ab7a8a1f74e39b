/* SPDX-License-Identifier: MIT */
/* Who is next, of those who can run: one row a kind of schedule (vsched_schedule.h). For
 * vsched_turn.c alone. */
#pragma once

#include "fakes/world/vsched_schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vsched;
struct vsched_thread;
struct vsched_strategy_ops;

/* A scheduler's choice; all zero: random. */
struct vsched_strategy {
    const struct vsched_strategy_ops *ops; /* NULL: random */
    struct vsched_schedule schedule;       /* resolved */
    uint64_t points[VSCHED_MAX_POINTS];    /* switch points at which something changes, sorted */
    unsigned n_points, n_met;
    bool is_due;           /* bounded: somebody else is to come as soon as there is one */
    int64_t task_priority; /* of the service's tasks */
    int64_t lowest;        /* given out to those who gave way */
};

void vsched_strategy_begin(struct vsched *vs, const struct vsched_schedule *schedule);
/* A thread has been made. */
void vsched_strategy_add(struct vsched *vs, struct vsched_thread *thread);
/* The running thread is at switch point vs->n_steps, the next that the strategy asked for. */
void vsched_strategy_step(struct vsched *vs);
/* The running thread goes round in a loop without waiting: others are to come first. */
void vsched_strategy_give_way(struct vsched *vs);
/* Of vs->runnable and, at the end, the task if there is one: answers its index. n > 1. */
size_t vsched_strategy_pick(struct vsched *vs, size_t n);
