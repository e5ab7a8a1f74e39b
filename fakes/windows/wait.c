/* SPDX-License-Identifier: MIT */
/* See wait.h. WaitForMultipleObjects with wait-all takes everything in one step or nothing. */
#include "fakes/windows/wait.h"

#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/thread.h"

#include <errno.h>
#include <sched.h>

struct waiter;

struct wait_block {
    struct list link; /* in object->waits */
    struct object *object;
    struct waiter *waiter;
};

struct waiter {
    pthread_cond_t cond;
    DWORD thread_id;
    bool takes_all;
    bool is_done;
    DWORD result;
    DWORD n;
    struct wait_block blocks[MAXIMUM_WAIT_OBJECTS];
};

struct timespec wait_deadline(DWORD ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

void wait_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

static bool is_signaled(const struct wait_block *block)
{
    return block->object->class->is_signaled(block->object, block->waiter->thread_id);
}

static bool consume(const struct wait_block *block)
{
    const struct object_class *class = block->object->class;

    return class->consume && class->consume(block->object, block->waiter->thread_id);
}

static bool try_all(struct waiter *waiter)
{
    DWORD result = WAIT_OBJECT_0;

    for (DWORD i = 0; i < waiter->n; i++) {
        if (!is_signaled(&waiter->blocks[i]))
            return false;
    }
    for (DWORD i = 0; i < waiter->n; i++) {
        if (consume(&waiter->blocks[i]) && result == WAIT_OBJECT_0)
            result = WAIT_ABANDONED_0 + i;
    }
    waiter->result = result;
    return true;
}

static bool try_any(struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++) {
        if (is_signaled(&waiter->blocks[i])) {
            waiter->result = (consume(&waiter->blocks[i]) ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + i;
            return true;
        }
    }
    return false;
}

static bool try_wait(struct waiter *waiter)
{
    return waiter->takes_all ? try_all(waiter) : try_any(waiter);
}

static void leave_queues(struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++)
        list_remove(&waiter->blocks[i].link);
}

/* One waiter of this object who can go on, in the order of coming; NULL: none. */
static struct waiter *next_satisfied(struct object *object)
{
    list_each (struct wait_block, block, &object->waits, link) {
        if (try_wait(block->waiter))
            return block->waiter;
    }
    return NULL;
}

void wait_satisfy(struct object *object)
{
    struct waiter *waiter;

    while ((waiter = next_satisfied(object))) {
        leave_queues(waiter);
        waiter->is_done = true;
        pthread_cond_signal(&waiter->cond);
    }
}

/* With the lock held: blocks until handed what it waits for, or the time is over. */
static void block_until(struct waiter *waiter, DWORD timeout_ms, pthread_mutex_t *lock)
{
    struct timespec deadline = { 0 };
    int error = 0;

    if (timeout_ms != INFINITE)
        deadline = wait_deadline(timeout_ms);
    wait_cond_init(&waiter->cond);
    for (DWORD i = 0; i < waiter->n; i++)
        list_append(&waiter->blocks[i].object->waits, &waiter->blocks[i].link);
    while (!waiter->is_done && error != ETIMEDOUT)
        error = timeout_ms == INFINITE ? pthread_cond_wait(&waiter->cond, lock)
                                       : pthread_cond_timedwait(&waiter->cond, lock, &deadline);
    if (!waiter->is_done)
        leave_queues(waiter);
    pthread_cond_destroy(&waiter->cond);
}

/* signal: what is to be signaled in the same step, NULL if nothing. */
static DWORD wait_for(struct waiter *waiter, struct object *signal, DWORD timeout_ms)
{
    DWORD error = ERROR_SUCCESS;

    waiter->thread_id = GetCurrentThreadId();
    waiter->result = WAIT_TIMEOUT;
    objects_lock();
    if (signal)
        error = signal->class->signal(signal);
    if (!error && !try_wait(waiter) && timeout_ms)
        block_until(waiter, timeout_ms, objects_mutex());
    objects_unlock();
    if (error) {
        SetLastError(error);
        return WAIT_FAILED;
    }
    if (!timeout_ms && waiter->result == WAIT_TIMEOUT)
        sched_yield(); /* a polling loop must let others run, also where only one thread does */
    return waiter->result;
}

static void release_objects(struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++)
        object_unref(waiter->blocks[i].object);
}

static bool has_duplicates(const struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++) {
        for (DWORD j = 0; j < i; j++) {
            if (waiter->blocks[i].object == waiter->blocks[j].object)
                return true;
        }
    }
    return false;
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL wait_all,
                                      DWORD timeout_ms, BOOL alertable)
{
    struct waiter waiter = { .takes_all = wait_all };
    DWORD result = WAIT_FAILED;

    (void)alertable; /* nothing here queues an APC */
    if (!count || count > MAXIMUM_WAIT_OBJECTS || !handles) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    for (; waiter.n < count; waiter.n++) {
        struct object *object = handle_get(handles[waiter.n], NULL, SYNCHRONIZE);
        if (!object)
            break;
        waiter.blocks[waiter.n] = (struct wait_block){ .object = object, .waiter = &waiter };
        list_init(&waiter.blocks[waiter.n].link);
    }
    if (waiter.n == count) {
        if (wait_all && has_duplicates(&waiter))
            SetLastError(ERROR_INVALID_PARAMETER);
        else
            result = wait_for(&waiter, NULL, timeout_ms);
    }
    release_objects(&waiter);
    return result;
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL wait_all,
                                    DWORD timeout_ms)
{
    return WaitForMultipleObjectsEx(count, handles, wait_all, timeout_ms, FALSE);
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD timeout_ms, BOOL alertable)
{
    return WaitForMultipleObjectsEx(1, &handle, FALSE, timeout_ms, alertable);
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD timeout_ms)
{
    return WaitForMultipleObjectsEx(1, &handle, FALSE, timeout_ms, FALSE);
}

DWORD WINAPI SignalObjectAndWait(HANDLE to_signal, HANDLE to_wait, DWORD timeout_ms, BOOL alertable)
{
    auto_object struct object *signal = handle_get(to_signal, NULL, 0);
    auto_object struct object *object = signal ? handle_get(to_wait, NULL, SYNCHRONIZE) : NULL;
    struct waiter waiter = { .n = 1 };

    (void)alertable;
    if (!object)
        return WAIT_FAILED;
    if (!signal->class->signal) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    waiter.blocks[0] = (struct wait_block){ .object = object, .waiter = &waiter };
    list_init(&waiter.blocks[0].link);
    return wait_for(&waiter, signal, timeout_ms);
}
