/* SPDX-License-Identifier: MIT */
/* See admin.h. What is registered lives as long as the world; a provider's class is loaded when it
 * is needed, so that registering one that is not there is no mistake yet. Learn: "IVssAdmin". */
#include "emu/api/admin.h"

#include "emu/api/guard.h"
#include "emu/api/provider_adapter.h"
#include "emu/api/provider_list.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"
#include "emu/include/vsadmin.h"
#include "emu/port/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

struct admin {
    struct com_object com;
    IVssAdminEx IVssAdminEx;
    struct service *service;
};
COM_UNKNOWN_METHODS(admin, IVssAdminEx)

static struct admin *of(IVssAdminEx *face)
{
    return admin_from_IVssAdminEx(face);
}

/* ---- RegisterProvider ---- */

/* Learn: the page: hardware providers on server systems only. The system provider is built in. */
static bool is_type_allowed(struct service *service, VSS_PROVIDER_TYPE type)
{
    bool is_client = choices_value(&service->choices, CHOICE_EDITION) == EDITION_CLIENT;

    return type == VSS_PROV_SOFTWARE || type == VSS_PROV_FILESHARE ||
           (type == VSS_PROV_HARDWARE && !is_client);
}

static struct provider *provider_new(struct service *service, const struct provider *row)
{
    struct provider *provider = mem_new(struct provider);

    *provider = *row;
    provider->link = provider_adapter_of_class(service, provider);
    return provider;
}

/* Snapshots of a provider that was unregistered for an update are the new one's. */
static void take_over(struct service *service, struct provider *provider)
{
    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (guid_is_equal(&snapshot->provider->id, &provider->id))
            snapshot->provider = provider;
    }
}

static HRESULT register_provider(struct service *service, const struct provider *row)
{
    if (provider_registry_find(service, &row->id))
        return VSS_E_PROVIDER_ALREADY_REGISTERED;
    struct provider *provider = provider_new(service, row);

    provider_registry_add(service, provider);
    take_over(service, provider);
    provider_trace(service, provider, "RegisterProvider", S_OK, NULL);
    return S_OK;
}

static HRESULT WINAPI admin_RegisterProvider(IVssAdminEx *face, VSS_ID id, CLSID class_id,
                                             VSS_PWSZ name, VSS_PROVIDER_TYPE type,
                                             VSS_PWSZ version, VSS_ID version_id)
{
    GUARD(IVssAdmin_RegisterProvider);
    struct service *service = of(face)->service;

    if (guid_is_null(&id) || guid_is_null(&class_id) || guid_is_null(&version_id) || !name ||
        !*name || !version || !is_type_allowed(service, type))
        return E_INVALIDARG;
    struct provider row = { .id = id,
                            .class_id = class_id,
                            .version_id = version_id,
                            .type = type,
                            .is_for_disks = type != VSS_PROV_SOFTWARE,
                            .name = utf8_from_wide(name),
                            .version = utf8_from_wide(version) };

    sched_enter(service->ports->sched);
    HRESULT hr = register_provider(service, &row);
    sched_leave(service->ports->sched);
    if (FAILED(hr)) {
        free(row.name);
        free(row.version);
    }
    return hr;
}

/* ---- the others ---- */

static HRESULT unregister(struct service *service, const VSS_ID *id)
{
    struct provider *provider = provider_registry_find(service, id);

    if (!provider)
        return VSS_E_PROVIDER_NOT_REGISTERED;
    /* Unsure: the page names nobody who may not be unregistered; the system's is always in use. */
    if (provider->type == VSS_PROV_SYSTEM || provider_is_in_use(service, provider))
        return VSS_E_PROVIDER_IN_USE;
    provider->link->rest(provider->link, true);
    provider_registry_remove(service, id);
    provider_trace(service, provider, "UnregisterProvider", S_OK, NULL);
    return S_OK;
}

static HRESULT WINAPI admin_UnregisterProvider(IVssAdminEx *face, VSS_ID id)
{
    GUARD(IVssAdmin_UnregisterProvider);
    struct service *service = of(face)->service;

    sched_enter(service->ports->sched);
    HRESULT hr = unregister(service, &id);
    sched_leave(service->ports->sched);
    return hr;
}

static HRESULT WINAPI admin_QueryProviders(IVssAdminEx *face, IVssEnumObject **ret_enum)
{
    GUARD_OUT(IVssAdmin_QueryProviders, ret_enum);
    struct service *service = of(face)->service;

    if (!ret_enum)
        return E_INVALIDARG;
    sched_enter(service->ports->sched);
    provider_list_new(service, ret_enum);
    sched_leave(service->ports->sched);
    return S_OK;
}

/* Unsure: reserved, the page describes nothing. It does what its name says: the set that is being
 * made, if there is one, is aborted. */
static HRESULT WINAPI admin_AbortAllSnapshotsInProgress(IVssAdminEx *face)
{
    GUARD(IVssAdmin_AbortAllSnapshotsInProgress);
    struct service *service = of(face)->service;

    sched_enter(service->ports->sched);
    struct backup *creating = service->creating;
    if (creating && creating->flags.is_pending)
        operation_cancel(creating->operation);
    else if (creating)
        backup_abort(creating);
    sched_leave(service->ports->sched);
    return S_OK;
}

/* ---- IVssAdminEx: only the header knows it ---- */

/* Unsure: no page. A mask without a bit; what a context is kept for is not known either. */
static HRESULT WINAPI admin_GetProviderCapability(IVssAdminEx *face, VSS_ID id, ULONGLONG *ret_mask)
{
    struct service *service = of(face)->service;

    if (!ret_mask)
        return E_INVALIDARG;
    *ret_mask = 0;
    sched_enter(service->ports->sched);
    bool is_there = provider_registry_find(service, &id) != NULL;
    sched_leave(service->ports->sched);
    return is_there ? S_OK : VSS_E_PROVIDER_NOT_REGISTERED;
}

static HRESULT WINAPI admin_GetProviderContext(IVssAdminEx *face, VSS_ID id, LONG *ret_context)
{
    struct service *service = of(face)->service;

    if (!ret_context)
        return E_INVALIDARG;
    *ret_context = 0;
    sched_enter(service->ports->sched);
    const struct provider *provider = provider_registry_find(service, &id);
    if (provider)
        *ret_context = provider->own_context;
    sched_leave(service->ports->sched);
    return provider ? S_OK : VSS_E_PROVIDER_NOT_REGISTERED;
}

static HRESULT WINAPI admin_SetProviderContext(IVssAdminEx *face, VSS_ID id, LONG context)
{
    struct service *service = of(face)->service;

    sched_enter(service->ports->sched);
    struct provider *provider = provider_registry_find(service, &id);
    if (provider)
        provider->own_context = context;
    sched_leave(service->ports->sched);
    return provider ? S_OK : VSS_E_PROVIDER_NOT_REGISTERED;
}

static const IVssAdminExVtbl admin_vtbl = {
    COM_UNKNOWN_SLOTS(admin, IVssAdminEx),
    .RegisterProvider = admin_RegisterProvider,
    .UnregisterProvider = admin_UnregisterProvider,
    .QueryProviders = admin_QueryProviders,
    .AbortAllSnapshotsInProgress = admin_AbortAllSnapshotsInProgress,
    .GetProviderCapability = admin_GetProviderCapability,
    .GetProviderContext = admin_GetProviderContext,
    .SetProviderContext = admin_SetProviderContext,
};
COM_CLASS(admin, NULL, COM_FACE(admin, IVssAdminEx), COM_FACE_AS(admin, IVssAdmin, IVssAdminEx));

HRESULT admin_create(REFIID iid, void **ret_object)
{
    struct admin *admin = COM_NEW(admin);

    admin->IVssAdminEx.lpVtbl = &admin_vtbl;
    admin->service = world_current()->service;
    HRESULT hr = com_object_query(&admin->com, iid, ret_object);
    com_object_release(&admin->com);
    return hr;
}
