/* SPDX-License-Identifier: MIT */
/* Snapshots that outlive the process: written down when their set is finished and when something
 * about them changes, found again when the provider comes. What an earlier process has left and can
 * no longer be read is told to the log and deleted; nobody is shown it. */
#include "provider_sim/soft_provider_state.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "provider_sim/soft_record.h"
#include "provider_sim/volume_work.h"

#include <string.h>

/* ---- writing ---- */

static bool is_to_be_kept(const struct soft_provider *p, const struct soft_snapshot *s)
{
    return (s->prop.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_PERSISTENT) && s->volume->ops->keep &&
           !s->volume->is_fleeting && !p->is_passing;
}

/* Under the lock: what is written of it, and where. */
static void take_record(const struct soft_snapshot *s, struct area_bytes *bytes,
                        struct volume_kept *ret_kept)
{
    const VSS_SNAPSHOT_PROP *prop = &s->prop;
    struct soft_record record = { .set_id = prop->m_SnapshotSetId,
                                  .attributes = prop->m_lSnapshotAttributes,
                                  .n_in_set = prop->m_lSnapshotsCount,
                                  .originating = utf8_from_wide(prop->m_pwszOriginatingMachine),
                                  .service = utf8_from_wide(prop->m_pwszServiceMachine),
                                  .exposed_name = utf8_from_wide(prop->m_pwszExposedName),
                                  .exposed_path = utf8_from_wide(prop->m_pwszExposedPath) };

    soft_record_put(bytes, &record);
    soft_record_free(&record);
    *ret_kept = (struct volume_kept){ .number = s->number,
                                      .created = prop->m_tsCreationTimestamp,
                                      .bytes = bytes->bytes.items,
                                      .size = bytes->bytes.count };
    memcpy(ret_kept->id, &prop->m_SnapshotId, sizeof(ret_kept->id));
}

static int keep(struct soft_provider *p, struct soft_snapshot *s)
{
    struct area_bytes bytes = { 0 };
    struct volume_kept kept;

    soft_provider_lock(p);
    take_record(s, &bytes, &kept);
    soft_provider_unlock(p);
    int error = s->volume->ops->keep(s->volume, kept.number, &kept);

    array_free(&bytes.bytes);
    s->is_kept = s->is_kept || !error;
    return error;
}

HRESULT soft_set_keep(struct soft_provider *p, const VSS_ID *set_id)
{
    ARRAY(struct soft_snapshot *) of_set = { 0 };
    int error = 0;

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (soft_snapshot_is_of(s, set_id, VSS_OBJECT_SNAPSHOT_SET) && is_to_be_kept(p, s))
            array_add(&of_set, s);
    }
    soft_provider_unlock(p);
    for (size_t i = 0; i < of_set.count && !error; i++) {
        error = keep(p, of_set.items[i]);
        if (error)
            soft_provider_note(p, "a snapshot cannot be kept", of_set.items[i]->volume, error);
    }
    array_free(&of_set);
    return soft_hresult(error);
}

HRESULT soft_snapshot_keep_again(struct soft_provider *p, struct soft_snapshot *s)
{
    return s->is_kept ? soft_hresult(keep(p, s)) : S_OK;
}

/* ---- finding ---- */

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

static void add_found(struct soft_provider *p, struct volume *v, const struct volume_kept *kept,
                      const struct soft_record *record)
{
    struct soft_snapshot *s = mem_new(struct soft_snapshot);

    s->volume = v;
    s->number = kept->number;
    s->is_kept = true;
    memcpy(&s->prop.m_SnapshotId, kept->id, sizeof(s->prop.m_SnapshotId));
    s->prop.m_SnapshotSetId = record->set_id;
    s->prop.m_lSnapshotsCount = record->n_in_set;
    s->prop.m_pwszSnapshotDeviceObject = soft_device_name(v, kept->number);
    s->prop.m_pwszOriginalVolumeName = task_wide_from_utf8(v->guid_name);
    s->prop.m_pwszOriginatingMachine = task_wide_from_utf8(record->originating);
    s->prop.m_pwszServiceMachine = task_wide_from_utf8(record->service);
    s->prop.m_pwszExposedName = task_wide_from_utf8(record->exposed_name);
    s->prop.m_pwszExposedPath = task_wide_from_utf8(record->exposed_path);
    s->prop.m_ProviderId = p->id;
    s->prop.m_lSnapshotAttributes = record->attributes;
    s->prop.m_tsCreationTimestamp = kept->created;
    s->prop.m_eStatus = VSS_SS_CREATED;
    soft_provider_lock(p);
    array_add(&p->snapshots, s);
    soft_provider_unlock(p);
}

/* What a later version of vssemu has written of it stays for that. Answers whether any is there. */
static bool find_on(struct soft_provider *p, struct volume *v)
{
    ARRAY(unsigned) lost = { 0 };
    struct volume_kept kept;
    bool is_any = false;

    for (size_t i = 0; v->ops->kept(v, i, &kept); i++) {
        struct soft_record record;

        if (kept.is_lost) {
            array_add(&lost, kept.number);
        } else if (soft_record_get(kept.bytes, kept.size, kept.id, &record)) {
            add_found(p, v, &kept, &record);
            soft_record_free(&record);
            is_any = true;
        }
    }
    if (lost.count)
        tell_lost(p, v);
    for (size_t i = 0; i < lost.count; i++) {
        struct volume_done *done = mem_new(struct volume_done);

        done->fn = nobody_waits;
        v->ops->delete_snapshot(v, lost.items[i], done);
    }
    array_free(&lost);
    return is_any;
}

/* ---- devices ---- */

/* Under no lock: the provider is being made. */
static bool is_taken(const struct soft_provider *p, unsigned device)
{
    for (size_t i = 0; i < p->snapshots.count; i++) {
        const struct soft_snapshot *s = p->snapshots.items[i];

        if (volume_device_of(s->volume, s->number) == device)
            return true;
    }
    return false;
}

/* Before the volume's snapshots are found: those whose device another volume's have get another,
 * and those that are offline get none. */
static void name_devices(struct soft_provider *p, struct volume *v, bool are_offline)
{
    ARRAY(struct volume_alias) aliases = { 0 };
    struct volume_kept kept;

    for (size_t i = 0; v->ops->kept(v, i, &kept); i++) {
        if (are_offline)
            array_add(&aliases, ((struct volume_alias){ kept.number, VOLUME_NO_DEVICE }));
        else if (!kept.is_lost && is_taken(p, kept.number))
            array_add(&aliases, ((struct volume_alias){ kept.number, ++p->last_alias }));
    }
    if (aliases.count) {
        v->aliases = aliases.items;
        v->n_aliases = aliases.count;
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

void soft_provider_find_kept(IVssSoftwareSnapshotProvider *provider)
{
    struct soft_provider *p = soft_provider_of(provider);

    p->last_alias = volume_work_next_number(p->world->volumes, p->world->n_volumes) - 1;
    for (size_t i = 0; i < p->world->n_volumes; i++) {
        struct volume *v = p->world->volumes[i];

        bool are_offline = !area_table_find_kept(p, v);
        if (!v->ops->kept || v->is_fleeting)
            continue;
        name_devices(p, v, are_offline);
        if (!are_offline && find_on(p, v))
            area_table_prepare(p, v);
    }
}
