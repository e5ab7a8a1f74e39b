/* SPDX-License-Identifier: MIT */
/* See wait_object.h. The lock of objects is taken first, that of pools inside. */
#include "fakes/windows/pool/wait_object.h"

#include "fakes/windows/wait.h"

#include <stdlib.h>

/* With both locks held. */
static void finish(struct pool_wait *wait, DWORD result)
{
    wait->is_waiting = false;
    pool_alarm_set(&wait->object, WAIT_NEVER);
    pool_queue(&wait->object, result, NULL, NULL);
}

/* The sooner of the time limit and the moment at which the object signals itself. */
static void arm(struct pool_wait *wait)
{
    const struct object_class *class = wait->target->class;
    int64_t due = class->next_due ? class->next_due(wait->target) : WAIT_NEVER;

    pool_alarm_set(&wait->object, due < wait->deadline_ns ? due : wait->deadline_ns);
}

static void notify(void *argument, bool is_done)
{
    struct pool_wait *wait = argument;

    pools_lock();
    if (is_done)
        finish(wait, WAIT_OBJECT_0);
    else
        arm(wait);
    pools_unlock();
}

/* With the lock of objects held. */
static void begin(struct pool_wait *wait, int64_t deadline_ns)
{
    wait->deadline_ns = deadline_ns;
    bool is_over = wait_async_begin(wait->wait);
    bool is_late = !is_over && deadline_ns != WAIT_NEVER && deadline_ns <= wait_now();

    if (is_late)
        wait_async_end(wait->wait);
    pools_lock();
    wait->is_waiting = true;
    if (is_over || is_late)
        finish(wait, is_over ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    else
        arm(wait);
    pools_unlock();
}

static bool end(struct pool_wait *wait)
{
    bool was_waiting = wait->is_waiting;

    if (wait->wait)
        wait_async_end(wait->wait);
    pools_lock();
    wait->is_waiting = false;
    pool_alarm_set(&wait->object, WAIT_NEVER);
    pools_unlock();
    return was_waiting;
}

bool pool_wait_set(struct pool_wait *wait, struct object *target, int64_t deadline_ns)
{
    struct wait_async *fresh = target ? wait_async_new(target, notify, wait) : NULL;

    objects_lock();
    bool was_waiting = end(wait);
    struct object *old = wait->target;
    struct wait_async *old_wait = wait->wait;
    wait->target = target;
    wait->wait = fresh;
    if (target)
        begin(wait, deadline_ns);
    objects_unlock();
    free(old_wait);
    if (old)
        object_unref(old);
    return was_waiting;
}

void pool_wait_again(struct pool_wait *wait, int64_t deadline_ns)
{
    objects_lock();
    if (wait->target && !wait->is_waiting)
        begin(wait, deadline_ns);
    objects_unlock();
}

void pool_wait_ring(struct pool_object *object)
{
    struct pool_wait *wait = (struct pool_wait *)object;

    objects_lock();
    if (wait->is_waiting && wait->target->class->next_due)
        wait_satisfy(wait->target); /* may end this wait, or others that came first */
    if (wait->is_waiting && wait->deadline_ns <= wait_now()) {
        wait_async_end(wait->wait);
        pools_lock();
        finish(wait, WAIT_TIMEOUT);
        pools_unlock();
    } else if (wait->is_waiting) {
        pools_lock();
        arm(wait);
        pools_unlock();
    }
    objects_unlock();
}

void pool_wait_stop(struct pool_object *object)
{
    pool_wait_set((struct pool_wait *)object, NULL, WAIT_NEVER);
}
