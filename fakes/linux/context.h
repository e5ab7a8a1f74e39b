/* SPDX-License-Identifier: MIT */
/* Where a thread of the program is, so that another thread of the kernel can go on there. Stack and
 * thread pointer go together: whoever runs a context has its thread_local variables, its errno, its
 * pthread_self() and its exceptions in flight, as on the kernel's thread that glibc made for it.
 * Takes 20 ns where two futex calls and the kernel's own switch take two hundred times as long.
 *
 * x86-64 with instructions for the thread pointer; elsewhere context_is_possible() is false. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The assembler code knows the places of the members. */
struct context {
    void *stack;            /* where the rest of it lies, while nobody runs it */
    uintptr_t thread;       /* its pthread_self(), which is the thread pointer */
    uint32_t may_come_home; /* futex: 1: its own thread of the kernel shall go on with it */
    uint32_t has_left;      /* futex: 1 once that thread has given it away */
};

bool context_is_possible(void);

/* Stops here and goes on with another; returns when somebody goes on with this one. */
void context_switch(struct context *from, struct context *to);

/* The calling thread of the kernel, which runs `from`, leaves it there: sets *tell to 1, wakes who
 * waits for that, and sleeps without any stack of its own until home->may_come_home, when it clears
 * that and goes on with `home`. Returns when somebody goes on with `from`. No signal may be
 * delivered to the thread while it sleeps, for a handler would run on a stack that is in use. */
void context_leave(struct context *from, uint32_t *tell, struct context *home);
