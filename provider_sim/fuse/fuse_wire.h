/* SPDX-License-Identifier: MIT */
/* What the kernel says and libfuse does not hand on: requests and answers of /dev/fuse as
 * <linux/fuse.h> has them. Used by cow_fuse. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

/* FUSE_HANDLE_KILLPRIV_V2: this file system takes set-user-id bits and capabilities away itself
 * when a file is written, so the kernel need not ask for them before each write.
 *
 * Whether the kernel offers it; request: that of FUSE_INIT (anything else: false). */
bool fuse_wire_offers_killpriv(const void *request, size_t size);
/* Accepts it in the answer to FUSE_INIT, in place; other answers stay as they are. */
void fuse_wire_accept_killpriv(const struct iovec *answer, int count);

/* Whether this write, or change of size, takes set-user-id and set-group-id bits away: its caller
 * may not keep them. False for other requests. */
bool fuse_wire_kills_suid(const void *request, size_t size);
