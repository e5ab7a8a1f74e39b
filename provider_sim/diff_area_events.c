/* SPDX-License-Identifier: MIT */
/* What the stores of volumes hear of their areas' limits, and what they tell: snapshots that had to
 * go, with the entries that Windows' snapshot driver writes into the System log; volumes that went
 * offline for their snapshots' sake; and disks under areas that are full or gone. */
#include "provider_sim/diff_areas.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vsprov.h"
#include "emu/include/vsmgmt.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "provider_sim/soft_provider_state.h"

/* Windows: how a protected volume names the reason of its fault. */
#define STATUS_OF_FULL_DISK  (-0x3FFFFF81) /* STATUS_DISK_FULL */
#define STATUS_OF_BAD_DISK   (-0x3FFFFE7B) /* STATUS_IO_DEVICE_ERROR */
#define STATUS_OF_LOST_PLACE (-0x3FFFFFF2) /* STATUS_NO_SUCH_DEVICE */

/* ---- limits ---- */

/* Under the lock. */
static struct diff_area_limits limits_of(struct soft_provider *p, struct volume *source)
{
    const struct area_entry *entry = area_table_find(p, source);
    bool is_protected = area_table_volume(p, source)->level == VSS_PROTECTION_LEVEL_SNAPSHOT;
    struct diff_area_limits limits = { .maximum = DIFF_AREA_UNBOUNDED,
                                       .protects_snapshots = is_protected };

    if (entry) {
        const struct area_volume *place = area_table_volume(p, entry->place);

        if (entry->maximum != VSS_ASSOC_NO_MAX_SPACE)
            limits.maximum = entry->maximum;
        limits.is_stuck = place->is_full;
        /* What needs one that is only missing is offline, and waits for it. */
        if (place->is_gone && entry->place != source &&
            (!place->is_missing || limits.protects_snapshots))
            limits.maximum = -1;
    }
    return limits;
}

static void tell_limits(struct volume *v, const struct diff_area_limits *limits)
{
    if (v->ops->limit_diff_area)
        v->ops->limit_diff_area(v, limits);
}

void area_table_apply(struct soft_provider *p, struct volume *source)
{
    soft_provider_lock(p);
    struct diff_area_limits limits = limits_of(p, source);
    soft_provider_unlock(p);
    tell_limits(source, &limits);
}

/* ---- what goes, and the log ---- */

static void write_log(struct soft_provider *p, const struct volume *v, const char *number,
                      const char *format)
{
    char letter[] = { v->letter, ':', 0 };
    struct str text = { 0 };

    for (const char *at = format; *at; at++) {
        if (*at == '@')
            str_add(&text, v->letter ? letter : v->guid_name);
        else
            str_add_char(&text, *at);
    }
    trace_write(p->world->trace,
                &(struct trace_record){
                    .kind = TRACE_LOG, .who = "Volsnap", .what = number, .detail = text.text });
    str_free(&text);
}

static void log_event(struct soft_provider *p, const struct volume *v, enum diff_area_event event)
{
    switch (event) {
    case DIFF_AREA_OLDEST_DELETED:
        write_log(p, v, "33",
                  "The oldest snapshot of @ was deleted, so that the snapshots of @ take less room "
                  "than a user's limit allows.");
        break;
    case DIFF_AREA_LIMIT_REACHED:
        write_log(p, v, "36",
                  "The snapshots of @ were aborted because a user's limit kept their storage from "
                  "growing.");
        break;
    case DIFF_AREA_DISK_FULL:
        write_log(p, v, "24", "There is too little room to grow the storage for snapshots of @.");
        write_log(p, v, "35",
                  "The snapshots of @ were aborted because their storage did not grow.");
        break;
    case DIFF_AREA_FAILED:
        write_log(p, v, "14", "The snapshots of @ were aborted because reading or writing failed.");
        break;
    case DIFF_AREA_TOO_SLOW:
        write_log(p, v, "25",
                  "The snapshots of @ were deleted because their storage could not grow in time.");
        break;
    case DIFF_AREA_PLACE_GONE:
        write_log(p, v, "16",
                  "The snapshots of @ were aborted because the volume with their storage was "
                  "dismounted by force.");
        break;
    default:
        break;
    }
}

/* Finished ones; of a set that is being made the volume's commit tells. */
static void forget(struct soft_provider *p, const struct volume *v, unsigned first, unsigned last)
{
    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (s->volume == v && s->number >= first && s->number <= last && s->number &&
            s->prop.m_eStatus == VSS_SS_CREATED)
            s->is_gone = true;
    }
    soft_provider_unlock(p);
}

static void set_fault(struct soft_provider *p, struct volume *v, int fault, int32_t failure)
{
    soft_provider_lock(p);
    struct area_volume *state = area_table_volume(p, v);

    if (state->fault == VSS_PROTECTION_FAULT_NONE) {
        state->fault = fault;
        state->failure = failure;
    }
    soft_provider_unlock(p);
}

static bool is_place_missing(struct soft_provider *p, struct volume *source)
{
    soft_provider_lock(p);
    const struct area_entry *entry = area_table_find(p, source);
    bool is_missing = entry && area_table_volume(p, entry->place)->is_missing;
    soft_provider_unlock(p);
    return is_missing;
}

static void note_offline(struct soft_provider *p, struct volume *v, enum diff_area_event reason)
{
    char letter[] = { v->letter, ':', 0 };

    if (is_place_missing(p, v))
        set_fault(p, v, VSS_PROTECTION_FAULT_DIFF_AREA_MISSING, STATUS_OF_LOST_PLACE);
    else if (reason == DIFF_AREA_FAILED)
        set_fault(p, v, VSS_PROTECTION_FAULT_COW_WRITE_FAILURE, STATUS_OF_BAD_DISK);
    else
        set_fault(p, v, VSS_PROTECTION_FAULT_DIFF_AREA_FULL, STATUS_OF_FULL_DISK);
    trace_write(p->world->trace,
                &(struct trace_record){ .kind = TRACE_NOTE,
                                        .who = "provider System",
                                        .what = "the volume is offline for its snapshots",
                                        .detail = v->letter ? letter : v->guid_name });
}

static void set_giving_up(struct soft_provider *p, struct volume *v, bool is_on)
{
    soft_provider_lock(p);
    area_table_volume(p, v)->is_giving_up = is_on;
    soft_provider_unlock(p);
}

/* Under the lock. */
static bool has_committed(struct soft_provider *p, const struct volume *v)
{
    for (size_t i = 0; i < p->snapshots.count; i++) {
        const struct soft_snapshot *s = p->snapshots.items[i];

        if (s->volume == v && !s->is_gone && s->number)
            return true;
    }
    return false;
}

/* All of a volume's, because of what is none of its store's doing. */
static void give_up_all(struct soft_provider *p, struct volume *v, enum diff_area_event reason)
{
    static const struct diff_area_limits nothing = { .maximum = -1 };

    soft_provider_lock(p);
    bool is_any = has_committed(p, v);
    soft_provider_unlock(p);
    if (!is_any)
        return;
    log_event(p, v, reason);
    set_giving_up(p, v, true);
    tell_limits(v, &nothing);
    set_giving_up(p, v, false);
    forget(p, v, 1, UINT32_MAX);
    area_table_apply(p, v);
}

/* ---- places ---- */

static void place_is_gone(struct soft_provider *p, struct volume *source)
{
    soft_provider_lock(p);
    struct diff_area_limits limits = limits_of(p, source);
    soft_provider_unlock(p);
    if (!limits.protects_snapshots) {
        give_up_all(p, source, DIFF_AREA_PLACE_GONE);
        return;
    }
    set_fault(p, source, VSS_PROTECTION_FAULT_DIFF_AREA_REMOVED, STATUS_OF_LOST_PLACE);
    tell_limits(source, &limits); /* which leave room for nothing */
}

static void place_has_changed(struct soft_provider *p, struct volume *place, bool is_gone)
{
    ARRAY(struct volume *) sources = { 0 };

    soft_provider_lock(p);
    struct area_volume *state = area_table_volume(p, place);

    *(is_gone ? &state->is_gone : &state->is_full) = true;
    for (size_t i = 0; i < p->areas.entries.count; i++) {
        const struct area_entry *entry = &p->areas.entries.items[i];

        if (entry->place == place && !(is_gone && entry->source == place))
            array_add(&sources, entry->source);
    }
    soft_provider_unlock(p);
    for (size_t i = 0; i < sources.count; i++) {
        if (is_gone)
            place_is_gone(p, sources.items[i]);
        else
            area_table_apply(p, sources.items[i]);
    }
    array_free(&sources);
}

/* ---- listening ---- */

static void area_changed(void *owner, struct volume *v, enum diff_area_event event, unsigned number)
{
    struct soft_provider *p = owner;

    switch (event) {
    case DIFF_AREA_WENT_OFFLINE:
        note_offline(p, v, (enum diff_area_event)number);
        return;
    case DIFF_AREA_PLACE_GONE:
    case DIFF_AREA_PLACE_FULL:
        place_has_changed(p, v, event == DIFF_AREA_PLACE_GONE);
        return;
    case DIFF_AREA_TOO_SLOW:
        give_up_all(p, v, event);
        return;
    default:
        break;
    }
    soft_provider_lock(p);
    bool is_told = area_table_volume(p, v)->is_giving_up;
    soft_provider_unlock(p);
    if (!is_told)
        log_event(p, v, event);
    forget(p, v, number, event == DIFF_AREA_OLDEST_DELETED ? number : UINT32_MAX);
}

void area_table_listen(struct soft_provider *p, struct volume *v)
{
    volume_watch_diff_area(v, area_changed, p);
}
