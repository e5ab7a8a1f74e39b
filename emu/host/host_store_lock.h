/* SPDX-License-Identifier: MIT */
/* The lock that gives a volume directory one owner at a time. Used by host_store. */
#pragma once

#include <sys/types.h>

/* Answers a descriptor that holds the lock until its last copy is closed (a child process inherits
 * it), or a negative errno value; with -EBUSY *ret_owner_pid (may be NULL) is the owner, 0 if
 * unknown. */
int host_store_take_lock(int root_fd, pid_t *ret_owner_pid);
/* Shared with others who only read: the descriptor in *ret_fd, -1 where there is nothing to lock
 * since nobody has ever been the owner. Changes nothing. Errors likewise. */
int host_store_share_lock(int root_fd, pid_t *ret_owner_pid, int *ret_fd);
