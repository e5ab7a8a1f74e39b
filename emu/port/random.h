/* SPDX-License-Identifier: MIT */
/* Port: random numbers. Every identifier and every choice of the service comes from here, so a
 * seed repeats a run. */
#pragma once

#include <stdint.h>

struct random {
    uint64_t (*next)(struct random *random); /* uniform over all 64 bits */
};

static inline uint64_t random_next(struct random *random)
{
    return random->next(random);
}

/* Uniform in 0 .. below - 1; below must not be 0. */
static inline uint64_t random_below(struct random *random, uint64_t below)
{
    return (uint64_t)(((unsigned __int128)random_next(random) * below) >> 64);
}
