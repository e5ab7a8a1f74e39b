/* SPDX-License-Identifier: MIT */
/* A directory served as a mounted volume by a process of its own: `vssemu volume mount |
 * unmount`. */
#pragma once

#include <stdbool.h>

/* Mounts the directory on the mount point, in the background unless stay is set: then until it is
 * unmounted or a signal comes. Says what is wrong and answers the exit code. */
/* has_writeback: see cow_server.h. */
int volume_mount(const char *directory, const char *mount_point, bool stay, bool has_writeback);
int volume_unmount(const char *mount_point);
