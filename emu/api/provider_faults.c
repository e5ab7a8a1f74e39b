/* SPDX-License-Identifier: MIT */
/* What is planned to go wrong with a provider's calls. A provider with threads waits on one of
 * them. One that is called inside the service cannot: a question that somebody waits for keeps that
 * thread waiting, a request is put off and answered by a task. Nobody waits for a question longer
 * than for a writer's handler; a request that hangs hangs, as DoSnapshotSet is seen to. */
#include "emu/api/provider_adapter_i.h"

#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/port/world.h"
#include "emu/proto/set_phases.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"

#include <stdlib.h>

/* What COM answers for a server that ends, or lets an exception out. */
#define PROCESS_GONE HRESULT_FROM_WIN32(RPC_S_CALL_FAILED)
#define SERVER_FAULT RPC_E_SERVERFAULT

static const char *name_of(const struct provider_adapter *a)
{
    for (size_t i = 0; i < a->service->providers.count; i++) {
        if (a->service->providers.items[i]->link == &a->link)
            return a->service->providers.items[i]->name;
    }
    return a->provider ? a->provider->name : NULL;
}

bool provider_fault_meet(struct provider_adapter *a, enum fault_provider_point point,
                         struct fault_hit *ret_hit)
{
    struct faults *faults = a->service->ports->faults;

    return faults && faults_meet(faults, FAULT_PROVIDER, name_of(a), point, ret_hit);
}

static bool makes_wait(const struct fault_hit *hit)
{
    return hit->action == FAULT_HANG || hit->duration_ns;
}

static bool is_lifted(void *arg)
{
    const struct provider_adapter *a = arg;

    return a->is_lifted || a->is_stopping;
}

/* Whether the provider is not called, because this is the answer. */
static bool answers(const struct fault_hit *hit, HRESULT *ret_result)
{
    switch (hit->action) {
    case FAULT_FAIL:
        *ret_result = hit->code;
        return true;
    case FAULT_THROW:
        *ret_result = SERVER_FAULT;
        return true;
    case FAULT_CRASH:
    case FAULT_HANG:
        *ret_result = PROCESS_GONE;
        return true;
    default:
        return false;
    }
}

bool provider_fault_answers(struct provider_adapter *a, const struct fault_hit *hit,
                            bool is_awaited, HRESULT *ret_result)
{
    int64_t now = sched_now(a->sched);
    int64_t hangs_until = is_awaited ? now + HANDLER_LIMIT_MS * SCHED_MS : SCHED_NEVER;

    if (makes_wait(hit))
        sched_wait(a->sched, is_lifted, a,
                   hit->action == FAULT_HANG ? hangs_until : now + hit->duration_ns);
    return answers(hit, ret_result);
}

/* ---- requests to a provider that is called inside ---- */

struct held_request {
    struct list link;
    struct sched_task task;
    struct provider_adapter *adapter;
    struct provider_request *request;
    struct fault_hit hit;
};

static void go_on(struct held_request *held)
{
    struct provider_adapter *a = held->adapter;
    struct provider_request *request = held->request;
    struct fault_hit hit = held->hit;

    sched_cancel(a->sched, &held->task);
    list_remove(&held->link);
    free(held);
    if (!answers(&hit, &request->result))
        request->result = provider_ask(a, request);
    request->done(request);
}

static void held_is_due(struct sched_task *task)
{
    go_on(container_of(task, struct held_request, task));
}

bool provider_fault_takes(struct provider_adapter *a, struct provider_request *request,
                          enum fault_provider_point point)
{
    struct fault_hit hit;

    if (!provider_fault_meet(a, point, &hit))
        return false;
    if (!makes_wait(&hit)) {
        if (!answers(&hit, &request->result))
            return false;
        request->done(request);
        return true;
    }
    struct held_request *held = mem_new(struct held_request);

    held->task.run = held_is_due;
    held->adapter = a;
    held->request = request;
    held->hit = hit;
    list_append(&a->held, &held->link);
    if (hit.action != FAULT_HANG)
        sched_post(a->sched, &held->task, sched_now(a->sched) + hit.duration_ns);
    return true;
}

void provider_fault_let_go(struct provider_adapter *a)
{
    a->is_lifted = true;
    while (!list_is_empty(&a->held))
        go_on(container_of(a->held.next, struct held_request, link));
    sched_notify(a->sched);
}

void provider_adapter_lift_faults(struct service *service)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider_adapter *a = provider_adapter_of(service->providers.items[i]->link);

        if (a)
            provider_fault_let_go(a);
    }
}
