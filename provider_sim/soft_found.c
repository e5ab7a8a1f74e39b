/* SPDX-License-Identifier: MIT */
/* Snapshots that earlier processes have left, found again when the provider comes. What can no
 * longer be read is told to the log and deleted; nobody is shown it. Of a set whose keeping was
 * interrupted all is found or nothing: soft_kept.c. */
#include "provider_sim/soft_leftovers.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "provider_sim/soft_provider_state.h"
#include "provider_sim/volume_work.h"

#include <string.h>

static void look_at(struct volume *v, struct leftovers *l)
{
    struct volume_kept kept;

    if (!v->ops->kept || v->is_fleeting)
        return;
    for (size_t i = 0; v->ops->kept(v, i, &kept); i++) {
        struct leftover *it = array_push(&l->all);

        *it = (struct leftover){ .volume = v, .kept = kept };
        it->is_readable = soft_record_get(kept.bytes, kept.size, kept.id, &it->record);
        it->kept.bytes = NULL;
    }
}

static void leftovers_free(struct leftovers *l)
{
    for (size_t i = 0; i < l->all.count; i++)
        soft_record_free(&l->all.items[i].record);
    array_free(&l->all);
}

/* ---- deleting ---- */

static void nobody_waits(struct volume_done *done, int error)
{
    (void)error;
    free(done);
}

/* Windows: 27, what the snapshot driver says when it comes across snapshots that it cannot bring
 * back. */
static void tell_lost(struct soft_provider *p, struct volume *v)
{
    char letter[] = { v->letter, ':', 0 };
    auto_free char *text =
        str_printf("The snapshots of %s were aborted while they were looked for, because what they "
                   "need was changed or is damaged.",
                   v->letter ? letter : v->guid_name);
    struct trace_record record = {
        .kind = TRACE_LOG, .who = "Volsnap", .what = "27", .detail = text
    };

    trace_write(p->world->trace, &record);
}

static void delete_it(const struct leftover *it)
{
    struct volume_done *done = mem_new(struct volume_done);

    done->fn = nobody_waits;
    it->volume->ops->delete_snapshot(it->volume, it->kept.number, done);
}

/* ---- sets whose keeping was interrupted ---- */

/* How often a set that is found may have been told from others of its name (soft_twins.c). */
#define MOST_NAMES 8

/* Some snapshot of the set is kept for good: so all are to be, even if that one is lost by now. */
static bool is_decided_as(const struct leftovers *l, const struct leftover *pending,
                          const VSS_ID *set_id)
{
    for (size_t i = 0; i < l->all.count; i++) {
        const struct leftover *it = &l->all.items[i];

        if (it->is_readable && !it->record.is_pending &&
            guid_is_equal(&it->record.set_id, set_id) && leftover_is_companion(it, pending))
            return true;
    }
    return false;
}

/* The set may have got another name meanwhile, in a world without this volume: ret_set_id. */
static bool is_decided(const struct leftovers *l, const struct leftover *pending,
                       VSS_ID *ret_set_id)
{
    *ret_set_id = pending->record.set_id;
    for (int i = 0; i < MOST_NAMES; i++) {
        if (is_decided_as(l, pending, ret_set_id))
            return true;
        *ret_set_id = soft_id_after(ret_set_id);
    }
    return false;
}

static bool is_decider_there(const struct soft_provider *p, const struct soft_decider *decider)
{
    unsigned char id[sizeof(decider->volume)];

    for (size_t i = 0; i < p->world->n_volumes; i++) {
        struct volume *v = p->world->volumes[i];

        if (v->ops->identify && !v->is_fleeting && v->ops->identify(v, NULL, id) == 0 &&
            memcmp(id, decider->volume, sizeof(id)) == 0)
            return true;
    }
    return false;
}

/* What cannot be written now is decided again by the next process. */
void leftover_write(struct soft_provider *p, const struct leftover *it)
{
    struct area_bytes bytes = { 0 };
    struct volume_kept kept = it->kept;

    soft_record_put(&bytes, &it->record);
    kept.bytes = bytes.bytes.items;
    kept.size = bytes.bytes.count;
    int error = kept.is_lost ? 0 : it->volume->ops->keep(it->volume, kept.number, &kept);

    if (error)
        soft_provider_note(p, "a snapshot cannot be kept", it->volume, error);
    array_free(&bytes.bytes);
}

static void keep_for_good(struct soft_provider *p, struct leftover *it, const VSS_ID *set_id)
{
    it->record.is_pending = false;
    it->record.set_id = *set_id;
    leftover_write(p, it);
}

/* Its fate stands on a volume that is not there: nobody is shown it, and it stays. */
static void tell_waiting(struct soft_provider *p, const struct leftover *it)
{
    auto_free char *id = str_printf("{%s}", GUID_TEXT(&it->record.set_id));

    trace_write(p->world->trace,
                &(struct trace_record){ .kind = TRACE_NOTE,
                                        .who = "provider System",
                                        .what = "a snapshot waits for another volume of its set",
                                        .detail = id });
}

/* Before anything is deleted that is a decision. */
static void settle_pending(struct soft_provider *p, struct leftovers *l)
{
    for (size_t i = 0; i < l->all.count; i++) {
        struct leftover *it = &l->all.items[i];
        VSS_ID set_id;

        if (!it->is_readable || !it->record.is_pending)
            continue;
        if (is_decided(l, it, &set_id))
            keep_for_good(p, it, &set_id);
        else if (is_decider_there(p, &it->record.decider))
            it->is_forgotten = true;
        else
            tell_waiting(p, it);
    }
}

/* ---- devices ---- */

/* By one of the volumes that were named before. */
static bool is_taken(const struct leftover *all, size_t n, unsigned device)
{
    for (size_t i = 0; i < n; i++) {
        if (!all[i].kept.is_lost && !all[i].is_forgotten &&
            volume_device_of(all[i].volume, all[i].kept.number) == device)
            return true;
    }
    return false;
}

/* Snapshots begin..end - 1 are the volume's: those whose device is another's already get another,
 * and those that are offline get none. */
static void name_devices(struct soft_provider *p, const struct leftover *all, size_t begin,
                         size_t end, bool are_offline)
{
    ARRAY(struct volume_alias) aliases = { 0 };

    for (size_t i = begin; i < end; i++) {
        const struct volume_kept *kept = &all[i].kept;

        if (are_offline)
            array_add(&aliases, ((struct volume_alias){ kept->number, VOLUME_NO_DEVICE }));
        else if (!kept->is_lost && !all[i].is_forgotten && is_taken(all, begin, kept->number))
            array_add(&aliases, ((struct volume_alias){ kept->number, ++p->last_alias }));
    }
    if (aliases.count) {
        all[begin].volume->aliases = aliases.items;
        all[begin].volume->n_aliases = aliases.count;
        array_add(&p->aliases, aliases.items);
    }
}

void soft_provider_free_aliases(struct soft_provider *p)
{
    for (size_t i = 0; i < p->world->n_volumes; i++) {
        p->world->volumes[i]->aliases = NULL;
        p->world->volumes[i]->n_aliases = 0;
    }
    for (size_t i = 0; i < p->aliases.count; i++)
        free(p->aliases.items[i]);
    array_free(&p->aliases);
}

/* ---- finding ---- */

static void add_found(struct soft_provider *p, const struct leftover *it)
{
    const struct soft_record *record = &it->record;
    struct soft_snapshot *s = mem_new(struct soft_snapshot);

    s->volume = it->volume;
    s->number = it->kept.number;
    s->is_kept = true;
    memcpy(&s->prop.m_SnapshotId, it->kept.id, sizeof(s->prop.m_SnapshotId));
    s->prop.m_SnapshotSetId = record->set_id;
    s->prop.m_lSnapshotsCount = record->n_in_set;
    s->prop.m_pwszSnapshotDeviceObject = soft_device_name(it->volume, it->kept.number);
    s->prop.m_pwszOriginalVolumeName = task_wide_from_utf8(it->volume->guid_name);
    s->prop.m_pwszOriginatingMachine = task_wide_from_utf8(record->originating);
    s->prop.m_pwszServiceMachine = task_wide_from_utf8(record->service);
    s->prop.m_pwszExposedName = task_wide_from_utf8(record->exposed_name);
    s->prop.m_pwszExposedPath = task_wide_from_utf8(record->exposed_path);
    s->prop.m_ProviderId = p->id;
    s->prop.m_lSnapshotAttributes = record->attributes;
    s->prop.m_tsCreationTimestamp = it->kept.created;
    s->prop.m_eStatus = VSS_SS_CREATED;
    soft_provider_lock(p);
    array_add(&p->snapshots, s);
    soft_provider_unlock(p);
}

/* Snapshots begin..end - 1 are the volume's. Answers whether any is there to be shown. */
static bool find_on(struct soft_provider *p, struct volume *v, const struct leftover *all,
                    size_t begin, size_t end)
{
    bool is_any = false, is_any_lost = false;

    for (size_t i = begin; i < end; i++) {
        const struct leftover *it = &all[i];

        is_any_lost = is_any_lost || (it->kept.is_lost && !it->is_forgotten);
        if (it->kept.is_lost || !it->is_readable || it->record.is_pending)
            continue;
        add_found(p, it);
        is_any = true;
    }
    if (is_any_lost)
        tell_lost(p, v);
    for (size_t i = begin; i < end; i++) {
        if (all[i].kept.is_lost || all[i].is_forgotten)
            delete_it(&all[i]);
    }
    return is_any;
}

void soft_provider_find_kept(IVssSoftwareSnapshotProvider *provider)
{
    struct soft_provider *p = soft_provider_of(provider);
    struct leftovers l = { 0 };

    for (size_t i = 0; i < p->world->n_volumes; i++)
        look_at(p->world->volumes[i], &l);
    settle_pending(p, &l);
    leftovers_part_twins(p, &l);
    p->last_alias = volume_work_next_number(p->world->volumes, p->world->n_volumes) - 1;
    for (size_t i = 0, begin = 0, end = 0; i < p->world->n_volumes; i++, begin = end) {
        struct volume *v = p->world->volumes[i];
        bool are_offline = !area_table_find_kept(p, v);

        while (end < l.all.count && l.all.items[end].volume == v)
            end++;
        if (begin == end)
            continue;
        name_devices(p, l.all.items, begin, end, are_offline);
        if (!are_offline && find_on(p, v, l.all.items, begin, end))
            area_table_prepare(p, v);
    }
    leftovers_free(&l);
}
