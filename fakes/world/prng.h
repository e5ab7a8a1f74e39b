/* SPDX-License-Identifier: MIT */
/* Port random, seeded: xoshiro256**, its state filled by splitmix64 from the seed and the name of a
 * stream. Each consumer has a stream of its own, so that one who draws more does not change what
 * the others get. */
#pragma once

#include "emu/port/random.h"

#include <stdint.h>

struct prng {
    struct random port; /* pass &prng->port on */
    uint64_t state[4];
};

/* The caller frees with free(). */
struct prng *prng_new(uint64_t seed, const char *stream);
/* The same in memory of the caller's. */
void prng_init(struct prng *prng, uint64_t seed, const char *stream);
