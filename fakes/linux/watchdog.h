/* SPDX-License-Identifier: MIT */
/* Ends a process one of whose threads keeps the turn for ever. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vthread_world;

/* Watches the world of the calling thread from now on, with that much patience in real time (more
 * under Valgrind and sanitizers). Once in a process. */
void watchdog_begin(int64_t limit_ns);
/* Valgrind preloads a library of its own into what it runs. */
bool watchdog_is_under_valgrind(void);
/* In a world that rides (ride.h) there is no thread for it before there is reason: somebody is to
 * start it, in a while or from now on, because signals may not arrive. */
bool watchdog_is_due(void);
void watchdog_start_awaited(void);
/* The world ends. */
void watchdog_forget(const struct vthread_world *world);
