/* SPDX-License-Identifier: MIT */
/* See provider_adapter.h. Requests queue up for the provider's thread; the answers go back inside
 * the service. */
#include "emu/api/provider_adapter.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/svc/service.h"

#include <stdlib.h>
#include <string.h>

struct provider_adapter {
    struct provider_link link;
    struct sched *sched;
    IVssSoftwareSnapshotProvider *software;
    IVssProviderCreateSnapshotSet *set;
    IVssAsync *resync; /* the last one, NULL: none */
    bool is_inline, is_stopping;
    ARRAY(struct provider_request *) queue;
    struct sched_thread *thread;
};

static struct provider_adapter *of(struct provider_link *link)
{
    return container_of(link, struct provider_adapter, link);
}

static HRESULT is_volume_supported(struct provider_link *link, const char *volume_name,
                                   LONG context, bool *ret_supported)
{
    struct provider_adapter *a = of(link);
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    BOOL is_supported = FALSE;

    a->software->lpVtbl->SetContext(a->software, context);
    HRESULT hr = a->software->lpVtbl->IsVolumeSupported(a->software, name, &is_supported);
    *ret_supported = is_supported;
    return hr;
}

static HRESULT begin_prepare(struct provider_link *link, const VSS_ID *set_id,
                             const VSS_ID *snapshot_id, const char *volume_name, LONG context)
{
    struct provider_adapter *a = of(link);
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);

    return a->software->lpVtbl->BeginPrepareSnapshot(a->software, *set_id, *snapshot_id, name,
                                                     context);
}

static HRESULT properties(struct provider_link *link, const VSS_ID *snapshot_id,
                          VSS_SNAPSHOT_PROP *ret_prop)
{
    struct provider_adapter *a = of(link);

    return a->software->lpVtbl->GetSnapshotProperties(a->software, *snapshot_id, ret_prop);
}

static HRESULT is_snapshotted(struct provider_link *link, const char *volume_name,
                              bool *ret_present, LONG *ret_compatibility)
{
    struct provider_adapter *a = of(link);
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    BOOL is_present = FALSE;
    HRESULT hr =
        a->software->lpVtbl->IsVolumeSnapshotted(a->software, name, &is_present, ret_compatibility);

    *ret_present = is_present;
    return hr;
}

static HRESULT set_attributes(struct provider_link *link, const VSS_ID *snapshot_id,
                              LONG attributes)
{
    struct provider_adapter *a = of(link);
    VARIANT value = { 0 };

    V_VT(&value) = VT_I4;
    V_I4(&value) = attributes;
    return a->software->lpVtbl->SetSnapshotProperty(a->software, *snapshot_id,
                                                    VSS_SPROPID_SNAPSHOT_ATTRIBUTES, value);
}

/* NULL becomes an empty variant's text: a BSTR that is NULL. */
static HRESULT set_text(struct provider_link *link, const VSS_ID *snapshot_id,
                        VSS_SNAPSHOT_PROPERTY_ID property, const char *text)
{
    struct provider_adapter *a = of(link);
    VARIANT value = { 0 };

    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = bstr_from_utf8(text);
    HRESULT hr =
        a->software->lpVtbl->SetSnapshotProperty(a->software, *snapshot_id, property, value);
    bstr_free(V_BSTR(&value));
    return hr;
}

static HRESULT revert(struct provider_link *link, const VSS_ID *snapshot_id)
{
    struct provider_adapter *a = of(link);

    return a->software->lpVtbl->RevertToSnapshot(a->software, *snapshot_id);
}

static HRESULT revert_status(struct provider_link *link, const char *volume_name,
                             HRESULT *ret_status)
{
    struct provider_adapter *a = of(link);
    auto_free WCHAR *name = (WCHAR *)utf16_from_utf8(volume_name);
    IVssAsync *async = NULL;
    HRESULT hr = a->software->lpVtbl->QueryRevertStatus(a->software, name, &async);

    *ret_status = VSS_S_ASYNC_FINISHED;
    if (hr == S_OK && async) {
        async->lpVtbl->QueryStatus(async, ret_status, NULL);
        async->lpVtbl->Release(async);
    }
    return hr;
}

static bool can_resync(struct provider_link *link)
{
    struct provider_adapter *a = of(link);
    IUnknown *face = NULL;

    if (a->software->lpVtbl->QueryInterface(a->software, &IID_IVssHardwareSnapshotProviderEx,
                                            (void **)&face) != S_OK)
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

    if (a->software->lpVtbl->QueryInterface(a->software, &IID_IVssHardwareSnapshotProviderEx,
                                            (void **)&hardware) != S_OK)
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

static HRESULT ask(struct provider_adapter *a, struct provider_request *r)
{
    IVssProviderCreateSnapshotSet *set = a->set;

    if (r->is_delete)
        return a->software->lpVtbl->DeleteSnapshots(a->software, r->object_id, r->object_type,
                                                    r->force, &r->n_deleted, &r->not_deleted_id);
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

static void send_request(struct provider_link *link, struct provider_request *request)
{
    struct provider_adapter *a = of(link);

    if (a->is_inline) {
        request->result = ask(a, request);
        request->done(request);
        return;
    }
    array_add(&a->queue, request);
    sched_notify(a->sched);
}

static bool has_work(void *arg)
{
    struct provider_adapter *a = arg;

    return a->is_stopping || a->queue.count;
}

static void serve(void *arg)
{
    struct provider_adapter *a = arg;

    sched_enter(a->sched);
    for (;;) {
        sched_wait(a->sched, has_work, a, SCHED_NEVER);
        if (!a->queue.count)
            break;
        struct provider_request *request = a->queue.items[0];

        array_remove(&a->queue, 0);
        sched_leave(a->sched);
        HRESULT hr = ask(a, request);
        sched_enter(a->sched);
        request->result = hr;
        request->done(request);
    }
    sched_leave(a->sched);
}

static void free_adapter(struct provider_link *link)
{
    struct provider_adapter *a = of(link);

    if (a->thread) {
        sched_enter(a->sched);
        a->is_stopping = true;
        sched_notify(a->sched);
        sched_leave(a->sched);
        a->sched->ops->join(a->sched, a->thread);
    }
    if (a->resync)
        a->resync->lpVtbl->Release(a->resync);
    a->set->lpVtbl->Release(a->set);
    a->software->lpVtbl->Release(a->software);
    array_free(&a->queue);
    free(a);
}

struct provider_link *provider_adapter_new(struct service *service,
                                           IVssSoftwareSnapshotProvider *take_software,
                                           IVssProviderCreateSnapshotSet *take_set, bool is_inline)
{
    struct provider_adapter *a = mem_new(struct provider_adapter);

    a->link = (struct provider_link){ .is_volume_supported = is_volume_supported,
                                      .begin_prepare = begin_prepare,
                                      .properties = properties,
                                      .is_snapshotted = is_snapshotted,
                                      .set_attributes = set_attributes,
                                      .set_text = set_text,
                                      .revert = revert,
                                      .revert_status = revert_status,
                                      .can_resync = can_resync,
                                      .resync = resync,
                                      .resync_status = resync_status,
                                      .send = send_request,
                                      .free = free_adapter };
    a->sched = service->ports->sched;
    a->software = take_software;
    a->set = take_set;
    a->is_inline = is_inline;
    if (!is_inline)
        a->thread = a->sched->ops->start(a->sched, "provider", serve, a);
    return &a->link;
}
