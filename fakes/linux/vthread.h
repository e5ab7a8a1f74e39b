/* SPDX-License-Identifier: MIT */
/* Threads of the operating system in a virtual world. A thread with a record here runs only when
 * the world's scheduler (fakes/world/vsched) gives it the turn; all its locks, waits, sleeps and
 * clocks are then the scheduler's, because the other files of this folder define the libc functions
 * of those names. Threads created by such a thread have records too. A thread without a record,
 * and every thread when the world's clock is the real one, gets the real functions.
 *
 * A thread with a record must not wait for one without through a lock or a condition variable. */
#pragma once

#include <stdbool.h>

struct vsched;

/* Lets the world have threads: sched start and join work from now on, and activate on first use.
 * Costs nothing before. To be called once for each vsched that may start threads. */
void vthread_prepare(struct vsched *vs);

/* The same, and the calling thread becomes the world's first thread at once: from here on its time
 * and that of the threads it creates is the world's. Pins the process to one processor, on which a
 * hand-over is thirty times as fast. */
void vthread_activate(struct vsched *vs);
/* Called by the first thread at the end of the world, before vsched_free: it is on real time again.
 * Threads still waiting then never run again. Also done when the process ends. */
void vthread_deactivate(void);
/* Whether the calling thread lives on a virtual clock. */
bool vthread_is_active(void);
