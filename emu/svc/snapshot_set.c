/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_set.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
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

static HRESULT begin_prepare(struct snapshot_set *set, struct service *service,
                             struct snapshot *snapshot)
{
    struct provider *provider = snapshot->provider;
    auto_free char *who = provider_trace_name(provider);
    HRESULT hr = provider->link->begin_prepare(provider->link, &set->id, &snapshot->id,
                                               snapshot->volume->guid_name, snapshot->context);

    hr = provider_translate(service, provider, "BeginPrepareSnapshot", hr);
    service_trace(service, &(struct trace_record){ .kind = TRACE_PROVIDER,
                                                   .who = who,
                                                   .what = "BeginPrepareSnapshot",
                                                   .has_result = true,
                                                   .result = hr });
    return hr;
}

HRESULT snapshot_set_add(struct snapshot_set *set, struct service *service, const char *volume_name,
                         const VSS_ID *provider_id, LONG context, VSS_ID *ret_snapshot_id)
{
    struct volume *volume = volume_name ? service_find_volume(service, volume_name) : NULL;
    struct provider *provider = NULL;

    if (!volume_name)
        return E_INVALIDARG;
    if (!volume)
        return VSS_E_OBJECT_NOT_FOUND;
    for (size_t i = 0; i < set->snapshots.count; i++) {
        if (set->snapshots.items[i]->volume == volume)
            return VSS_E_OBJECT_ALREADY_EXISTS;
    }
    if (set->snapshots.count == MAX_VOLUMES_IN_SET)
        return VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED;
    HRESULT hr =
        provider_registry_choose(service, provider_id, volume->guid_name, context, &provider);
    if (FAILED(hr))
        return hr;

    struct snapshot *snapshot = mem_new(struct snapshot);
    list_init(&snapshot->link);
    snapshot->id = guid_random(service->ports->random);
    snapshot->set_id = set->id;
    snapshot->volume = volume;
    snapshot->provider = provider;
    snapshot->context = context;
    hr = begin_prepare(set, service, snapshot);
    if (FAILED(hr)) {
        snapshot_free(snapshot);
        return hr;
    }
    array_add(&set->snapshots, snapshot);
    add_provider_once(set, provider);
    *ret_snapshot_id = snapshot->id;
    return S_OK;
}

static void free_strings(VSS_SNAPSHOT_PROP *prop)
{
    free(prop->m_pwszSnapshotDeviceObject);
    free(prop->m_pwszOriginalVolumeName);
    free(prop->m_pwszOriginatingMachine);
    free(prop->m_pwszServiceMachine);
    free(prop->m_pwszExposedName);
    free(prop->m_pwszExposedPath);
}

void snapshot_set_learn_devices(struct snapshot_set *set)
{
    for (size_t i = 0; i < set->snapshots.count; i++) {
        struct snapshot *snapshot = set->snapshots.items[i];
        VSS_SNAPSHOT_PROP prop = { 0 };

        if (snapshot->device || FAILED(snapshot->provider->link->properties(
                                    snapshot->provider->link, &snapshot->id, &prop)))
            continue;
        snapshot->device = utf8_from_wide(prop.m_pwszSnapshotDeviceObject);
        free_strings(&prop);
    }
}

void snapshot_set_publish(struct snapshot_set *set, struct service *service)
{
    for (size_t i = 0; i < set->snapshots.count; i++) {
        struct snapshot *snapshot = set->snapshots.items[i];

        snapshot->n_in_set = (LONG)set->snapshots.count;
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

HRESULT snapshot_properties(struct service *service, struct snapshot *snapshot,
                            VSS_SNAPSHOT_PROP *ret_prop)
{
    struct provider *provider = snapshot->provider;
    HRESULT hr = provider->link->properties(provider->link, &snapshot->id, ret_prop);

    hr = provider_translate(service, provider, "GetSnapshotProperties", hr);
    if (SUCCEEDED(hr))
        ret_prop->m_lSnapshotsCount = snapshot->n_in_set;
    else if (hr == VSS_E_OBJECT_NOT_FOUND)
        snapshot_free(snapshot);
    return hr;
}
