/* SPDX-License-Identifier: MIT */
/* The launcher: sets the scene, starts the program in it, and outlives it. While the program runs
 * the launcher keeps its trace and passes signals on; afterwards it unmounts, writes the verdict
 * and says how the run ended. The protocol itself runs in the program (libvssapi). */
#pragma once

#include "emu/cli/launch_plan.h"

/* Runs the plan to its end. Answers the exit code of the run: the program's, 128 + signal if it was
 * ended by one, or a code of say.h. Mounts are gone then, whatever happened. */
int launch(const struct launch_plan *plan);
