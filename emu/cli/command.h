/* SPDX-License-Identifier: MIT */
/* A command of vssemu and its options. main.c has the table of commands; each cmd_NAME.c fills
 * in one row of it. Options are rows too: parsed by them and explained by them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct option_row {
    const char *name;  /* "volume" for --volume; the last row has NULL */
    const char *value; /* how help calls its value, "C:=DIR"; "[=NAME]": may have one; NULL: takes
                        * none */
    const char *help;
    /* Takes the value (NULL: none belongs); says what is wrong with a bad one, answers false. */
    bool (*set)(void *target, const char *value);
};

struct command {
    const char *name;
    const char *summary;              /* one line */
    const char *usage;                /* after "vssemu NAME " */
    const struct option_row *options; /* NULL: none */
    const char *letters; /* each, behind one "-", is short for the option that begins with it and
                          * takes no value; NULL: none */
    const char *more;    /* further paragraphs of its help, NULL: none */
    int (*run)(const struct command *command, int argc, char **argv); /* the exit code */
};

extern const struct command cmd_run, cmd_demo, cmd_states, cmd_writers, cmd_trace, cmd_replay,
    cmd_test, cmd_fuzz, cmd_scenario, cmd_volume;

/* Parses options up to the first other argument (or after "--") and answers its index, or -1 after
 * saying what is wrong. argv[0] is the command's name. Options go into target. */
int command_parse(const struct command *command, int argc, char **argv, void *target);
/* The same, but options may stand behind other arguments, which are moved to the end of argv. */
int command_parse_mixed(const struct command *command, int argc, char **argv, void *target);

/* Prints the help of a command on standard output. */
void command_print_help(const struct command *command);
