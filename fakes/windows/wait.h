/* SPDX-License-Identifier: MIT */
/* Waiting for objects. A signal is handed over inside the call that gives it (SetEvent,
 * ReleaseMutex, the end of a thread): the waiter has it before the setter goes on, so a setter can
 * never take its own signal back. */
#pragma once

#include "fakes/windows/handle.h"

#include <pthread.h>
#include <time.h>

/* The object's state changed: gives it to those who wait. With the lock of all objects held. */
void wait_satisfy(struct object *object);

/* ms from now on the monotonic clock (the world's, when the clock is virtual). */
struct timespec wait_deadline(DWORD ms);
/* A condition whose time-outs are on that clock. */
void wait_cond_init(pthread_cond_t *cond);
