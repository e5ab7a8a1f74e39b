/* SPDX-License-Identifier: MIT */
#include "emu/api/entry.h"

#include "emu/api/backup_components.h"
#include "emu/api/guard.h"
#include "emu/api/guard_faults.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/port/volume.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"
#include "emu/svc/writer_registry.h"

void (*entry_on_writer_subscribed)(struct service *service);
void (*_Atomic entry_on_requester)(struct service *service);

struct service *entry_service(void)
{
    return world_current()->service;
}

struct lint *entry_lint(void)
{
    struct world_ports *ports = world_existing();

    return ports ? &ports->service->lint : NULL;
}

HRESULT guard(enum api_method method)
{
    struct world_ports *ports = world_existing();

    lint_thread.method = method;
    if (ports)
        sched_step(ports->sched);
    if (ports && ports->faults) {
        HRESULT hr = guard_faults(ports, method);

        if (hr != S_OK)
            return hr;
    }
    return ports ? machine_meet(ports->service, method) : S_OK;
}

unsigned api_choice(enum choice choice)
{
    struct world_ports *ports = world_existing();
    struct choices usual;

    choices_init(&usual);
    return choices_value(ports ? &ports->service->choices : &usual, choice);
}

void entry_writer_subscribed(struct service *service)
{
    if (entry_on_writer_subscribed)
        entry_on_writer_subscribed(service);
}

/* Learn: "CreateVssBackupComponents function". */
HRESULT APIENTRY CreateVssBackupComponentsInternal(IVssBackupComponents **ret)
{
    GUARD_OUT(Function_CreateVssBackupComponents, ret);
    if (!ret)
        return E_INVALIDARG;
    struct service *service = entry_service();

    void (*on_requester)(struct service *) = entry_on_requester;

    if (on_requester)
        on_requester(service);
    backup_components_new(service, ret);
    return S_OK;
}

void APIENTRY VssFreeSnapshotPropertiesInternal(VSS_SNAPSHOT_PROP *prop)
{
    if (prop)
        snapshot_prop_clear(prop);
}

/* The name without its suffix, by which programs look it up (Windows: exported, too). */
void vss_free_snapshot_properties(VSS_SNAPSHOT_PROP *prop) __asm__("VssFreeSnapshotProperties");
void vss_free_snapshot_properties(VSS_SNAPSHOT_PROP *prop)
{
    VssFreeSnapshotPropertiesInternal(prop);
}

static HRESULT ask_providers(struct service *service, const struct volume *volume,
                             BOOL *ret_present, LONG *ret_capability)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider *provider = service->providers.items[i];
        bool is_present = false;
        LONG compatibility = 0;

        if (provider->is_gone || provider->is_for_disks)
            continue;
        HRESULT hr = provider->link->is_snapshotted(provider->link, volume->guid_name, &is_present,
                                                    &compatibility);
        hr = provider_answered(service, provider, "IsVolumeSnapshotted", hr);
        if (FAILED(hr) && hr != VSS_E_OBJECT_NOT_FOUND) /* which is: not a volume of mine */
            return hr;
        if (is_present) {
            *ret_present = TRUE;
            *ret_capability |= compatibility;
        }
    }
    return S_OK;
}

/* Learn: "IsVolumeSnapshotted function". */
HRESULT APIENTRY IsVolumeSnapshottedInternal(VSS_PWSZ volume_name, BOOL *ret_present,
                                             LONG *ret_capability)
{
    GUARD(Function_IsVolumeSnapshotted);
    struct service *service = entry_service();
    auto_free char *name = utf8_from_wide(volume_name);

    if (!name || !ret_present || !ret_capability)
        return E_INVALIDARG;
    *ret_present = FALSE;
    *ret_capability = 0;
    sched_enter(service->ports->sched);
    struct volume *volume = service_find_volume(service, name);
    HRESULT hr = volume ? ask_providers(service, volume, ret_present, ret_capability)
                        : VSS_E_OBJECT_NOT_FOUND;
    sched_leave(service->ports->sched);
    return hr;
}

static bool is_subscribed(struct service *service, const VSS_ID *writer_class)
{
    list_each (struct writer, writer, &service->writers, link) {
        if (guid_is_equal(&writer->class_id, writer_class))
            return true;
    }
    return false;
}

/* Learn: "ShouldBlockRevert function".
 * Deviation: a listed writer blocks every volume: which ones its components lie on is not asked. */
HRESULT APIENTRY ShouldBlockRevertInternal(LPCWSTR volume_name, boolean *ret_block)
{
    GUARD(Function_ShouldBlockRevert);
    struct service *service = entry_service();
    auto_free char *name = utf8_from_wide(volume_name);

    if (!name || !ret_block)
        return E_INVALIDARG;
    *ret_block = false;
    sched_enter(service->ports->sched);
    bool is_volume = service_find_volume(service, name) != NULL;
    for (size_t i = 0; i < service->revert_blockers.count && !*ret_block; i++)
        *ret_block = is_subscribed(service, &service->revert_blockers.items[i]);
    sched_leave(service->ports->sched);
    return is_volume ? S_OK : E_INVALIDARG; /* the page has no code for a volume that is none */
}
