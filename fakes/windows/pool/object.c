/* SPDX-License-Identifier: MIT */
/* See pool.h: what work, timers, waits and I/O have in common. */
#include "fakes/windows/pool/pool.h"

#include "emu/base/mem.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

/* TP_CALLBACK_ENVIRON grew by the priority with its third version; vssemu/synch.h has it in the
 * private bits of the first, one more than it is. */
static TP_CALLBACK_PRIORITY priority_of(const TP_CALLBACK_ENVIRON *environment)
{
    const TP_CALLBACK_ENVIRON_V3 *third = (const TP_CALLBACK_ENVIRON_V3 *)environment;

    DWORD hidden = environment->u.s.Private;

    if (environment->Version < 3 && hidden && hidden <= TP_CALLBACK_PRIORITY_COUNT)
        return (TP_CALLBACK_PRIORITY)(hidden - 1);
    if (environment->Version < 3 || (unsigned)third->CallbackPriority >= TP_CALLBACK_PRIORITY_COUNT)
        return TP_CALLBACK_PRIORITY_NORMAL;
    return third->CallbackPriority;
}

void pool_object_init(struct pool_object *object, const struct pool_kind *kind, void *context,
                      const TP_CALLBACK_ENVIRON *environment)
{
    object->kind = kind;
    object->count = 1;
    object->context = context;
    object->priority = TP_CALLBACK_PRIORITY_NORMAL;
    list_init(&object->in_group);
    wait_cond_init(&object->changed);
    pools_lock();
    object->pool = environment && environment->Pool ? (struct pool *)environment->Pool
                                                    : pool_default(pool_world_here());
    pool_ref(object->pool);
    if (environment) {
        object->priority = priority_of(environment);
        object->finalization = environment->FinalizationCallback;
        object->group_cancel = environment->CleanupGroupCancelCallback;
        if (environment->CleanupGroup)
            group_add(environment->CleanupGroup, object);
    }
    pools_unlock();
}

void pool_object_unref(struct pool_object *object)
{
    pools_lock();
    bool is_last = --object->count == 0;
    pools_unlock();
    if (!is_last)
        return;
    struct pool *pool = object->pool;
    pthread_cond_destroy(&object->changed);
    object->kind->destroy(object);
    pools_lock();
    pool_unref(pool);
    pools_unlock();
}

static bool leave_group(struct pool_object *object)
{
    pools_lock();
    bool is_first = !object->is_closed;
    object->is_closed = true;
    if (list_is_linked(&object->in_group))
        list_remove(&object->in_group);
    object->group = NULL;
    pools_unlock();
    return is_first;
}

void pool_object_close(struct pool_object *object)
{
    if (!leave_group(object))
        return;
    if (object->kind->stop)
        object->kind->stop(object);
    pool_object_unref(object);
}

bool pool_object_is_busy(struct pool_object *object)
{
    pools_lock();
    bool is_busy = object->n_queued || object->n_running;
    pools_unlock();
    return is_busy;
}
