/* SPDX-License-Identifier: MIT */
/* What vsched.c (the port), vsched_turn.c (whose turn it is) and their neighbours share.
 *
 * A thread waits in a frame on its stack. Frames nest: a task that runs on a waiting thread may
 * meet a lock that is taken and wait in a frame of its own. Only the innermost frame decides
 * whether its thread can run. Everything here is touched by the thread that has the turn only, so
 * there is no lock; now_ns alone is read from anywhere. */
#pragma once

#include "fakes/world/prng.h"
#include "fakes/world/vsched.h"
#include "fakes/world/vsched_strategy.h"

#include "emu/base/array.h"
#include "emu/base/hash.h"

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

/* Something that a thread has and others may wait for. */
struct vsched_hold {
    const void *key;
    const char *kind;
    const char *about; /* what the thread was about then */
    int64_t since_ns;
};

struct vsched_thread {
    struct vsched *vs;
    char name[32];
    void *os_data;
    struct vsched_wait *wait; /* the innermost */
    size_t runnable_place;    /* 1 for the first; 0: not runnable, or running */
    unsigned inside;          /* depth of calls into the scheduler */
    bool must_look;           /* got the turn to decide who runs, not to run */
    bool is_called;           /* shall call os->called when it has its turn */
    int64_t priority;         /* for the strategy */
    uint64_t spin;            /* how often it came by without ever waiting, see vsched_spin.c */
    uint64_t next_give_way;   /* at that much of it */
    uint64_t n_accesses;      /* to memory, since it called anything */
    ARRAY(struct vsched_hold) holds;
    const void *const *things; /* what it really waits for */
    size_t n_things;
    const char *about; /* NULL: nothing in particular */
};

/* How many things of a kind have been labelled. */
struct vsched_kind {
    const char *name;
    unsigned n;
};

/* A thing that went down with its thread. */
struct vsched_left {
    struct vsched_hold hold;
    char name[32];
};

#define VSCHED_N_BUCKETS 64

struct vsched {
    struct sched port;
    uint64_t seed;
    struct prng choices;
    struct vsched_strategy strategy;
    struct prng strategy_draws;
    uint64_t n_steps;    /* switch points so far */
    uint64_t next_point; /* at which the strategy wants to know */
    struct trace *trace;
    const struct vsched_os *os;
    int64_t now_ns;
    struct due_queue tasks;
    struct due_queue deadlines;
    ARRAY(struct vsched_thread *) threads;
    ARRAY(struct vsched_thread *) runnable;
    struct vsched_thread *running;
    struct vsched_thread *current;    /* who was drawn last, NULL once it has ended */
    struct vsched_thread *in_service; /* who is inside the service, NULL if nobody */
    int n_outside;                    /* processes outside, on whose ends the world may wait */
    bool is_running_task;
    bool is_notified;
    struct list buckets[VSCHED_N_BUCKETS];
    bool (*deadlock_hook)(void *arg);
    void *deadlock_arg;
    struct vsched_neighbours neighbours; /* look NULL: none */
    bool is_fine;
    bool has_circle; /* and the trace says so */
    uint64_t n_fine; /* accesses to memory so far */
    uint64_t spin;   /* of all threads, since time jumped last */
    uint64_t spin_limit;
    uint64_t n_idle;    /* how often nobody could run, for the watchdog */
    struct hash labels; /* of struct label, see vsched_label.c */
    ARRAY(struct vsched_kind) kinds;
    ARRAY(struct vsched_left) left; /* what threads had when they ended */
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

/* vsched_spin.c: loops that never wait. Counts one switch point of the running thread and answers
 * what it costs, at least cost_ns. */
int64_t vsched_spin(struct vsched *vs, int64_t cost_ns, unsigned weight);
/* The same for one access to memory, which mostly costs nothing. */
int64_t vsched_spin_on_memory(struct vsched *vs);
#define VSCHED_SPIN_STEP 1                /* weight of a lock, an unlock, a call of the service */
#define VSCHED_SPIN_LOOK 50               /* of a look at a clock, a yield */
void vsched_spin_ends(struct vsched *vs); /* the running thread waits */

/* vsched_label.c */
extern const struct sched_report_ops vsched_report_ops;
struct label {
    struct hash_link link;
    const void *key;
    const char *kind;
    unsigned ordinal;
    char *name; /* owned; NULL: none */
};
const struct label *vsched_label_of(const struct vsched *vs, const void *key);
void vsched_labels_free(struct vsched *vs);
void vsched_thread_forget(struct vsched_thread *thread);

/* vsched_report.c */
_Noreturn void vsched_report_deadlock(struct vsched *vs);
_Noreturn void vsched_report_spin(struct vsched *vs);
void vsched_note_circle(struct vsched *vs);

/* vsched_turn.c, for vsched_thread.c */
void vsched_add_runnable(struct vsched *vs, struct vsched_thread *thread);
void vsched_remove_runnable(struct vsched *vs, struct vsched_thread *thread);

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
