/* SPDX-License-Identifier: MIT */
/* What the files that draw plans share: plan_draw.c (cast and faults), plan_draw_requester.c
 * (steps). */
#pragma once

#include "emu/search/plan.h"
#include "fakes/world/prng.h"

struct drawing {
    struct prng prng;
    struct plan *plan;
    const struct plan_wishes *wishes;
    /* The part of all faults that this plan may have. */
    uint32_t actions; /* a bit each */
    unsigned actors;
    bool is_quick;          /* takes no more than seconds of the world's time */
    struct plan_step spare; /* a step for which the plan has no room */
};

static inline unsigned below(struct drawing *d, unsigned n)
{
    return (unsigned)random_below(&d->prng.port, n);
}

/* One time in n. */
static inline bool once_in(struct drawing *d, unsigned n)
{
    return below(d, n) == 0;
}

/* Adds a fault to the plan, if there is room. duration and code: as in struct plan_fault. */
void plan_draw_fault_at(struct drawing *d, enum fault_actor actor, const char *point,
                        enum fault_action action, unsigned nth, unsigned duration);
/* The steps, and faults that belong to what they do. */
void plan_draw_requester(struct drawing *d);
