/* SPDX-License-Identifier: MIT */
/* The interfaces: arguments, then the records (soft_snapshots.c). */
#include "provider_sim/soft_provider.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"
#include "emu/port/world.h"
#include "emu/port/volume.h"
#include "provider_sim/soft_provider_state.h"

#include <string.h>

#define MAX_SNAPSHOTS_PER_VOLUME 512 /* Learn: "Usage Conventions" */
#define REFUSED_ATTRIBUTES       (VSS_VOLSNAP_ATTR_TRANSPORTABLE | VSS_VOLSNAP_ATTR_PLEX)
/* What tells contexts apart; the other attributes modify them. */
#define CONTEXT_ATTRIBUTES                                              \
    (VSS_VOLSNAP_ATTR_PERSISTENT | VSS_VOLSNAP_ATTR_CLIENT_ACCESSIBLE | \
     VSS_VOLSNAP_ATTR_NO_AUTO_RELEASE | VSS_VOLSNAP_ATTR_NO_WRITERS)
COM_UNKNOWN_METHODS(soft_provider, IVssSoftwareSnapshotProvider)
COM_UNKNOWN_METHODS(soft_provider, IVssProviderCreateSnapshotSet)
COM_UNKNOWN_METHODS(soft_provider, IVssProviderNotifications)

/* length: without the last backslash. */
static bool is_name_of(const struct volume *v, const char *name, size_t length)
{
    if (length == 2)
        return v->letter && name[0] == v->letter && name[1] == ':';
    return length + 1 == strlen(v->guid_name) && strncmp(name, v->guid_name, length) == 0;
}

/* Names come as a volume GUID path or as a drive, with or without the last backslash. */
static struct volume *find_volume(struct soft_provider *p, const WCHAR *wide_name)
{
    auto_free char *name = utf8_from_wide(wide_name);
    size_t length = strlen(name);

    if (length && name[length - 1] == '\\')
        length--;
    for (size_t i = 0; i < p->world->n_volumes; i++) {
        if (is_name_of(p->world->volumes[i], name, length))
            return p->world->volumes[i];
    }
    return NULL;
}

/* ---- IVssSoftwareSnapshotProvider: what it can ---- */

static HRESULT soft_provider_SetContext(IVssSoftwareSnapshotProvider *face, LONG context)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);
    HRESULT hr = S_OK;

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (p->snapshots.items[i]->prop.m_eStatus != VSS_SS_CREATED)
            hr = VSS_E_BAD_STATE; /* a set is being made: the context is frozen */
    }
    if (SUCCEEDED(hr)) {
        p->context = context;
        p->has_context = true;
    }
    soft_provider_unlock(p);
    return hr;
}

static HRESULT soft_provider_IsVolumeSupported(IVssSoftwareSnapshotProvider *face, VSS_PWSZ name,
                                               WINBOOL *ret_supported)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);

    if (!name || !ret_supported)
        return E_INVALIDARG;
    *ret_supported = FALSE;
    if (!find_volume(p, name))
        return VSS_E_OBJECT_NOT_FOUND;
    *ret_supported =
        !(p->has_context && p->context != (LONG)VSS_CTX_ALL && (p->context & REFUSED_ATTRIBUTES));
    return S_OK;
}

static HRESULT soft_provider_IsVolumeSnapshotted(IVssSoftwareSnapshotProvider *face, VSS_PWSZ name,
                                                 WINBOOL *ret_present, LONG *ret_compatibility)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);

    if (!name || !ret_present || !ret_compatibility)
        return E_INVALIDARG;
    *ret_present = FALSE;
    *ret_compatibility = 0;
    struct volume *v = find_volume(p, name);

    if (!v)
        return VSS_E_OBJECT_NOT_FOUND;
    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        const struct soft_snapshot *s = p->snapshots.items[i];

        if (s->volume == v && !s->is_gone && s->prop.m_eStatus == VSS_SS_CREATED)
            *ret_present = TRUE;
    }
    soft_provider_unlock(p);
    return S_OK;
}

/* ---- preparing ---- */

/* A set that was begun and never committed is dead when another one begins
 * (Learn: "IVssSoftwareSnapshotProvider::BeginPrepareSnapshot"). */
static void forget_dead_sets(struct soft_provider *p, const VSS_ID *new_set)
{
    for (size_t i = p->snapshots.count; i--;) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (!s->number && !guid_is_equal(&s->prop.m_SnapshotSetId, new_set)) {
            array_remove(&p->snapshots, i);
            soft_snapshot_free(s);
        }
    }
}

static HRESULT check_room(struct soft_provider *p, const struct volume *v, const VSS_ID *id)
{
    size_t n = 0;

    if (soft_snapshot_find(p, id, VSS_OBJECT_SNAPSHOT))
        return E_INVALIDARG;
    for (size_t i = 0; i < p->snapshots.count; i++)
        n += p->snapshots.items[i]->volume == v && !p->snapshots.items[i]->is_gone;
    return n < MAX_SNAPSHOTS_PER_VOLUME ? S_OK : VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED;
}

/* Windows: snapshots of this provider are listed as differential, those with writers as recovered
 * by themselves, unless the requester forbids it. */
static LONG attributes_of(LONG context)
{
    bool recovers = !(context & (VSS_VOLSNAP_ATTR_NO_WRITERS | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY));

    return context | VSS_VOLSNAP_ATTR_DIFFERENTIAL | (recovers ? VSS_VOLSNAP_ATTR_AUTORECOVER : 0);
}

static struct soft_snapshot *snapshot_new(struct soft_provider *p, const VSS_ID *set_id,
                                          const VSS_ID *id, struct volume *v, LONG context)
{
    struct soft_snapshot *s = mem_new(struct soft_snapshot);

    s->volume = v;
    s->prop.m_SnapshotId = *id;
    s->prop.m_SnapshotSetId = *set_id;
    s->prop.m_pwszOriginalVolumeName = task_wide_from_utf8(v->guid_name);
    s->prop.m_pwszOriginatingMachine = task_wide_from_utf8(WORLD_MACHINE_NAME);
    s->prop.m_pwszServiceMachine = task_wide_from_utf8(WORLD_MACHINE_NAME);
    s->prop.m_ProviderId = p->id;
    s->prop.m_lSnapshotAttributes = attributes_of(context);
    s->prop.m_eStatus = VSS_SS_PREPARING;
    return s;
}

static HRESULT soft_provider_BeginPrepareSnapshot(IVssSoftwareSnapshotProvider *face, VSS_ID set_id,
                                                  VSS_ID id, VSS_PWSZ name, LONG context)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);

    if (!name || guid_is_null(&set_id) || guid_is_null(&id))
        return E_INVALIDARG;
    struct volume *v = find_volume(p, name);

    if (!v)
        return VSS_E_OBJECT_NOT_FOUND;
    if (context & REFUSED_ATTRIBUTES)
        return VSS_E_UNSUPPORTED_CONTEXT;
    soft_provider_lock(p);
    forget_dead_sets(p, &set_id);
    HRESULT hr = check_room(p, v, &id);
    if (SUCCEEDED(hr))
        array_add(&p->snapshots, snapshot_new(p, &set_id, &id, v, context));
    soft_provider_unlock(p);
    return hr;
}

/* ---- IVssProviderCreateSnapshotSet ---- */

static const struct soft_phase end_prepare = { VSS_SS_PREPARING, VSS_SS_PREPARED };
static const struct soft_phase pre_commit = { VSS_SS_PREPARED, VSS_SS_PRECOMMITTED };
static const struct soft_phase post_commit = { VSS_SS_COMMITTED, VSS_SS_POSTCOMMITTED };
static const struct soft_phase pre_final = { VSS_SS_POSTCOMMITTED, VSS_SS_PREFINALCOMMITTED };
static const struct soft_phase post_final = { VSS_SS_PREFINALCOMMITTED, VSS_SS_CREATED };

static HRESULT soft_provider_EndPrepareSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id)
{
    struct soft_provider *p = soft_provider_from_IVssProviderCreateSnapshotSet(face);
    HRESULT hr = soft_set_enter(p, &set_id, &end_prepare);

    return SUCCEEDED(hr) ? soft_set_prepare_areas(p, &set_id) : hr;
}

static HRESULT soft_provider_PreCommitSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id)
{
    return soft_set_enter(soft_provider_from_IVssProviderCreateSnapshotSet(face), &set_id,
                          &pre_commit);
}

static HRESULT soft_provider_CommitSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id)
{
    return soft_set_commit(soft_provider_from_IVssProviderCreateSnapshotSet(face), &set_id);
}

static HRESULT soft_provider_PostCommitSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id,
                                                 LONG n_snapshots)
{
    struct soft_provider *p = soft_provider_from_IVssProviderCreateSnapshotSet(face);

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (soft_snapshot_is_of(p->snapshots.items[i], &set_id, VSS_OBJECT_SNAPSHOT_SET))
            p->snapshots.items[i]->prop.m_lSnapshotsCount = n_snapshots; /* of all providers */
    }
    soft_provider_unlock(p);
    return soft_set_enter(p, &set_id, &post_commit);
}

static HRESULT soft_provider_PreFinalCommitSnapshots(IVssProviderCreateSnapshotSet *face,
                                                     VSS_ID set_id)
{
    struct soft_provider *p = soft_provider_from_IVssProviderCreateSnapshotSet(face);
    HRESULT hr = soft_set_enter(p, &set_id, &pre_final);

    return SUCCEEDED(hr) ? soft_set_open(p, &set_id) : hr;
}

static HRESULT soft_provider_PostFinalCommitSnapshots(IVssProviderCreateSnapshotSet *face,
                                                      VSS_ID set_id)
{
    struct soft_provider *p = soft_provider_from_IVssProviderCreateSnapshotSet(face);
    HRESULT hr = soft_set_enter(p, &set_id, &post_final);

    if (SUCCEEDED(hr))
        hr = soft_set_seal(p, &set_id);
    if (SUCCEEDED(hr))
        hr = soft_set_keep(p, &set_id);
    if (SUCCEEDED(hr))
        soft_set_make_room(p, &set_id);
    return hr;
}

static HRESULT soft_provider_AbortSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id)
{
    soft_set_abort(soft_provider_from_IVssProviderCreateSnapshotSet(face), &set_id);
    return S_OK;
}

/* ---- finished snapshots ---- */

static HRESULT soft_provider_GetSnapshotProperties(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                                   VSS_SNAPSHOT_PROP *ret_prop)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);
    HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

    if (!ret_prop)
        return E_INVALIDARG;
    soft_provider_lock(p);
    struct soft_snapshot *s = soft_snapshot_find(p, &id, VSS_OBJECT_SNAPSHOT);
    if (s && s->number) {
        snapshot_prop_copy(&s->prop, ret_prop);
        hr = S_OK;
    }
    soft_provider_unlock(p);
    return hr;
}

static bool is_shown(const struct soft_provider *p, const struct soft_snapshot *s)
{
    if (s->prop.m_eStatus != VSS_SS_CREATED || s->is_gone)
        return false;
    return !p->has_context || p->context == (LONG)VSS_CTX_ALL ||
           ((s->prop.m_lSnapshotAttributes ^ p->context) & CONTEXT_ATTRIBUTES) == 0;
}

static HRESULT soft_provider_Query(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                   VSS_OBJECT_TYPE queried, VSS_OBJECT_TYPE returned,
                                   IVssEnumObject **ret_enum)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);
    ARRAY(VSS_OBJECT_PROP) found = { 0 };

    if (!ret_enum)
        return E_INVALIDARG;
    *ret_enum = NULL;
    if (!guid_is_null(&id) || queried != VSS_OBJECT_NONE || returned != VSS_OBJECT_SNAPSHOT)
        return E_INVALIDARG;
    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (is_shown(p, p->snapshots.items[i])) {
            VSS_OBJECT_PROP *prop = array_push(&found);

            prop->Type = VSS_OBJECT_SNAPSHOT;
            snapshot_prop_copy(&p->snapshots.items[i]->prop, &prop->Obj.Snap);
        }
    }
    soft_provider_unlock(p);
    enumerator_new(found.items, found.count, NULL, ret_enum);
    return S_OK;
}

static HRESULT soft_provider_DeleteSnapshots(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                             VSS_OBJECT_TYPE type, WINBOOL force,
                                             LONG *ret_n_deleted, VSS_ID *ret_not_deleted)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);
    HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

    (void)force; /* nothing here is ever in use */
    if (!ret_n_deleted || !ret_not_deleted)
        return E_INVALIDARG;
    *ret_n_deleted = 0;
    *ret_not_deleted = id;
    if (type != VSS_OBJECT_SNAPSHOT && type != VSS_OBJECT_SNAPSHOT_SET)
        return E_INVALIDARG;
    for (;;) {
        soft_provider_lock(p);
        struct soft_snapshot *s = soft_snapshot_find(p, &id, type);
        soft_provider_unlock(p);
        if (!s)
            break;
        *ret_not_deleted = s->prop.m_SnapshotId;
        hr = soft_snapshot_delete(p, s);
        if (FAILED(hr))
            return hr;
        ++*ret_n_deleted;
    }
    if (SUCCEEDED(hr))
        *ret_not_deleted = (VSS_ID){ 0 };
    return hr;
}

/* ---- reverting (soft_revert.c) ---- */

static HRESULT soft_provider_RevertToSnapshot(IVssSoftwareSnapshotProvider *face, VSS_ID id)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);

    if (guid_is_null(&id))
        return E_INVALIDARG;
    soft_provider_lock(p);
    struct soft_snapshot *s = soft_snapshot_find(p, &id, VSS_OBJECT_SNAPSHOT);
    soft_provider_unlock(p);
    if (!s || !s->number)
        return VSS_E_OBJECT_NOT_FOUND;
    if (!(s->prop.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_PERSISTENT))
        return VSS_E_UNSUPPORTED_CONTEXT;
    return soft_revert_begin(p, s);
}

static HRESULT soft_provider_QueryRevertStatus(IVssSoftwareSnapshotProvider *face, VSS_PWSZ name,
                                               IVssAsync **ret_async)
{
    struct soft_provider *p = soft_provider_from_IVssSoftwareSnapshotProvider(face);

    if (!name || !ret_async)
        return E_INVALIDARG;
    *ret_async = NULL;
    struct volume *v = find_volume(p, name);
    return v ? soft_revert_query(p, v, ret_async) : VSS_E_OBJECT_NOT_FOUND;
}

/* ---- IVssProviderNotifications ---- */

static HRESULT soft_provider_OnLoad(IVssProviderNotifications *face, IUnknown *callback)
{
    (void)face;
    (void)callback; /* reserved */
    return S_OK;
}

static HRESULT soft_provider_OnUnload(IVssProviderNotifications *face, WINBOOL force)
{
    (void)face;
    (void)force;
    return S_OK;
}

/* ---- the object ---- */

static void soft_provider_destroy(void *object)
{
    struct soft_provider *p = object;

    for (size_t i = 0; i < p->snapshots.count; i++)
        soft_snapshot_free(p->snapshots.items[i]);
    array_free(&p->snapshots);
    soft_provider_free_aliases(p);
    soft_revert_free_all(p);
    area_table_fini(p);
}

static const IVssSoftwareSnapshotProviderVtbl software_vtbl = {
    COM_UNKNOWN_SLOTS(soft_provider, IVssSoftwareSnapshotProvider),
    .SetContext = soft_provider_SetContext,
    .GetSnapshotProperties = soft_provider_GetSnapshotProperties,
    .Query = soft_provider_Query,
    .DeleteSnapshots = soft_provider_DeleteSnapshots,
    .BeginPrepareSnapshot = soft_provider_BeginPrepareSnapshot,
    .IsVolumeSupported = soft_provider_IsVolumeSupported,
    .IsVolumeSnapshotted = soft_provider_IsVolumeSnapshotted,
    .SetSnapshotProperty = soft_provider_SetSnapshotProperty,
    .RevertToSnapshot = soft_provider_RevertToSnapshot,
    .QueryRevertStatus = soft_provider_QueryRevertStatus,
};

static const IVssProviderCreateSnapshotSetVtbl set_vtbl = {
    COM_UNKNOWN_SLOTS(soft_provider, IVssProviderCreateSnapshotSet),
    .EndPrepareSnapshots = soft_provider_EndPrepareSnapshots,
    .PreCommitSnapshots = soft_provider_PreCommitSnapshots,
    .CommitSnapshots = soft_provider_CommitSnapshots,
    .PostCommitSnapshots = soft_provider_PostCommitSnapshots,
    .PreFinalCommitSnapshots = soft_provider_PreFinalCommitSnapshots,
    .PostFinalCommitSnapshots = soft_provider_PostFinalCommitSnapshots,
    .AbortSnapshots = soft_provider_AbortSnapshots,
};

static const IVssProviderNotificationsVtbl notifications_vtbl = {
    COM_UNKNOWN_SLOTS(soft_provider, IVssProviderNotifications),
    .OnLoad = soft_provider_OnLoad,
    .OnUnload = soft_provider_OnUnload,
};

COM_CLASS(soft_provider, soft_provider_destroy,
          COM_FACE(soft_provider, IVssSoftwareSnapshotProvider),
          COM_FACE(soft_provider, IVssProviderCreateSnapshotSet),
          COM_FACE(soft_provider, IVssProviderNotifications));

void soft_provider_new(struct world_ports *world, const VSS_ID *provider_id,
                       IVssSoftwareSnapshotProvider **ret_provider)
{
    struct soft_provider *p = COM_NEW(soft_provider);

    p->IVssSoftwareSnapshotProvider.lpVtbl = &software_vtbl;
    p->IVssProviderCreateSnapshotSet.lpVtbl = &set_vtbl;
    p->IVssProviderNotifications.lpVtbl = &notifications_vtbl;
    p->world = world;
    p->id = *provider_id;
    atomic_flag_clear(&p->lock);
    area_table_init(p);
    *ret_provider = &p->IVssSoftwareSnapshotProvider;
}

struct soft_provider *soft_provider_of(IVssSoftwareSnapshotProvider *face)
{
    return soft_provider_from_IVssSoftwareSnapshotProvider(face);
}

void soft_provider_set_passing(IVssSoftwareSnapshotProvider *provider, bool is_passing)
{
    soft_provider_of(provider)->is_passing = is_passing;
}

void soft_provider_called_inside(IVssSoftwareSnapshotProvider *provider, bool is_inside)
{
    soft_provider_from_IVssSoftwareSnapshotProvider(provider)->is_inside = is_inside;
}

struct diff_areas *soft_provider_diff_areas(IVssSoftwareSnapshotProvider *provider)
{
    return &soft_provider_from_IVssSoftwareSnapshotProvider(provider)->areas.port;
}
