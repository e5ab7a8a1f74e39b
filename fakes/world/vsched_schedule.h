/* SPDX-License-Identifier: MIT */
/* How a run chooses who is next, as people write it (`--schedule`, world files, vssemu.h):
 *
 *   random               each time anybody who can run, all alike
 *   pct[:DEPTH]          priorities: the highest runs until it waits; at DEPTH - 1 places, drawn
 *                        over the run's length, the running one falls to the lowest
 *                        (Burckhardt et al., "A Randomized Scheduler with Probabilistic
 *                        Guarantees of Finding Bugs")
 *   bounded[:N]          who runs goes on until it waits, but for N places where another comes
 *   mix                  one of these by seed: a third each, pct with DEPTH 2 to 4, bounded with N
 *                        1 to 3
 *
 * each with ",length=STEPS" behind it: about how many switch points the run has; without it a
 * length is drawn, small ones as often as large ones. Plain data: also known to the launcher. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum vsched_schedule_kind { VSCHED_RANDOM, VSCHED_PCT, VSCHED_BOUNDED, VSCHED_MIX };

#define VSCHED_MAX_POINTS 16 /* the largest DEPTH and N */

/* All zero: random. */
struct vsched_schedule {
    enum vsched_schedule_kind kind;
    bool has_n;
    unsigned n;      /* DEPTH from 1, N from 0; only where has_n */
    uint64_t length; /* 0: drawn */
};

/* False: *ret_error (may be NULL) gets a sentence; the caller frees. */
bool vsched_schedule_parse(const char *text, struct vsched_schedule *ret, char **ret_error);
/* What parse reads as the same. The caller frees. */
char *vsched_schedule_text(const struct vsched_schedule *schedule);
/* What the seed makes of it: never mix, N and length given. Parsing its text repeats the run. */
struct vsched_schedule vsched_schedule_resolve(const struct vsched_schedule *schedule,
                                               uint64_t seed);
