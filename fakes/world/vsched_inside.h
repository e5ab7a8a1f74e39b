/* SPDX-License-Identifier: MIT */
/* What vsched.c (the port) and vsched_turn.c (whose turn it is) share; nobody else includes it.
 *
 * A thread waits in a frame on its stack. Frames nest: a task that runs on a waiting thread may
 * meet a lock that is taken and wait in a frame of its own. Only the innermost frame decides
 * whether its thread can run. Everything here is touched by the thread that has the turn only, so
 * there is no lock; now_ns alone is read from anywhere. */
#pragma once

#include "fakes/world/prng.h"
#include "fakes/world/vsched.h"

#include "emu/base/array.h"

struct vsched_wait {
    struct due deadline;
    struct list link; /* among those with a key of the same hash */
    struct vsched_thread *thread;
    struct vsched_wait *outer;
    const void *key;
    const char *what;
    int64_t since_ns;
    bool (*done)(void *arg); /* asked on behalf of a thread in sched_wait */
    void *arg;
    bool carries_tasks;
    bool is_over;
    bool is_woken; /* over because of a wake, not of the deadline */
};

struct vsched_thread {
    struct vsched *vs;
    char name[32];
    void *os_data;
    struct vsched_wait *wait; /* the innermost */
    size_t runnable_place;    /* 1 for the first; 0: not runnable, or running */
    unsigned inside;          /* depth of calls into the scheduler */
    bool must_look;           /* got the turn to decide who runs, not to run */
};

#define VSCHED_N_BUCKETS 64

struct vsched {
    struct sched port;
    uint64_t seed;
    struct prng choices;
    struct trace *trace;
    const struct vsched_os *os;
    int64_t now_ns;
    struct due_queue tasks;
    struct due_queue deadlines;
    ARRAY(struct vsched_thread *) threads;
    ARRAY(struct vsched_thread *) runnable;
    struct vsched_thread *running;
    struct vsched_thread *in_service; /* who is inside the service, NULL if nobody */
    int n_outside;                    /* processes outside, on whose ends the world may wait */
    bool is_running_task;
    bool is_notified;
    struct list buckets[VSCHED_N_BUCKETS];
    bool (*deadlock_hook)(void *arg);
    void *deadlock_arg;
    struct vsched_neighbours neighbours; /* look NULL: none */
};

static inline int64_t vsched_now(const struct vsched *vs)
{
    return __atomic_load_n(&vs->now_ns, __ATOMIC_RELAXED);
}

static inline void vsched_let_pass(struct vsched *vs, int64_t ns)
{
    __atomic_store_n(&vs->now_ns, vs->now_ns + ns, __ATOMIC_RELAXED);
}

/* Waits until done(arg) answers true after a notify, or until the deadline. Tasks may run on the
 * calling thread: who waits for the service must not hold what the service needs. */
void vsched_block_for(struct vsched *vs, bool (*done)(void *arg), void *arg, int64_t deadline_ns);
/* vsched_yield before entering the service; tasks may run here as well. */
void vsched_yield_to_service(struct vsched *vs, int64_t cost_ns);

/* The one thread a scheduler is born with. */
struct vsched_thread *vsched_thread_new_running(struct vsched *vs, const char *name);

/* ThreadSanitizer does not see turns. It is told where the service is entered and left, and where
 * one thread wakes another. */
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

static inline void vsched_acquire(const void *address)
{
    if (__tsan_acquire)
        __tsan_acquire((void *)(uintptr_t)address);
}

static inline void vsched_release(const void *address)
{
    if (__tsan_release)
        __tsan_release((void *)(uintptr_t)address);
}
