/* SPDX-License-Identifier: MIT */
/* Port clock of a virtual world: it was midnight of New Year's Day 2026, UTC, when the world began,
 * and time passes as the world's scheduler says. */
#pragma once

#include "emu/port/clock.h"
#include "emu/port/sched.h"

#define VCLOCK_EPOCH_NS (INT64_C(1767225600) * SCHED_SECOND) /* 2026-01-01T00:00:00Z */

struct vclock {
    struct clock port; /* pass &vclock->port on */
    struct sched *sched;
};

/* The caller frees with free(); the scheduler must outlive it. */
struct vclock *vclock_new(struct sched *sched);
void vclock_init(struct vclock *vclock, struct sched *sched);
