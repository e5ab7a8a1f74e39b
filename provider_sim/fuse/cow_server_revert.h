/* SPDX-License-Identifier: MIT */
/* Reverting a volume that is mounted: it goes on in steps, while programs read what it is to become
 * and their changes wait. The kernel has learned names, attributes and pages that are not true any
 * more. It is told so by a thread, because it may ask us something before it takes in what it is
 * told; meanwhile the server goes on serving. */
#pragma once

#include <stdbool.h>

struct cow_fuse;
struct cow_volume;
struct server_revert;

/* fuse NULL: nothing is mounted. On failure (as cow_volume_begin_revert) nothing has happened. */
int server_revert_begin(struct cow_volume *volume, struct cow_fuse *fuse, unsigned number,
                        struct server_revert **ret_revert);
/* There is something to do that does not wait for the kernel. */
bool server_revert_has_steps(const struct server_revert *revert);
/* False: there is no more work; what is left is that the kernel is told. */
bool server_revert_step(struct server_revert *revert);
/* Readable when the kernel has been told what it was being told; then server_revert_heard. -1: it
 * is not being told anything. */
int server_revert_fd(const struct server_revert *revert);
void server_revert_heard(struct server_revert *revert);
bool server_revert_is_over(const struct server_revert *revert);
/* The mount is about to go; the work goes on. */
void server_revert_unmounting(struct server_revert *revert);
/* Of one that is over: frees it and answers what has become of it. */
int server_revert_end(struct server_revert *revert);
