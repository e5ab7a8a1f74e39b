/* SPDX-License-Identifier: MIT */
/* Options of a run that are about time and threads. target begins with a struct launch_plan; false:
 * what is wrong has been said. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WATCHDOG_USUAL_NS INT64_C(2000000000)

bool run_time_set_clock(void *target, const char *value);
bool run_time_set_schedule(void *target, const char *value);
bool run_time_set_watchdog(void *target, const char *value);
