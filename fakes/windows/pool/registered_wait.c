/* SPDX-License-Identifier: MIT */
/* RegisterWaitForSingleObject and UnregisterWaitEx (Learn: the pages of these names). Deviation: a
 * wait that is repeated begins again when its callback has returned, not before it is called, so an
 * event that stays signaled is no flood of callbacks. */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/completion.h"
#include "fakes/windows/pool/wait_object.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

struct registered_wait {
    struct pool_wait wait;
    WAITORTIMERCALLBACK callback;
    DWORD timeout_ms;
    bool is_once;
    struct completion completion;
};

static void run_registered(struct pool_object *object, struct pool_call *call,
                           PTP_CALLBACK_INSTANCE instance)
{
    struct registered_wait *registered = (struct registered_wait *)object;

    (void)instance;
    registered->callback(object->context, call->result == WAIT_TIMEOUT);
    if (!registered->is_once)
        pool_wait_again(&registered->wait, wait_deadline_ns(registered->timeout_ms));
}

static void destroy_registered(struct pool_object *object)
{
    struct registered_wait *registered = (struct registered_wait *)object;

    completion_reach(&registered->completion);
    free(registered);
}

static const struct pool_kind registered_kind = { .run = run_registered,
                                                  .ring = pool_wait_ring,
                                                  .stop = pool_wait_stop,
                                                  .destroy = destroy_registered };

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE ret_wait, HANDLE handle,
                                        WAITORTIMERCALLBACK callback, PVOID context,
                                        ULONG timeout_ms, ULONG flags)
{
    if (!ret_wait || !callback)
        return win_fail(ERROR_INVALID_PARAMETER);
    struct object *target = handle_get(handle, NULL, SYNCHRONIZE);

    if (!target)
        return FALSE;
    if (target->class->is_owned) { /* Deviation: whose would the mutex be? */
        object_unref(target);
        return win_fail(ERROR_INVALID_PARAMETER);
    }
    struct registered_wait *registered = mem_new(struct registered_wait);
    registered->callback = callback;
    registered->timeout_ms = timeout_ms;
    registered->is_once = flags & WT_EXECUTEONLYONCE;
    pool_object_init(&registered->wait.object, &registered_kind, context, NULL);
    *ret_wait = registered;
    pool_wait_set(&registered->wait, target, wait_deadline_ns(timeout_ms));
    return TRUE;
}

BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE completion)
{
    struct registered_wait *registered = wait;

    if (!wait || wait == INVALID_HANDLE_VALUE)
        return win_fail(ERROR_INVALID_HANDLE);
    return completion_close(&registered->wait.object, &registered->completion, completion);
}

BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return UnregisterWaitEx(wait, NULL);
}
