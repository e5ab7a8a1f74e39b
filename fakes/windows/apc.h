/* SPDX-License-Identifier: MIT */
/* Asynchronous procedure calls: work for one thread, done when that thread next waits alertably
 * (Learn: "Asynchronous Procedure Calls"). For QueueUserAPC, timers with a routine, and completion
 * routines of overlapped I/O. */
#pragma once

#include "fakes/windows/thread.h"

/* Embed it; zero it before first use. Once queued it belongs to the thread until `run` or `drop` is
 * called; it is off the queue then and may be freed there. */
struct apc {
    struct list link;
    void (*run)(struct apc *apc);  /* on that thread, no lock held; may wait and queue again */
    void (*drop)(struct apc *apc); /* the thread has ended without; NULL: nothing to do */
};

/* Queues it, and ends an alertable wait of the thread. False: the thread has ended, nothing is
 * called. From any thread, without the lock of objects. One that is queued already stays where it
 * is. */
bool thread_queue_apc(struct thread *thread, struct apc *apc);

/* The same with the lock of objects held. */
bool apc_queue_locked(struct thread *thread, struct apc *apc);
/* Takes it back: true if it was queued. With the lock of objects held. */
bool apc_cancel_locked(struct apc *apc);
/* Runs what is queued for the calling thread, until nothing is left. Answers whether there was
 * anything. */
bool apc_run_all(struct thread *self);
/* For the end of the thread. Without the lock. */
void apc_drop_all(struct thread *self);
