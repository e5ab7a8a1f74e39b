/* SPDX-License-Identifier: MIT */
/* Copies of a trace's volumes, as they were before the run as far as that can be had: a replay
 * never touches the directories themselves. */
#pragma once

#include "emu/cli/trace_world.h"

struct replay_volumes {
    char *directory; /* temporary, with everything in it; NULL: none */
    char *copies[LAUNCH_MAX_VOLUMES];
};

/* Points the plan's volumes to copies. False: says what is wrong; nothing is left. */
bool replay_volumes_copy(struct trace_world *world, struct replay_volumes *ret);
void replay_volumes_remove(struct replay_volumes *volumes);
