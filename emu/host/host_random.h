/* SPDX-License-Identifier: MIT */
/* Port random for worlds on the real clock. Identifiers still come from a seed, so that the same
 * program sees the same ones again; the machine is asked only for a seed, when nobody gave one. */
#pragma once

#include "emu/port/random.h"

#include <stdint.h>

struct host_random;

struct host_random *host_random_new(uint64_t seed);
void host_random_free(struct host_random *random);
struct random *host_random_port(struct host_random *random);

/* A seed from the machine, small enough to be typed again. */
uint64_t host_random_choose_seed(void);
