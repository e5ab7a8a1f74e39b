/* SPDX-License-Identifier: MIT */
/* A registered provider's class is loaded when it is needed: CoCreateInstance, its interfaces,
 * OnLoad; and before it is released, OnUnload (Learn: "IVssProviderNotifications"). Only one thread
 * loads; the others wait. */
#include "emu/api/provider_adapter_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/com/object.h"
#include "emu/port/classes.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"

static bool is_settled(void *arg)
{
    return ((struct provider_adapter *)arg)->loading != PROVIDER_IN_BETWEEN;
}

/* ---- what happens outside the service ---- */

struct loading {
    struct provider_adapter *adapter;
    const CLSID *class_id;
    const char *what; /* what went wrong; NULL: nothing, or OnLoad's answer says it */
    HRESULT on_load;
    bool was_told;
    bool is_answered; /* a fault has answered OnLoad already */
};

static HRESULT take_faces(struct loading *l, IUnknown *object)
{
    struct provider_adapter *a = l->adapter;

    l->what = "it has no IVssSoftwareSnapshotProvider";
    HRESULT hr = object->lpVtbl->QueryInterface(object, &IID_IVssSoftwareSnapshotProvider,
                                                (void **)&a->software);
    if (FAILED(hr))
        return hr;
    l->what = "it has no IVssProviderCreateSnapshotSet";
    hr = object->lpVtbl->QueryInterface(object, &IID_IVssProviderCreateSnapshotSet,
                                        (void **)&a->set);
    if (FAILED(hr))
        return hr;
    l->what = NULL;
    if (FAILED(object->lpVtbl->QueryInterface(object, &IID_IVssProviderNotifications,
                                              (void **)&a->notifications)))
        a->notifications = NULL;
    return S_OK;
}

static HRESULT load_outside(void *arg)
{
    struct loading *l = arg;
    struct provider_adapter *a = l->adapter;
    auto_release(IUnknown) *object = NULL;

    l->what = "its class cannot be made";
    HRESULT hr = a->classes->create(l->class_id, &IID_IUnknown, (void **)&object);
    if (SUCCEEDED(hr) && !object)
        hr = E_POINTER;
    if (SUCCEEDED(hr))
        hr = take_faces(l, object);
    if (FAILED(hr) || !a->notifications)
        return hr;
    l->was_told = true;
    if (l->is_answered)
        return S_OK;
    l->on_load = RPC_E_SERVERFAULT; /* unless it comes back */
    l->on_load = a->notifications->lpVtbl->OnLoad(a->notifications, NULL);
    return S_OK;
}

#define LET_GO(face)                         \
    do {                                     \
        if (face)                            \
            (face)->lpVtbl->Release((face)); \
        (face) = NULL;                       \
    } while (0)

static HRESULT release_outside(void *arg)
{
    struct provider_adapter *a = arg;

    LET_GO(a->resync);
    LET_GO(a->notifications);
    LET_GO(a->set);
    LET_GO(a->software);
    return S_OK;
}

struct unloading {
    IVssProviderNotifications *notifications;
    bool is_forced;
};

static HRESULT unload_outside(void *arg)
{
    struct unloading *u = arg;

    return u->notifications->lpVtbl->OnUnload(u->notifications, u->is_forced);
}

/* ---- inside ---- */

static void drop(struct provider_adapter *a)
{
    sched_leave(a->sched);
    a->classes->call(release_outside, a);
    sched_enter(a->sched);
    a->loading = PROVIDER_UNLOADED;
    sched_notify(a->sched);
}

/* Others that are being asked still use it: then it stays. */
void provider_crashed(struct provider_adapter *a)
{
    if (a->provider && a->loading == PROVIDER_LOADED && a->n_running == 1)
        drop(a);
}

HRESULT provider_load(struct provider_adapter *a)
{
    struct provider *provider = a->provider;

    if (!provider)
        return S_OK;
    sched_wait(a->sched, is_settled, a, SCHED_NEVER);
    if (a->loading == PROVIDER_LOADED)
        return S_OK;
    CLSID class_id = provider->class_id;
    struct loading loading = { .adapter = a, .class_id = &class_id };
    struct fault_hit hit;

    a->loading = PROVIDER_IN_BETWEEN;
    provider->load_failure = S_OK;
    provider->has_context = false;
    loading.is_answered = provider_fault_meet(a, AT_PROVIDER_LOAD, &hit) &&
                          provider_fault_answers(a, &hit, true, &loading.on_load);
    sched_leave(a->sched);
    HRESULT hr = a->classes->call(load_outside, &loading);
    sched_enter(a->sched);
    if (FAILED(hr) && !loading.was_told)
        hr = provider_not_loaded(a->service, provider,
                                 loading.what ? loading.what : "making it failed", hr);
    else if (loading.was_told)
        hr = provider_answered(a->service, provider, "OnLoad", loading.on_load);
    if (FAILED(hr)) {
        provider->load_failure = hr;
        drop(a);
        return hr;
    }
    a->loading = PROVIDER_LOADED;
    sched_notify(a->sched);
    return S_OK;
}

HRESULT provider_unload(struct provider_adapter *a, bool is_forced)
{
    auto_free char *who = provider_trace_name(a->provider);
    HRESULT hr = S_OK;
    struct fault_hit hit;

    struct unloading unloading = { a->notifications, is_forced };

    a->loading = PROVIDER_IN_BETWEEN;
    if (a->notifications) {
        bool is_answered = provider_fault_meet(a, AT_PROVIDER_UNLOAD, &hit) &&
                           provider_fault_answers(a, &hit, true, &hr);

        sched_leave(a->sched);
        if (!is_answered)
            hr = a->classes->call(unload_outside, &unloading);
        sched_enter(a->sched);
        service_trace(a->service, &(struct trace_record){ .kind = TRACE_PROVIDER,
                                                          .who = who,
                                                          .what = "OnUnload",
                                                          .has_result = true,
                                                          .result = hr,
                                                          .detail = is_forced ? "forced" : NULL });
    }
    if (hr == S_FALSE && !is_forced) {
        a->loading = PROVIDER_LOADED;
        sched_notify(a->sched);
        return S_FALSE;
    }
    drop(a);
    return S_OK;
}
