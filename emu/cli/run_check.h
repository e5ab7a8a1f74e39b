/* SPDX-License-Identifier: MIT */
/* `vssemu run --check COMMAND`: what a search asks of snapshots (host_check.h), of one run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct launch_plan;

/* An option; target begins with a struct launch_plan. */
bool run_check_set(void *target, const char *value);
bool run_check_set_limit(void *target, const char *value);
/* A time as --check-limit takes it. False: says what is wrong. */
bool run_check_limit(const char *value, int64_t *ret_ms);
/* Launches the plan, and asks the command of it, if it has one, about everything that was laid out.
 * The exit code of the run. */
int run_checked(struct launch_plan *plan);
