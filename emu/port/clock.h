/* SPDX-License-Identifier: MIT */
/* Port: the wall clock, for time stamps only; durations come from sched.h. */
#pragma once

#include <stdint.h>

struct clock {
    int64_t (*unix_ns)(struct clock *clock); /* nanoseconds since 1970-01-01 UTC */
    int64_t jumped_ns;                       /* how far somebody has put it; see clock_jump */
};

static inline int64_t clock_unix_ns(struct clock *clock)
{
    return clock->unix_ns(clock) + __atomic_load_n(&clock->jumped_ns, __ATOMIC_RELAXED);
}

/* Puts the clock forward or back, from any thread; durations do not change. */
static inline void clock_jump(struct clock *clock, int64_t by_ns)
{
    __atomic_fetch_add(&clock->jumped_ns, by_ns, __ATOMIC_RELAXED);
}

/* FILETIME and VSS_TIMESTAMP: units of 100 ns since 1601-01-01 UTC. */
static inline int64_t clock_filetime(struct clock *clock)
{
    return clock_unix_ns(clock) / 100 + INT64_C(116444736000000000);
}
