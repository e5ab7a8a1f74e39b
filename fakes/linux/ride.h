/* SPDX-License-Identifier: MIT */
/* A world whose threads all ride on one thread of the kernel, that of the program's main: since
 * only one of them ever runs, a hand-over between two can be a change of stack and thread pointer,
 * not two system calls. Each still has its own thread of the kernel, which glibc has made; that one
 * gives its context away at its first turn, sleeps, and gets it back to end with it. The schedule
 * is the same, to the byte.
 *
 * What the kernel keeps for a thread (signal mask, alternative stack, number, name, priority) is
 * then that of main's for all, as long as it is the same for all: who is about to change his own
 * makes everybody go home for good first, by ride_no_more(). */
#pragma once

#include <stdbool.h>

struct vthread;
struct vthread_world;

/* Worlds that are activated from now on shall ride, if that is possible here; before the process
 * has a second thread. Not under sanitizers, which look for each thread's stack, nor Valgrind. */
void ride_wish(void);

/* The calling thread is the world's first. */
void ride_begin(struct vthread_world *world);
/* Of vsched_os, in a world that rides. */
void ride_park(struct vthread *self);
void ride_wake(struct vthread *vt);
/* The calling thread has given its turn away and ends: it goes home, where the others wait until it
 * is gone. Until then it must not touch anything of the world. */
void ride_home_to_end(struct vthread *self);
/* What the calling thread does next is its kernel thread's own matter. */
void ride_no_more(void);
/* The same, for what threads that begin later inherit. */
void ride_no_more_unless_alone(void);

/* The number of the kernel's thread that runs it now. */
int ride_tid(const struct vthread *vt);
/* Goes to where a thread is that does not run, calls show there, and comes back. Whoever asks need
 * not be of the world. False: the thread runs, or its world does not ride. */
bool ride_show(struct vthread *vt, void (*show)(void));
