/* SPDX-License-Identifier: MIT */
/* Timers of the pool (Learn: "CreateThreadpoolTimer", "SetThreadpoolTimer"). */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/pool.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

struct _TP_TIMER {
    struct pool_object object;
    PTP_TIMER_CALLBACK callback;
    int64_t period_ns;
    bool is_set; /* Learn: "IsThreadpoolTimerSet": until the program takes the time back */
};

static void run_timer(struct pool_object *object, struct pool_call *call,
                      PTP_CALLBACK_INSTANCE instance)
{
    PTP_TIMER timer = (PTP_TIMER)object;

    (void)call;
    timer->callback(instance, object->context, timer);
}

static void ring_timer(struct pool_object *object)
{
    PTP_TIMER timer = (PTP_TIMER)object;

    pools_lock();
    if (timer->is_set && !due_is_queued(&object->alarm) && object->alarm.at_ns <= wait_now()) {
        pool_queue(object, 0, NULL, NULL);
        if (timer->period_ns)
            pool_alarm_set(object, object->alarm.at_ns + timer->period_ns);
        object->alarm.at_ns = due_is_queued(&object->alarm) ? object->alarm.at_ns : WAIT_NEVER;
    }
    pools_unlock();
}

static bool set(PTP_TIMER timer, int64_t at_ns, DWORD period_ms)
{
    pools_lock();
    bool was_set = due_is_queued(&timer->object.alarm);
    timer->is_set = at_ns != WAIT_NEVER;
    timer->period_ns = period_ms * INT64_C(1000000);
    pool_alarm_set(&timer->object, at_ns);
    if (at_ns == WAIT_NEVER)
        timer->object.alarm.at_ns = WAIT_NEVER;
    pools_unlock();
    return was_set;
}

static void stop_timer(struct pool_object *object)
{
    set((PTP_TIMER)object, WAIT_NEVER, 0);
}

static void destroy_timer(struct pool_object *object)
{
    free(object);
}

static const struct pool_kind timer_kind = {
    .run = run_timer, .ring = ring_timer, .stop = stop_timer, .destroy = destroy_timer
};

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context,
                                       PTP_CALLBACK_ENVIRON environment)
{
    if (!callback) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    PTP_TIMER timer = mem_new(struct _TP_TIMER);
    timer->callback = callback;
    pool_object_init(&timer->object, &timer_kind, context, environment);
    return timer;
}

BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms)
{
    (void)window_ms; /* a timer here is never late */
    return set(timer, due ? pool_moment(due) : WAIT_NEVER, due ? period_ms : 0);
}

VOID WINAPI SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms)
{
    SetThreadpoolTimerEx(timer, due, period_ms, window_ms);
}

BOOL WINAPI IsThreadpoolTimerSet(PTP_TIMER timer)
{
    pools_lock();
    bool is_set = timer->is_set;
    pools_unlock();
    return is_set;
}

VOID WINAPI WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancels)
{
    pool_object_wait(&timer->object, cancels);
}

VOID WINAPI CloseThreadpoolTimer(PTP_TIMER timer)
{
    pool_object_close(&timer->object);
}
