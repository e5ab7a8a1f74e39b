/* SPDX-License-Identifier: MIT */
/* Areas, their limits and the protection of volumes outlive the world: what is changed through the
 * interfaces is written, before it is done, on the volume whose changes the area keeps, and read
 * when the provider comes. Volumes in memory end with their world, and so does what is said of
 * them.
 *
 * A volume is known again by its GUID name, as on Windows; here that is its letter's. When the one
 * on which an area lies is not there, the snapshots that need it are offline: nobody is shown them,
 * nothing is done to them, and they are back when it is. */
#include "provider_sim/diff_areas.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/include/vsprov.h"
#include "emu/include/vsmgmt.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "provider_sim/soft_provider_state.h"

#include <stdio.h>
#include <string.h>

/* ---- writing ---- */

HRESULT area_table_keep(struct soft_provider *p, struct volume *source,
                        const struct soft_area *record)
{
    struct area_bytes bytes = { 0 };
    int error = 0;

    if (source->ops->keep_settings && !source->is_fleeting) {
        soft_area_put(&bytes, record);
        error = source->ops->keep_settings(source, bytes.bytes.items, bytes.bytes.count);
        array_free(&bytes.bytes);
    }
    if (error) {
        soft_provider_note(p, "the storage of snapshots cannot be written down", source, error);
        return soft_hresult(error);
    }
    soft_provider_lock(p);
    area_table_volume(p, source)->kept = *record;
    soft_provider_unlock(p);
    return S_OK;
}

struct soft_area area_table_kept(struct soft_provider *p, struct volume *source)
{
    soft_provider_lock(p);
    struct soft_area record = area_table_volume(p, source)->kept;
    soft_provider_unlock(p);
    return record;
}

HRESULT area_table_keep_area(struct soft_provider *p, struct volume *source,
                             const struct volume *place, int64_t maximum)
{
    struct soft_area record = area_table_kept(p, source);

    record.has_area = place != NULL;
    record.is_on_itself = place == source;
    record.maximum = place ? maximum : 0;
    snprintf(record.place, sizeof(record.place), "%s",
             place && place != source ? place->guid_name : "");
    return area_table_keep(p, source, &record);
}

/* ---- a place that is not there ---- */

static const struct volume_ops no_ops;

/* Has nothing but its names, and is no volume of the world. */
static struct volume *missing_place(struct soft_provider *p, const char *guid_name)
{
    for (size_t i = 0; i < p->areas.missing.count; i++) {
        if (strcmp(p->areas.missing.items[i]->guid_name, guid_name) == 0)
            return p->areas.missing.items[i];
    }
    struct volume *place = mem_new(struct volume);

    place->ops = &no_ops;
    place->letter = soft_area_letter(guid_name);
    snprintf(place->guid_name, sizeof(place->guid_name), "%s", guid_name);
    array_add(&p->areas.missing, place);
    return place;
}

/* Under no lock: the provider is being made. */
static struct volume *find_place(struct soft_provider *p, struct volume *source,
                                 const struct soft_area *record)
{
    if (record->is_on_itself)
        return source;
    for (size_t i = 0; i < p->world->n_volumes; i++) {
        struct volume *v = p->world->volumes[i];

        if (v != source && strcmp(v->guid_name, record->place) == 0)
            return v;
    }
    return missing_place(p, record->place);
}

bool area_table_has_offline(struct soft_provider *p, struct volume *source)
{
    struct volume_kept kept;

    soft_provider_lock(p);
    const struct area_entry *entry = area_table_find(p, source);
    bool is_missing = entry && area_table_volume(p, entry->place)->is_missing;
    soft_provider_unlock(p);
    for (size_t i = 0; is_missing && source->ops->kept(source, i, &kept); i++) {
        if (!kept.is_lost)
            return true;
    }
    return false;
}

void area_table_free_missing(struct soft_provider *p)
{
    for (size_t i = 0; i < p->areas.missing.count; i++)
        free(p->areas.missing.items[i]);
    array_free(&p->areas.missing);
}

/* ---- finding ---- */

static void put_entry(struct soft_provider *p, struct volume *source,
                      const struct soft_area *record)
{
    struct volume *place = find_place(p, source, record);
    bool is_missing = place->ops == &no_ops;

    soft_provider_lock(p);
    if (is_missing) {
        struct area_volume *state = area_table_volume(p, place);

        state->is_gone = state->is_missing = true;
    }
    area_table_volume(p, place);
    array_add(&p->areas.entries,
              ((struct area_entry){ source, place, record->maximum, .is_explicit = true }));
    soft_provider_unlock(p);
}

static void tell(struct soft_provider *p, struct volume *source, const char *what, const char *why,
                 const char *name)
{
    auto_free char *detail =
        str_printf("%c: %s%s", source->letter ? source->letter : '-', why, name);

    trace_write(p->world->trace,
                &(struct trace_record){
                    .kind = TRACE_NOTE, .who = "provider System", .what = what, .detail = detail });
}

bool area_table_find_kept(struct soft_provider *p, struct volume *source)
{
    unsigned char bytes[VOLUME_SETTINGS_MAX];
    struct soft_area record;

    if (!source->ops->kept_settings || source->is_fleeting)
        return true;
    int error = soft_area_get(bytes, source->ops->kept_settings(source, bytes), &record);

    if (error)
        tell(p, source, "the storage of snapshots is not known", soft_area_reason(error), "");
    soft_provider_lock(p);
    struct area_volume *state = area_table_volume(p, source);

    state->kept = record;
    state->level = record.level;
    soft_provider_unlock(p);
    if (record.has_area)
        put_entry(p, source, &record);
    bool is_offline = area_table_has_offline(p, source);

    if (is_offline)
        tell(p, source, "snapshots are offline",
             "their storage is on what is not there: ", record.place);
    if (record.has_area || record.level != VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME)
        area_table_apply(p, source);
    return !is_offline;
}
