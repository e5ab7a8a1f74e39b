/* SPDX-License-Identifier: MIT */
/* Port sched on the real clock: one mutex is the service, one thread of ours runs the tasks that
 * are due. For worlds whose programs run as they are. */
#pragma once

#include "emu/port/sched.h"

struct host_sched;

struct host_sched *host_sched_new(void);
/* Outside the service, after the last user has left; tasks still queued are forgotten. */
void host_sched_free(struct host_sched *hs);
struct sched *host_sched_port(struct host_sched *hs);
/* The world's clock shows this now. */
void host_sched_set(struct host_sched *hs, int64_t now_ns);
/* The world's clock stands from now on, or goes on from where it stood. Inside the service. */
void host_sched_stand_still(struct host_sched *hs, bool stands);
