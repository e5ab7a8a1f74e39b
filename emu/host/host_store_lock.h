/* SPDX-License-Identifier: MIT */
/* The lock that gives a volume directory one owner at a time. Used by host_store. */
#pragma once

#include <sys/types.h>

struct store;

/* Of the port. The lock is held until the last copy of its descriptor is closed: a child process
 * inherits it. */
int host_store_lock(struct store *s, pid_t *ret_owner_pid);
int host_store_lock_to_read(struct store *s, pid_t *ret_owner_pid);
