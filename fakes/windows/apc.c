/* SPDX-License-Identifier: MIT */
/* See apc.h. */
#include "fakes/windows/apc.h"

#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

bool apc_queue_locked(struct thread *thread, struct apc *apc)
{
    if (thread->has_ended)
        return false;
    if (list_is_linked(&apc->link))
        return true;
    list_append(&thread->apcs, &apc->link);
    wait_alert(thread);
    return true;
}

bool thread_queue_apc(struct thread *thread, struct apc *apc)
{
    objects_lock();
    bool is_queued = apc_queue_locked(thread, apc);
    objects_unlock();
    return is_queued;
}

bool apc_cancel_locked(struct apc *apc)
{
    if (!list_is_linked(&apc->link))
        return false;
    list_remove(&apc->link);
    return true;
}

static struct apc *take_first(struct thread *self)
{
    struct apc *apc = NULL;

    objects_lock();
    if (!list_is_empty(&self->apcs)) {
        apc = container_of(self->apcs.next, struct apc, link);
        list_remove(&apc->link);
    }
    objects_unlock();
    return apc;
}

bool apc_run_all(struct thread *self)
{
    struct apc *apc;
    bool has_run = false;

    while ((apc = take_first(self))) {
        apc->run(apc);
        has_run = true;
    }
    return has_run;
}

void apc_drop_all(struct thread *self)
{
    struct apc *apc;

    while ((apc = take_first(self))) {
        if (apc->drop)
            apc->drop(apc);
    }
}

/* ---- QueueUserAPC ---- */

struct user_apc {
    struct apc apc;
    PAPCFUNC function;
    ULONG_PTR data;
};

static void run_user_apc(struct apc *apc)
{
    struct user_apc call = *container_of(apc, struct user_apc, apc);

    free(apc);
    call.function(call.data);
}

static void drop_user_apc(struct apc *apc)
{
    free(apc);
}

DWORD WINAPI QueueUserAPC(PAPCFUNC function, HANDLE handle, ULONG_PTR data)
{
    auto_object struct object *object = thread_of_handle(handle, THREAD_SET_CONTEXT);

    if (!object)
        return 0;
    struct user_apc *call = mem_new(struct user_apc);
    *call = (struct user_apc){ .apc = { .run = run_user_apc, .drop = drop_user_apc },
                               .function = function,
                               .data = data };
    if (thread_queue_apc((struct thread *)object, &call->apc))
        return 1;
    free(call);
    SetLastError(ERROR_GEN_FAILURE); /* Windows: what a thread that has ended gives */
    return 0;
}
