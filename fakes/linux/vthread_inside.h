/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. Each function of libc that they define begins with
 *
 *     struct vsched *vs = vthread_vsched();
 *     if (!vs)
 *         return REAL(name)(arguments);
 *
 * which is NULL for a thread without a record, and for one that is inside the scheduler itself
 * (a sanitizer's malloc may read the clock there). */
#pragma once

#include "fakes/linux/context.h"
#include "fakes/linux/real.h"
#include "fakes/linux/vthread.h"
#include "fakes/world/prng.h"
#include "fakes/world/vsched.h"

#include "emu/base/array.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct vthread_world;

struct vthread {
    struct vthread_world *world;
    struct vsched_thread *record;
    struct vsched *vs;
    struct vthread *next; /* all of one world, newest first */
    pthread_t pthread;
    uint32_t turn;        /* futex: 1 when woken and not yet running */
    uint32_t is_standing; /* futex: 1 once a new thread waits for its first turn */
    int tid;
    bool waits_for_first_turn; /* not yet taken (see thread_main) */
    uint32_t is_at_first_turn; /* futex: 1 once it has come there */
    struct vthread *new_child; /* created behind a sanitizer, perhaps not yet there */
    bool has_ended;
    bool is_detached;
    bool is_cancelled;          /* asked to end */
    bool is_cancel_disabled;    /* as pthread_setcancelstate */
    bool is_cancelled_anywhere; /* as pthread_setcanceltype: asynchronously */
    bool must_end;              /* is to do so at its next turn */
    bool is_cancellable;        /* waits, and pthread_cancel ends the wait */
    /* Signals (signals.h): */
    sigset_t mask;            /* as the kernel has it, or will have it when a handler returns */
    ARRAY(siginfo_t) signals; /* on their way to it */
    const sigset_t *awaited;  /* waits for one of these (signal_waits.c) */
    bool is_interruptible;    /* waits, and a signal ends the wait */
    bool is_interrupted;      /* a handler has run on it since vthread_begin_call */
    bool must_fail;           /* one without SA_RESTART */
    bool is_in_handler;
    unsigned exit_rounds; /* of key destructors */
    void *(*main)(void *arg);
    void *arg;
    const char *next_name;     /* of the thread that this one is creating */
    struct world_ports *ports; /* its maker's, world_inherited() */
    /* In a world that rides (ride.h): */
    struct context context;
    bool is_on_runner;
    uint64_t signal_mask; /* for when it comes home */
    void (*show)(void);   /* to be called before going back there: ride_show */
    struct context *shown_to;
};

/* A world with threads. */
struct vthread_world {
    struct vsched *vs;
    int pid;
    struct vthread *threads;
    struct prng random;
    struct poller *pollers;
    struct timer_file *timer_files;
    struct signal_timer *timers, *alarm; /* timers.c */
    int n_timers;                        /* ever made */
    uint64_t outside_signals;            /* have come from outside, see signals_look_outside */
    siginfo_t *outside;                  /* _NSIG of them; never cleared: two pages in each run */
    struct vthread *carrier; /* runs tasks while everybody else waits for something else */
    bool is_ending;
    bool is_of_main;                       /* the process's first thread began it */
    int64_t pace_real_ns, pace_virtual_ns; /* a moment on both clocks, see vthread_keep_pace */
    unsigned n_unnamed;
    int dying_tid;                    /* still on its way out; 0: nobody */
    cpu_set_t processors;             /* allowed before we pinned */
    ARRAY(const void *) initialisers; /* under way */
    struct vthread *loads;            /* is in the loader (loader.c), so many times */
    unsigned load_depth;
    bool rides;                     /* ride.h */
    struct vthread *runner, *woken; /* whose kernel's thread carries all; who has the turn next */
    struct vthread *leaver;         /* has ended on the runner and is to be sent home */
};

extern __thread struct vthread *vthread_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* A world has threads from now on, or none any more (switch_point.c). */
void vthread_count_world(const struct vsched *vs, int change);
/* How many there are. */
extern unsigned vssemu_n_turns;
extern unsigned vssemu_n_fine; /* those of them in which accesses to memory are switch points */

/* The calling thread has chosen a world on a virtual clock, which had one thread up to now: it is
 * that one. NULL: it has not. */
struct vsched *vthread_enter_world(void);
void vthread_take_first_turn(struct vthread *self);
void vthread_await_child(struct vthread *self);

static inline struct vsched *vthread_vsched(void)
{
    struct vthread *self = vthread_self;

    if (self && self->waits_for_first_turn)
        vthread_take_first_turn(self);
    if (self && self->new_child)
        vthread_await_child(self);
    return self && !vsched_thread_is_inside(self->record) ? self->vs : NULL;
}

/* The scheduler if the thread lives on a virtual clock, even while it is inside the scheduler: for
 * reading clocks. */
static inline struct vsched *vthread_vsched_any(void)
{
    return vthread_self ? vthread_self->vs : NULL;
}

/* Sanitizers that are linked into the program stand before us in the search order: calls of the
 * program reach them first and us through them, and their own calls reach us as well. The latter
 * must have no turns, for they come with the sanitizer's internal locks held. */
extern void *vthread_sanitizer_clock_caller; /* NULL: no sanitizer */
extern __thread void *vthread_last_clock_caller
    __attribute__((tls_model("initial-exec"), visibility("hidden")));
static inline bool vthread_is_sanitizers_own(const void *caller)
{
    return vthread_sanitizer_clock_caller && caller != vthread_sanitizer_clock_caller;
}
/* clock_gettime and pthread_create of this library, whoever stands before them. */
int vthread_own_clock_gettime(clockid_t clock, struct timespec *now) __THROW __nonnull((2));
int vthread_own_pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
                               void *(*main)(void *), void *restrict arg) __THROWNL
    __nonnull((1, 3));

/* A preemption point at a lock or unlock; others may have their turn. */
static inline void vthread_step(struct vsched *vs)
{
    vsched_yield(vs, VSCHED_STEP_NS);
}

/* The threads of the calling thread's world. */
struct vthread *vthread_find(pthread_t thread);
/* No other thread of the program's, or of the library's for it, has yet to end. */
bool vthread_is_alone(const struct vthread *vt);

/* What a thread of another world holds, or one of none, is no matter of turns: that one goes on by
 * itself, so the caller waits for it in the kernel, turn in hand, and no time passes here. Whether
 * the thread of that number (as gettid) is such a one; a dead one is not. */
bool vthread_is_outside(int tid);
/* The same for initialisers (once.c): a thread of this world begins one, ends it; whether one is
 * under way here. */
void vthread_begin_once(const void *once);
void vthread_end_once(const void *once);
bool vthread_has_begun_once(const void *once);
/* Lets others have the processor, for a loop that waits for the outside. */
void vthread_wait_outside(void);
int vthread_create(pthread_t *ret_thread, const pthread_attr_t *attr, void *(*main)(void *),
                   void *arg);
/* Keeps the calling thread and what it creates on one processor; lets go (processors.c). */
void vthread_pin(struct vthread_world *world);
void vthread_unpin(const struct vthread_world *world);
/* Forgets a thread that has ended and been joined. */
void vthread_drop(struct vthread *vt);

/* Virtual clocks (clocks.c). CLOCK_MONOTONIC does not start at 0, which programs take for
 * "unset". */
#define VTHREAD_MONOTONIC_BASE_NS (INT64_C(1000) * SCHED_SECOND)
int64_t vthread_clock_ns(struct vsched *vs, clockid_t clock);
/* A moment of a clock, or a time from now, on the scheduler's clock; EINVAL as libc. */
int vthread_deadline(struct vsched *vs, clockid_t clock, const struct timespec *at,
                     int64_t *ret_deadline);
int64_t vthread_deadline_in(struct vsched *vs, const struct timespec *length);
bool vthread_is_valid_time(const struct timespec *time);
int64_t vthread_length_ns(const struct timespec *length); /* SCHED_NEVER: more than can be told */

/* As vsched_block, for a wait that is a cancellation point (cancel.c): it ends, too, as if its time
 * were over, when the thread is cancelled. The caller puts right what it has and calls
 * pthread_testcancel, which then does not return. */
bool vthread_wait(struct vsched *vs, const void *key, const char *what, int64_t deadline_ns);
/* Whether pthread_testcancel would end the calling thread. */
bool vthread_is_cancelled(void);
/* Ends the calling thread if it was cancelled asynchronously. */
void vthread_end_if_cancelled(struct vthread *self);
/* The same for a wait that handlers of signals end as well. */
enum vthread_end {
    VTHREAD_WOKEN,
    VTHREAD_LATE,        /* its time is over, or it is cancelled */
    VTHREAD_INTERRUPTED, /* the call fails with EINTR */
    VTHREAD_RESTART,     /* only if it is none that SA_RESTART repeats */
};
/* Begins with vthread_begin_call: a handler that runs from then on counts. */
void vthread_begin_call(void);
enum vthread_end vthread_wait_or_signal(struct vsched *vs, const void *key, const char *what,
                                        int64_t deadline_ns);

/* Before and after a wait (locks.c): without a step, so that nothing comes in between. */
int vthread_lock_again(struct vsched *vs, pthread_mutex_t *mutex);
int vthread_unlock_for_wait(struct vsched *vs, pthread_mutex_t *mutex);

/* Threads as the kernel knows them (kernel_threads.c): whether a system call changes one, or
 * reaches it by its number; a thread with these attributes (NULL: none) is to begin. */
bool kernel_threads_heeds(long number);
void kernel_threads_heed(const pthread_attr_t *attr);

/* What the world's threads get instead of the machine's random numbers. */
struct random *vthread_random(struct vsched *vs);

/* Waits for the outside (polls.c): the list of who waits in the calling thread's world. */

/* Somebody who waits: `ask` makes the real call on its arguments and answers its result. On the
 * stack of the thread that waits, in a list of its world. */
struct poller {
    struct poller *next;
    int (*ask)(struct poller *poller);
    int result;
    int error;
    const char *what;  /* NULL: a file descriptor */
    bool is_restarted; /* SA_RESTART repeats it */
};
struct poller **vthread_pollers(void);
/* Waits until there is an answer; -1 with errno is one, too, 0 says that time is over. The caller
 * has called vthread_begin_call. */
int vthread_poll_until(struct vsched *vs, struct poller *poller, int64_t deadline_ns);
struct pollfd;
/* poll for one descriptor in a call that SA_RESTART repeats; for ever, if it may wait. */
int vthread_poll_one(struct vsched *vs, struct pollfd *fd, bool may_wait);
void vthread_wake_pollers(struct vsched *vs);
bool vthread_look_outside(struct vsched *vs, bool idle);
bool vthread_keep_pace(struct vsched *vs, int64_t next_ns);

/* stacks.c */
void vthread_show_stacks(struct vsched *vs);

/* Wakes threads without a record that wait in the real futex. */
void vthread_wake_real_futex(const void *address);
long vthread_raw_futex(const void *address, int operation, uint32_t value);
/* The clock of timers as one of those that deadlines are of; -1: timers have it not. */
clockid_t vthread_plain_clock(clockid_t clock);
