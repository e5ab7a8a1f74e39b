/* SPDX-License-Identifier: MIT */
/* Paths of a mounted volume, in its current state or in a snapshot: descriptors (O_CLOEXEC) or
 * negative errno values. Of a volume that is an image, a snapshot on the mount is a file, which
 * stands for a root with this one name in it. */
#pragma once

#include <sys/types.h>

struct host_volume;

/* A handle on the snapshot, its root or its image; -ESTALE: it is gone. */
int host_view_root(const struct host_volume *h, unsigned view);
/* flags as in port/volume.h, or O_PATH. The root of an image's snapshot is the mount's. */
int host_view_open(const struct host_volume *h, unsigned view, const char *path, int flags,
                   mode_t mode);
/* The directory of the last element, which *ret_name then points to. -EINVAL: the root has none. */
int host_view_parent(const struct host_volume *h, unsigned view, const char *path,
                     const char **ret_name);
