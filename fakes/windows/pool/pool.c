/* SPDX-License-Identifier: MIT */
/* See pool.h: pools, their threads, and calls on their way. A thread is added when more calls wait
 * than threads do, as long as the pool allows it. */
#include "fakes/windows/pool/pool.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/threads.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <stdlib.h>

#define MAX_THREADS 500 /* Windows: 512 of the default pool */

struct _TP_POOL {
    struct pool_world *world;
    unsigned count; /* its owner, its objects, its threads */
    struct list calls[TP_CALLBACK_PRIORITY_COUNT];
    unsigned n_calls;
    unsigned n_threads, n_idle, minimum, maximum;
    pthread_cond_t has_calls;
    TP_POOL_STACK_INFORMATION stack;
    bool is_closed;
};

struct pool {
    struct _TP_POOL tp;
};

struct pool *pool_new(struct pool_world *world)
{
    struct pool *pool = mem_new(struct pool);

    pool->tp.world = world;
    pool->tp.count = 1;
    pool->tp.maximum = MAX_THREADS;
    wait_cond_init(&pool->tp.has_calls);
    for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
        list_init(&pool->tp.calls[i]);
    return pool;
}

struct pool_world *pool_world_of(struct pool *pool)
{
    return pool->tp.world;
}

void pool_wake_all(struct pool *pool)
{
    pthread_cond_broadcast(&pool->tp.has_calls);
}

void pool_ref(struct pool *pool)
{
    pool->tp.count++;
}

void pool_unref(struct pool *pool)
{
    if (--pool->tp.count) {
        if (pool->tp.is_closed)
            pool_wake_all(pool); /* perhaps only its threads are left */
        return;
    }
    pthread_cond_destroy(&pool->tp.has_calls);
    free(pool);
}

/* ---- threads ---- */

static struct pool_call *take_call(struct pool *pool)
{
    for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++) {
        struct list *calls = &pool->tp.calls[i];

        if (list_is_empty(calls))
            continue;
        struct pool_call *call = container_of(calls->next, struct pool_call, link);
        list_remove(&call->link);
        pool->tp.n_calls--;
        return call;
    }
    return NULL;
}

/* With the lock held, which is given up meanwhile. */
static void make_call(struct pool_call *call)
{
    struct pool_object *object = call->object;
    struct _TP_CALLBACK_INSTANCE instance = { .object = object, .is_associated = true };

    object->n_queued--;
    object->n_running++;
    pools_unlock();
    object->kind->run(object, call, &instance);
    instance_finish(&instance);
    free(call);
    if (object->finalization)
        object->finalization(&instance, object->context);
    pools_lock();
    if (instance.is_associated) {
        object->n_running--;
        pthread_cond_broadcast(&object->changed);
    }
    pools_unlock();
    pool_object_unref(object);
    pools_lock();
}

static bool must_leave(const struct pool *pool)
{
    return pool_world_is_ending(pool->tp.world) ||
           (pool->tp.is_closed && pool->tp.count == pool->tp.n_threads);
}

/* False: nothing came for a while, and the thread is not needed. */
static bool wait_for_call(struct pool *pool)
{
    pool->tp.n_idle++;
    int error = pools_wait(&pool->tp.has_calls, wait_deadline_ns(POOL_IDLE_MS));
    pool->tp.n_idle--;
    return error != ETIMEDOUT || pool->tp.n_calls || pool->tp.n_threads <= pool->tp.minimum;
}

static void worker_main(void *argument)
{
    struct pool *pool = argument;
    struct pool_call *call;
    bool goes_on = true;

    pools_lock();
    while (goes_on) {
        call = take_call(pool);
        if (call)
            make_call(call);
        else
            goes_on = !must_leave(pool) && wait_for_call(pool);
    }
    pool->tp.n_threads--;
    pthread_cond_broadcast(&pool->tp.has_calls); /* others may have to leave now */
    struct pool_world *world = pool->tp.world;
    pool_unref(pool);
    pool_thread_leaves(world);
    pools_unlock();
}

static bool add_thread(struct pool *pool)
{
    pool->tp.n_threads++;
    pool_ref(pool);
    if (pool_thread_start(pool->tp.world, worker_main, pool, pool->tp.stack.StackReserve))
        return true;
    pool->tp.n_threads--;
    pool_unref(pool);
    return false;
}

void pool_queue(struct pool_object *object, ULONG_PTR result, void *data, void *more_data)
{
    struct pool *pool = object->pool;
    struct pool_call *call = mem_new(struct pool_call);

    *call = (struct pool_call){ .object = object, .result = result, .data = { data, more_data } };
    object->count++;
    object->n_queued++;
    list_append(&pool->tp.calls[object->priority], &call->link);
    pool->tp.n_calls++;
    if (pool->tp.n_calls > pool->tp.n_idle && pool->tp.n_threads < pool->tp.maximum)
        add_thread(pool);
    pthread_cond_signal(&pool->tp.has_calls);
}

/* ---- waiting and cancelling ---- */

/* Takes the calls of that object out of the queue; answers how many references they held. */
static unsigned forget_calls(struct pool_object *object)
{
    struct list *calls = &object->pool->tp.calls[object->priority];
    unsigned n = 0;

    list_each_safe (struct pool_call, call, calls, link) {
        if (call->object != object)
            continue;
        list_remove(&call->link);
        free(call);
        object->pool->tp.n_calls--;
        object->n_queued--;
        n++;
    }
    return n;
}

unsigned pool_object_cancel(struct pool_object *object)
{
    pools_lock();
    unsigned n = forget_calls(object);
    pthread_cond_broadcast(&object->changed);
    pools_unlock();
    for (unsigned i = 0; i < n; i++)
        pool_object_unref(object);
    return n;
}

unsigned pool_object_wait(struct pool_object *object, bool cancels)
{
    unsigned n = cancels ? pool_object_cancel(object) : 0;

    pools_lock();
    while (object->n_queued || object->n_running)
        pools_wait(&object->changed, WAIT_NEVER);
    pools_unlock();
    return n;
}

/* ---- the program's own pools ---- */

PTP_POOL WINAPI CreateThreadpool(PVOID reserved)
{
    if (reserved) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    pools_lock();
    struct pool *pool = pool_new(pool_world_here());
    pools_unlock();
    return &pool->tp;
}

/* It ends when its objects have. */
VOID WINAPI CloseThreadpool(PTP_POOL tp)
{
    struct pool *pool = (struct pool *)tp;

    pools_lock();
    tp->is_closed = true;
    pthread_cond_broadcast(&tp->has_calls);
    pool_unref(pool);
    pools_unlock();
}

VOID WINAPI SetThreadpoolThreadMaximum(PTP_POOL tp, DWORD maximum)
{
    pools_lock();
    tp->maximum = maximum ? maximum : 1;
    if (tp->minimum > tp->maximum)
        tp->minimum = tp->maximum;
    pools_unlock();
}

BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL tp, DWORD minimum)
{
    bool is_done = true;

    pools_lock();
    tp->minimum = minimum;
    if (tp->maximum < minimum)
        tp->maximum = minimum;
    while (is_done && tp->n_threads < minimum)
        is_done = add_thread((struct pool *)tp);
    pools_unlock();
    return is_done ? TRUE : win_fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL tp, PTP_POOL_STACK_INFORMATION stack)
{
    pools_lock();
    tp->stack = *stack;
    pools_unlock();
    return TRUE;
}

BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL tp, PTP_POOL_STACK_INFORMATION ret_stack)
{
    pools_lock();
    *ret_stack = tp->stack;
    pools_unlock();
    return TRUE;
}
