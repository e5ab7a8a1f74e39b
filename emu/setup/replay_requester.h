/* SPDX-License-Identifier: MIT */
/* A requester that makes the calls of a recorded one, in their order and with their pauses, so
 * that the writers of this world meet what the recorded ones met. Identifiers are new in every run:
 * those that a call gives stand for the recorded ones from then on, and writers are found by
 * class. */
#pragma once

#include <stdio.h>

struct vssemu_world;

/* On a thread of its own, outside the service. What is answered otherwise than then is told on out.
 * Answers 0, or 1 when something was, or 2 when the trace cannot be read. */
int replay_requester_run(struct vssemu_world *world, const char *trace_path, FILE *out);
