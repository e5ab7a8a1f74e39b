/* SPDX-License-Identifier: MIT */
/* Learn: "IVssAsync interface". An expired Wait and a failed operation both answer S_OK;
 * QueryStatus tells (Windows: seen in published logs of requesters; choices wait_result and
 * wait_limit). */
#include "emu/api/async_op.h"

#include "emu/api/entry.h"
#include "emu/api/guard.h"
#include "emu/com/object.h"
#include "emu/lint/lint_objects.h"
#include "emu/port/sched.h"
#include "emu/proto/set_phases.h"
#include "emu/svc/operation.h"
#include "emu/svc/service.h"

struct async_op {
    struct com_object com;
    IVssAsync IVssAsync;
    struct service *service;
    struct sched *sched;
    struct operation *operation; /* a reference */
    struct lint_async lint;
};
COM_UNKNOWN_METHODS(async_op, IVssAsync)

static bool is_over(void *arg)
{
    return !operation_is_pending(arg);
}

static void trace_cancel(struct async_op *op, HRESULT hr)
{
    const struct trace_arg args[] = { TRACE_TEXT("operation", op->operation->call) };

    service_trace(op->service, &(struct trace_record){ .kind = TRACE_CALL,
                                                       .who = "requester",
                                                       .what = "Cancel",
                                                       .has_result = true,
                                                       .result = hr,
                                                       .args = args,
                                                       .n_args = 1 });
}

static HRESULT STDMETHODCALLTYPE async_op_Cancel(IVssAsync *face)
{
    GUARD(IVssAsync_Cancel);
    struct async_op *op = async_op_from_IVssAsync(face);
    HRESULT hr;

    sched_enter(op->sched);
    if (operation_is_pending(op->operation) && op->operation->is_uncancellable) {
        hr = VSS_E_BAD_STATE;
    } else if (operation_is_pending(op->operation)) {
        operation_cancel(op->operation);
        /* What hangs past the commit does not hear of it. */
        sched_wait(op->sched, is_over, op->operation,
                   sched_now(op->sched) + HANDLER_LIMIT_MS * SCHED_MS);
        hr = op->operation->status == VSS_S_ASYNC_CANCELLED ? S_OK : op->operation->status;
    } else {
        hr = op->operation->status;
    }
    op->lint.is_result_read = true;
    trace_cancel(op, hr);
    sched_leave(op->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE async_op_Wait(IVssAsync *face, DWORD limit_ms)
{
    GUARD(IVssAsync_Wait);
    struct async_op *op = async_op_from_IVssAsync(face);
    const struct choices *choices = &op->service->choices;
    HRESULT hr = S_OK;

    if (limit_ms != INFINITE &&
        choices_value(choices, CHOICE_WAIT_LIMIT) == WAIT_LIMIT_INFINITE_ONLY)
        return E_INVALIDARG;
    sched_enter(op->sched);
    int64_t deadline =
        limit_ms == INFINITE ? SCHED_NEVER : sched_now(op->sched) + limit_ms * SCHED_MS;
    sched_wait(op->sched, is_over, op->operation, deadline);
    if (choices_value(choices, CHOICE_WAIT_RESULT) == WAIT_RESULT_OF_OPERATION &&
        op->operation->status != VSS_S_ASYNC_FINISHED)
        hr = op->operation->status;
    sched_leave(op->sched);
    return hr;
}

static HRESULT STDMETHODCALLTYPE async_op_QueryStatus(IVssAsync *face, HRESULT *ret_status,
                                                      INT *reserved)
{
    GUARD(IVssAsync_QueryStatus);
    struct async_op *op = async_op_from_IVssAsync(face);

    if (!ret_status)
        return E_INVALIDARG;
    sched_enter(op->sched);
    *ret_status = op->operation->status;
    HRESULT hr = lint_async_queried(&op->lint, *ret_status, reserved);
    sched_leave(op->sched);
    return hr;
}

static const IVssAsyncVtbl async_op_vtbl = {
    COM_UNKNOWN_SLOTS(async_op, IVssAsync),
    .Cancel = async_op_Cancel,
    .Wait = async_op_Wait,
    .QueryStatus = async_op_QueryStatus,
};

static void async_op_destroy(void *object)
{
    struct async_op *op = object;

    sched_enter(op->sched);
    lint_async_released(&op->lint);
    operation_unref(op->operation);
    sched_leave(op->sched);
}

COM_CLASS(async_op, async_op_destroy, COM_FACE(async_op, IVssAsync));

void async_op_new(struct service *service, struct operation *take_operation, IVssAsync **ret)
{
    struct async_op *op = COM_NEW(async_op);

    op->IVssAsync.lpVtbl = &async_op_vtbl;
    op->service = service;
    op->sched = service->ports->sched;
    op->operation = take_operation;
    op->lint = (struct lint_async){ .lint = entry_lint(), .call = take_operation->call };
    *ret = &op->IVssAsync;
}
