/* SPDX-License-Identifier: MIT */
/* vssemu run --world FILE.yaml: what the file says becomes part of the plan where the command line
 * does not say otherwise; the rest of it the program's process reads itself. */
#pragma once

#include "emu/scenario/scenario.h"

#include <stdbool.h>

struct launch_plan;

struct world_option {
    char *path; /* absolute; NULL: no --world */
    struct scenario scenario;
    char *betest;                  /* absolute path */
    char *directories[26];         /* absolute, of volumes */
    struct scenario_texts program; /* its arguments, the program with a path that can be opened */
};

/* Reads the file. False: says what is wrong with it. */
bool world_option_set(struct world_option *option, const char *path);
/* After the command line has been read; has_seed: that says one; also set. argv: the program
 * of the command line, or NULL. Answers the program and its arguments, which live as long as the
 * option; NULL: there is none. */
char *const *world_option_apply(struct world_option *option, struct launch_plan *plan,
                                bool *has_seed, char *const *argv);
void world_option_fini(struct world_option *option);
