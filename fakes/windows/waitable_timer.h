/* SPDX-License-Identifier: MIT */
/* Waitable timers. Nobody tends them: who waits for one wakes when it is due (next_due of
 * its class) and hands it on. Times are those of wait.h. All with the lock of objects held. */
#pragma once

#include "fakes/windows/thread.h"

/* The sooner of `next_ns` and the due times of timers whose routine this thread runs. */
int64_t timer_next_of_thread(struct thread *thread, int64_t next_ns);
/* Queues the routines of those that are due. */
void timer_expire_of_thread(struct thread *thread);
/* The thread ends: its timers go on without their routine. */
void timer_forget_thread(struct thread *thread);
