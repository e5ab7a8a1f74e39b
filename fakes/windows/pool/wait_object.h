/* SPDX-License-Identifier: MIT */
/* Waiting for an object on behalf of a callback, without a thread: what SetThreadpoolWait and
 * RegisterWaitForSingleObject share. When the wait is over a call is queued with WAIT_OBJECT_0 or
 * WAIT_TIMEOUT as its result. */
#pragma once

#include "fakes/windows/pool/pool.h"

struct wait_async;

struct pool_wait {
    struct pool_object object; /* first */
    struct object *target;     /* a reference; NULL: waits for nothing */
    struct wait_async *wait;
    int64_t deadline_ns;
    bool is_waiting;
};

/* Waits from now on; the reference passes to it. target NULL: it waits no more. True: it waited. */
bool pool_wait_set(struct pool_wait *wait, struct object *target, int64_t deadline_ns);
/* The same target once more. */
void pool_wait_again(struct pool_wait *wait, int64_t deadline_ns);
/* ring and stop of its kind. */
void pool_wait_ring(struct pool_object *object);
void pool_wait_stop(struct pool_object *object);
