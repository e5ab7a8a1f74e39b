/* SPDX-License-Identifier: MIT */
/* The threads of a world's pools: workers, and the one that waits for alarms. With the lock of
 * pools held. */
#pragma once

#include "fakes/windows/pool/pool.h"

#define POOL_IDLE_MS 5000 /* a thread without work leaves after that */

/* Starts a thread of that world; false: the machine has no more. */
bool pool_thread_start(struct pool_world *world, void (*main)(void *argument), void *argument,
                       size_t stack);
/* The last that such a thread does. */
void pool_thread_leaves(struct pool_world *world);
/* Its threads look again. */
void pool_wake_all(struct pool *pool);
bool pool_world_is_ending(const struct pool_world *world);
