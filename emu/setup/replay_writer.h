/* SPDX-License-Identifier: MIT */
/* What a recorded writer said: the documents that it gave, Identify by Identify, and what its
 * handlers set on their components, event by event. A writer over its metadata
 * (writer_sim/metadata_writer) says it again to whoever asks. The nth event of a name gets what was
 * said in the nth then; components are found by type, path and name, and what was said of one that
 * the requester has not chosen now is left out. */
#pragma once

#include <stdbool.h>

struct metadata_writer_ways;

/* path: the writer's own records, in order, as they stand in its trace (emu/cli/replay_as). False
 * and *ret_error, a sentence that the caller frees. */
bool replay_writer_load(const char *path, struct metadata_writer_ways **ret, char **ret_error);
