/* SPDX-License-Identifier: MIT */
/* A small process that outlives the server of the volumes and unmounts what a killed server leaves.
 * libfuse's auto_unmount does not do: fusermount3 looks whether the mount is still its own while
 * the server's descriptors are being closed one after the other, and when it looks too early, or
 * when the table of mounts changes meanwhile, the dead mount stays for ever. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mount_guard {
    size_t n_mounts;
    char *const *mounts;     /* absolute paths */
    const bool *is_made;     /* mounts[i] is a directory of ours, to be removed at the end */
    const char *made_parent; /* the directory they are in, also to be removed; may be NULL */
};

/* Starts the guard of a server that is yet to be forked. *ret_life_fd is what the guard watches:
 * only the server may keep it, its parent closes it after the fork. Answers the guard's process,
 * which ends after the server (the caller waits for it), or a negative errno value. */
pid_t mount_guard_start(const struct mount_guard *guard, int *ret_life_fd);
