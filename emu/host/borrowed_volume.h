/* SPDX-License-Identifier: MIT */
/* Port volume for a volume that belongs to the process which has started this one. Its snapshots
 * are made, deleted and held there, so all of that fails here (-EOPNOTSUPP, and a line that says
 * so).
 *
 * A mounted one is reached through its mount, snapshots and all. One that is not mounted is a
 * directory: its files can be read, and every change is -EROFS, because the copy-on-write of the
 * other process would not see it; snapshots are out of reach. */
#pragma once

struct volume;

/* mount_path NULL: it is not mounted. directory: or the image that it is. */
int borrowed_volume_new(char letter, const char *mount_path, const char *directory,
                        struct volume **ret_volume);
