/* SPDX-License-Identifier: MIT */
/* `vssemu run --check COMMAND`: what a search asks of snapshots (fuzz_check.h), of one run. */
#pragma once

#include <stdbool.h>

struct launch_plan;

/* An option; target begins with a struct launch_plan. */
bool run_check_set(void *target, const char *value);
/* Launches the plan, and asks the command of it, if it has one, about everything that was laid out.
 * The exit code of the run. */
int run_checked(struct launch_plan *plan);
