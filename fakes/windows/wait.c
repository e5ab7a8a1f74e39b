/* SPDX-License-Identifier: MIT */
/* See wait.h. WaitForMultipleObjects with wait-all takes everything in one step or nothing. */
#include "fakes/windows/wait.h"

#include "emu/base/mem.h"
#include "fakes/windows/apc.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/report.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/shared/watch.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/waitable_timer.h"
#include "fakes/windows/waiter.h"

#include <errno.h>
#include <sched.h>

/* ---- whether a wait is over ---- */

static DWORD id_of(const struct waiter *waiter)
{
    return waiter->thread ? waiter->thread->id : 0;
}

static bool is_signaled(const struct wait_block *block)
{
    return block->object->class->is_signaled(block->object, id_of(block->waiter));
}

static bool consume(const struct wait_block *block)
{
    const struct object_class *class = block->object->class;

    return class->consume && class->consume(block->object, id_of(block->waiter));
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

bool waiter_try(struct waiter *waiter)
{
    return waiter->takes_all ? try_all(waiter) : try_any(waiter);
}

static bool has_shared(const struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++) {
        if (waiter->blocks[i].object->shared)
            return true;
    }
    return false;
}

static void leave_queues(struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++)
        list_remove(&waiter->blocks[i].link);
    if (has_shared(waiter))
        shared_wait_remove(waiter);
}

void waiter_show(const struct wait_block *block)
{
    struct waiter *waiter = block->waiter;

    shared_wait_add(&(struct shared_wait){ .object = block->object->shared,
                                           .waiter = (uintptr_t)waiter,
                                           .block = (uint32_t)(block - waiter->blocks),
                                           .thread_id = id_of(waiter),
                                           .is_simple = !waiter->takes_all });
}

static void join_queues(struct waiter *waiter)
{
    for (DWORD i = 0; i < waiter->n; i++) {
        struct wait_block *block = &waiter->blocks[i];

        list_append(&block->object->waits, &block->link);
        if (block->object->shared)
            waiter_show(block);
    }
    if (has_shared(waiter))
        shared_watch();
}

/* One waiter of this object who can go on, in the order of coming; NULL: none. */
static struct waiter *next_satisfied(struct object *object)
{
    list_each (struct wait_block, block, &object->waits, link) {
        if (waiter_try(block->waiter))
            return block->waiter;
    }
    return NULL;
}

static void tell(struct waiter *waiter)
{
    if (waiter->notify)
        waiter->notify(waiter->argument, waiter->is_done);
    else
        pthread_cond_signal(&waiter->cond);
}

void waiter_finish(struct waiter *waiter)
{
    leave_queues(waiter);
    waiter->is_done = true;
    tell(waiter);
}

void wait_satisfy(struct object *object)
{
    struct waiter *waiter;

    if (object->shared) {
        wait_satisfy_all(object);
        return;
    }
    while ((waiter = next_satisfied(object)))
        waiter_finish(waiter);
}

void wait_look_again(struct object *object)
{
    list_each (struct wait_block, block, &object->waits, link)
        tell(block->waiter);
}

static void end_for_apc(struct waiter *waiter)
{
    waiter->result = WAIT_IO_COMPLETION;
    waiter->is_done = true;
}

void wait_alert(struct thread *thread)
{
    struct waiter *waiter = thread->waiter;

    if (!waiter || waiter->is_done || !waiter->is_alertable)
        return;
    leave_queues(waiter);
    end_for_apc(waiter);
    pthread_cond_signal(&waiter->cond);
}

/* When something may be signaled by itself, before the wait's own end. */
static int64_t next_look(const struct waiter *waiter, int64_t deadline_ns)
{
    int64_t next = deadline_ns;

    if (waiter->is_alertable)
        next = timer_next_of_thread(waiter->thread, next);
    for (DWORD i = 0; i < waiter->n; i++) {
        struct object *object = waiter->blocks[i].object;
        int64_t due = object->class->next_due ? object->class->next_due(object) : WAIT_NEVER;

        if (due < next)
            next = due;
    }
    return next;
}

/* Time has passed: objects that it signals are given to whoever waits for them, first come first
 * served, which may be this waiter. */
static void look_at_clock(struct waiter *waiter)
{
    if (waiter->is_alertable)
        timer_expire_of_thread(waiter->thread);
    for (DWORD i = 0; i < waiter->n && !waiter->is_done; i++) {
        if (waiter->blocks[i].object->class->next_due)
            wait_satisfy(waiter->blocks[i].object);
    }
}

/* A thread is known by its record there, all else by its object. */
static const void *in_reports(const struct object *object)
{
    const void *thread = thread_in_reports(object);

    return thread ? thread : object;
}

/* With the lock held: blocks until handed what it waits for, or the time is over. */
static void block_until(struct waiter *waiter, int64_t deadline_ns)
{
    const void *things[MAXIMUM_WAIT_OBJECTS];

    for (DWORD i = 0; i < waiter->n; i++)
        things[i] = in_reports(waiter->blocks[i].object);
    report_waits_for(things, waiter->n);
    wait_cond_init(&waiter->cond);
    join_queues(waiter);
    waiter->thread->waiter = waiter;
    bool is_late = false;
    while (!waiter->is_done && !is_late) {
        int64_t next = next_look(waiter, deadline_ns);
        int error = objects_wait(&waiter->cond, next);
        if (!waiter->is_done)
            look_at_clock(waiter);
        is_late = error == ETIMEDOUT && next == deadline_ns;
    }
    waiter->thread->waiter = NULL;
    report_waits_for(NULL, 0);
    if (!waiter->is_done)
        leave_queues(waiter);
    pthread_cond_destroy(&waiter->cond);
}

/* An object that is signaled comes before what is queued for the thread. */
static bool is_over_at_once(struct waiter *waiter)
{
    if (waiter->n && waiter_try(waiter))
        return true;
    if (!waiter->is_alertable)
        return false;
    timer_expire_of_thread(waiter->thread);
    if (list_is_empty(&waiter->thread->apcs))
        return false;
    end_for_apc(waiter);
    return true;
}

/* signal: what is to be signaled in the same step, NULL if nothing. */
static DWORD wait_for(struct waiter *waiter, struct object *signal, DWORD timeout_ms)
{
    DWORD error = ERROR_SUCCESS;

    waiter->thread = thread_current();
    waiter->result = WAIT_TIMEOUT;
    objects_lock();
    if (signal)
        error = signal->class->signal(signal);
    if (!error && !is_over_at_once(waiter) && timeout_ms)
        block_until(waiter, wait_deadline_ns(timeout_ms));
    objects_unlock();
    if (error) {
        SetLastError(error);
        return WAIT_FAILED;
    }
    if (!timeout_ms && waiter->result == WAIT_TIMEOUT)
        sched_yield(); /* a polling loop must let others run, also where only one thread does */
    if (waiter->result == WAIT_IO_COMPLETION)
        apc_run_all(waiter->thread);
    return waiter->result;
}

DWORD wait_alertably(DWORD ms)
{
    struct waiter waiter = { .is_alertable = true };

    return wait_for(&waiter, NULL, ms);
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
    struct wait_block blocks[MAXIMUM_WAIT_OBJECTS];
    struct waiter waiter = { .takes_all = wait_all, .is_alertable = alertable, .blocks = blocks };
    DWORD result = WAIT_FAILED;

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
    struct wait_block block;
    struct waiter waiter = { .n = 1, .is_alertable = alertable, .blocks = &block };

    if (!object)
        return WAIT_FAILED;
    if (!signal->class->signal) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    block = (struct wait_block){ .object = object, .waiter = &waiter };
    list_init(&block.link);
    return wait_for(&waiter, signal, timeout_ms);
}

/* ---- waits without a thread ---- */

struct wait_async {
    struct waiter waiter;
    struct wait_block block;
};

struct wait_async *wait_async_new(struct object *object,
                                  void (*notify)(void *argument, bool is_done), void *argument)
{
    struct wait_async *wait = mem_new(struct wait_async);

    wait->waiter =
        (struct waiter){ .notify = notify, .argument = argument, .n = 1, .blocks = &wait->block };
    wait->block = (struct wait_block){ .object = object, .waiter = &wait->waiter };
    list_init(&wait->block.link);
    return wait;
}

bool wait_async_begin(struct wait_async *wait)
{
    wait->waiter.is_done = waiter_try(&wait->waiter);
    if (!wait->waiter.is_done)
        join_queues(&wait->waiter);
    return wait->waiter.is_done;
}

void wait_async_end(struct wait_async *wait)
{
    if (list_is_linked(&wait->block.link))
        leave_queues(&wait->waiter);
}
