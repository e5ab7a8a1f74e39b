/* SPDX-License-Identifier: MIT */
/* Thread pools (Learn: "Thread Pools"). A pool is a queue of calls and the threads that make them.
 * Each world has a default pool and a clock thread of its own; both begin with their first use and
 * leave when they have had nothing to do for a while, so a program that uses no pool sees none.
 * What a program makes (work, timers, waits, I/O) is a pool_object: it queues calls of itself.
 *
 * One lock for all of it. The lock of objects (handle.h) may be held when it is taken, never the
 * other way round. */
#pragma once

#include "emu/base/due_queue.h"
#include "fakes/windows/handle.h"

#include <pthread.h>

struct pool;
struct pool_object;

void pools_lock(void);
void pools_unlock(void);
/* Waits for a condition under that lock; 0 or ETIMEDOUT. */
int pools_wait(pthread_cond_t *cond, int64_t deadline_ns);

/* ---- objects ---- */

/* What is passed to a callback; see instance.c. */
struct _TP_CALLBACK_INSTANCE {
    struct pool_object *object;
    bool is_associated; /* DisassociateCurrentThreadFromCallback was not called */
    CRITICAL_SECTION *section;
    HANDLE mutex, semaphore, event;
    DWORD semaphore_count;
    HMODULE library;
};

/* A call that waits for a thread. `result` and `data` are its kind's. */
struct pool_call {
    struct list link;
    struct pool_object *object;
    ULONG_PTR result;
    void *data[2];
};

struct pool_kind {
    /* Makes the call, on a thread of the pool, no lock held. */
    void (*run)(struct pool_object *object, struct pool_call *call, PTP_CALLBACK_INSTANCE instance);
    /* Its alarm has rung, on the clock thread, no lock held. NULL: it has no alarms. */
    void (*ring)(struct pool_object *object);
    /* Nothing will be queued any more: stops alarms and waits. With no lock held. NULL: nothing. */
    void (*stop)(struct pool_object *object);
    /* Frees it. No lock held. */
    void (*destroy)(struct pool_object *object);
};

struct pool_object {
    const struct pool_kind *kind;
    unsigned count; /* its owner, calls queued and running, the clock thread while it rings */
    struct pool *pool;
    void *context;
    struct list in_group; /* cleanup group, or not linked */
    struct _TP_CLEANUP_GROUP *group;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK group_cancel;
    PTP_SIMPLE_CALLBACK finalization;
    TP_CALLBACK_PRIORITY priority;
    bool is_closed; /* its owner has let go of it */
    unsigned n_queued, n_running;
    pthread_cond_t changed; /* n_queued or n_running went down */
    struct due alarm;
};

/* Fills in a zeroed one: count 1. environment may be NULL: the default pool of the world. */
void pool_object_init(struct pool_object *object, const struct pool_kind *kind, void *context,
                      const TP_CALLBACK_ENVIRON *environment);
/* Gives a reference back. Without the lock. */
void pool_object_unref(struct pool_object *object);
/* The owner's end: stop(), out of the group, the owner's reference. Calls that are queued are still
 * made. */
void pool_object_close(struct pool_object *object);
/* Until no call is queued or running; with `cancels` those queued are forgotten first. Answers how
 * many were. The caller has a reference. */
unsigned pool_object_wait(struct pool_object *object, bool cancels);
/* Calls that are queued are forgotten. Answers how many. */
unsigned pool_object_cancel(struct pool_object *object);
/* Whether a call is queued or running. */
bool pool_object_is_busy(struct pool_object *object);

/* Queues a call of it. With the lock held. */
void pool_queue(struct pool_object *object, ULONG_PTR result, void *data, void *more_data);

/* When its alarm rings (wait.h's clock); WAIT_NEVER takes it back. With the lock held. */
void pool_alarm_set(struct pool_object *object, int64_t at_ns);

/* ---- for pool.c, clock.c ---- */

struct pool_world;
/* The calling thread's; made by the first call. With the lock held. */
struct pool_world *pool_world_here(void);
struct pool *pool_default(struct pool_world *world);
struct pool_world *pool_world_of(struct pool *pool);

struct pool *pool_new(struct pool_world *world);
void pool_ref(struct pool *pool);   /* with the lock held */
void pool_unref(struct pool *pool); /* the same */

/* The end of a world: its threads leave. On a thread of that world. */
void pools_end_world(unsigned serial);

/* What a callback asked for to be done after it. */
void instance_finish(PTP_CALLBACK_INSTANCE instance);

/* Cleanup groups, with the lock held. */
void group_add(struct _TP_CLEANUP_GROUP *group, struct pool_object *object);

/* Nanoseconds of wait.h's clock for a FILETIME as SetThreadpoolTimer takes it: negative is
 * relative, positive a moment of the world's time. */
int64_t pool_moment(const FILETIME *due);
