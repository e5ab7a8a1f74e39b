/* SPDX-License-Identifier: MIT */
#include "emu/svc/revert.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <errno.h>
#include <stdlib.h>

#define ASK_AGAIN_NS (100 * SCHED_MS)

struct revert {
    struct list link; /* in service->reverts */
    struct service *service;
    struct volume *volume;
    struct provider *provider;
    struct operation *operation; /* a reference */
    struct sched_task ask;
};

static void trace_provider(struct service *service, const struct provider *provider,
                           const char *what, HRESULT result)
{
    auto_free char *who = provider_trace_name(provider);

    service_trace(service, &(struct trace_record){ .kind = TRACE_PROVIDER,
                                                   .who = who,
                                                   .what = what,
                                                   .has_result = true,
                                                   .result = result });
}

static void end(struct revert *revert, HRESULT result)
{
    struct service *service = revert->service;

    trace_provider(service, revert->provider, "revert ended", result);
    list_remove(&revert->link);
    operation_end(revert->operation, result);
    operation_unref(revert->operation);
    free(revert);
    service->n_unfinished--;
    sched_notify(service->ports->sched);
}

static HRESULT ask_provider(struct service *service, struct provider *provider,
                            const struct volume *volume, HRESULT *ret_status)
{
    HRESULT hr = provider->link->revert_status(provider->link, volume->guid_name, ret_status);

    return provider_translate(service, provider, "QueryRevertStatus", hr);
}

/* A provider that knows of no revert any more is through (Windows: so a requester reads it). */
static void ask(struct sched_task *task)
{
    struct revert *revert = container_of(task, struct revert, ask);
    struct sched *sched = revert->service->ports->sched;
    HRESULT status = VSS_S_ASYNC_PENDING;
    HRESULT hr = ask_provider(revert->service, revert->provider, revert->volume, &status);

    if (hr == VSS_E_OBJECT_NOT_FOUND || (hr == S_OK && status == VSS_S_ASYNC_FINISHED))
        end(revert, S_OK);
    else if (hr != S_OK || status != VSS_S_ASYNC_PENDING)
        end(revert, hr != S_OK ? hr : status);
    else
        sched_post(sched, &revert->ask, sched_now(sched) + ASK_AGAIN_NS);
}

static struct revert *find(struct service *service, const struct volume *volume)
{
    list_each (struct revert, revert, &service->reverts, link) {
        if (revert->volume == volume)
            return revert;
    }
    return NULL;
}

static struct revert *begin(struct service *service, struct volume *volume,
                            struct provider *provider)
{
    struct revert *revert = mem_new(struct revert);
    struct sched *sched = service->ports->sched;

    revert->service = service;
    revert->volume = volume;
    revert->provider = provider;
    revert->operation = operation_new();
    revert->operation->is_uncancellable = true;
    revert->ask.run = ask;
    list_append(&service->reverts, &revert->link);
    service->n_unfinished++;
    sched_post(sched, &revert->ask, sched_now(sched) + ASK_AGAIN_NS);
    return revert;
}

/* Learn: "IVssBackupComponents::RevertToSnapshot": bForceDismount breaks what is open. */
static HRESULT lock_volume(struct volume *volume, bool force)
{
    int error = volume->ops->dismount(volume, force);

    if (error == -EOPNOTSUPP)
        return VSS_E_VOLUME_NOT_SUPPORTED;
    return error ? VSS_E_VOLUME_IN_USE : S_OK;
}

HRESULT revert_start(struct service *service, struct snapshot *snapshot, bool force)
{
    struct provider *provider = snapshot->provider;

    if (provider->is_gone)
        return VSS_E_PROVIDER_NOT_REGISTERED;
    if (context_is_auto_release(snapshot->context))
        return VSS_E_UNSUPPORTED_CONTEXT;
    if (find(service, snapshot->volume))
        return VSS_E_REVERT_IN_PROGRESS;
    HRESULT hr = lock_volume(snapshot->volume, force);
    if (FAILED(hr))
        return hr;
    hr = provider->link->revert(provider->link, &snapshot->id);
    hr = provider_translate(service, provider, "RevertToSnapshot", hr);
    trace_provider(service, provider, "RevertToSnapshot", hr);
    if (SUCCEEDED(hr))
        begin(service, snapshot->volume, provider);
    return hr;
}

/* A revert that another session or an earlier start of the machine has begun is its provider's
 * alone: those who have snapshots of the volume are asked. */
static HRESULT ask_providers(struct service *service, struct volume *volume,
                             struct operation **ret_operation)
{
    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        HRESULT status = VSS_S_ASYNC_FINISHED;

        if (snapshot->volume != volume)
            continue;
        HRESULT hr = ask_provider(service, snapshot->provider, volume, &status);
        if (hr == S_OK && status == VSS_S_ASYNC_PENDING) {
            *ret_operation = operation_ref(begin(service, volume, snapshot->provider)->operation);
            return S_OK;
        }
        if (hr != S_OK && hr != VSS_E_OBJECT_NOT_FOUND)
            return hr;
    }
    return VSS_E_OBJECT_NOT_FOUND;
}

HRESULT revert_query(struct service *service, const char *volume_name,
                     struct operation **ret_operation)
{
    struct volume *volume = service_find_volume(service, volume_name);

    if (!volume)
        return VSS_E_OBJECT_NOT_FOUND;
    struct revert *revert = find(service, volume);

    if (!revert)
        return ask_providers(service, volume, ret_operation);
    *ret_operation = operation_ref(revert->operation);
    return S_OK;
}
