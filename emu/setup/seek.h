/* SPDX-License-Identifier: MIT */
/* Plans run inside this process, one world after the other: what the search does with casts that
 * are simulated altogether, and what other fuzzers call. */
#pragma once

#include "emu/search/plan.h"

struct judge;
struct trace;

/* Runs the plan on the calling thread, in a world of its own. Its records go to `trace` and to
 * `judge` (either may be NULL), which is also told of the end. False: no world can be made of the
 * plan (*ret_error; the caller frees). */
bool seek_run(const struct plan *plan, struct judge *judge, struct trace *trace, char **ret_error);
/* The same, with what a check is to see laid out below this directory (look.h); NULL: nowhere. */
bool seek_run_looked(const struct plan *plan, const char *look_into, struct judge *judge,
                     struct trace *trace, char **ret_error);

/* Serves a search (emu/port/fork_wire.h, FORK_SEEK_VARIABLE) until it has no more runs. The exit
 * code of the process. */
int seek_serve(void);
