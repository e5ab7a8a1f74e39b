/* SPDX-License-Identifier: MIT */
/* See provider_adapter.h. Each question is a job (provider_adapter_i.h): its arguments and results
 * stand in a struct of their own, because the provider is asked outside the service. */
#include "emu/api/provider_adapter_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/port/world.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"

#include <stdlib.h>
#include <string.h>

static struct provider_adapter *of(struct provider_link *link)
{
    return container_of(link, struct provider_adapter, link);
}

/* A question: the job and what goes in and comes out. Texts in are UTF-16. */
struct question {
    struct provider_job job;
    WCHAR *name;
    VSS_ID set_id, id;
    LONG number; /* context, attributes, compatibility, how many */
    BOOL flag;
    VSS_SNAPSHOT_PROPERTY_ID property;
    VARIANT value;
    VSS_SNAPSHOT_PROP *prop;
    ARRAY(VSS_SNAPSHOT_PROP) props;
    HRESULT status;
};

static HRESULT put(struct provider_link *link, struct question *q, enum fault_provider_point point,
                   HRESULT (*run)(struct provider_adapter *, struct provider_job *))
{
    q->job.run = run;
    q->job.point = point;
    return provider_threads_run(of(link), &q->job);
}

#define QUESTION(job_)      container_of(job_, struct question, job)
#define ASK(a, method, ...) (a)->software->lpVtbl->method((a)->software, ##__VA_ARGS__)

static HRESULT run_set_context(struct provider_adapter *a, struct provider_job *job)
{
    return ASK(a, SetContext, QUESTION(job)->number);
}

static HRESULT set_context(struct provider_link *link, LONG context)
{
    struct question q = { .number = context };

    return put(link, &q, AT_PROVIDER_SET_CONTEXT, run_set_context);
}

static HRESULT run_is_supported(struct provider_adapter *a, struct provider_job *job)
{
    return ASK(a, IsVolumeSupported, QUESTION(job)->name, &QUESTION(job)->flag);
}

static HRESULT is_volume_supported(struct provider_link *link, const char *volume_name,
                                   bool *ret_supported)
{
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    struct question q = { .name = name };
    HRESULT hr = put(link, &q, AT_PROVIDER_IS_SUPPORTED, run_is_supported);

    *ret_supported = hr == S_OK && q.flag;
    return hr;
}

static HRESULT run_begin_prepare(struct provider_adapter *a, struct provider_job *job)
{
    struct question *q = QUESTION(job);

    return ASK(a, BeginPrepareSnapshot, q->set_id, q->id, q->name, q->number);
}

static HRESULT begin_prepare(struct provider_link *link, const VSS_ID *set_id,
                             const VSS_ID *snapshot_id, const char *volume_name, LONG context)
{
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    struct question q = { .name = name, .set_id = *set_id, .id = *snapshot_id, .number = context };

    return put(link, &q, AT_PROVIDER_BEGIN_PREPARE, run_begin_prepare);
}

static HRESULT run_properties(struct provider_adapter *a, struct provider_job *job)
{
    return ASK(a, GetSnapshotProperties, QUESTION(job)->id, QUESTION(job)->prop);
}

static HRESULT properties(struct provider_link *link, const VSS_ID *snapshot_id,
                          VSS_SNAPSHOT_PROP *ret_prop)
{
    struct question q = { .id = *snapshot_id, .prop = ret_prop };
    HRESULT hr = put(link, &q, AT_PROVIDER_PROPERTIES, run_properties);

    if (hr != S_OK) /* what is told with a failure counts for nothing */
        memset(ret_prop, 0, sizeof(*ret_prop));
    return hr;
}

/* Learn: "IVssSoftwareSnapshotProvider::Query": only this one form; one at a time, so that a
 * provider that fills what it was not asked for does no harm. */
static HRESULT run_query(struct provider_adapter *a, struct provider_job *job)
{
    IVssEnumObject *found = NULL;
    VSS_ID all = { 0 };
    HRESULT hr = ASK(a, Query, all, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);

    while (hr == S_OK && found) {
        VSS_OBJECT_PROP prop = { 0 };
        ULONG n = 0;

        if (found->lpVtbl->Next(found, 1, &prop, &n) != S_OK || !n)
            break;
        if (prop.Type == VSS_OBJECT_SNAPSHOT)
            array_add(&QUESTION(job)->props, prop.Obj.Snap);
    }
    if (found)
        found->lpVtbl->Release(found);
    return hr;
}

static HRESULT query(struct provider_link *link, VSS_SNAPSHOT_PROP **ret_props, size_t *ret_n)
{
    struct question q = { 0 };
    HRESULT hr = put(link, &q, AT_PROVIDER_QUERY, run_query);

    *ret_props = q.props.items;
    *ret_n = q.props.count;
    return hr;
}

static HRESULT run_is_snapshotted(struct provider_adapter *a, struct provider_job *job)
{
    struct question *q = QUESTION(job);

    return ASK(a, IsVolumeSnapshotted, q->name, &q->flag, &q->number);
}

static HRESULT is_snapshotted(struct provider_link *link, const char *volume_name,
                              bool *ret_present, LONG *ret_compatibility)
{
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    struct question q = { .name = name };
    HRESULT hr = put(link, &q, AT_PROVIDER_IS_SNAPSHOTTED, run_is_snapshotted);

    *ret_present = q.flag;
    *ret_compatibility = q.number;
    return hr;
}

static HRESULT run_set_property(struct provider_adapter *a, struct provider_job *job)
{
    return ASK(a, SetSnapshotProperty, QUESTION(job)->id, QUESTION(job)->property,
               QUESTION(job)->value);
}

static HRESULT set_attributes(struct provider_link *link, const VSS_ID *snapshot_id,
                              LONG attributes)
{
    struct question q = { .id = *snapshot_id, .property = VSS_SPROPID_SNAPSHOT_ATTRIBUTES };

    V_VT(&q.value) = VT_I4;
    V_I4(&q.value) = attributes;
    return put(link, &q, AT_PROVIDER_SET_PROPERTY, run_set_property);
}

/* NULL becomes an empty variant's text: a BSTR that is NULL. */
static HRESULT set_text(struct provider_link *link, const VSS_ID *snapshot_id,
                        VSS_SNAPSHOT_PROPERTY_ID property, const char *text)
{
    struct question q = { .id = *snapshot_id, .property = property };

    V_VT(&q.value) = VT_BSTR;
    V_BSTR(&q.value) = bstr_from_utf8(text);
    HRESULT hr = put(link, &q, AT_PROVIDER_SET_PROPERTY, run_set_property);
    bstr_free(V_BSTR(&q.value));
    return hr;
}

static HRESULT run_revert(struct provider_adapter *a, struct provider_job *job)
{
    return ASK(a, RevertToSnapshot, QUESTION(job)->id);
}

static HRESULT revert(struct provider_link *link, const VSS_ID *snapshot_id)
{
    struct question q = { .id = *snapshot_id };

    return put(link, &q, AT_PROVIDER_REVERT, run_revert);
}

static HRESULT ask_revert_status(struct provider_adapter *a, WCHAR *name, HRESULT *ret_status)
{
    IVssAsync *async = NULL;
    HRESULT hr = ASK(a, QueryRevertStatus, name, &async);

    *ret_status = VSS_S_ASYNC_FINISHED;
    if (hr == S_OK && async) {
        async->lpVtbl->QueryStatus(async, ret_status, NULL);
        async->lpVtbl->Release(async);
    }
    return hr;
}

static HRESULT run_revert_status(struct provider_adapter *a, struct provider_job *job)
{
    return ask_revert_status(a, QUESTION(job)->name, &QUESTION(job)->status);
}

static HRESULT revert_status(struct provider_link *link, const char *volume_name,
                             HRESULT *ret_status)
{
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    struct question q = { .name = name, .status = VSS_S_ASYNC_FINISHED };
    HRESULT hr = put(link, &q, AT_PROVIDER_REVERT_STATUS, run_revert_status);

    *ret_status = q.status;
    return hr;
}

/* ---- disks: a provider that is registered by its class is asked for none of this ---- */

static bool can_resync(struct provider_link *link)
{
    struct provider_adapter *a = of(link);
    IUnknown *face = NULL;

    if (!a->software ||
        ASK(a, QueryInterface, &IID_IVssHardwareSnapshotProviderEx, (void **)&face) != S_OK)
        return false;
    face->lpVtbl->Release(face);
    return true;
}

/* No volume of a world tells which disks it lies on: the descriptions are empty. */
static HRESULT resync(struct provider_link *link, size_t n)
{
    struct provider_adapter *a = of(link);
    auto_free VDS_LUN_INFORMATION *sources = mem_alloc(n * sizeof(*sources));
    auto_free VDS_LUN_INFORMATION *targets = mem_alloc(n * sizeof(*targets));
    IVssHardwareSnapshotProviderEx *hardware = NULL;
    IVssAsync *async = NULL;

    if (!a->software ||
        ASK(a, QueryInterface, &IID_IVssHardwareSnapshotProviderEx, (void **)&hardware) != S_OK)
        return VSS_E_LEGACY_PROVIDER;
    HRESULT hr = hardware->lpVtbl->ResyncLuns(hardware, sources, targets, (DWORD)n, &async);
    hardware->lpVtbl->Release(hardware);
    if (hr == S_OK) {
        if (a->resync)
            a->resync->lpVtbl->Release(a->resync);
        a->resync = async;
    }
    return hr;
}

static HRESULT resync_status(struct provider_link *link)
{
    struct provider_adapter *a = of(link);
    HRESULT status = VSS_S_ASYNC_FINISHED;

    if (a->resync)
        a->resync->lpVtbl->QueryStatus(a->resync, &status, NULL);
    return status;
}

/* ---- requests ---- */

static HRESULT ask_phase(struct provider_adapter *a, struct provider_request *r)
{
    IVssProviderCreateSnapshotSet *set = a->set;

    switch (r->call) {
    case END_PREPARE_SNAPSHOTS:
        return set->lpVtbl->EndPrepareSnapshots(set, r->set_id);
    case PRE_COMMIT_SNAPSHOTS:
        return set->lpVtbl->PreCommitSnapshots(set, r->set_id);
    case COMMIT_SNAPSHOTS:
        return set->lpVtbl->CommitSnapshots(set, r->set_id);
    case POST_COMMIT_SNAPSHOTS:
        return set->lpVtbl->PostCommitSnapshots(set, r->set_id, r->n_snapshots);
    case PRE_FINAL_COMMIT_SNAPSHOTS:
        return set->lpVtbl->PreFinalCommitSnapshots(set, r->set_id);
    case POST_FINAL_COMMIT_SNAPSHOTS:
        return set->lpVtbl->PostFinalCommitSnapshots(set, r->set_id);
    case ABORT_SNAPSHOTS:
        return set->lpVtbl->AbortSnapshots(set, r->set_id);
    case N_PROVIDER_CALLS:
        break;
    }
    return E_UNEXPECTED;
}

static void learn_devices(struct provider_adapter *a, struct provider_request *r)
{
    for (size_t i = 0; i < r->n_devices; i++) {
        struct provider_device *device = &r->devices[i];
        VSS_SNAPSHOT_PROP prop = { 0 };

        device->result = ASK(a, GetSnapshotProperties, device->snapshot_id, &prop);
        if (device->result != S_OK)
            continue;
        device->device = utf8_from_wide(prop.m_pwszSnapshotDeviceObject);
        snapshot_prop_clear(&prop);
    }
}

HRESULT provider_ask(struct provider_adapter *a, struct provider_request *r)
{
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(r->volume_name);

    switch (r->kind) {
    case REQUEST_DELETE:
        return ASK(a, DeleteSnapshots, r->object_id, r->object_type, r->force, &r->n_deleted,
                   &r->not_deleted_id);
    case REQUEST_REVERT_STATUS:
        return ask_revert_status(a, name, &r->status);
    case REQUEST_PHASE:
        break;
    }
    HRESULT hr = ask_phase(a, r);

    if (hr == S_OK)
        learn_devices(a, r);
    return hr;
}

struct request_job {
    struct provider_job job;
    struct provider_request *request;
};

static HRESULT run_request(struct provider_adapter *a, struct provider_job *job)
{
    return provider_ask(a, container_of(job, struct request_job, job)->request);
}

static void request_done(struct provider_adapter *a, struct provider_job *job)
{
    struct request_job *wrapper = container_of(job, struct request_job, job);
    struct provider_request *request = wrapper->request;

    (void)a;
    request->result = job->result;
    free(wrapper);
    request->done(request);
}

static enum fault_provider_point point_of(const struct provider_request *request)
{
    static const enum fault_provider_point of_phases[N_PROVIDER_CALLS] = {
        [END_PREPARE_SNAPSHOTS] = AT_PROVIDER_END_PREPARE,
        [PRE_COMMIT_SNAPSHOTS] = AT_PROVIDER_PRE_COMMIT,
        [COMMIT_SNAPSHOTS] = AT_PROVIDER_COMMIT,
        [POST_COMMIT_SNAPSHOTS] = AT_PROVIDER_POST_COMMIT,
        [PRE_FINAL_COMMIT_SNAPSHOTS] = AT_PROVIDER_PRE_FINAL_COMMIT,
        [POST_FINAL_COMMIT_SNAPSHOTS] = AT_PROVIDER_POST_FINAL_COMMIT,
        [ABORT_SNAPSHOTS] = AT_PROVIDER_ABORT,
    };

    switch (request->kind) {
    case REQUEST_DELETE:
        return AT_PROVIDER_DELETE;
    case REQUEST_REVERT_STATUS:
        return AT_PROVIDER_REVERT_STATUS;
    case REQUEST_PHASE:
        break;
    }
    return of_phases[request->call];
}

static void send_request(struct provider_link *link, struct provider_request *request)
{
    struct provider_adapter *a = of(link);
    struct request_job *wrapper;

    if (a->is_inline && provider_fault_takes(a, request, point_of(request)))
        return;
    if (a->is_inline) {
        request->result = provider_ask(a, request);
        request->done(request);
        return;
    }
    wrapper = mem_new(struct request_job);
    wrapper->job.run = run_request;
    wrapper->job.point = point_of(request);
    wrapper->job.done = request_done;
    wrapper->request = request;
    provider_threads_post(a, &wrapper->job);
}

static bool is_busy(struct provider_link *link)
{
    return provider_threads_are_busy(of(link));
}

/* An object that was given is not ours to unload. */
static void rest(struct provider_link *link, bool is_forced)
{
    struct provider_adapter *a = of(link);

    if (!a->provider || a->loading != PROVIDER_LOADED)
        return;
    a->is_rest_forced = is_forced || (a->wants_rest && a->is_rest_forced);
    a->wants_rest = true;
    provider_threads_wake(a);
}

static void free_adapter(struct provider_link *link)
{
    struct provider_adapter *a = of(link);

    sched_enter(a->sched);
    provider_fault_let_go(a);
    sched_leave(a->sched);
    provider_threads_stop(a);
    if (a->resync)
        a->resync->lpVtbl->Release(a->resync);
    if (a->set)
        a->set->lpVtbl->Release(a->set);
    if (a->software)
        ASK(a, Release);
    free(a);
}

struct provider_adapter *provider_adapter_of(struct provider_link *link)
{
    return link && link->free == free_adapter ? of(link) : NULL;
}

static struct provider_adapter *adapter_new(struct service *service)
{
    struct provider_adapter *a = mem_new(struct provider_adapter);

    a->link = (struct provider_link){ .set_context = set_context,
                                      .is_volume_supported = is_volume_supported,
                                      .begin_prepare = begin_prepare,
                                      .properties = properties,
                                      .query = query,
                                      .is_snapshotted = is_snapshotted,
                                      .set_attributes = set_attributes,
                                      .set_text = set_text,
                                      .revert = revert,
                                      .revert_status = revert_status,
                                      .can_resync = can_resync,
                                      .resync = resync,
                                      .resync_status = resync_status,
                                      .send = send_request,
                                      .is_busy = is_busy,
                                      .rest = rest,
                                      .free = free_adapter };
    a->service = service;
    a->sched = service->ports->sched;
    a->classes = service->ports->classes;
    list_init(&a->held);
    return a;
}

struct provider_link *provider_adapter_new(struct service *service,
                                           IVssSoftwareSnapshotProvider *take_software,
                                           IVssProviderCreateSnapshotSet *take_set, bool is_inline)
{
    struct provider_adapter *a = adapter_new(service);

    a->software = take_software;
    a->set = take_set;
    a->is_inline = is_inline;
    return &a->link;
}

struct provider_link *provider_adapter_of_class(struct service *service, struct provider *provider)
{
    struct provider_adapter *a = adapter_new(service);

    a->provider = provider;
    return &a->link;
}
