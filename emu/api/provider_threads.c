/* SPDX-License-Identifier: MIT */
/* The threads of a provider. A provider's calls come on threads of its own and not one behind the
 * other (Learn: "IVssProviderCreateSnapshotSet::AbortSnapshots" may come while EndPrepareSnapshots
 * runs): a job that finds no idle thread gets a new one. */
#include "emu/api/provider_adapter_i.h"

#include "emu/port/classes.h"
#include "emu/port/world.h"
#include "emu/svc/service.h"

#define MAX_THREADS 16 /* what waits beyond that waits for its turn */

struct call {
    struct provider_adapter *adapter;
    struct provider_job *job;
};

static HRESULT call_provider(void *arg)
{
    struct call *call = arg;

    return call->job->run(call->adapter, call->job);
}

static bool rests(const struct provider_adapter *a)
{
    return a->wants_rest && a->loading == PROVIDER_LOADED && !a->n_running && !a->queue.count &&
           (a->is_rest_forced || list_is_empty(&a->service->backups));
}

bool provider_threads_are_busy(const struct provider_adapter *a)
{
    return a->n_running || a->queue.count || rests(a);
}

static bool has_work(void *arg)
{
    struct provider_adapter *a = arg;

    return a->is_stopping || a->queue.count || rests(a);
}

static void wrapped_done(struct provider_adapter *a, struct provider_job *job);

/* Inside the service; comes back there. */
static void do_job(struct provider_adapter *a, struct provider_job *job)
{
    struct call call = { a, job };

    struct fault_hit hit;

    a->n_running++;
    job->result = provider_load(a);
    bool has_fault = SUCCEEDED(job->result) && provider_fault_meet(a, job->point, &hit);
    bool is_answered =
        has_fault && provider_fault_answers(a, &hit, job->done == wrapped_done, &job->result);

    if (is_answered && hit.action == FAULT_CRASH)
        provider_crashed(a);
    if (SUCCEEDED(job->result) && !is_answered) {
        sched_leave(a->sched);
        HRESULT hr = a->classes->call(call_provider, &call);
        sched_enter(a->sched);
        job->result = hr;
    }
    a->n_running--;
    job->done(a, job);
}

static void rest(struct provider_adapter *a)
{
    a->wants_rest = false;
    a->n_running++;
    provider_unload(a, a->is_rest_forced);
    a->n_running--;
}

static void serve(void *arg)
{
    struct provider_adapter *a = arg;

    a->classes->enter_apartment();
    sched_enter(a->sched);
    for (;;) {
        a->n_idle++;
        sched_wait(a->sched, has_work, a, SCHED_NEVER);
        a->n_idle--;
        if (a->queue.count) {
            struct provider_job *job = a->queue.items[0];

            array_remove(&a->queue, 0);
            do_job(a, job);
            sched_notify(a->sched);
        } else if (rests(a)) {
            rest(a);
        } else if (a->is_stopping) {
            break;
        }
    }
    sched_leave(a->sched);
    a->classes->leave_apartment();
}

void provider_threads_post(struct provider_adapter *a, struct provider_job *job)
{
    array_add(&a->queue, job);
    if (a->queue.count > a->n_idle && a->threads.count < MAX_THREADS)
        array_add(&a->threads, a->sched->ops->start(a->sched, "provider", serve, a));
    sched_notify(a->sched);
}

void provider_threads_wake(struct provider_adapter *a)
{
    sched_notify(a->sched);
}

/* ---- waiting for one ---- */

struct awaited_job {
    struct provider_job job;
    struct provider_job *wrapped;
    bool is_done;
};

static HRESULT run_wrapped(struct provider_adapter *a, struct provider_job *job)
{
    struct awaited_job *awaited = container_of(job, struct awaited_job, job);

    return awaited->wrapped->run(a, awaited->wrapped);
}

static void wrapped_done(struct provider_adapter *a, struct provider_job *job)
{
    (void)a;
    container_of(job, struct awaited_job, job)->is_done = true;
}

static bool is_done(void *arg)
{
    return ((struct awaited_job *)arg)->is_done;
}

HRESULT provider_threads_run(struct provider_adapter *a, struct provider_job *job)
{
    struct awaited_job awaited = { { run_wrapped, job->point, S_OK, wrapped_done }, job, false };
    struct fault_hit hit;

    if (a->is_inline && provider_fault_meet(a, job->point, &hit) &&
        provider_fault_answers(a, &hit, true, &job->result))
        return job->result;
    if (a->is_inline)
        return job->run(a, job);
    provider_threads_post(a, &awaited.job);
    sched_wait(a->sched, is_done, &awaited, SCHED_NEVER);
    return awaited.job.result;
}

void provider_threads_stop(struct provider_adapter *a)
{
    sched_enter(a->sched);
    a->is_stopping = true;
    if (a->provider && a->loading == PROVIDER_LOADED)
        a->wants_rest = a->is_rest_forced = true;
    sched_notify(a->sched);
    sched_leave(a->sched);
    for (size_t i = 0; i < a->threads.count; i++)
        a->sched->ops->join(a->sched, a->threads.items[i]);
    array_free(&a->threads);
    array_free(&a->queue);
}
