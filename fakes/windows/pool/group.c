/* SPDX-License-Identifier: MIT */
/* Cleanup groups: many objects closed in one call (Learn: "CreateThreadpoolCleanupGroup"). */
#include "emu/base/mem.h"
#include "fakes/windows/pool/pool.h"

#include <stdlib.h>

struct _TP_CLEANUP_GROUP {
    struct list members; /* of struct pool_object */
};

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(void)
{
    PTP_CLEANUP_GROUP group = mem_new(struct _TP_CLEANUP_GROUP);

    list_init(&group->members);
    return group;
}

void group_add(struct _TP_CLEANUP_GROUP *group, struct pool_object *object)
{
    object->group = group;
    list_append(&group->members, &object->in_group);
}

static struct pool_object *first_member(PTP_CLEANUP_GROUP group)
{
    struct pool_object *object = NULL;

    pools_lock();
    if (!list_is_empty(&group->members)) {
        object = container_of(group->members.next, struct pool_object, in_group);
        object->count++;
    }
    pools_unlock();
    return object;
}

/* Learn: "CloseThreadpoolCleanupGroupMembers": waits for all callbacks; who cancels does
 * not want those that wait to be called, and the cancel callback is told of each object. */
VOID WINAPI CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP group, BOOL cancels,
                                               PVOID cleanup_context)
{
    struct pool_object *object;

    while ((object = first_member(group))) {
        pool_object_close(object);
        pool_object_wait(object, cancels);
        if (cancels && object->group_cancel)
            object->group_cancel(object->context, cleanup_context);
        pool_object_unref(object);
    }
}

VOID WINAPI CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP group)
{
    pools_lock();
    while (!list_is_empty(&group->members)) {
        struct pool_object *object =
            container_of(group->members.next, struct pool_object, in_group);

        list_remove(&object->in_group);
        object->group = NULL;
    }
    pools_unlock();
    free(group);
}
