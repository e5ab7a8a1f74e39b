/* SPDX-License-Identifier: MIT */
#include "emu/svc/late_operation.h"

#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/svc/service.h"

#include <stdlib.h>

#define DURATION_NS (5 * SCHED_MS)

struct late_operation {
    struct service *service;
    struct operation *operation; /* a reference */
    struct sched_task task;
    late_work *work;
    void *arg;
};

static void end(struct late_operation *late, HRESULT result)
{
    struct service *service = late->service;

    operation_end(late->operation, result);
    operation_unref(late->operation);
    free(late->arg);
    free(late);
    service->n_unfinished--;
    sched_notify(service->ports->sched);
}

static void run(struct sched_task *task)
{
    struct late_operation *late = container_of(task, struct late_operation, task);

    end(late, late->work(late->service, late->arg));
}

static void cancel(struct operation *operation)
{
    struct late_operation *late = operation->owner;

    sched_cancel(late->service->ports->sched, &late->task);
    end(late, VSS_S_ASYNC_CANCELLED);
}

struct operation *late_operation_start(struct service *service, late_work *work, void *take_arg)
{
    struct late_operation *late = mem_new(struct late_operation);
    struct sched *sched = service->ports->sched;

    late->service = service;
    late->operation = operation_new();
    late->operation->owner = late;
    late->operation->cancel = cancel;
    late->task.run = run;
    late->work = work;
    late->arg = take_arg;
    service->n_unfinished++;
    sched_post(sched, &late->task, sched_now(sched) + DURATION_NS);
    return operation_ref(late->operation);
}
