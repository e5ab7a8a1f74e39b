/* SPDX-License-Identifier: MIT */
/* Port sched on a virtual clock: threads and tasks in one run queue, ordered by a seed. Exactly one
 * thread runs at a time (it has the turn); who runs next is drawn from the seed; when nobody can
 * run, time jumps to the nearest deadline or task; when there is none, the world is deadlocked,
 * which is reported with what each thread waits for.
 *
 * With one thread nothing of the operating system is used: a wait runs the tasks that are due until
 * its condition holds. More threads need somebody who brings them, and parks and wakes them:
 * fakes/linux, through struct vsched_os. Tasks run on a thread that waits for the service, inside
 * it.
 *
 * The lower half of this header is for fakes/linux. */
#pragma once

#include "emu/port/sched.h"
#include "fakes/world/vsched_schedule.h"

#include <stdbool.h>
#include <stdint.h>

struct trace;
struct vsched;
struct vsched_thread;

/* trace (may be NULL) gets a record of a deadlock. */
struct vsched *vsched_new(uint64_t seed, struct trace *trace);
/* All threads but the caller's have ended; tasks still queued are forgotten. */
void vsched_free(struct vsched *vs);
struct sched *vsched_port(struct vsched *vs);
/* The other way round; NULL if this scheduler is of another kind. */
struct vsched *vsched_from_port(struct sched *sched);
uint64_t vsched_seed(const struct vsched *vs);

/* How the seed chooses who is next, before the first further thread; at first random. */
void vsched_set_schedule(struct vsched *vs, const struct vsched_schedule *schedule);
/* Accesses to memory are switch points as well, as far as code was compiled to call vsched_fine. */
void vsched_set_fine(struct vsched *vs, bool is_fine);
bool vsched_is_fine(const struct vsched *vs);
/* How often a thread came to where another one could have had its turn. */
uint64_t vsched_switch_points(const struct vsched *vs);
/* Code under test that goes on so long without anybody waiting for a time is reported like a
 * deadlock: a look at a clock or a yield counts 50, a lock or an unlock 1. */
#define VSCHED_SPIN_LIMIT UINT64_C(1000000000)
void vsched_set_spin_limit(struct vsched *vs, uint64_t limit);

/* Called when nobody can run any more and nothing is due. True: something has been done about it,
 * look again. Without a hook, or if it answers false: a report on standard error, a trace record,
 * the reporter of check.h, abort(). */
void vsched_set_deadlock_hook(struct vsched *vs, bool (*hook)(void *arg), void *arg);
/* Other processes that live in the same world. When nobody can run, before time jumps: look answers
 * true when time must not jump yet, and how much of it the others have let pass; it is called as a
 * task is, inside the service. Then rest, which may sleep, in real time. */
struct vsched_neighbours {
    bool (*look)(void *arg, int64_t wait_ns, int64_t *ret_passed_ns);
    void (*rest)(void *arg);
    void *arg;
};
void vsched_set_neighbours(struct vsched *vs, const struct vsched_neighbours *neighbours);
/* In the trace, once: threads have come to wait for each other for ever; the text is that of
 * vsched_describe. */
#define VSCHED_NOTE_CIRCLE "threads wait in a circle"
/* One line a thread: its name, what it waits for and who has that, since when; then what it holds;
 * at the end a circle, if there is one. The caller frees. */
char *vsched_describe(struct vsched *vs);
/* Says on standard error and in the trace that the world cannot go on ("deadlock"), and why, with
 * where the threads are. The caller ends the process. */
void vsched_report(struct vsched *vs, const char *what, const char *why);

/* ---- for those who bring threads ---- */

#define VSCHED_STEP_NS INT64_C(100)  /* what a step costs: a lock, an unlock, a signal */
#define VSCHED_LOOK_NS INT64_C(1000) /* reading a clock, yielding: so waiting loops end */

struct vsched_os {
    /* Sleeps until somebody wakes this thread; a wake that came first counts. */
    void (*park)(struct vsched_thread *self);
    void (*wake)(struct vsched_thread *thread);
    /* start and join of the port. */
    struct sched_thread *(*start)(struct vsched *vs, const char *name, void (*main)(void *arg),
                                  void *arg);
    void (*join)(struct vsched *vs, struct sched_thread *thread);
    /* Whether the calling thread is the one whose turn it is; for a check. */
    bool (*has_turn)(const struct vsched *vs);
    /* Looks at what comes from outside (file descriptors) and wakes those it concerns. With idle
     * set, nobody can run: may sleep a moment. False: nobody waits for the outside. */
    bool (*look_outside)(struct vsched *vs, bool idle);
    /* While a process outside runs: nobody can run before next_ns. True: it is too early for that
     * by the real clock; has waited a moment and looked outside. next_ns -1: the first such
     * process begins now. May be NULL. */
    bool (*keep_pace)(struct vsched *vs, int64_t next_ns);
    /* Called by a thread on itself, outside the scheduler, after vsched_call. */
    void (*called)(struct vsched_thread *self);
    /* Where each thread is, on standard error. May be NULL. */
    void (*show_stacks)(struct vsched *vs);
};

void vsched_set_os(struct vsched *vs, const struct vsched_os *os);

/* A further thread, ready to run. The record is freed by vsched_thread_free, after its end. */
struct vsched_thread *vsched_thread_new(struct vsched *vs, const char *name, void *os_data);
void vsched_thread_free(struct vsched_thread *thread);
void vsched_thread_set_os_data(struct vsched_thread *thread, void *os_data);
void *vsched_thread_os_data(const struct vsched_thread *thread);
const char *vsched_thread_name(const struct vsched_thread *thread);
/* First call of a new thread, on itself: returns when it has its first turn. */
void vsched_thread_begin(struct vsched_thread *thread);
/* Last call of a thread, on itself: gives the turn away and returns without it; frees the record
 * first if asked to. */
void vsched_thread_end(struct vsched_thread *thread, bool free_it);
/* Takes back a thread that could not be brought to life. */
void vsched_thread_unborn(struct vsched_thread *thread);

/* Who has the turn. */
struct vsched_thread *vsched_running(const struct vsched *vs);
/* Whether the thread is inside the scheduler itself; it must not come in a second time. */
bool vsched_thread_is_inside(const struct vsched_thread *thread);
/* The same for a stretch of the caller's own, in which nobody else may have a turn. */
void vsched_thread_go_inside(struct vsched_thread *thread);
void vsched_thread_come_out(struct vsched_thread *thread);

/* For who looks at the world and must not change it: what the running thread has done inside the
 * service since the moment has taken no time, unless somebody else had a turn meanwhile. NULL: does
 * nothing. */
struct vsched_moment {
    int64_t now_ns;
    uint64_t n_steps;
};
struct vsched_moment vsched_mark(const struct vsched *vs);
/* The time goes on at once; nobody may wait for it. */
void vsched_set_on(struct vsched *vs, int64_t ns);
void vsched_back_to(struct vsched *vs, struct vsched_moment moment);

/* Lets time pass and others have their turn. */
void vsched_yield(struct vsched *vs, int64_t cost_ns);
/* The running thread is about to touch memory: a switch point that takes no time. With the schedule
 * random each of the first VSCHED_FINE_EACH, then fewer and fewer (of the n-th thousand one in n or
 * two), so that a long run still gets on. */
void vsched_fine(struct vsched *vs);
#define VSCHED_FINE_EACH 512
/* Waits until woken by the key (NULL: by nobody) or until the deadline. True: woken. `what` is for
 * the deadlock report and must be static: "mutex". */
bool vsched_block(struct vsched *vs, const void *key, const char *what, int64_t deadline_ns);
/* Wakes up to `limit` of those who wait for the key, drawn from the seed; answers how many. The
 * caller goes on. */
unsigned vsched_wake(struct vsched *vs, const void *key, unsigned limit);
#define VSCHED_ALL UINT32_MAX
/* Ends the wait that the thread is in, if it is in one, as if its deadline had come. */
void vsched_interrupt(struct vsched_thread *thread);
/* Another thread shall run os->called when it has its next turn; if it waits, in the middle of its
 * wait, or, with ends_wait, behind it: that is over as if its deadline had come. */
void vsched_call(struct vsched_thread *thread, bool ends_wait);

/* For reports: the running thread has what `key` stands for, once more ("mutex", static); gives it
 * back. */
void vsched_hold(struct vsched *vs, const void *key, const char *kind);
void vsched_drop(struct vsched *vs, const void *key);
/* Changes whenever the world gets on: a watchdog of another thread looks at it. */
uint64_t vsched_pulse(const struct vsched *vs);
/* Whether a thread that keeps the turn keeps somebody from something. Asked from outside: may be
 * wrong. */
bool vsched_is_waited_for(const struct vsched *vs);
size_t vsched_n_threads(const struct vsched *vs);
struct vsched_thread *vsched_thread_at(const struct vsched *vs, size_t i);
/* Whether some thread's wait ends by itself. */
bool vsched_awaits_time(const struct vsched *vs);
void vsched_thread_rename(struct vsched_thread *thread, const char *name);
