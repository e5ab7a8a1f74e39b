/* SPDX-License-Identifier: MIT */
/* See snapshot_mgmt.h. Learn: "IVssSnapshotMgmt"; the two reserved queries are described by the
 * protocol that carries this interface to other machines ([MS-SCMP], "IVssSnapshotMgmt"). */
#include "emu/api/snapshot_mgmt.h"

#include "emu/api/entry.h"
#include "emu/api/guard.h"
#include "emu/api/list_guard.h"
#include "emu/api/mgmt_names.h"
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/com/mgmt_enumerator.h"
#include "emu/com/object.h"
#include "emu/port/diff_areas.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

struct snapshot_mgmt {
    struct com_object com;
    IVssSnapshotMgmt IVssSnapshotMgmt;
    IVssSnapshotMgmt2 IVssSnapshotMgmt2;
    struct service *service;
};
COM_UNKNOWN_METHODS(snapshot_mgmt, IVssSnapshotMgmt)
COM_UNKNOWN_METHODS(snapshot_mgmt, IVssSnapshotMgmt2)

static struct service *service_of(IVssSnapshotMgmt *face)
{
    return snapshot_mgmt_from_IVssSnapshotMgmt(face)->service;
}

/* The page knows one provider and one interface; newer ones come by QueryInterface.
 * Unsure: it lists no code for another. */
static HRESULT WINAPI snapshot_mgmt_GetProviderMgmtInterface(IVssSnapshotMgmt *face, VSS_ID id,
                                                             REFIID iid, IUnknown **ret_face)
{
    GUARD_OUT(IVssSnapshotMgmt_GetProviderMgmtInterface, ret_face);
    struct service *service = service_of(face);

    if (!ret_face)
        return E_INVALIDARG;
    sched_enter(service->ports->sched);
    const struct provider *provider = provider_registry_find(service, &id);
    bool is_system = provider && provider->type == VSS_PROV_SYSTEM;
    sched_leave(service->ports->sched);
    if (!provider)
        return VSS_E_PROVIDER_NOT_REGISTERED;
    if (!is_system || !IsEqualGUID(iid, &IID_IVssDifferentialSoftwareSnapshotMgmt))
        return E_NOINTERFACE;
    diff_area_mgmt_new(service, ret_face);
    return S_OK;
}

/* ---- reserved ---- */

static void add_volume(VSS_MGMT_OBJECT_PROP *prop, const struct volume *v)
{
    prop->Type = VSS_MGMT_OBJECT_VOLUME;
    prop->Obj.Vol = (VSS_VOLUME_PROP){ .m_pwszVolumeName = task_wide_from_utf8(v->guid_name),
                                       .m_pwszVolumeDisplayName = mgmt_display_name(v) };
}

static HRESULT WINAPI snapshot_mgmt_QueryVolumesSupportedForSnapshots(IVssSnapshotMgmt *face,
                                                                      VSS_ID id, LONG context,
                                                                      IVssEnumMgmtObject **ret_enum)
{
    struct service *service = service_of(face);
    ARRAY(VSS_MGMT_OBJECT_PROP) found = { 0 };

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    sched_enter(service->ports->sched);
    bool is_there = provider_registry_find(service, &id) != NULL;
    for (size_t i = 0; is_there && i < service->ports->n_volumes; i++) {
        const struct volume *v = service->ports->volumes[i];
        struct provider *provider;

        if (provider_registry_choose(service, &id, v->guid_name, context, &provider) == S_OK)
            add_volume(array_push(&found), v);
    }
    sched_leave(service->ports->sched);
    if (!is_there)
        return VSS_E_PROVIDER_NOT_REGISTERED;
    mgmt_enumerator_new(found.items, found.count, mgmt_list_guard, ret_enum);
    return S_OK;
}

struct found_snapshots {
    VSS_OBJECT_PROP *items;
    size_t count, capacity;
};

/* Those that its provider knows no more are left out. */
static void list_snapshots(struct service *service, const struct volume *v, const VSS_ID *provider,
                           struct found_snapshots *found)
{
    ARRAY(VSS_ID) ids = { 0 };

    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (snapshot->volume == v && guid_is_equal(&snapshot->provider->id, provider))
            array_add(&ids, snapshot->id);
    }
    for (size_t i = 0; i < ids.count; i++) {
        struct snapshot *snapshot = snapshot_find(service, &ids.items[i]);
        VSS_OBJECT_PROP prop = { .Type = VSS_OBJECT_SNAPSHOT };

        if (snapshot && snapshot_properties(service, snapshot, &prop.Obj.Snap) == S_OK)
            array_add(found, prop);
    }
    array_free(&ids);
}

static HRESULT WINAPI snapshot_mgmt_QuerySnapshotsByVolume(IVssSnapshotMgmt *face, VSS_PWSZ name,
                                                           VSS_ID id, IVssEnumObject **ret_enum)
{
    struct service *service = service_of(face);
    auto_free char *utf8 = utf8_from_wide(name);
    struct found_snapshots found = { 0 };
    HRESULT hr = S_OK;

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    if (!utf8)
        return E_INVALIDARG;
    sched_enter(service->ports->sched);
    const struct volume *v = service_find_volume(service, utf8);
    if (!provider_registry_find(service, &id))
        hr = VSS_E_PROVIDER_NOT_REGISTERED;
    else if (!v)
        hr = VSS_E_OBJECT_NOT_FOUND;
    else
        list_snapshots(service, v, &id, &found);
    sched_leave(service->ports->sched);
    if (SUCCEEDED(hr))
        enumerator_new(found.items, found.count, list_guard, ret_enum);
    return hr;
}

/* ---- IVssSnapshotMgmt2 ---- */

static HRESULT WINAPI snapshot_mgmt_GetMinDiffAreaSize(IVssSnapshotMgmt2 *face, LONGLONG *ret_size)
{
    struct diff_areas *areas =
        snapshot_mgmt_from_IVssSnapshotMgmt2(face)->service->ports->diff_areas;

    if (!ret_size)
        return E_INVALIDARG;
    *ret_size = areas->ops->minimum(areas, NULL);
    return S_OK;
}

static const IVssSnapshotMgmtVtbl mgmt_vtbl = {
    COM_UNKNOWN_SLOTS(snapshot_mgmt, IVssSnapshotMgmt),
    .GetProviderMgmtInterface = snapshot_mgmt_GetProviderMgmtInterface,
    .QueryVolumesSupportedForSnapshots = snapshot_mgmt_QueryVolumesSupportedForSnapshots,
    .QuerySnapshotsByVolume = snapshot_mgmt_QuerySnapshotsByVolume,
};

static const IVssSnapshotMgmt2Vtbl mgmt2_vtbl = {
    COM_UNKNOWN_SLOTS(snapshot_mgmt, IVssSnapshotMgmt2),
    .GetMinDiffAreaSize = snapshot_mgmt_GetMinDiffAreaSize,
};

COM_CLASS(snapshot_mgmt, NULL, COM_FACE(snapshot_mgmt, IVssSnapshotMgmt),
          COM_FACE(snapshot_mgmt, IVssSnapshotMgmt2));

HRESULT snapshot_mgmt_create(REFIID iid, void **ret_object)
{
    struct snapshot_mgmt *mgmt = COM_NEW(snapshot_mgmt);
    void (*on_requester)(struct service *) = entry_on_requester;

    mgmt->IVssSnapshotMgmt.lpVtbl = &mgmt_vtbl;
    mgmt->IVssSnapshotMgmt2.lpVtbl = &mgmt2_vtbl;
    mgmt->service = world_current()->service;
    if (on_requester) /* the system provider comes with who needs it */
        on_requester(mgmt->service);
    HRESULT hr = com_object_query(&mgmt->com, iid, ret_object);
    com_object_release(&mgmt->com);
    return hr;
}
