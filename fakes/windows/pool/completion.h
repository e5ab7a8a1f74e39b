/* SPDX-License-Identifier: MIT */
/* The CompletionEvent of UnregisterWaitEx, DeleteTimerQueueTimer and DeleteTimerQueueEx: NULL, an
 * event, or INVALID_HANDLE_VALUE. */
#pragma once

#include "fakes/windows/pool/pool.h"

struct completion {
    HANDLE event; /* set when the last callback has returned; NULL: nobody asked */
};

/* Closes the object as that parameter says; the result of the function. */
BOOL completion_close(struct pool_object *object, struct completion *completion, HANDLE event);
/* The object is being freed. */
void completion_reach(struct completion *completion);
