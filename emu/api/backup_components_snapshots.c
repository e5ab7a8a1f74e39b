/* SPDX-License-Identifier: MIT */
/* The calls about snapshots: a set to be made, finished ones, providers. */
#include "emu/api/backup_components.h"

#include "emu/api/guard.h"
#include "emu/api/list_guard.h"
#include "emu/api/provider_list.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_delete.h"
#include "emu/svc/snapshot_set.h"

#include <stdlib.h>
#include <string.h>

HRESULT backup_components_StartSnapshotSet(backup_face *face, VSS_ID *ret_id)
{
    GUARD(IVssBackupComponents_StartSnapshotSet);
    struct backup_components *bc = backup_components_of(face);

    if (!ret_id)
        return E_INVALIDARG;
    *ret_id = (VSS_ID){ 0 };
    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_ID("set", ret_id));
    HRESULT hr = backup_start_snapshot_set(bc->backup, ret_id);
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_AddToSnapshotSet(backup_face *face, VSS_PWSZ volume, VSS_ID provider,
                                           VSS_ID *ret_id)
{
    GUARD(IVssBackupComponents_AddToSnapshotSet);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *name = utf8_from_wide(volume);

    if (!ret_id)
        return E_INVALIDARG;
    *ret_id = (VSS_ID){ 0 };
    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_TEXT("volume", name), TRACE_ID("provider", &provider),
                TRACE_ID("snapshot", ret_id));
    HRESULT hr = backup_add_to_snapshot_set(bc->backup, name, &provider, ret_id);
    sched_leave(bc->sched);
    return hr;
}

static HRESULT is_supported(struct backup_components *bc, const VSS_ID *provider_id,
                            const char *name, BOOL *ret_supported)
{
    struct volume *volume = service_find_volume(bc->service, name);
    struct provider *provider;

    if (!volume)
        return VSS_E_OBJECT_NOT_FOUND;
    HRESULT hr = provider_registry_choose(bc->service, provider_id, volume->guid_name,
                                          bc->backup->context, &provider);
    *ret_supported = hr == S_OK;
    if (hr == VSS_E_VOLUME_NOT_SUPPORTED || hr == VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER)
        return S_OK;
    return hr;
}

HRESULT backup_components_IsVolumeSupported(backup_face *face, VSS_ID provider, VSS_PWSZ volume,
                                            BOOL *ret_supported)
{
    GUARD(IVssBackupComponents_IsVolumeSupported);
    struct backup_components *bc = backup_components_of(face);
    auto_free char *name = utf8_from_wide(volume);

    if (!ret_supported)
        return E_INVALIDARG;
    *ret_supported = FALSE;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_QUERY);
    if (SUCCEEDED(hr))
        hr = name ? is_supported(bc, &provider, name, ret_supported) : E_INVALIDARG;
    sched_leave(bc->sched);
    return hr;
}

HRESULT backup_components_GetSnapshotProperties(backup_face *face, VSS_ID id,
                                                VSS_SNAPSHOT_PROP *ret_prop)
{
    GUARD(IVssBackupComponents_GetSnapshotProperties);
    struct backup_components *bc = backup_components_of(face);

    if (!ret_prop)
        return E_INVALIDARG;
    memset(ret_prop, 0, sizeof(*ret_prop));
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_QUERY);
    if (SUCCEEDED(hr)) {
        struct snapshot *snapshot = snapshot_find_for(bc->backup, &id);

        hr = snapshot ? snapshot_properties(bc->service, snapshot, ret_prop)
                      : VSS_E_OBJECT_NOT_FOUND;
    }
    sched_leave(bc->sched);
    return hr;
}

struct found {
    VSS_OBJECT_PROP *items;
    size_t count, capacity;
};

static void list_snapshot(struct found *found, const VSS_SNAPSHOT_PROP *take_prop)
{
    VSS_OBJECT_PROP *prop = array_push(found);

    prop->Type = VSS_OBJECT_SNAPSHOT;
    prop->Obj.Snap = *take_prop;
}

/* The built-in provider's: the service knows them all. Those that have gone meanwhile, because it
 * made room, are left out. */
static HRESULT list_known_snapshots(struct backup_components *bc, struct found *found)
{
    ARRAY(VSS_ID) ids = { 0 };
    HRESULT hr = S_OK;

    list_each (struct snapshot, snapshot, &bc->service->snapshots, link) {
        if (snapshot->provider->type != VSS_PROV_SOFTWARE &&
            context_sees(bc->backup->context, snapshot->context))
            array_add(&ids, snapshot->id);
    }
    for (size_t i = 0; i < ids.count && SUCCEEDED(hr); i++) {
        struct snapshot *snapshot = snapshot_find(bc->service, &ids.items[i]);
        VSS_SNAPSHOT_PROP prop = { 0 };

        if (!snapshot)
            continue;
        hr = snapshot_properties(bc->service, snapshot, &prop);
        if (SUCCEEDED(hr))
            list_snapshot(found, &prop);
        else if (hr == VSS_E_OBJECT_NOT_FOUND)
            hr = S_OK;
    }
    array_free(&ids);
    return hr;
}

/* Any other's are what its Query lists, in the session's context. */
static HRESULT list_snapshots_of(struct backup_components *bc, struct provider *provider,
                                 struct found *found)
{
    struct service *service = bc->service;
    VSS_SNAPSHOT_PROP *props = NULL;
    size_t n = 0;
    HRESULT hr = provider_set_context(service, provider, bc->backup->context);

    if (FAILED(hr))
        return hr;
    hr = provider->link->query(provider->link, &props, &n);
    hr = provider_answered(service, provider, "Query", hr);
    for (size_t i = 0; i < n; i++) {
        bool is_listed = SUCCEEDED(hr) && snapshot_complete(service, provider, &props[i]) &&
                         context_sees(bc->backup->context, props[i].m_lSnapshotAttributes);

        if (is_listed)
            list_snapshot(found, &props[i]);
        else
            snapshot_prop_clear(&props[i]);
    }
    free(props);
    return hr;
}

static HRESULT list_snapshots(struct backup_components *bc, struct found *found)
{
    HRESULT hr = list_known_snapshots(bc, found);

    for (size_t i = 0; SUCCEEDED(hr) && i < bc->service->providers.count; i++) {
        struct provider *provider = bc->service->providers.items[i];

        if (!provider->is_gone && provider->type == VSS_PROV_SOFTWARE)
            hr = list_snapshots_of(bc, provider, found);
    }
    return hr;
}

/* Learn: "IVssBackupComponents::Query": only this one form. */
HRESULT backup_components_Query(backup_face *face, VSS_ID object, VSS_OBJECT_TYPE object_type,
                                VSS_OBJECT_TYPE returned_type, IVssEnumObject **ret)
{
    GUARD(IVssBackupComponents_Query);
    struct backup_components *bc = backup_components_of(face);
    struct found found = { 0 };

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    sched_enter(bc->sched);
    HRESULT hr = backup_enter(bc->backup, CALL_QUERY);
    if (SUCCEEDED(hr) &&
        (!guid_is_null(&object) || object_type != VSS_OBJECT_NONE ||
         (returned_type != VSS_OBJECT_SNAPSHOT && returned_type != VSS_OBJECT_PROVIDER)))
        hr = E_INVALIDARG;
    if (SUCCEEDED(hr) && returned_type == VSS_OBJECT_SNAPSHOT)
        hr = list_snapshots(bc, &found);
    size_t n = found.count;
    if (SUCCEEDED(hr) && returned_type == VSS_OBJECT_PROVIDER)
        n = provider_list_new(bc->service, ret);
    sched_leave(bc->sched);
    if (FAILED(hr)) {
        for (size_t i = 0; i < found.count; i++)
            snapshot_prop_clear(&found.items[i].Obj.Snap);
        array_free(&found);
        return hr;
    }
    bool is_told = !n && choices_value(&bc->service->choices, CHOICE_QUERY_WITHOUT_MATCH) ==
                             QUERY_WITHOUT_MATCH_FALSE;

    if (!*ret)
        enumerator_new(found.items, found.count, list_guard, ret);
    return is_told ? S_FALSE : S_OK;
}

static bool is_deleted(void *arg)
{
    return ((struct snapshot_deletion *)arg)->is_done;
}

HRESULT backup_components_DeleteSnapshots(backup_face *face, VSS_ID id, VSS_OBJECT_TYPE type,
                                          BOOL force, LONG *ret_deleted, VSS_ID *ret_not_deleted)
{
    GUARD(IVssBackupComponents_DeleteSnapshots);
    struct backup_components *bc = backup_components_of(face);
    struct snapshot_deletion deletion = { .service = bc->service,
                                          .seen_by = bc->backup,
                                          .id = id,
                                          .is_set = type == VSS_OBJECT_SNAPSHOT_SET,
                                          .force = force };

    if (!ret_deleted || !ret_not_deleted)
        return E_INVALIDARG;
    *ret_deleted = 0;
    *ret_not_deleted = (VSS_ID){ 0 };
    sched_enter(bc->sched);
    BACKUP_ARGS(bc->backup, TRACE_ID("object", &id), TRACE_NUMBER("type", type),
                TRACE_TRUTH("force", force));
    HRESULT hr = backup_enter(bc->backup, CALL_DELETE_SNAPSHOTS);
    if (SUCCEEDED(hr) && type != VSS_OBJECT_SNAPSHOT && type != VSS_OBJECT_SNAPSHOT_SET) {
        hr = backup_leave(bc->backup, CALL_DELETE_SNAPSHOTS, E_INVALIDARG, NULL);
    } else if (SUCCEEDED(hr)) {
        snapshot_delete(&deletion);
        sched_wait(bc->sched, is_deleted, &deletion, SCHED_NEVER);
        *ret_deleted = deletion.n_deleted;
        *ret_not_deleted = deletion.not_deleted_id;
        hr = backup_leave(bc->backup, CALL_DELETE_SNAPSHOTS, deletion.result, NULL);
    }
    sched_leave(bc->sched);
    return hr;
}
