/* SPDX-License-Identifier: MIT */
/* Work: CreateThreadpoolWork, TrySubmitThreadpoolCallback, QueueUserWorkItem (Learn: "Thread Pool
 * API", "Thread Pooling"). */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/pool.h"

#include <stdlib.h>

struct _TP_WORK {
    struct pool_object object;
    PTP_WORK_CALLBACK callback;
};

static void run_work(struct pool_object *object, struct pool_call *call,
                     PTP_CALLBACK_INSTANCE instance)
{
    PTP_WORK work = (PTP_WORK)object;

    (void)call;
    work->callback(instance, object->context, work);
}

static void destroy(struct pool_object *object)
{
    free(object);
}

static const struct pool_kind work_kind = { .run = run_work, .destroy = destroy };

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context,
                                     PTP_CALLBACK_ENVIRON environment)
{
    if (!callback) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    PTP_WORK work = mem_new(struct _TP_WORK);
    work->callback = callback;
    pool_object_init(&work->object, &work_kind, context, environment);
    return work;
}

VOID WINAPI SubmitThreadpoolWork(PTP_WORK work)
{
    pools_lock();
    pool_queue(&work->object, 0, NULL, NULL);
    pools_unlock();
}

VOID WINAPI WaitForThreadpoolWorkCallbacks(PTP_WORK work, BOOL cancels)
{
    pool_object_wait(&work->object, cancels);
}

VOID WINAPI CloseThreadpoolWork(PTP_WORK work)
{
    pool_object_close(&work->object);
}

/* ---- a call without an object of the program's ---- */

struct simple {
    struct pool_object object;
    PTP_SIMPLE_CALLBACK callback;
    LPTHREAD_START_ROUTINE start; /* of QueueUserWorkItem; the other is NULL then */
};

static void run_simple(struct pool_object *object, struct pool_call *call,
                       PTP_CALLBACK_INSTANCE instance)
{
    struct simple *simple = (struct simple *)object;

    (void)call;
    if (simple->start)
        simple->start(object->context);
    else
        simple->callback(instance, object->context);
}

/* Its one call holds it, until it is in a group: that lets go of it, too. */
static const struct pool_kind simple_kind = { .run = run_simple, .destroy = destroy };

static void submit(struct simple *simple, void *context, PTP_CALLBACK_ENVIRON environment)
{
    pool_object_init(&simple->object, &simple_kind, context, environment);
    pools_lock();
    pool_queue(&simple->object, 0, NULL, NULL);
    bool is_in_group = simple->object.group != NULL;
    pools_unlock();
    if (!is_in_group)
        pool_object_close(&simple->object);
}

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context,
                                        PTP_CALLBACK_ENVIRON environment)
{
    if (!callback)
        return win_fail(ERROR_INVALID_PARAMETER);
    struct simple *simple = mem_new(struct simple);
    simple->callback = callback;
    submit(simple, context, environment);
    return TRUE;
}

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE start, PVOID context, ULONG flags)
{
    (void)flags;
    if (!start)
        return win_fail(ERROR_INVALID_PARAMETER);
    struct simple *simple = mem_new(struct simple);
    simple->start = start;
    submit(simple, context, NULL);
    return TRUE;
}
