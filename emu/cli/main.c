/* SPDX-License-Identifier: MIT */
/* The program vssemu: a table of commands. Each command is a file of its own, cmd_NAME.c. */
#include "emu/cli/command.h"
#include "emu/cli/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int run_help(const struct command *command, int argc, char **argv);

static const struct command cmd_help = {
    .name = "help",
    .summary = "explains a command",
    .usage = "[COMMAND]",
    .run = run_help,
};

static const struct command *const commands[] = {
    &cmd_run,  &cmd_test,   &cmd_fuzz,    &cmd_scenario, &cmd_trace, &cmd_replay,
    &cmd_demo, &cmd_states, &cmd_writers, &cmd_volume,   &cmd_help,
};
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static void print_overview(void)
{
    printf("vssemu " VSSEMU_VERSION " - the Windows Volume Shadow Copy Service, on Linux\n\n"
           "Usage: vssemu COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  %-10s%s\n", commands[i]->name, commands[i]->summary);
    printf("\n`vssemu help COMMAND` explains one; `vssemu demo` shows a complete backup.\n"
           "Exit codes of vssemu itself, never those of a program under test:\n"
           "  %d  run --fault: the program succeeded and a fault never happened\n"
           "  %d  run --strict: the program succeeded and broke a rule of level must\n"
           "  %d  the command line or a file named in it makes no sense\n"
           "  %d  a volume, a mount or the trace file cannot be used\n"
           "  %d  the program is not there or cannot be started\n"
           "  %d  vssemu itself failed during a run\n"
           "A program that crashes gives 128 + its signal; any other exit code is the program's.\n",
           EXIT_UNFIRED, EXIT_FINDINGS, EXIT_BAD_USAGE, EXIT_NO_WORLD, EXIT_NO_PROGRAM,
           EXIT_HARNESS_FAILED);
}

static int say_unknown(const char *name)
{
    say("there is no command %s; `vssemu --help` lists them", name);
    return EXIT_BAD_USAGE;
}

static int run_help(const struct command *command, int argc, char **argv)
{
    (void)command;
    if (argc < 2) {
        print_overview();
        return 0;
    }
    const struct command *found = find_command(argv[1]);
    if (!found)
        return say_unknown(argv[1]);
    command_print_help(found);
    return 0;
}

/* Whether the arguments before the program's own ask for help. */
static bool asks_for_help(int argc, char **argv)
{
    return argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        say("which command? `vssemu --help` lists them");
        return EXIT_BAD_USAGE;
    }
    if (asks_for_help(argc, argv)) {
        print_overview();
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("vssemu " VSSEMU_VERSION "\n");
        return 0;
    }
    const struct command *command = find_command(argv[1]);
    if (!command)
        return say_unknown(argv[1]);
    if (asks_for_help(argc - 1, argv + 1)) {
        command_print_help(command);
        return 0;
    }
    return command->run(command, argc - 1, argv + 1);
}

/* Who reads a part must not take it for the whole. */
int main(int argc, char **argv)
{
    int code = run_command(argc, argv);
    bool has_failed = ferror(stdout);

    if (fflush(stdout) == 0 && !has_failed)
        return code;
    say("standard output cannot be written: %s", strerror(errno));
    return code ? code : EXIT_HARNESS_FAILED;
}
