/* SPDX-License-Identifier: MIT */
/* Folders at which volumes are mounted. */
#pragma once

#include "emu/port/volume.h"

/* The mounted folder that a path of Windows leads through last, or is: its volume, and how many
 * bytes of the path name the folder (without a slash behind it). NULL: there is none, *ret_length
 * is 0, or a snapshot is exposed at that folder. What lies behind the folder need not exist. */
struct volume *mounted_at(const char *path, size_t *ret_length);

/* Every mounted folder of a volume in its current state, "dir/folder". */
void mounted_list(struct volume *host,
                  void (*each)(void *arg, const char *folder, struct volume *mounted), void *arg);
