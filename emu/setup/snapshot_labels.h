/* SPDX-License-Identifier: MIT */
/* Identifiers of snapshots that were there before the program, in its arguments: where a set has
 * the label `old`, {old} becomes the set's id and {old.C} the id of its snapshot of C:, both with
 * braces; {old.C.device} becomes the name of that snapshot's device, without. Other braces stay. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>
#include <stddef.h>

struct vssemu_world;

struct snapshot_label {
    const char *label; /* borrowed */
    VSS_ID set;
};

/* Replaces pointers of argv, which ends with NULL; the new texts live as long as the process.
 * False: an argument names a snapshot that the set does not have; *ret_error says so, the caller
 * frees. */
bool snapshot_labels_fill(struct vssemu_world *world, const struct snapshot_label *labels,
                          size_t n_labels, char **argv, char **ret_error);
