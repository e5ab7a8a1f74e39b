/* SPDX-License-Identifier: MIT */
#include "emu/cli/report_options.h"

#include "emu/cli/launch_plan.h"

bool report_set_trace(void *target, const char *value)
{
    ((struct launch_plan *)target)->trace_path = value;
    return true;
}

bool report_set_trace_volumes(void *target, const char *value)
{
    (void)value;
    ((struct launch_plan *)target)->keeps_volumes = true;
    return true;
}

bool report_set_findings(void *target, const char *value)
{
    ((struct launch_plan *)target)->findings_path = value;
    return true;
}

bool report_set_eventlog(void *target, const char *value)
{
    (void)value;
    ((struct launch_plan *)target)->shows_log = true;
    return true;
}

bool report_set_eventlog_file(void *target, const char *value)
{
    ((struct launch_plan *)target)->log_path = value;
    return true;
}
