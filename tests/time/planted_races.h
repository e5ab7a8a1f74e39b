/* SPDX-License-Identifier: MIT */
/* Small programs with one race each, whose bug shows only in some orders of their threads: what
 * schedules are measured with (test_schedules.c, and `time_schedules` for the whole table). */
#pragma once

#include "fakes/world/vsched_schedule.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct planted_race {
    const char *name;
    bool is_uneven; /* one thread has a long way to go before the bug can show */
    /* One run in a world of its own: whether the bug showed. */
    bool (*run)(uint64_t seed, const struct vsched_schedule *schedule);
};

extern const struct planted_race planted_races[];
extern const size_t n_planted_races;
