/* SPDX-License-Identifier: MIT */
/* Reverting a volume that is mounted: the kernel has learned names, attributes and pages that are
 * not true any more. It is told so by a thread, because it may ask us something before it takes in
 * what it is told; meanwhile the server goes on serving. */
#pragma once

struct cow_fuse;
struct cow_volume;
struct server_revert;

/* Reverts; 0: the kernel is being told, and server_revert_end must follow once server_revert_fd is
 * readable. Any error is cow_volume_revert's; the kernel is told in this case, too, unless
 * *ret_revert is NULL: then there is nothing to tell (fuse NULL: nothing is mounted). */
int server_revert_begin(struct cow_volume *volume, struct cow_fuse *fuse, unsigned number,
                        struct server_revert **ret_revert);
int server_revert_fd(const struct server_revert *revert);
/* Waits for the thread; somebody must serve until its descriptor is readable. */
void server_revert_end(struct server_revert *revert);
