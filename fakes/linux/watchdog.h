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
/* The world ends. */
void watchdog_forget(const struct vthread_world *world);
