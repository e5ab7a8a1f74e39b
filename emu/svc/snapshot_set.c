/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_set.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/backup.h"
#include "emu/svc/exposure.h"
#include "emu/svc/service.h"

#include <stdlib.h>
#include <string.h>

struct snapshot_set *snapshot_set_new(const VSS_ID *id)
{
    struct snapshot_set *set = mem_new(struct snapshot_set);

    set->id = *id;
    return set;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (list_is_linked(&snapshot->link))
        list_remove(&snapshot->link);
    exposure_free(snapshot->exposed);
    free(snapshot->device);
    free(snapshot);
}

void snapshot_set_free(struct snapshot_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->snapshots.count; i++)
        snapshot_free(set->snapshots.items[i]);
    array_free(&set->snapshots);
    array_free(&set->providers);
    free(set);
}

static void add_provider_once(struct snapshot_set *set, struct provider *provider)
{
    for (size_t i = 0; i < set->providers.count; i++) {
        if (set->providers.items[i] == provider)
            return;
    }
    array_add(&set->providers, provider);
}

static HRESULT begin_prepare(struct service *service, struct snapshot *snapshot)
{
    struct provider *provider = snapshot->provider;
    HRESULT hr = provider->link->begin_prepare(provider->link, &snapshot->set_id, &snapshot->id,
                                               snapshot->volume->guid_name, snapshot->context);

    hr = provider_translate(service, provider, "BeginPrepareSnapshot", hr);
    provider_trace(service, provider, "BeginPrepareSnapshot", hr, NULL);
    return hr;
}

static HRESULT find_room(const struct snapshot_set *set, const struct volume *volume)
{
    for (size_t i = 0; i < set->snapshots.count; i++) {
        if (set->snapshots.items[i]->volume == volume)
            return VSS_E_OBJECT_ALREADY_EXISTS;
    }
    return set->snapshots.count == MAX_VOLUMES_IN_SET ? VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED
                                                      : S_OK;
}

/* While a provider is asked, another thread of the requester may end the set. */
static bool is_still_open(struct backup *backup, const VSS_ID *set_id)
{
    return backup->set && guid_is_equal(&backup->set->id, set_id) && !backup->runner;
}

static struct snapshot *snapshot_new(struct service *service, const VSS_ID *set_id,
                                     struct volume *volume, struct provider *provider, LONG context)
{
    struct snapshot *snapshot = mem_new(struct snapshot);

    list_init(&snapshot->link);
    snapshot->id = service_new_id(service);
    snapshot->set_id = *set_id;
    snapshot->volume = volume;
    snapshot->provider = provider;
    snapshot->context = context;
    return snapshot;
}

HRESULT snapshot_set_add(struct backup *backup, const char *volume_name, const VSS_ID *provider_id,
                         VSS_ID *ret_snapshot_id)
{
    struct service *service = backup->service;
    struct volume *volume = volume_name ? service_find_volume(service, volume_name) : NULL;
    const VSS_ID set_id = backup->set->id;
    struct provider *provider = NULL;

    if (!volume_name)
        return E_INVALIDARG;
    if (!volume)
        return VSS_E_OBJECT_NOT_FOUND;
    HRESULT hr = find_room(backup->set, volume);
    if (SUCCEEDED(hr))
        hr = provider_registry_choose(service, provider_id, volume->guid_name, backup->context,
                                      &provider);
    if (SUCCEEDED(hr) && !is_still_open(backup, &set_id))
        hr = VSS_E_BAD_STATE;
    if (FAILED(hr))
        return hr;
    struct snapshot *snapshot = snapshot_new(service, &set_id, volume, provider, backup->context);

    hr = begin_prepare(service, snapshot);
    if (SUCCEEDED(hr) && !is_still_open(backup, &set_id))
        hr = VSS_E_BAD_STATE;
    if (FAILED(hr)) {
        snapshot_free(snapshot);
        return hr;
    }
    array_add(&backup->set->snapshots, snapshot);
    add_provider_once(backup->set, provider);
    *ret_snapshot_id = snapshot->id;
    return S_OK;
}

void snapshot_set_ask_devices(struct snapshot_set *set, const struct provider *provider,
                              struct provider_request *request)
{
    ARRAY(struct provider_device) devices = { 0 };

    for (size_t i = 0; i < set->snapshots.count; i++) {
        if (set->snapshots.items[i]->provider == provider)
            array_add(&devices, ((struct provider_device){ set->snapshots.items[i]->id, S_OK, 0 }));
    }
    request->devices = devices.items;
    request->n_devices = devices.count;
}

static void take_device(struct snapshot_set *set, struct provider_device *device)
{
    for (size_t i = 0; set && i < set->snapshots.count; i++) {
        struct snapshot *snapshot = set->snapshots.items[i];

        if (!snapshot->device && guid_is_equal(&snapshot->id, &device->snapshot_id)) {
            snapshot->device = device->device;
            return;
        }
    }
    free(device->device);
}

void snapshot_set_take_devices(struct snapshot_set *set, struct service *service,
                               struct provider *provider, struct provider_request *request)
{
    for (size_t i = 0; i < request->n_devices; i++) {
        if (request->result == S_OK)
            provider_answered(service, provider, "GetSnapshotProperties",
                              request->devices[i].result);
        take_device(set, &request->devices[i]);
    }
    free(request->devices);
}

void snapshot_set_publish(struct snapshot_set *set, struct service *service)
{
    for (size_t i = 0; i < set->snapshots.count; i++) {
        struct snapshot *snapshot = set->snapshots.items[i];

        snapshot->n_in_set = (LONG)set->snapshots.count;
        snapshot->created = clock_filetime(service->ports->clock);
        list_append(&service->snapshots, &snapshot->link);
    }
    set->snapshots.count = 0;
}

struct snapshot *snapshot_find(struct service *service, const VSS_ID *id)
{
    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (guid_is_equal(&snapshot->id, id))
            return snapshot;
    }
    return NULL;
}

bool snapshot_is_seen_by(const struct snapshot *snapshot, const struct backup *backup)
{
    return context_sees(backup->context, snapshot->context) ||
           guid_is_equal(&snapshot->set_id, &backup->set_id);
}

struct snapshot *snapshot_find_for(struct backup *backup, const VSS_ID *id)
{
    struct snapshot *snapshot = snapshot_find(backup->service, id);

    return snapshot && snapshot_is_seen_by(snapshot, backup) ? snapshot : NULL;
}

static void complete_text(VSS_PWSZ *text, const char *known)
{
    if (!*text)
        *text = task_wide_from_utf8(known);
}

/* Providers whose copies nobody is meant to read fill in nothing, others not everything or wrong
 * ids: what the service knows better stands. Learn: "VSS_SNAPSHOT_STATE": nobody sees another state
 * than VSS_SS_CREATED. */
static void complete(const struct snapshot *snapshot, VSS_SNAPSHOT_PROP *prop)
{
    prop->m_SnapshotId = snapshot->id;
    prop->m_SnapshotSetId = snapshot->set_id;
    prop->m_ProviderId = snapshot->provider->id;
    complete_text(&prop->m_pwszOriginalVolumeName, snapshot->volume->guid_name);
    complete_text(&prop->m_pwszOriginatingMachine, WORLD_MACHINE_NAME);
    complete_text(&prop->m_pwszServiceMachine, WORLD_MACHINE_NAME);
    if (!prop->m_lSnapshotAttributes)
        prop->m_lSnapshotAttributes = snapshot->context;
    if (!prop->m_tsCreationTimestamp)
        prop->m_tsCreationTimestamp = snapshot->created;
    prop->m_eStatus = VSS_SS_CREATED;
}

HRESULT snapshot_properties(struct service *service, struct snapshot *snapshot,
                            VSS_SNAPSHOT_PROP *ret_prop)
{
    struct provider *provider = snapshot->provider;
    const VSS_ID id = snapshot->id;
    HRESULT hr = provider->link->properties(provider->link, &id, ret_prop);

    hr = provider_answered(service, provider, "GetSnapshotProperties", hr);
    snapshot = snapshot_find(service, &id); /* it may have gone meanwhile */
    if (!snapshot)
        hr = FAILED(hr) ? hr : VSS_E_OBJECT_NOT_FOUND;
    if (SUCCEEDED(hr)) {
        if (provider->type != VSS_PROV_SYSTEM)
            complete(snapshot, ret_prop);
        ret_prop->m_lSnapshotsCount = snapshot->n_in_set;
    } else {
        snapshot_prop_clear(ret_prop);
        if (snapshot && hr == VSS_E_OBJECT_NOT_FOUND)
            snapshot_free(snapshot);
    }
    return hr;
}

static struct snapshot *adopt(struct service *service, struct provider *provider,
                              const VSS_SNAPSHOT_PROP *prop)
{
    auto_free char *name = utf8_from_wide(prop->m_pwszOriginalVolumeName);
    struct volume *volume = name ? service_find_volume(service, name) : NULL;

    if (!volume)
        return NULL;
    struct snapshot *snapshot = mem_new(struct snapshot);

    snapshot->id = prop->m_SnapshotId;
    snapshot->set_id = prop->m_SnapshotSetId;
    snapshot->volume = volume;
    snapshot->provider = provider;
    snapshot->context = prop->m_lSnapshotAttributes;
    snapshot->n_in_set = prop->m_lSnapshotsCount;
    snapshot->created = prop->m_tsCreationTimestamp;
    snapshot->device = utf8_from_wide(prop->m_pwszSnapshotDeviceObject);
    snapshot->is_earlier = true;
    list_append(&service->snapshots, &snapshot->link);
    return snapshot;
}

bool snapshot_adopt(struct service *service, struct provider *provider,
                    const VSS_SNAPSHOT_PROP *prop)
{
    struct snapshot *snapshot = adopt(service, provider, prop);

    if (snapshot && prop->m_pwszExposedName) {
        auto_free char *name = utf8_from_wide(prop->m_pwszExposedName);
        auto_free char *root = utf8_from_wide(prop->m_pwszExposedPath);

        exposure_restore(service, snapshot, prop->m_lSnapshotAttributes, root, name);
    }
    return snapshot != NULL;
}

bool snapshot_complete(struct service *service, struct provider *provider, VSS_SNAPSHOT_PROP *prop)
{
    struct snapshot *snapshot = snapshot_find(service, &prop->m_SnapshotId);

    if (guid_is_null(&prop->m_SnapshotId) || (snapshot && snapshot->provider != provider))
        return false;
    if (!snapshot)
        snapshot = adopt(service, provider, prop);
    if (snapshot) {
        complete(snapshot, prop);
        prop->m_lSnapshotsCount = snapshot->n_in_set;
    }
    prop->m_ProviderId = provider->id;
    return true;
}
