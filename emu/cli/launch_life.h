/* SPDX-License-Identifier: MIT */
/* A program whose process a planned fault has ended (writer=NAME do=die for=TIME) is started again
 * when that time has passed: another process, whose world begins where the time is then, without
 * the faults that have happened. */
#pragma once

#include "emu/cli/run_report.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct launch_life {
    unsigned number;   /* 0: the first */
    int64_t begins_ns; /* on the world's clock */
};

/* Whether there is a next one, behind a process that has ended with this status (of waitpid);
 * *life, which was the one that ended, becomes that. */
bool launch_life_next(const struct run_report *report, int status, struct launch_life *life);

/* For the world's description: {"number": N, "begins_ns": N, "past": [TEXT...]}; NULL of the
 * first. The caller owns it. */
json_t *launch_life_description(const struct launch_life *life, const struct run_report *report);

/* On the real clock: waits until the life begins. False: a signal of the user's came first. */
bool launch_life_wait(int signal_fd, int64_t ns);
