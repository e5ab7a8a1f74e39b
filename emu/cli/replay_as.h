/* SPDX-License-Identifier: MIT */
/* One side of a recorded run is played, the other is a program of the user's: what has to change in
 * the recorded world for that. */
#pragma once

#include "emu/cli/trace_world.h"
#include "emu/trace/trace_file.h"

/* The built-in requester follows the recorded one. */
void replay_as_requester(struct trace_world *world, const char *trace_path);

/* Simulated writers with the recorded metadata answer as the recorded ones did: their failures,
 * vetoes and delays become faults. directory: where their documents may be put. False: says what is
 * wrong. */
bool replay_as_writers(struct trace_world *world, const struct trace_file *trace,
                       const char *directory);

/* A trace_diff_filter: what writers were told and answered, and their states. */
bool replay_is_of_writer(const struct trace_record *record, const void *arg);
