/* SPDX-License-Identifier: MIT */
#include "emu/cli/run_time.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"
#include "fakes/world/vsched_schedule.h"

#include <string.h>

bool run_time_set_clock(void *target, const char *value)
{
    struct launch_plan *plan = target;

    plan->has_clock = true;
    plan->is_virtual = strcmp(value, "virtual") == 0;
    if (plan->is_virtual || strcmp(value, "real") == 0)
        return true;
    say("--clock is real or virtual, not %s", value);
    return false;
}

bool run_time_set_schedule(void *target, const char *value)
{
    struct vsched_schedule schedule;
    auto_free char *error = NULL;

    if (!vsched_schedule_parse(value, &schedule, &error)) {
        say("--schedule: %s", error);
        return false;
    }
    ((struct launch_plan *)target)->schedule = value;
    return true;
}

bool run_time_set_watchdog(void *target, const char *value)
{
    struct launch_plan *plan = target;

    plan->watchdog_ns = 0;
    if (strcmp(value, "off") == 0 ||
        (duration_parse(value, &plan->watchdog_ns) && plan->watchdog_ns >= 100 * 1000 * 1000))
        return true;
    say("--watchdog takes a time of at least 100ms, as in 2s, or off; not %s", value);
    return false;
}

bool run_time_set_fine(void *target, const char *value)
{
    (void)value;
    return ((struct launch_plan *)target)->is_fine = true;
}

bool run_time_set_preload(void *target, const char *value)
{
    (void)value;
    return ((struct launch_plan *)target)->is_preloaded = true;
}

bool run_time_makes_sense(const struct launch_plan *plan)
{
    const char *option = plan->schedule ? "schedule" : plan->is_fine ? "fine" : "preload";

    if (plan->is_virtual || (!plan->schedule && !plan->is_fine && !plan->is_preloaded))
        return true;
    say("--%s needs --clock virtual%s", option,
        plan->schedule || plan->is_fine ? ": on the real clock Linux orders the threads"
                                        : ", which is all that the program gets by it");
    return false;
}
