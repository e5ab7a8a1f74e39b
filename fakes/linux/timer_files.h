/* SPDX-License-Identifier: MIT */
/* Timers that are file descriptors, for those who wait for descriptors (polls.c). All of these are
 * called by a thread with a record, whose world's timers they are about. */
#pragma once

#include <stdint.h>

struct vsched;
struct vthread_world;

/* Makes readable what is due. */
void timer_files_expire(struct vsched *vs);
/* When the nearest one is; SCHED_NEVER: none. */
int64_t timer_files_due(void);
/* At the end of the world; the descriptors stay. */
void timer_files_forget(struct vthread_world *world);
