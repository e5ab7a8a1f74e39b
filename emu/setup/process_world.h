/* SPDX-License-Identifier: MIT */
/* The world of a process: made from the launcher's description (or empty, when there is none) on
 * first use, ended at exit. */
#pragma once

#include <stdbool.h>

struct scenario;
struct vssemu_world;

struct vssemu_world *process_world(void);
bool process_world_is_made(void);
/* The world file that the process was started with, or NULL. */
const struct scenario *process_world_scenario(void);
