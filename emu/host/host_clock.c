/* SPDX-License-Identifier: MIT */
#include "emu/host/host_clock.h"

#include <time.h>

static int64_t host_clock_unix_ns(struct clock *clock)
{
    struct timespec now;

    (void)clock;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

struct clock *host_clock(void)
{
    static struct clock clock = { .unix_ns = host_clock_unix_ns };

    return &clock;
}
