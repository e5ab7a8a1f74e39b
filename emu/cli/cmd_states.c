/* SPDX-License-Identifier: MIT */
/* vssemu states: prints the protocol, which is data, for people. */
#include "emu/cli/command.h"
#include "emu/cli/say.h"

static int run(const struct command *command, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    say("%s: the tables have no printer yet", command->name);
    return EXIT_HARNESS_FAILED;
}

const struct command cmd_states = {
    .name = "states",
    .summary = "prints the tables of the protocol",
    .usage = "",
    .run = run,
};
