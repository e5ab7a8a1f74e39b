/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_delete.h"

#include "emu/base/mem.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <stdlib.h>

struct delete_request {
    struct provider_request request;
    struct snapshot_deletion *deletion;
    VSS_ID snapshot_id;
};

static void delete_next(struct snapshot_deletion *deletion);

static void end(struct snapshot_deletion *deletion, HRESULT result)
{
    deletion->result = result;
    deletion->is_done = true;
    sched_notify(deletion->service->ports->sched);
    if (deletion->done)
        deletion->done(deletion);
}

static void one_is_done(struct provider_request *request)
{
    struct delete_request *wrapper = container_of(request, struct delete_request, request);
    struct snapshot_deletion *deletion = wrapper->deletion;
    struct service *service = deletion->service;
    struct snapshot *snapshot = snapshot_find(service, &wrapper->snapshot_id);
    HRESULT hr = S_OK;

    service->n_unfinished--;
    if (snapshot) {
        hr = provider_translate(service, snapshot->provider, "DeleteSnapshots", request->result);
        provider_trace(service, snapshot->provider, "DeleteSnapshots", hr, snapshot->device);
    }
    free(wrapper);
    if (snapshot && hr == VSS_E_OBJECT_NOT_FOUND) { /* its provider has dropped it already */
        snapshot_free(snapshot);
        delete_next(deletion);
        return;
    }
    if (FAILED(hr)) {
        snapshot->was_refused = true;
        deletion->not_deleted_id = snapshot->id;
        end(deletion, hr);
        return;
    }
    if (snapshot)
        snapshot_free(snapshot);
    deletion->n_deleted++;
    delete_next(deletion);
}

static struct snapshot *find_next(struct snapshot_deletion *deletion)
{
    list_each (struct snapshot, snapshot, &deletion->service->snapshots, link) {
        if (guid_is_equal(deletion->is_set ? &snapshot->set_id : &snapshot->id, &deletion->id) &&
            (!deletion->seen_by || snapshot_is_seen_by(snapshot, deletion->seen_by)))
            return snapshot;
    }
    return NULL;
}

static void delete_next(struct snapshot_deletion *deletion)
{
    struct snapshot *snapshot = find_next(deletion);

    if (!snapshot) {
        end(deletion, deletion->n_deleted ? S_OK : VSS_E_OBJECT_NOT_FOUND);
        return;
    }
    struct delete_request *wrapper = mem_new(struct delete_request);

    wrapper->deletion = deletion;
    wrapper->snapshot_id = snapshot->id;
    wrapper->request = (struct provider_request){ .kind = REQUEST_DELETE,
                                                  .object_id = snapshot->id,
                                                  .object_type = VSS_OBJECT_SNAPSHOT,
                                                  .force = deletion->force,
                                                  .done = one_is_done };
    deletion->service->n_unfinished++;
    snapshot->provider->link->send(snapshot->provider->link, &wrapper->request);
}

void snapshot_delete(struct snapshot_deletion *deletion)
{
    deletion->is_done = false;
    deletion->n_deleted = 0;
    deletion->not_deleted_id = (VSS_ID){ 0 };
    delete_next(deletion);
}

static void unawaited_done(struct snapshot_deletion *deletion)
{
    free(deletion);
}

void snapshot_delete_unawaited(struct service *service, const VSS_ID *set_id)
{
    struct snapshot_deletion *deletion = mem_new(struct snapshot_deletion);

    deletion->service = service;
    deletion->id = *set_id;
    deletion->is_set = true;
    deletion->force = true;
    deletion->done = unawaited_done;
    snapshot_delete(deletion);
}

/* ---- later ---- */

#define LATE_RELEASE_MS 390000

struct late_release {
    struct list link; /* in service->late_releases */
    struct sched_task task;
    struct service *service;
    VSS_ID set_id;
};

static void release_now(struct sched_task *task)
{
    struct late_release *late = container_of(task, struct late_release, task);

    list_remove(&late->link);
    snapshot_delete_unawaited(late->service, &late->set_id);
    free(late);
}

void snapshot_delete_later(struct service *service, const VSS_ID *set_id)
{
    struct late_release *late = mem_new(struct late_release);
    struct sched *sched = service->ports->sched;

    late->service = service;
    late->set_id = *set_id;
    late->task.run = release_now;
    list_append(&service->late_releases, &late->link);
    sched_post(sched, &late->task, sched_now(sched) + LATE_RELEASE_MS * SCHED_MS);
}

void snapshot_delete_forget(struct service *service)
{
    list_each_safe (struct late_release, late, &service->late_releases, link) {
        sched_cancel(service->ports->sched, &late->task);
        list_remove(&late->link);
        free(late);
    }
}

/* ---- of sets that failed ---- */

struct abandoned_set {
    struct provider_request request;
    struct service *service;
    struct provider *provider;
};

static void abandoned_done(struct provider_request *request)
{
    struct abandoned_set *set = container_of(request, struct abandoned_set, request);

    set->service->n_unfinished--;
    provider_trace(set->service, set->provider, "DeleteSnapshots", request->result, "aborted set");
    free(set);
}

void snapshot_delete_of_provider(struct service *service, struct provider *provider,
                                 const VSS_ID *set_id)
{
    if (provider->type == VSS_PROV_SYSTEM) /* its AbortSnapshots takes both */
        return;
    struct abandoned_set *set = mem_new(struct abandoned_set);

    set->service = service;
    set->provider = provider;
    set->request = (struct provider_request){ .kind = REQUEST_DELETE,
                                              .object_id = *set_id,
                                              .object_type = VSS_OBJECT_SNAPSHOT_SET,
                                              .force = true,
                                              .done = abandoned_done };
    service->n_unfinished++;
    provider->link->send(provider->link, &set->request);
}
