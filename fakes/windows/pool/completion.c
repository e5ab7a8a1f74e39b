/* SPDX-License-Identifier: MIT */
/* See completion.h. */
#include "fakes/windows/pool/completion.h"

#include "fakes/windows/last_error.h"

/* Learn: "DeleteTimerQueueTimer": INVALID_HANDLE_VALUE waits for callbacks that run; else, while
 * one runs, the object goes later and the error is ERROR_IO_PENDING. Calls that are queued are not
 * made any more. */
BOOL completion_close(struct pool_object *object, struct completion *completion, HANDLE event)
{
    pools_lock();
    object->count++;
    if (event != INVALID_HANDLE_VALUE)
        completion->event = event;
    pools_unlock();
    pool_object_close(object);
    if (event == INVALID_HANDLE_VALUE)
        pool_object_wait(object, true);
    else
        pool_object_cancel(object);
    bool is_busy = pool_object_is_busy(object);
    pool_object_unref(object);
    return is_busy ? win_fail(ERROR_IO_PENDING) : TRUE;
}

void completion_reach(struct completion *completion)
{
    if (completion->event)
        SetEvent(completion->event);
}
