/* SPDX-License-Identifier: MIT */
/* Stepping through a run, the half of the launcher: shows what the program's half says
 * (emu/setup/stepper) and gives it the commands of a person at the terminal, or of a file. The
 * program keeps its own standard input and output. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define STEP_MAX_UNTIL 16

/* Of a launch plan. */
struct launch_step {
    bool is_on;
    const char *until[STEP_MAX_UNTIL]; /* none: before everything */
    size_t n_until;
    const char *commands; /* a file with a command on each line; NULL: the terminal */
};

struct step_prompt {
    int fd;         /* the launcher's end; -1: nobody steps */
    int program_fd; /* the program's, until it is handed over */
    FILE *commands, *screen;
    bool asks_person; /* the commands come from a terminal */
    bool is_over;     /* quit was said */
};

/* Answers 0, or an exit code after saying what is wrong. */
int step_prompt_open(const struct launch_step *step, struct step_prompt *ret);
void step_prompt_handed_over(struct step_prompt *prompt);
/* fd is readable: shows what has come; when a command is wanted, waits for the person. Answers
 * false when the program is to be ended. */
bool step_prompt_talk(struct step_prompt *prompt);
void step_prompt_close(struct step_prompt *prompt);

/* --step, --until, --step-commands, for a struct whose first member is a launch_plan. */
bool step_option_on(void *target, const char *value);
bool step_option_until(void *target, const char *value);
bool step_option_commands(void *target, const char *value);
