/* SPDX-License-Identifier: MIT */
/* Mutex objects: what the end of a thread must know about them. */
#pragma once

#include "fakes/windows/handle.h"

struct thread;

/* The thread ends: who waits for a mutex of its gets it, told that it was abandoned. With the lock
 * of all objects held. */
void mutex_abandon_all(struct thread *thread);
