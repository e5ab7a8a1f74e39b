/* SPDX-License-Identifier: MIT */
/* Adding, changing, looking. Rules and codes are those of the pages of
 * IVssDifferentialSoftwareSnapshotMgmt and its successors. */
#include "provider_sim/diff_areas.h"

#include "emu/base/list.h"
#include "emu/com/guid.h"
#include "emu/include/vsprov.h"
#include "emu/include/vsmgmt.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "provider_sim/soft_provider_state.h"

#define MEGABYTE      (INT64_C(1) << 20)
#define USUAL_MINIMUM (320 * MEGABYTE)
#define SMALL_MINIMUM (32 * MEGABYTE)
#define SMALL_VOLUME  (500 * MEGABYTE)

static struct soft_provider *of(struct diff_areas *all)
{
    return container_of(all, struct soft_provider, areas.port);
}

struct area_entry *area_table_find(struct soft_provider *p, const struct volume *source)
{
    for (size_t i = 0; i < p->areas.entries.count; i++) {
        if (p->areas.entries.items[i].source == source)
            return &p->areas.entries.items[i];
    }
    return NULL;
}

struct area_volume *area_table_volume(struct soft_provider *p, struct volume *v)
{
    for (size_t i = 0; i < p->areas.volumes.count; i++) {
        if (p->areas.volumes.items[i].volume == v)
            return &p->areas.volumes.items[i];
    }
    array_add(&p->areas.volumes, ((struct area_volume){ .volume = v }));
    area_table_listen(p, v);
    return &p->areas.volumes.items[p->areas.volumes.count - 1];
}

static bool has_snapshots(struct soft_provider *p, const struct volume *source)
{
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (p->snapshots.items[i]->volume == source && !p->snapshots.items[i]->is_gone)
            return true;
    }
    return false;
}

/* An area that came by itself goes with the last snapshot. */
static void settle(struct soft_provider *p)
{
    for (size_t i = p->areas.entries.count; i--;) {
        const struct area_entry *entry = &p->areas.entries.items[i];

        if (!entry->is_explicit && !has_snapshots(p, entry->source))
            array_remove(&p->areas.entries, i);
    }
}

static struct diff_area_use use_of(struct volume *v)
{
    struct diff_area_use use = { .total = volume_size(v), .free = volume_size(v) / 2 };

    if (v->ops->use_of_diff_area)
        v->ops->use_of_diff_area(v, &use);
    return use;
}

/* ---- sizes ---- */

#define SETTINGS "HKLM\\SYSTEM\\CurrentControlSet\\Services\\VolSnap"

/* Learn: "Registry Keys and Values for Backup and Restore", MinDiffAreaFileSize: megabytes, in
 * steps of 32. */
static int64_t minimum(struct diff_areas *all, const struct volume *source)
{
    struct world_ports *world = of(all)->world;
    uint32_t megabytes = 0;

    if (world->registry_number &&
        world->registry_number(world, SETTINGS, "MinDiffAreaFileSize", &megabytes) && megabytes)
        return (megabytes + INT64_C(31)) / 32 * 32 * MEGABYTE;
    return source && volume_size(source) < SMALL_VOLUME ? SMALL_MINIMUM : USUAL_MINIMUM;
}

static HRESULT can_lie_on(struct diff_areas *all, struct volume *place)
{
    return use_of(place).free < minimum(all, place) ? VSS_E_VOLUME_NOT_SUPPORTED : S_OK;
}

/* Windows: a tenth of the volume since Server 2012. */
static int64_t usual_maximum(struct diff_areas *all, const struct volume *source)
{
    int64_t tenth = volume_size(source) / 10, least = minimum(all, source);

    return tenth < least ? least : tenth;
}

/* ---- entries ---- */

static void set_entry(struct soft_provider *p, struct volume *source, struct volume *place,
                      int64_t maximum, bool is_explicit)
{
    soft_provider_lock(p);
    struct area_entry *entry = area_table_find(p, source);

    if (!entry)
        entry = array_push(&p->areas.entries);
    area_table_volume(p, source);
    area_table_volume(p, place);
    *entry = (struct area_entry){ source, place, maximum, is_explicit };
    soft_provider_unlock(p);
    area_table_apply(p, source);
}

static void put(struct diff_areas *all, struct volume *source, struct volume *place,
                int64_t maximum)
{
    set_entry(of(all), source, place, maximum, true);
}

HRESULT area_table_prepare(struct soft_provider *p, struct volume *source)
{
    soft_provider_lock(p);
    const struct area_entry *entry = area_table_find(p, source);
    bool is_there = entry != NULL;
    bool is_lost = is_there && area_table_volume(p, entry->place)->is_gone;
    soft_provider_unlock(p);
    if (!is_there)
        set_entry(p, source, source, usual_maximum(&p->areas.port, source), false);
    return is_lost ? VSS_E_INSUFFICIENT_STORAGE : S_OK;
}

/* A copy; false: there is none. */
static bool look_up(struct soft_provider *p, struct volume *source, struct area_entry *ret_entry,
                    bool *ret_in_use)
{
    soft_provider_lock(p);
    settle(p);
    struct area_entry *entry = area_table_find(p, source);

    if (entry)
        *ret_entry = *entry;
    *ret_in_use = has_snapshots(p, source);
    soft_provider_unlock(p);
    *ret_in_use = *ret_in_use || area_table_has_offline(p, source);
    return entry != NULL;
}

/* Learn: "AddDiffArea". One area a volume: the page refuses a second one, and lists a code for a
 * limit that is reached. */
static HRESULT add(struct diff_areas *all, struct volume *source, struct volume *place,
                   int64_t maximum)
{
    struct area_entry there;
    bool is_in_use;

    if (maximum != VSS_ASSOC_NO_MAX_SPACE && maximum < minimum(all, source))
        return E_INVALIDARG;
    if (look_up(of(all), source, &there, &is_in_use))
        return there.place == place ? VSS_E_OBJECT_ALREADY_EXISTS
                                    : VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED;
    HRESULT hr = can_lie_on(all, place);

    if (SUCCEEDED(hr))
        hr = area_table_keep_area(of(all), source, place, maximum);
    if (SUCCEEDED(hr))
        set_entry(of(all), source, place, maximum, true);
    return hr;
}

static HRESULT remove_area(struct soft_provider *p, struct volume *source, bool is_in_use)
{
    if (is_in_use)
        return VSS_E_VOLUME_IN_USE;
    HRESULT hr = area_table_keep_area(p, source, NULL, 0);
    if (FAILED(hr))
        return hr;
    soft_provider_lock(p);
    struct area_entry *entry = area_table_find(p, source);

    if (entry)
        array_remove(&p->areas.entries, (size_t)(entry - p->areas.entries.items));
    soft_provider_unlock(p);
    area_table_apply(p, source);
    return S_OK;
}

/* Whether the new maximum can be had: more needs room; less than what protected snapshots use would
 * cost them. */
static HRESULT check_maximum(struct soft_provider *p, struct volume *source, struct volume *place,
                             int64_t maximum)
{
    int64_t used = use_of(source).used;

    if (maximum != VSS_ASSOC_NO_MAX_SPACE && maximum < minimum(&p->areas.port, source))
        return VSS_E_INSUFFICIENT_STORAGE;
    soft_provider_lock(p);
    const struct area_volume *state = area_table_volume(p, source);
    bool is_protected = state->level == VSS_PROTECTION_LEVEL_SNAPSHOT;
    soft_provider_unlock(p);
    if (is_protected && maximum != VSS_ASSOC_NO_MAX_SPACE && maximum < used)
        return VSS_E_VOLUME_IN_USE;
    return can_lie_on(&p->areas.port, place) == S_OK ? S_OK : VSS_E_INSUFFICIENT_STORAGE;
}

/* Learn: "ChangeDiffAreaMaximumSizeEx": one that is missing is made. A volatile change lasts until
 * the machine starts again: as long as the world. */
static HRESULT change(struct diff_areas *all, struct volume *source, struct volume *place,
                      int64_t maximum, bool is_volatile)
{
    struct soft_provider *p = of(all);
    struct area_entry there;
    bool is_in_use;

    if (maximum < VSS_ASSOC_NO_MAX_SPACE || (is_volatile && maximum == VSS_ASSOC_REMOVE))
        return E_INVALIDARG;
    bool is_there = look_up(p, source, &there, &is_in_use);

    if (is_there ? there.place != place : maximum == VSS_ASSOC_REMOVE)
        return VSS_E_OBJECT_NOT_FOUND;
    if (maximum == VSS_ASSOC_REMOVE)
        return remove_area(p, source, is_in_use);
    HRESULT hr = check_maximum(p, source, place, maximum);

    if (SUCCEEDED(hr) && !is_volatile)
        hr = area_table_keep_area(p, source, place, maximum);
    if (SUCCEEDED(hr))
        set_entry(p, source, place, maximum, true);
    return hr;
}

/* Unsure: MigrateDiffAreas is reserved, its page describes nothing. It does what its name says. */
static HRESULT move(struct diff_areas *all, struct volume *source, struct volume *place,
                    struct volume *to)
{
    struct area_entry there;
    bool is_in_use;

    if (!look_up(of(all), source, &there, &is_in_use) || there.place != place)
        return VSS_E_OBJECT_NOT_FOUND;
    HRESULT hr = can_lie_on(all, to);

    if (SUCCEEDED(hr))
        hr = area_table_keep_area(of(all), source, to, there.maximum);
    if (SUCCEEDED(hr))
        set_entry(of(all), source, to, there.maximum, true);
    return hr;
}

static bool item(struct diff_areas *all, size_t i, struct diff_area *ret_area)
{
    struct soft_provider *p = of(all);
    struct area_entry entry = { 0 };

    soft_provider_lock(p);
    settle(p);
    if (i < p->areas.entries.count)
        entry = p->areas.entries.items[i];
    soft_provider_unlock(p);
    if (!entry.source)
        return false;
    struct diff_area_use use = use_of(entry.source);

    *ret_area = (struct diff_area){ .source = entry.source,
                                    .place = entry.place,
                                    .maximum = entry.maximum,
                                    .allocated = use.allocated,
                                    .used = use.used };
    return true;
}

static struct volume *source_of(struct diff_areas *all, const VSS_ID *snapshot)
{
    struct soft_provider *p = of(all);

    soft_provider_lock(p);
    const struct soft_snapshot *s = soft_snapshot_find(p, snapshot, VSS_OBJECT_SNAPSHOT);
    struct volume *source = s && s->number ? s->volume : NULL;
    soft_provider_unlock(p);
    return source;
}

/* ---- protection ---- */

/* Under the lock. Learn: "DeleteUnusedDiffAreas": left by original volumes that are gone. */
static bool is_unused(struct soft_provider *p, const struct area_entry *entry,
                      const struct volume *place)
{
    return entry->place == place && area_table_volume(p, entry->source)->is_gone;
}

/* Under the lock. Learn: "SetVolumeProtectLevel": also for the volume on which areas lie. */
static bool can_be_protected(struct soft_provider *p, const struct volume *v)
{
    for (size_t i = 0; i < p->areas.entries.count; i++) {
        const struct area_entry *entry = &p->areas.entries.items[i];

        if (entry->is_explicit && (entry->source == v || entry->place == v))
            return true;
    }
    return false;
}

/* A fault is over: the volume is dismounted, and I/O goes on. */
static void end_fault(struct soft_provider *p, struct volume *v)
{
    soft_provider_lock(p);
    struct area_volume *state = area_table_volume(p, v);
    bool was_faulted = state->fault != VSS_PROTECTION_FAULT_NONE;

    state->fault = VSS_PROTECTION_FAULT_NONE;
    state->failure = 0;
    soft_provider_unlock(p);
    if (was_faulted && v->ops->put_online)
        v->ops->put_online(v);
}

/* Unsure: the page has no code for a volume without an explicit association. */
static HRESULT set_level(struct diff_areas *all, struct volume *v, int level)
{
    struct soft_provider *p = of(all);

    if (level != VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME && level != VSS_PROTECTION_LEVEL_SNAPSHOT)
        return E_INVALIDARG;
    soft_provider_lock(p);
    bool is_allowed = level == VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME || can_be_protected(p, v);
    struct soft_area record = area_table_volume(p, v)->kept;
    soft_provider_unlock(p);
    if (!is_allowed)
        return E_INVALIDARG;
    record.level = level;
    HRESULT hr = area_table_keep(p, v, &record);
    if (FAILED(hr))
        return hr;
    soft_provider_lock(p);
    area_table_volume(p, v)->level = level;
    soft_provider_unlock(p);
    if (level == VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME)
        end_fault(p, v);
    area_table_apply(p, v);
    return S_OK;
}

static HRESULT protection(struct diff_areas *all, struct volume *v,
                          struct diff_area_protection *ret_protection)
{
    struct soft_provider *p = of(all);
    bool has_unused = false;

    *ret_protection = (struct diff_area_protection){ .is_offline = use_of(v).is_offline };
    soft_provider_lock(p);
    const struct area_volume *state = area_table_volume(p, v);

    for (size_t i = 0; i < p->areas.entries.count; i++)
        has_unused = has_unused || is_unused(p, &p->areas.entries.items[i], v);
    ret_protection->level = state->level;
    ret_protection->fault = state->fault;
    ret_protection->failure = state->failure;
    ret_protection->has_unused_area = has_unused;
    soft_provider_unlock(p);
    return S_OK;
}

static HRESULT clear_fault(struct diff_areas *all, struct volume *v)
{
    end_fault(of(all), v);
    return S_OK;
}

/* What their volumes say of them stays there: who is gone cannot be written to. */
static HRESULT delete_unused(struct diff_areas *all, struct volume *place)
{
    struct soft_provider *p = of(all);

    soft_provider_lock(p);
    for (size_t i = p->areas.entries.count; i--;) {
        if (is_unused(p, &p->areas.entries.items[i], place))
            array_remove(&p->areas.entries, i);
    }
    soft_provider_unlock(p);
    return S_OK;
}

/* ---- life ---- */

static const struct diff_areas_ops area_ops = {
    .add = add,
    .change = change,
    .put = put,
    .move = move,
    .item = item,
    .can_lie_on = can_lie_on,
    .minimum = minimum,
    .set_level = set_level,
    .protection = protection,
    .clear_fault = clear_fault,
    .delete_unused = delete_unused,
    .source_of = source_of,
};

void area_table_init(struct soft_provider *p)
{
    p->areas.port = (struct diff_areas){ .ops = &area_ops };
    for (size_t i = 0; i < p->world->n_volumes; i++)
        area_table_volume(p, p->world->volumes[i]);
}

void area_table_fini(struct soft_provider *p)
{
    array_free(&p->areas.entries);
    array_free(&p->areas.volumes);
    area_table_free_missing(p);
}
