/* SPDX-License-Identifier: MIT */
/* Paths of a mounted volume, in its current state or in a snapshot: descriptors (O_CLOEXEC) or
 * negative errno values. root_fd is the root of the mount. */
#pragma once

#include <sys/types.h>

/* A handle on the snapshot's root; -ESTALE: it is gone. */
int host_view_root(int root_fd, unsigned view);
/* flags as in port/volume.h, or O_PATH. */
int host_view_open(int root_fd, unsigned view, const char *path, int flags, mode_t mode);
/* The directory of the last element, which *ret_name then points to. -EINVAL: the root has none. */
int host_view_parent(int root_fd, unsigned view, const char *path, const char **ret_name);
