/* SPDX-License-Identifier: MIT */
/* One mounted volume: the low-level interface of libfuse on one side, cow_volume on the other, no
 * decisions of its own. What it adds: the directory ".vss" with the snapshots, and the queue of
 * changes that arrived while the volume was held. Used by cow_server, in one thread. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct cow_fuse;
struct cow_volume;

/* Mounts. Takes neither volume nor path; both must outlive the mount. label: shown by mount(8).
 * has_writeback: the kernel may keep what is written for a while; see cow_server.h.
 * On failure a negative errno value; libfuse and fusermount3 have then said why on stderr. */
int cow_fuse_mount(struct cow_volume *volume, const char *path, char label, bool has_writeback,
                   struct cow_fuse **ret_fuse);
/* Who asks the root for VOLUME_SERVER_ATTRIBUTE gets this from now on. */
void cow_fuse_tell_server(struct cow_fuse *fuse, pid_t pid);
/* Answers what is queued, unmounts (busy or not), frees. */
void cow_fuse_unmount(struct cow_fuse *fuse);

int cow_fuse_fd(struct cow_fuse *fuse); /* to be polled for reading */
/* Answers what there is, and what follows at once, some requests at most; does not wait.
 * Negative: the file system was unmounted from outside. */
int cow_fuse_serve(struct cow_fuse *fuse);
/* Answers what the kernel has sent so far, before a hold: syncfs(2) sends the dirty pages of FUSE
 * but does not wait until they have arrived. */
void cow_fuse_drain(struct cow_fuse *fuse);

/* A revert begins: until its end, programs read the origin as the snapshot has it; their changes
 * wait, as do names that are to be made again. Whatever page the kernel writes back by itself, from
 * a mapping or a writeback cache, is older, and dropped, until cow_fuse_end_dropping: when it has
 * let go of all of them. */
void cow_fuse_begin_revert(struct cow_fuse *fuse, unsigned number);
void cow_fuse_end_revert(struct cow_fuse *fuse);
void cow_fuse_end_dropping(struct cow_fuse *fuse);

/* The volume is not held any more: answers the changes that waited, in their order. */
void cow_fuse_resume(struct cow_fuse *fuse);
