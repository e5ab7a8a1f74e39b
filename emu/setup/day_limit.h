/* SPDX-License-Identifier: MIT */
/* A search does not wait for a program that neither ends nor gives up: after 24 hours of its clock
 * the process says so in its trace and ends. */
#pragma once

struct vssemu_world;

/* Of the process's world, once, at its beginning. */
void day_limit_begin(struct vssemu_world *world);
