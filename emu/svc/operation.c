/* SPDX-License-Identifier: MIT */
#include "emu/svc/operation.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"

#include <stdlib.h>

struct operation *operation_new(void)
{
    struct operation *operation = mem_new(struct operation);

    operation->n_references = 1;
    operation->status = VSS_S_ASYNC_PENDING;
    return operation;
}

struct operation *operation_ref(struct operation *operation)
{
    operation->n_references++;
    return operation;
}

void operation_unref(struct operation *operation)
{
    if (operation && --operation->n_references == 0)
        free(operation);
}

void operation_end(struct operation *operation, HRESULT result)
{
    check(operation_is_pending(operation));
    operation->status = result == S_OK ? VSS_S_ASYNC_FINISHED : result;
    if (operation->is_cut_off)
        operation->status = VSS_E_UNEXPECTED;
    operation->cancel = NULL;
    operation->owner = NULL;
}

bool operation_is_pending(const struct operation *operation)
{
    return operation->status == VSS_S_ASYNC_PENDING;
}

void operation_cancel(struct operation *operation)
{
    if (!operation_is_pending(operation))
        return;
    operation->is_cancel_asked = true;
    if (operation->cancel)
        operation->cancel(operation);
}
