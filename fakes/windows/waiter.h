/* SPDX-License-Identifier: MIT */
/* What a wait consists of, for wait.c and for those who finish waits on behalf of other processes
 * (shared/neighbour_wait.c). Everything with the lock of all objects held. */
#pragma once

#include "fakes/windows/handle.h"

#include <pthread.h>

struct thread;

struct waiter;

struct wait_block {
    struct list link; /* in object->waits */
    struct object *object;
    struct waiter *waiter;
};

struct waiter {
    pthread_cond_t cond;
    struct thread *thread; /* NULL: a wait without one */
    void (*notify)(void *argument, bool is_done);
    void *argument;
    bool takes_all;
    bool is_alertable;
    bool is_done;
    DWORD result;
    DWORD n;
    struct wait_block *blocks;
};

/* Takes what it waits for, if all of that is there now. */
bool waiter_try(struct waiter *waiter);
/* It has what it waits for: leaves the queues and is told. */
void waiter_finish(struct waiter *waiter);
/* What the other processes of a run see of a block. */
void waiter_show(const struct wait_block *block);
