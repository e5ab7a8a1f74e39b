/* SPDX-License-Identifier: MIT */
/* The volumes of a run: their directories are looked at before anything starts, so that what is
 * wrong is said in words that name the directory, and are mounted if the plan says so. */
#pragma once

#include "emu/cli/launch_plan.h"

struct cow_server;

struct launched_volumes {
    size_t n;
    char *mounted_at[LAUNCH_MAX_VOLUMES]; /* borrowed from the server; NULL: not mounted */
    int control_fds[LAUNCH_MAX_VOLUMES];  /* close-on-exec; -1: not mounted */
    struct cow_server *server;            /* NULL: nothing is mounted */
};

/* Checks every directory, becomes its owner for as long as the check lasts (unmounted volumes are
 * the program's) or the server runs, and mounts. Answers 0, or the exit code after saying what is
 * wrong; nothing is left mounted then. */
int launched_volumes_open(const struct launch_plan *plan, struct launched_volumes *ret_volumes);

/* The program has its control sockets now: closes the launcher's ends. */
void launched_volumes_handed_over(struct launched_volumes *volumes);

/* Unmounts. Answers whether the server was alive until now. May be called twice. */
bool launched_volumes_close(struct launched_volumes *volumes);
