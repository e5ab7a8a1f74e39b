/* SPDX-License-Identifier: MIT */
/* Makes a scenario that fails shorter as long as it fails: leaves out faults, steps, writers,
 * volumes, files, in halves, quarters and one by one, then makes what is left plain (the first time
 * instead of the fifth, the default schedule). */
#pragma once

#include "emu/scenario/scenario.h"

struct shrink_work {
    /* Runs the candidate; whether it fails as the first one did. */
    bool (*still_fails)(void *arg, const struct scenario *candidate);
    /* After each run; false: stop here, time is up. May be NULL. */
    bool (*go_on)(void *arg, unsigned n_runs);
    void *arg;
};

/* *scenario becomes the shortest that failed. Answers how many runs that took. */
unsigned shrink(struct scenario *scenario, const struct shrink_work *work);
