/* SPDX-License-Identifier: MIT */
/* Timer queues: CreateTimerQueueTimer and its relatives (Learn: "Timer Queues"). */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/completion.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

struct timer_queue {
    struct list timers; /* of struct queue_timer, those not deleted */
    unsigned count;     /* its owner, its timers until they are freed */
    struct completion completion;
};

struct queue_timer {
    struct pool_object object; /* first */
    struct list link;
    struct timer_queue *queue; /* NULL: of the default queue */
    WAITORTIMERCALLBACK callback;
    int64_t period_ns; /* 0: once */
    int64_t at_ns;     /* WAIT_NEVER: has rung for the last time */
    ULONG flags;
    struct completion completion;
};

static void queue_unref(struct timer_queue *queue)
{
    pools_lock();
    bool is_last = --queue->count == 0;
    pools_unlock();
    if (!is_last)
        return;
    completion_reach(&queue->completion);
    free(queue);
}

static void run_timer(struct pool_object *object, struct pool_call *call,
                      PTP_CALLBACK_INSTANCE instance)
{
    (void)call;
    (void)instance;
    ((struct queue_timer *)object)->callback(object->context, TRUE);
}

/* On the clock thread, where a timer with WT_EXECUTEINTIMERTHREAD is also called. */
static void ring_timer(struct pool_object *object)
{
    struct queue_timer *timer = (struct queue_timer *)object;
    bool runs_here = timer->flags & WT_EXECUTEINTIMERTHREAD;

    pools_lock();
    bool is_due = !object->is_closed && timer->at_ns <= wait_now();
    if (is_due) {
        timer->at_ns = timer->period_ns ? timer->at_ns + timer->period_ns : WAIT_NEVER;
        pool_alarm_set(object, timer->at_ns);
    }
    if (is_due && !runs_here)
        pool_queue(object, 0, NULL, NULL);
    if (is_due && runs_here)
        object->n_running++;
    pools_unlock();
    if (!is_due || !runs_here)
        return;
    timer->callback(object->context, TRUE);
    pools_lock();
    object->n_running--;
    pthread_cond_broadcast(&object->changed);
    pools_unlock();
}

static void stop_timer(struct pool_object *object)
{
    struct queue_timer *timer = (struct queue_timer *)object;

    pools_lock();
    pool_alarm_set(object, WAIT_NEVER);
    if (list_is_linked(&timer->link))
        list_remove(&timer->link);
    pools_unlock();
}

static void destroy_timer(struct pool_object *object)
{
    struct queue_timer *timer = (struct queue_timer *)object;

    completion_reach(&timer->completion);
    if (timer->queue)
        queue_unref(timer->queue);
    free(timer);
}

static const struct pool_kind queue_timer_kind = {
    .run = run_timer, .ring = ring_timer, .stop = stop_timer, .destroy = destroy_timer
};

HANDLE WINAPI CreateTimerQueue(void)
{
    struct timer_queue *queue = mem_new(struct timer_queue);

    list_init(&queue->timers);
    queue->count = 1;
    return queue;
}

BOOL WINAPI CreateTimerQueueTimer(PHANDLE ret_timer, HANDLE queue_handle,
                                  WAITORTIMERCALLBACK callback, PVOID context, DWORD due_ms,
                                  DWORD period_ms, ULONG flags)
{
    struct timer_queue *queue = queue_handle;

    if (!ret_timer || !callback)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (queue_handle == INVALID_HANDLE_VALUE)
        return win_fail(ERROR_INVALID_HANDLE);
    struct queue_timer *timer = mem_new(struct queue_timer);
    timer->callback = callback;
    timer->period_ns = flags & WT_EXECUTEONLYONCE ? 0 : period_ms * INT64_C(1000000);
    timer->flags = flags;
    timer->queue = queue;
    list_init(&timer->link);
    pool_object_init(&timer->object, &queue_timer_kind, context, NULL);
    *ret_timer = timer; /* before the callback can come */
    pools_lock();
    if (queue) {
        list_append(&queue->timers, &timer->link);
        queue->count++;
    }
    timer->at_ns = wait_deadline_ns(due_ms);
    pool_alarm_set(&timer->object, timer->at_ns);
    pools_unlock();
    return TRUE;
}

/* Learn: "ChangeTimerQueueTimer": one that has rung for the last time is not changed. */
BOOL WINAPI ChangeTimerQueueTimer(HANDLE queue, HANDLE handle, ULONG due_ms, ULONG period_ms)
{
    struct queue_timer *timer = handle;

    (void)queue;
    if (!timer)
        return win_fail(ERROR_INVALID_PARAMETER);
    pools_lock();
    if (due_is_queued(&timer->object.alarm)) {
        timer->period_ns = period_ms * INT64_C(1000000);
        timer->at_ns = wait_deadline_ns(due_ms);
        pool_alarm_set(&timer->object, timer->at_ns);
    }
    pools_unlock();
    return TRUE;
}

BOOL WINAPI DeleteTimerQueueTimer(HANDLE queue, HANDLE handle, HANDLE completion)
{
    struct queue_timer *timer = handle;

    (void)queue;
    if (!timer)
        return win_fail(ERROR_INVALID_PARAMETER);
    return completion_close(&timer->object, &timer->completion, completion);
}

BOOL WINAPI CancelTimerQueueTimer(HANDLE queue, HANDLE timer)
{
    return DeleteTimerQueueTimer(queue, timer, NULL);
}

static struct queue_timer *first_timer(struct timer_queue *queue)
{
    struct queue_timer *timer = NULL;

    pools_lock();
    if (!list_is_empty(&queue->timers)) {
        timer = container_of(queue->timers.next, struct queue_timer, link);
        list_remove(&timer->link);
        timer->object.count++;
    }
    pools_unlock();
    return timer;
}

BOOL WINAPI DeleteTimerQueueEx(HANDLE handle, HANDLE completion)
{
    struct timer_queue *queue = handle;
    struct queue_timer *timer;
    bool waits = completion == INVALID_HANDLE_VALUE;

    if (!handle || handle == INVALID_HANDLE_VALUE)
        return win_fail(ERROR_INVALID_HANDLE);
    while ((timer = first_timer(queue))) {
        completion_close(&timer->object, &timer->completion, waits ? completion : NULL);
        pool_object_unref(&timer->object);
    }
    pools_lock();
    queue->completion.event = waits ? NULL : completion;
    bool is_busy = queue->count > 1;
    pools_unlock();
    queue_unref(queue);
    /* Windows: with an event it is always pending; the event tells the end. */
    return is_busy || (completion && !waits) ? win_fail(ERROR_IO_PENDING) : TRUE;
}

BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return DeleteTimerQueueEx(queue, NULL);
}
