/* SPDX-License-Identifier: MIT */
/* Signals of a virtual world: those of its timers (timers.c), those that its threads send each
 * other and those that come to the process from outside. A handler runs on a thread that has the
 * turn, at a switch point or in the middle of its wait; what is blocked stays in the kernel, or
 * with the thread that it is meant for, until somebody takes it.
 *
 * All of this is called by a thread of the world that has the turn. */
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct vsched_thread;
struct vthread;
struct vthread_world;

/* A world's first thread; a thread that the calling one is creating, attr may be NULL. */
void signals_begin(struct vthread *vt);
void signals_inherit(struct vthread *vt, const pthread_attr_t *attr);

/* Sends a signal; to NULL: to the process, where it goes to the first thread unless that blocks it,
 * then to one that the seed draws. */
void signals_post(struct vthread_world *world, struct vthread *to, const siginfo_t *info);
/* The thread runs the handlers of what is on its way to it and not blocked: of vsched_os. */
void signals_deliver(struct vsched_thread *record);
/* Sets the calling thread's mask; what it lets through arrives. ret_old may be NULL. */
void signals_set_mask(const sigset_t *mask, sigset_t *ret_old);
/* Takes one of the set that was sent to the calling thread itself. False: there is none. */
bool signals_take(struct vthread *self, const sigset_t *set, siginfo_t *ret_info);
/* All but those that say what a thread itself did: blocked, they end the process without a word. */
void signals_fill_but_crashes(sigset_t *ret_set);
/* Does nothing: whoever needs it is linked with our sigaction and signal, also where the library of
 * a sanitizer offers the same names. */
void signals_take_handlers(void);
/* Whether a signal of that number waits to be taken, by anybody. */
bool signals_has(const struct vthread_world *world, int number);
/* What has come from outside is sent on. */
void signals_look_outside(struct vthread_world *world);

/* A handler of the program's is about to run on the calling thread, or must run later, because that
 * thread has no turn: then false. Called by the kernel, anywhere. */
bool signals_enter(int number, const siginfo_t *info, bool is_restarting);

/* timers.c: at the end of the world; and what getoverrun of that timer says. */
void signal_timers_forget(struct vthread_world *world);
int signal_timers_overrun(const struct vthread_world *world, int id);
