/* SPDX-License-Identifier: MIT */
/* IVssDifferentialSoftwareSnapshotMgmt, 2 and 3 as faces: rights and machine, pointers, volumes,
 * and then the areas, which are the system provider's (port diff_areas). A fault that is planned
 * for the provider's call is met on the way, as for its other calls. */
#include "emu/api/snapshot_mgmt.h"

#include "emu/api/async_op.h"
#include "emu/api/guard.h"
#include "emu/api/list_guard.h"
#include "emu/api/mgmt_names.h"
#include "emu/api/provider_adapter_i.h"
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/mgmt_enumerator.h"
#include "emu/com/object.h"
#include "emu/port/diff_areas.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "emu/svc/operation.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"

#include <inttypes.h>

typedef IVssDifferentialSoftwareSnapshotMgmt3 mgmt_face;

struct diff_area_mgmt {
    struct com_object com;
    IVssDifferentialSoftwareSnapshotMgmt3 IVssDifferentialSoftwareSnapshotMgmt3;
    struct service *service;
};
COM_UNKNOWN_METHODS(diff_area_mgmt, IVssDifferentialSoftwareSnapshotMgmt3)

static struct service *service_of(mgmt_face *face)
{
    return diff_area_mgmt_from_IVssDifferentialSoftwareSnapshotMgmt3(face)->service;
}

static struct diff_areas *areas_of(const struct service *service)
{
    return service->ports->diff_areas;
}

/* ---- the provider's calls ---- */

static struct provider *system_provider(struct service *service)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        if (service->providers.items[i]->type == VSS_PROV_SYSTEM)
            return service->providers.items[i];
    }
    return NULL;
}

/* Enters the service. S_OK: the provider is to be called; anything else is its answer. */
static HRESULT enter(struct service *service, enum fault_provider_point point)
{
    struct fault_hit hit;
    HRESULT hr = S_OK;

    sched_enter(service->ports->sched);
    struct provider *provider = system_provider(service);
    struct provider_adapter *a = provider_adapter_of(provider->link);

    if (!a || !provider_fault_meet(a, point, &hit) || !provider_fault_answers(a, &hit, true, &hr))
        return S_OK;
    return provider_translate(service, provider, fault_point_name(FAULT_PROVIDER, point), hr);
}

static HRESULT leave(struct service *service, HRESULT hr)
{
    sched_leave(service->ports->sched);
    return hr;
}

/* And the log, if what was asked for could not be written down. */
static void trace_change(struct service *service, enum fault_provider_point point, HRESULT hr,
                         const struct volume *source, const struct volume *place, int64_t number)
{
    auto_str struct str detail = { 0 };

    if (hr == VSS_E_PROVIDER_VETO)
        provider_translate(service, system_provider(service),
                           fault_point_name(FAULT_PROVIDER, point), hr);
    str_addf(&detail, "%s",
             source->letter ? (char[]){ source->letter, ':', 0 } : source->guid_name);
    if (place)
        str_addf(&detail, " on %s",
                 place->letter ? (char[]){ place->letter, ':', 0 } : place->guid_name);
    str_addf(&detail, ", %" PRId64, number);
    provider_trace(service, system_provider(service), fault_point_name(FAULT_PROVIDER, point), hr,
                   detail.text);
}

/* A volume by its name, with its last backslash; NULL: there is none. Inside the service. */
static struct volume *find(struct service *service, VSS_PWSZ name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return service_find_volume(service, utf8);
}

/* ---- adding and changing ---- */

/* Unsure: the page has no other code for a volume that is none. */
static HRESULT WINAPI diff_area_mgmt_AddDiffArea(mgmt_face *face, VSS_PWSZ source_name,
                                                 VSS_PWSZ place_name, LONGLONG maximum)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt_AddDiffArea);
    struct service *service = service_of(face);

    if (!source_name || !place_name)
        return E_INVALIDARG;
    HRESULT hr = enter(service, AT_PROVIDER_ADD_AREA);

    if (hr != S_OK)
        return leave(service, hr);
    struct volume *source = find(service, source_name), *place = find(service, place_name);

    if (!source || !place)
        return leave(service, E_INVALIDARG);
    hr = areas_of(service)->ops->add(areas_of(service), source, place, maximum);
    trace_change(service, AT_PROVIDER_ADD_AREA, hr, source, place, maximum);
    return leave(service, hr);
}

static bool is_associated(struct diff_areas *all, const struct volume *source,
                          const struct volume *place)
{
    struct diff_area area;

    for (size_t i = 0; all->ops->item(all, i, &area); i++) {
        if (area.source == source && area.place == place)
            return true;
    }
    return false;
}

/* Also one that is not there any more, by the name with which the area is reported. */
static struct volume *find_place(struct service *service, const struct volume *source,
                                 VSS_PWSZ name)
{
    struct diff_areas *all = areas_of(service);
    struct volume *place = find(service, name);
    auto_free char *utf8 = utf8_from_wide(name);
    struct diff_area area;

    for (size_t i = 0; !place && all->ops->item(all, i, &area); i++) {
        if (area.source == source && str_is_equal_nocase(utf8, area.place->guid_name))
            place = area.place;
    }
    return place;
}

static HRESULT change(struct service *service, enum fault_provider_point point,
                      VSS_PWSZ source_name, VSS_PWSZ place_name, LONGLONG maximum, bool is_volatile)
{
    struct diff_areas *all = areas_of(service);

    if (!source_name || !place_name)
        return E_INVALIDARG;
    HRESULT hr = enter(service, point);

    if (hr != S_OK)
        return leave(service, hr);
    struct volume *source = find(service, source_name);
    struct volume *place = find_place(service, source, place_name);
    bool is_made = choices_value(&service->choices, CHOICE_AREA_ON_CHANGE) == AREA_ON_CHANGE_MADE;

    if (!source || !place || (!is_made && !is_associated(all, source, place)))
        return leave(service, VSS_E_OBJECT_NOT_FOUND);
    hr = all->ops->change(all, source, place, maximum, is_volatile);
    trace_change(service, point, hr, source, place, maximum);
    return leave(service, hr);
}

static HRESULT WINAPI diff_area_mgmt_ChangeDiffAreaMaximumSize(mgmt_face *face, VSS_PWSZ source,
                                                               VSS_PWSZ place, LONGLONG maximum)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt_ChangeDiffAreaMaximumSize);
    return change(service_of(face), AT_PROVIDER_CHANGE_AREA, source, place, maximum, false);
}

static HRESULT WINAPI diff_area_mgmt_ChangeDiffAreaMaximumSizeEx(mgmt_face *face, VSS_PWSZ source,
                                                                 VSS_PWSZ place, LONGLONG maximum,
                                                                 WINBOOL is_volatile)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt2_ChangeDiffAreaMaximumSizeEx);
    return change(service_of(face), AT_PROVIDER_CHANGE_AREA_EX, source, place, maximum,
                  is_volatile);
}

/* ---- looking ---- */

struct found {
    VSS_MGMT_OBJECT_PROP *items;
    size_t count, capacity;
};

static HRESULT WINAPI diff_area_mgmt_QueryVolumesSupportedForDiffAreas(
    mgmt_face *face, VSS_PWSZ name, IVssEnumMgmtObject **ret_enum)
{
    GUARD_OUT(IVssDifferentialSoftwareSnapshotMgmt_QueryVolumesSupportedForDiffAreas, ret_enum);
    struct service *service = service_of(face);
    struct found found = { 0 };

    if (!name || !ret_enum)
        return E_INVALIDARG;
    HRESULT hr = enter(service, AT_PROVIDER_AREA_VOLUMES);

    if (hr == S_OK && !find(service, name))
        hr = VSS_E_OBJECT_NOT_FOUND;
    for (size_t i = 0; hr == S_OK && i < service->ports->n_volumes; i++) {
        struct volume *v = service->ports->volumes[i];
        struct diff_area_use use = { .total = volume_size(v), .free = volume_size(v) / 2 };

        if (v->ops->use_of_diff_area)
            v->ops->use_of_diff_area(v, &use);
        *array_push(&found) = (VSS_MGMT_OBJECT_PROP){
            .Type = VSS_MGMT_OBJECT_DIFF_VOLUME,
            .Obj.DiffVol = { .m_pwszVolumeName = task_wide_from_utf8(v->guid_name),
                             .m_pwszVolumeDisplayName = mgmt_display_name(v),
                             .m_llVolumeFreeSpace = use.free,
                             .m_llVolumeTotalSpace = use.total }
        };
    }
    if (hr == S_OK)
        mgmt_enumerator_new(found.items, found.count, mgmt_list_guard, ret_enum);
    return leave(service, hr);
}

static void add_area(struct found *found, const struct diff_area *area)
{
    *array_push(found) = (VSS_MGMT_OBJECT_PROP){
        .Type = VSS_MGMT_OBJECT_DIFF_AREA,
        .Obj.DiffArea = { .m_pwszVolumeName = task_wide_from_utf8(area->source->guid_name),
                          .m_pwszDiffAreaVolumeName = task_wide_from_utf8(area->place->guid_name),
                          .m_llMaximumDiffSpace = area->maximum,
                          .m_llAllocatedDiffSpace = area->allocated,
                          .m_llUsedDiffSpace = area->used }
    };
}

/* The areas of a source, or those that lie on a place. */
static void list_areas(struct diff_areas *all, const struct volume *source,
                       const struct volume *place, IVssEnumMgmtObject **ret_enum)
{
    struct diff_area area;
    struct found found = { 0 };

    for (size_t i = 0; all->ops->item(all, i, &area); i++) {
        if (source ? area.source == source : area.place == place)
            add_area(&found, &area);
    }
    mgmt_enumerator_new(found.items, found.count, mgmt_list_guard, ret_enum);
}

static HRESULT query(struct service *service, enum fault_provider_point point, VSS_PWSZ name,
                     IVssEnumMgmtObject **ret_enum)
{
    if (!name || !ret_enum)
        return E_INVALIDARG;
    HRESULT hr = enter(service, point);
    const struct volume *v = hr == S_OK ? find(service, name) : NULL;
    bool is_source = point == AT_PROVIDER_AREAS_FOR;

    if (hr == S_OK && !v)
        hr = VSS_E_OBJECT_NOT_FOUND;
    if (hr == S_OK)
        list_areas(areas_of(service), is_source ? v : NULL, is_source ? NULL : v, ret_enum);
    return leave(service, hr);
}

static HRESULT WINAPI diff_area_mgmt_QueryDiffAreasForVolume(mgmt_face *face, VSS_PWSZ name,
                                                             IVssEnumMgmtObject **ret_enum)
{
    GUARD_OUT(IVssDifferentialSoftwareSnapshotMgmt_QueryDiffAreasForVolume, ret_enum);
    return query(service_of(face), AT_PROVIDER_AREAS_FOR, name, ret_enum);
}

static HRESULT WINAPI diff_area_mgmt_QueryDiffAreasOnVolume(mgmt_face *face, VSS_PWSZ name,
                                                            IVssEnumMgmtObject **ret_enum)
{
    GUARD_OUT(IVssDifferentialSoftwareSnapshotMgmt_QueryDiffAreasOnVolume, ret_enum);
    return query(service_of(face), AT_PROVIDER_AREAS_ON, name, ret_enum);
}

static HRESULT WINAPI diff_area_mgmt_QueryDiffAreasForSnapshot(mgmt_face *face, VSS_ID id,
                                                               IVssEnumMgmtObject **ret_enum)
{
    GUARD_OUT(IVssDifferentialSoftwareSnapshotMgmt_QueryDiffAreasForSnapshot, ret_enum);
    struct service *service = service_of(face);

    if (!ret_enum || guid_is_null(&id))
        return E_INVALIDARG;
    HRESULT hr = enter(service, AT_PROVIDER_AREAS_OF_SNAPSHOT);

    if (hr == S_OK) {
        const struct volume *source = areas_of(service)->ops->source_of(areas_of(service), &id);

        if (source)
            list_areas(areas_of(service), source, NULL, ret_enum);
        else
            hr = VSS_E_OBJECT_NOT_FOUND;
    }
    return leave(service, hr);
}

/* ---- reserved ---- */

/* Unsure: reserved, the page describes nothing. It does what its name says: the area moves. */
static HRESULT WINAPI diff_area_mgmt_MigrateDiffAreas(mgmt_face *face, VSS_PWSZ source_name,
                                                      VSS_PWSZ place_name, VSS_PWSZ to_name)
{
    struct service *service = service_of(face);

    if (!source_name || !place_name || !to_name)
        return E_INVALIDARG;
    sched_enter(service->ports->sched);
    struct volume *source = find(service, source_name), *place = find(service, place_name);
    struct volume *to = find(service, to_name);

    if (!source || !place || !to)
        return leave(service, VSS_E_OBJECT_NOT_FOUND);
    return leave(service, areas_of(service)->ops->move(areas_of(service), source, place, to));
}

/* The same. An area has moved as soon as MigrateDiffAreas returns: it is where it was asked for. */
static HRESULT WINAPI diff_area_mgmt_QueryMigrationStatus(mgmt_face *face, VSS_PWSZ source_name,
                                                          VSS_PWSZ place_name,
                                                          IVssAsync **ret_async)
{
    struct service *service = service_of(face);

    if (!ret_async)
        return E_INVALIDARG;
    *ret_async = NULL;
    if (!source_name || !place_name)
        return E_INVALIDARG;
    sched_enter(service->ports->sched);
    const struct volume *source = find(service, source_name), *place = find(service, place_name);
    struct operation *operation = NULL;

    if (source && place && is_associated(areas_of(service), source, place)) {
        operation = operation_new();
        operation_end(operation, S_OK);
    }
    sched_leave(service->ports->sched);
    if (!operation)
        return VSS_E_OBJECT_NOT_FOUND;
    async_op_new(service, operation, ret_async);
    return S_OK;
}

/* Unsure: reserved; what a priority would change is not said anywhere. */
static HRESULT WINAPI diff_area_mgmt_SetSnapshotPriority(mgmt_face *face, VSS_ID id, BYTE priority)
{
    (void)face, (void)id, (void)priority;
    return E_NOTIMPL;
}

/* Unsure: reserved. Volumes here keep files and have no numbered blocks. */
static HRESULT WINAPI diff_area_mgmt_QuerySnapshotDeltaBitmap(mgmt_face *face, VSS_ID older,
                                                              VSS_ID younger, ULONG *ret_block_size,
                                                              ULONG *ret_length, BYTE **ret_bitmap)
{
    (void)face, (void)older, (void)younger, (void)ret_block_size, (void)ret_length;
    if (ret_bitmap)
        *ret_bitmap = NULL;
    return E_NOTIMPL;
}

/* ---- protection ---- */

/* Enters, and finds the volume. */
static HRESULT enter_protection(struct service *service, enum fault_provider_point point,
                                VSS_PWSZ name, struct volume **ret_volume)
{
    HRESULT hr = enter(service, point);

    if (hr != S_OK)
        return hr;
    if (choices_value(&service->choices, CHOICE_SNAPSHOT_PROTECTION) == SNAPSHOT_PROTECTION_NONE)
        return E_NOTIMPL;
    *ret_volume = find(service, name);
    return *ret_volume ? S_OK : VSS_E_OBJECT_NOT_FOUND;
}

static HRESULT WINAPI diff_area_mgmt_SetVolumeProtectLevel(mgmt_face *face, VSS_PWSZ name,
                                                           VSS_PROTECTION_LEVEL level)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt3_SetVolumeProtectLevel);
    struct service *service = service_of(face);
    struct volume *v;

    if (!name)
        return E_INVALIDARG;
    HRESULT hr = enter_protection(service, AT_PROVIDER_SET_LEVEL, name, &v);

    if (hr == S_OK) {
        hr = areas_of(service)->ops->set_level(areas_of(service), v, (int)level);
        trace_change(service, AT_PROVIDER_SET_LEVEL, hr, v, NULL, level);
    }
    return leave(service, hr);
}

static HRESULT WINAPI diff_area_mgmt_GetVolumeProtectLevel(mgmt_face *face, VSS_PWSZ name,
                                                           VSS_VOLUME_PROTECTION_INFO *ret_info)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt3_GetVolumeProtectLevel);
    struct service *service = service_of(face);
    struct diff_area_protection found;
    struct volume *v;

    if (!name || !ret_info)
        return E_INVALIDARG;
    HRESULT hr = enter_protection(service, AT_PROVIDER_GET_LEVEL, name, &v);

    if (hr == S_OK)
        hr = areas_of(service)->ops->protection(areas_of(service), v, &found);
    if (hr == S_OK)
        *ret_info =
            (VSS_VOLUME_PROTECTION_INFO){ .m_protectionLevel = (VSS_PROTECTION_LEVEL)found.level,
                                          .m_volumeIsOfflineForProtection = found.is_offline,
                                          .m_protectionFault = (VSS_PROTECTION_FAULT)found.fault,
                                          .m_failureStatus = found.failure,
                                          .m_volumeHasUnusedDiffArea = found.has_unused_area };
    return leave(service, hr);
}

static HRESULT WINAPI diff_area_mgmt_ClearVolumeProtectFault(mgmt_face *face, VSS_PWSZ name)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt3_ClearVolumeProtectFault);
    struct service *service = service_of(face);
    struct volume *v;

    if (!name)
        return E_INVALIDARG;
    HRESULT hr = enter_protection(service, AT_PROVIDER_CLEAR_FAULT, name, &v);

    if (hr == S_OK)
        hr = areas_of(service)->ops->clear_fault(areas_of(service), v);
    return leave(service, hr);
}

static HRESULT WINAPI diff_area_mgmt_DeleteUnusedDiffAreas(mgmt_face *face, VSS_PWSZ name)
{
    GUARD(IVssDifferentialSoftwareSnapshotMgmt3_DeleteUnusedDiffAreas);
    struct service *service = service_of(face);
    struct volume *v;

    if (!name)
        return E_INVALIDARG;
    HRESULT hr = enter_protection(service, AT_PROVIDER_DELETE_UNUSED, name, &v);

    if (hr == S_OK)
        hr = areas_of(service)->ops->delete_unused(areas_of(service), v);
    return leave(service, hr);
}

/* ---- the object ---- */

static const IVssDifferentialSoftwareSnapshotMgmt3Vtbl diff_area_mgmt_vtbl = {
    COM_UNKNOWN_SLOTS(diff_area_mgmt, IVssDifferentialSoftwareSnapshotMgmt3),
    .AddDiffArea = diff_area_mgmt_AddDiffArea,
    .ChangeDiffAreaMaximumSize = diff_area_mgmt_ChangeDiffAreaMaximumSize,
    .QueryVolumesSupportedForDiffAreas = diff_area_mgmt_QueryVolumesSupportedForDiffAreas,
    .QueryDiffAreasForVolume = diff_area_mgmt_QueryDiffAreasForVolume,
    .QueryDiffAreasOnVolume = diff_area_mgmt_QueryDiffAreasOnVolume,
    .QueryDiffAreasForSnapshot = diff_area_mgmt_QueryDiffAreasForSnapshot,
    .ChangeDiffAreaMaximumSizeEx = diff_area_mgmt_ChangeDiffAreaMaximumSizeEx,
    .MigrateDiffAreas = diff_area_mgmt_MigrateDiffAreas,
    .QueryMigrationStatus = diff_area_mgmt_QueryMigrationStatus,
    .SetSnapshotPriority = diff_area_mgmt_SetSnapshotPriority,
    .SetVolumeProtectLevel = diff_area_mgmt_SetVolumeProtectLevel,
    .GetVolumeProtectLevel = diff_area_mgmt_GetVolumeProtectLevel,
    .ClearVolumeProtectFault = diff_area_mgmt_ClearVolumeProtectFault,
    .DeleteUnusedDiffAreas = diff_area_mgmt_DeleteUnusedDiffAreas,
    .QuerySnapshotDeltaBitmap = diff_area_mgmt_QuerySnapshotDeltaBitmap,
};
COM_CLASS(diff_area_mgmt, NULL, COM_FACE(diff_area_mgmt, IVssDifferentialSoftwareSnapshotMgmt3),
          COM_FACE_AS(diff_area_mgmt, IVssDifferentialSoftwareSnapshotMgmt2,
                      IVssDifferentialSoftwareSnapshotMgmt3),
          COM_FACE_AS(diff_area_mgmt, IVssDifferentialSoftwareSnapshotMgmt,
                      IVssDifferentialSoftwareSnapshotMgmt3));

void diff_area_mgmt_new(struct service *service, IUnknown **ret_face)
{
    struct diff_area_mgmt *mgmt = COM_NEW(diff_area_mgmt);

    mgmt->IVssDifferentialSoftwareSnapshotMgmt3.lpVtbl = &diff_area_mgmt_vtbl;
    mgmt->service = service;
    *ret_face = (IUnknown *)&mgmt->IVssDifferentialSoftwareSnapshotMgmt3;
}
