/* SPDX-License-Identifier: MIT */
/* Stepping through a run, the half in the program: stops the world before an event, says on a
 * socket how things are, does what it is told there, and goes on. The launcher has the other half,
 * which talks to a person (emu/cli/step_prompt).
 *
 * What is said ends with the byte STEPPER_ASKS when a line with a command is wanted. */
#pragma once

#include <stddef.h>

#define STEPPER_ASKS '\x04'

struct vssemu_world;

/* until: "Freeze", "writer Sql:Freeze", patterns with * and ?; none: before everything. The texts
 * are copied. */
void stepper_begin(struct vssemu_world *world, int fd, char *const *until, size_t n_until);
