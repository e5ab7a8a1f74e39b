/* SPDX-License-Identifier: MIT */
/* Opening a path that cannot lead out of a directory. Used by host_volume. */
#pragma once

#include <sys/types.h>

/* As openat(2) with O_CLOEXEC; "" is the directory itself. Answers a descriptor or a negative
 * errno value: -EXDEV where the path, a ".." or a symbolic link in it leads out of dir. */
int host_open_beneath(int dir, const char *path, int flags, mode_t mode);
