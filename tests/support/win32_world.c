/* SPDX-License-Identifier: MIT */
/* See win32_world.h. */
#include "tests/support/win32_world.h"

#include "emu/port/clock.h"
#include "emu/port/random.h"
#include "emu/port/sched.h"

static int64_t elapsed_ns;
static uint64_t n_random;

static int64_t now(struct sched *sched)
{
    (void)sched;
    return elapsed_ns;
}

static int64_t unix_ns(struct clock *clock)
{
    (void)clock;
    return WIN32_WORLD_UNIX_NS + elapsed_ns;
}

static uint64_t next(struct random *random)
{
    (void)random;
    return ++n_random * UINT64_C(0x9E3779B97F4A7C15);
}

static const struct sched_ops ops = { .now = now };
static struct sched sched = { &ops };
static struct clock clock_ = { unix_ns };
static struct random random_ = { next };
static struct world_ports ports = { .sched = &sched, .clock = &clock_, .random = &random_ };

struct world_ports *win32_world(void)
{
    return &ports;
}

void win32_world_advance(int64_t ns)
{
    elapsed_ns += ns;
}

/* Only where emu/setup is not linked in. */
__attribute__((weak)) struct world_ports *world_current(void)
{
    return &ports;
}
