/* SPDX-License-Identifier: MIT */
/* Options of a run that are about time and threads. target begins with a struct launch_plan; false:
 * what is wrong has been said. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct launch_plan;

#define WATCHDOG_USUAL_NS INT64_C(2000000000)

bool run_time_set_clock(void *target, const char *value);
bool run_time_set_schedule(void *target, const char *value);
bool run_time_set_preload(void *target, const char *value);
bool run_time_set_fine(void *target, const char *value);
/* Whether they fit together. */
bool run_time_makes_sense(const struct launch_plan *plan);
bool run_time_set_watchdog(void *target, const char *value);
