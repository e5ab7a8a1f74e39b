/* SPDX-License-Identifier: MIT */
/* Waiting for objects. A signal is handed over inside the call that gives it (SetEvent,
 * ReleaseMutex, the end of a thread): the waiter has it before the setter goes on, so a setter can
 * never take its own signal back. */
#pragma once

#include "fakes/windows/handle.h"

#include <pthread.h>
#include <time.h>

struct thread;

/* The object's state changed: gives it to those who wait. With the lock of all objects held. */
void wait_satisfy(struct object *object);
/* When the object will be signaled by itself has changed: who waits looks again. With the lock. */
void wait_look_again(struct object *object);
/* The same for an object that processes share. */
void wait_satisfy_all(struct object *object);
/* The object has just become one that processes share: those who wait for it already are seen by
 * the others. With the lock. */
void wait_show(struct object *object);
/* Finishes the waits that other processes have satisfied. With the lock. */
void wait_collect(void);
/* Whether that has finished any since it was asked last. With the lock. */
bool wait_has_collected(void);
/* The shared mutex of that number has lost its owner. With the lock. */
void wait_abandoned(uint32_t shared);
/* A wait for what is queued for the calling thread alone: WAIT_IO_COMPLETION or WAIT_TIMEOUT. */
DWORD wait_alertably(DWORD ms);
/* Something is queued for the thread: ends its alertable wait, if it is in one. With the lock. */
void wait_alert(struct thread *thread);

/* A wait for one object without a thread. It holds no reference. notify is called with the lock
 * held: when the object is signaled, in the call that does it (is_done; the wait has it and is out
 * of the queue), and when to look again. free() it after wait_async_end. */
struct wait_async;
struct wait_async *wait_async_new(struct object *object,
                                  void (*notify)(void *argument, bool is_done), void *argument);
/* With the lock held: true if it has it at once, then notify is not called; else it waits. */
bool wait_async_begin(struct wait_async *wait);
void wait_async_end(struct wait_async *wait);

#define WAIT_NEVER INT64_MAX
/* Nanoseconds on the monotonic clock (the world's, when the clock is virtual). */
int64_t wait_now(void);
/* ms from now on it; INFINITE gives WAIT_NEVER. */
int64_t wait_deadline_ns(DWORD ms);
struct timespec wait_deadline(DWORD ms);
/* Waits on the condition until then (WAIT_NEVER: without end); 0 or ETIMEDOUT. */
int wait_cond_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ns);
/* A condition whose time-outs are on that clock. */
void wait_cond_init(pthread_cond_t *cond);
