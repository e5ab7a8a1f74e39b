/* SPDX-License-Identifier: MIT */
/* Snapshots that an earlier process has left: made through the interfaces that a requester uses,
 * with everything that this has for effect, before the program begins. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>

struct snapshot_spec;
struct vssemu_world;

/* In the world of the calling thread, outside the service; returns when the set is there, its
 * session has gone, and what `then` names has been copied. *ret_set gets its id. False: *ret_error
 * says why; the caller frees. */
bool earlier_snapshots_make(struct vssemu_world *world, const struct snapshot_spec *spec,
                            VSS_ID *ret_set, char **ret_error);
