/* SPDX-License-Identifier: MIT */
#include "emu/cli/run_check.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/fuzz_check.h"
#include "emu/cli/input_files.h"
#include "emu/cli/launch.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"
#include "emu/cli/tree_copy.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool run_check_set(void *target, const char *value)
{
    ((struct launch_plan *)target)->check = value;
    return true;
}

/* 1 and so on, in the order of their making. */
static bool passes(const struct launch_plan *plan)
{
    bool is_good = true;

    for (unsigned i = 1;; i++) {
        auto_free char *directory = str_printf("%s/%u", plan->check_into, i);

        if (access(directory, F_OK) < 0) {
            if (i == 1)
                say("--check: no set with all volumes of the world was made, and nothing restored");
            return is_good;
        }
        int code = fuzz_check(plan->check, directory, false);

        if (code)
            say("--check: snapshot or restore %u does not pass: the command ended with %d", i,
                code);
        is_good &= !code;
    }
}

int run_checked(struct launch_plan *plan)
{
    if (!plan->check)
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
