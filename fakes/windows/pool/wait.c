/* SPDX-License-Identifier: MIT */
/* Waits of the pool: CreateThreadpoolWait (Learn: "SetThreadpoolWait"). Each wait is made once. */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/wait_object.h"
#include "fakes/windows/wait.h"

#include <stdio.h>
#include <stdlib.h>

struct _TP_WAIT {
    struct pool_wait wait;
    PTP_WAIT_CALLBACK callback;
};

static void run_wait(struct pool_object *object, struct pool_call *call,
                     PTP_CALLBACK_INSTANCE instance)
{
    PTP_WAIT wait = (PTP_WAIT)object;

    wait->callback(instance, object->context, wait, (TP_WAIT_RESULT)call->result);
}

static void destroy_wait(struct pool_object *object)
{
    free(object);
}

static const struct pool_kind wait_kind = {
    .run = run_wait, .ring = pool_wait_ring, .stop = pool_wait_stop, .destroy = destroy_wait
};

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context,
                                     PTP_CALLBACK_ENVIRON environment)
{
    if (!callback) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    PTP_WAIT wait = mem_new(struct _TP_WAIT);
    wait->callback = callback;
    pool_object_init(&wait->wait.object, &wait_kind, context, environment);
    return wait;
}

/* Windows raises an exception for a handle that cannot be waited for; here it is a word, and the
 * wait is not set. */
static struct object *target_of(HANDLE handle)
{
    struct object *object = handle_get(handle, NULL, SYNCHRONIZE);

    if (object && !object->class->is_owned)
        return object;
    fprintf(stderr, "vssemu: SetThreadpoolWait: %s; on Windows this raises an exception\n",
            object ? "a mutex cannot be waited for" : "the handle cannot be waited for");
    if (object)
        object_unref(object);
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT wait, HANDLE handle, PFILETIME timeout, PVOID reserved)
{
    struct object *target = handle ? target_of(handle) : NULL;

    (void)reserved;
    return pool_wait_set(&wait->wait, target, timeout ? pool_moment(timeout) : WAIT_NEVER);
}

VOID WINAPI SetThreadpoolWait(PTP_WAIT wait, HANDLE handle, PFILETIME timeout)
{
    SetThreadpoolWaitEx(wait, handle, timeout, NULL);
}

VOID WINAPI WaitForThreadpoolWaitCallbacks(PTP_WAIT wait, BOOL cancels)
{
    pool_object_wait(&wait->wait.object, cancels);
}

VOID WINAPI CloseThreadpoolWait(PTP_WAIT wait)
{
    pool_object_close(&wait->wait.object);
}
