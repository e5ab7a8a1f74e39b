/* SPDX-License-Identifier: MIT */
#include "emu/svc/revert.h"

#include "emu/base/mem.h"
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
    struct provider_request request; /* QueryRevertStatus, while it is under way */
};

static void end(struct revert *revert, HRESULT result)
{
    struct service *service = revert->service;

    provider_trace(service, revert->provider, "revert ended", result, NULL);
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

    return provider_answered(service, provider, "QueryRevertStatus", hr);
}

/* A provider that knows of no revert any more is through (Windows: so a requester reads it). */
static void answered(struct provider_request *request)
{
    struct revert *revert = container_of(request, struct revert, request);
    struct sched *sched = revert->service->ports->sched;
    HRESULT status = request->status;
    HRESULT hr =
        provider_answered(revert->service, revert->provider, "QueryRevertStatus", request->result);

    if (hr == VSS_E_OBJECT_NOT_FOUND || (hr == S_OK && status == VSS_S_ASYNC_FINISHED))
        end(revert, S_OK);
    else if (hr != S_OK || status != VSS_S_ASYNC_PENDING)
        end(revert, hr != S_OK ? hr : status);
    else
        sched_post(sched, &revert->ask, sched_now(sched) + ASK_AGAIN_NS);
}

static void ask(struct sched_task *task)
{
    struct revert *revert = container_of(task, struct revert, ask);
    struct provider_link *link = revert->provider->link;

    revert->request = (struct provider_request){ .kind = REQUEST_REVERT_STATUS,
                                                 .volume_name = revert->volume->guid_name,
                                                 .done = answered };
    link->send(link, &revert->request);
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
    struct volume *volume = snapshot->volume; /* the snapshot may go while its provider is asked */
    hr = provider->link->revert(provider->link, &snapshot->id);
    hr = provider_translate(service, provider, "RevertToSnapshot", hr);
    provider_trace(service, provider, "RevertToSnapshot", hr, NULL);
    if (SUCCEEDED(hr))
        begin(service, volume, provider);
    return hr;
}

static bool has_snapshot(struct service *service, const struct volume *volume,
                         const struct provider *provider)
{
    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (snapshot->volume == volume && snapshot->provider == provider)
            return true;
    }
    return false;
}

/* A revert that another session or an earlier start of the machine has begun is its provider's
 * alone: those who have snapshots of the volume are asked, each once. */
static HRESULT ask_providers(struct service *service, struct volume *volume,
                             struct operation **ret_operation)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider *provider = service->providers.items[i];
        HRESULT status = VSS_S_ASYNC_FINISHED;

        if (!has_snapshot(service, volume, provider))
            continue;
        HRESULT hr = ask_provider(service, provider, volume, &status);
        if (hr == S_OK && status == VSS_S_ASYNC_PENDING) {
            *ret_operation = operation_ref(begin(service, volume, provider)->operation);
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
