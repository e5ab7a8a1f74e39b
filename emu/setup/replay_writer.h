/* SPDX-License-Identifier: MIT */
/* What a recorded writer said: the documents that it gave, Identify by Identify, and what its
 * handlers set on their components, event by event. A writer over its metadata
 * (writer_sim/metadata_writer) says it again to whoever asks. The nth event of a name gets what was
 * said in the nth then; components are found by type, path and name, and what was said of one that
 * the requester has not chosen now is left out. */
#pragma once

#include <stdbool.h>

struct description;
struct scenario;
struct vssemu_world;

/* Takes from a scenario what the recorded writers are there for: its writers, and the faults that
 * writers and the requester had. */
void replay_writers_replace(struct scenario *scenario);
/* The recorded writers of the description; `answers` of each is a file with its own records, in
 * order, as they stand in its trace (emu/cli/replay_as). False and *ret_error, a sentence that the
 * caller frees. */
bool replay_writers_add(struct vssemu_world *world, const struct description *description,
                        char **ret_error);
