/* SPDX-License-Identifier: MIT */
/* The options of `vssemu run` that say what is kept of a run. Each takes a launch_plan, which is
 * the first member of the command's options. */
#pragma once

#include <stdbool.h>

bool report_set_trace(void *target, const char *value);
bool report_set_trace_volumes(void *target, const char *value);
bool report_set_findings(void *target, const char *value);
bool report_set_eventlog(void *target, const char *value);
bool report_set_eventlog_file(void *target, const char *value);
