/* SPDX-License-Identifier: MIT */
#include "emu/cli/run_check.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/input_files.h"
#include "emu/cli/launch.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"
#include "emu/cli/tree_copy.h"
#include "emu/host/host_check.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool run_check_set(void *target, const char *value)
{
    struct launch_plan *plan = target;

    if (plan->n_checks == LAUNCH_MAX_CHECKS) {
        say("--check: at most %d commands", LAUNCH_MAX_CHECKS);
        return false;
    }
    plan->checks[plan->n_checks++] = value;
    return true;
}

bool run_check_limit(const char *value, int64_t *ret_ms)
{
    int64_t ns;

    if (!duration_parse(value, &ns) || ns < 1000000) {
        say("--check-limit takes a time of at least 1ms, such as 90s, not %s", value);
        return false;
    }
    *ret_ms = ns / 1000000;
    return true;
}

bool run_check_set_limit(void *target, const char *value)
{
    return run_check_limit(value, &((struct launch_plan *)target)->check_limit_ms);
}

static bool passes(const struct launch_plan *plan)
{
    int64_t limit_ms = plan->check_limit_ms ? plan->check_limit_ms : HOST_CHECK_LIMIT_MS;
    auto_str struct str out = { 0 };
    unsigned n;
    unsigned n_bad =
        host_check_all(plan->checks, plan->n_checks, plan->check_into, false, limit_ms, &out, &n);

    if (!n)
        say("--check: no set with all volumes of the world was made, and nothing restored");
    if (n_bad)
        say("--check: %.*s", (int)out.length - 1, out.text);
    return !n_bad;
}

int run_checked(struct launch_plan *plan)
{
    if (!plan->n_checks)
        return launch(plan);
    if (plan->is_mounted) {
        say("--check looks into volumes that are not mounted; leave --mount out");
        return EXIT_BAD_USAGE;
    }
    auto_free char *directory = input_temporary(NULL, "check");

    if (!mkdtemp(directory)) {
        say("%s: %s", directory, strerror(errno));
        return EXIT_NO_WORLD;
    }
    plan->check_into = directory;
    int code = launch(plan);

    if (!passes(plan) && code == 0)
        code = EXIT_CHECK_FAILED;
    host_tree_remove(directory);
    return code;
}
