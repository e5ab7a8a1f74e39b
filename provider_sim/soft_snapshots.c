/* SPDX-License-Identifier: MIT */
/* One record for each snapshot that was begun. A phase moves all records of its set from one state
 * to the next; only commit, abort and delete touch volumes. Methods of the provider may run on
 * different threads: a spin lock guards the records. */
#include "provider_sim/soft_provider_state.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "provider_sim/volume_work.h"

#include <errno.h>
#include <string.h>

/* ---- records ---- */

void soft_provider_lock(struct soft_provider *p)
{
    while (atomic_flag_test_and_set_explicit(&p->lock, memory_order_acquire))
        ;
}

void soft_provider_unlock(struct soft_provider *p)
{
    atomic_flag_clear_explicit(&p->lock, memory_order_release);
}

void soft_snapshot_free(struct soft_snapshot *s)
{
    snapshot_prop_clear(&s->prop);
    free(s);
}

bool soft_snapshot_is_of(const struct soft_snapshot *s, const VSS_ID *id, VSS_OBJECT_TYPE type)
{
    return !s->is_gone && guid_is_equal(type == VSS_OBJECT_SNAPSHOT_SET ? &s->prop.m_SnapshotSetId
                                                                        : &s->prop.m_SnapshotId,
                                        id);
}

struct soft_snapshot *soft_snapshot_find(struct soft_provider *p, const VSS_ID *id,
                                         VSS_OBJECT_TYPE type)
{
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (soft_snapshot_is_of(p->snapshots.items[i], id, type))
            return p->snapshots.items[i];
    }
    return NULL;
}

static void forget(struct soft_provider *p, struct soft_snapshot *s)
{
    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (p->snapshots.items[i] == s) {
            array_remove(&p->snapshots, i);
            break;
        }
    }
    soft_provider_unlock(p);
    soft_snapshot_free(s);
}

void soft_provider_note(struct soft_provider *p, const char *what, struct volume *v, int error)
{
    auto_free char *detail = str_printf("%c: %s", v->letter ? v->letter : '-', strerror(-error));

    trace_write(p->world->trace,
                &(struct trace_record){
                    .kind = TRACE_NOTE, .who = "provider System", .what = what, .detail = detail });
}

static bool is_full(int error)
{
    return error == -ENOSPC || error == -EDQUOT;
}

/* Windows: what the snapshot driver puts into the log when its storage has no room (24) or the disk
 * fails (14); level and log of the numbers are in emu/proto/event_ids.c. */
static void log_failed_commit(struct soft_provider *p, struct volume *v, int error)
{
    char letter[] = { v->letter, ':', 0 };
    const char *name = v->letter ? letter : v->guid_name;
    auto_free char *text =
        is_full(error)
            ? str_printf("There is too little room to grow the storage for snapshots of %s.", name)
            : str_printf("The snapshots of %s were aborted because reading or writing failed: %s.",
                         name, strerror(-error));

    trace_write(p->world->trace, &(struct trace_record){ .kind = TRACE_LOG,
                                                         .who = "Volsnap",
                                                         .what = is_full(error) ? "24" : "14",
                                                         .detail = text });
}

HRESULT soft_hresult(int error)
{
    if (!error)
        return S_OK;
    if (error == -ENODEV)
        return VSS_E_OBJECT_NOT_FOUND;
    return is_full(error) ? VSS_E_INSUFFICIENT_STORAGE : VSS_E_PROVIDER_VETO;
}

/* ---- a set ---- */

static const struct soft_phase commit = { VSS_SS_PRECOMMITTED, VSS_SS_PROCESSING_COMMIT };
static const struct soft_phase committed = { VSS_SS_PROCESSING_COMMIT, VSS_SS_COMMITTED };

HRESULT soft_set_enter(struct soft_provider *p, const VSS_ID *set_id,
                       const struct soft_phase *phase)
{
    HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        if (soft_snapshot_is_of(p->snapshots.items[i], set_id, VSS_OBJECT_SNAPSHOT_SET) &&
            hr != VSS_E_BAD_STATE)
            hr = p->snapshots.items[i]->prop.m_eStatus == phase->from ? S_OK : VSS_E_BAD_STATE;
    }
    for (size_t i = 0; i < p->snapshots.count && SUCCEEDED(hr); i++) {
        if (soft_snapshot_is_of(p->snapshots.items[i], set_id, VSS_OBJECT_SNAPSHOT_SET))
            p->snapshots.items[i]->prop.m_eStatus = phase->to;
    }
    soft_provider_unlock(p);
    return hr;
}

struct set_work {
    struct volume_work work;
    ARRAY(struct volume_work_item) items;
    ARRAY(struct soft_snapshot *) snapshots;
};

/* The set's snapshots: those that are made already, or those that are not. */
static void collect(struct soft_provider *p, const VSS_ID *set_id, bool made, struct set_work *ret)
{
    *ret = (struct set_work){ .work = { .sched = p->world->sched, .is_inside = p->is_inside } };
    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (soft_snapshot_is_of(s, set_id, VSS_OBJECT_SNAPSHOT_SET) && (s->number != 0) == made) {
            array_add(&ret->items,
                      ((struct volume_work_item){ .volume = s->volume, .number = s->number }));
            array_add(&ret->snapshots, s);
        }
    }
    soft_provider_unlock(p);
}

static void set_work_free(struct set_work *w)
{
    array_free(&w->items);
    array_free(&w->snapshots);
}

HRESULT soft_set_prepare_areas(struct soft_provider *p, const VSS_ID *set_id)
{
    HRESULT hr = S_OK;
    struct set_work w;

    collect(p, set_id, false, &w);
    if (!p->is_inside)
        sched_enter(p->world->sched);
    for (size_t i = 0; i < w.items.count && SUCCEEDED(hr); i++)
        hr = area_table_prepare(p, w.items.items[i].volume);
    if (!p->is_inside)
        sched_leave(p->world->sched);
    set_work_free(&w);
    return hr;
}

VSS_PWSZ soft_device_name(const struct volume *v, unsigned number)
{
    auto_free char *device = str_printf("\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy%u",
                                        volume_device_of(v, number));

    return task_wide_from_utf8(device);
}

static void mark_committed(struct soft_provider *p, struct soft_snapshot *s, unsigned number,
                           LONG n_snapshots, VSS_TIMESTAMP now)
{
    soft_provider_lock(p);
    s->number = number;
    s->prop.m_lSnapshotsCount = n_snapshots;
    s->prop.m_tsCreationTimestamp = now;
    s->prop.m_pwszSnapshotDeviceObject = soft_device_name(s->volume, number);
    soft_provider_unlock(p);
}

/* Numbers are drawn from all volumes of the world, so that a device name means one snapshot. */
HRESULT soft_set_commit(struct soft_provider *p, const VSS_ID *set_id)
{
    struct set_work w;
    HRESULT hr = soft_set_enter(p, set_id, &commit);

    if (FAILED(hr))
        return hr;
    collect(p, set_id, false, &w);
    if (!p->is_inside)
        sched_enter(p->world->sched);
    unsigned number = volume_work_next_number(p->world->volumes, p->world->n_volumes);
    number = number > p->last_alias ? number : p->last_alias + 1;
    if (!p->is_inside)
        sched_leave(p->world->sched);
    for (size_t i = 0; i < w.items.count; i++)
        w.items.items[i].number = number++;
    hr = soft_hresult(volume_work_do(&w.work, VOLUME_WORK_COMMIT, w.items.items, w.items.count));
    for (size_t i = 0; i < w.items.count; i++) {
        struct volume_work_item *item = &w.items.items[i];

        if (item->error)
            log_failed_commit(p, item->volume, item->error);
        else
            mark_committed(p, w.snapshots.items[i], item->number, (LONG)w.items.count,
                           clock_filetime(p->world->clock));
    }
    set_work_free(&w);
    return FAILED(hr) ? hr : soft_set_enter(p, set_id, &committed);
}

/* Those that are to be recovered by themselves, at PreFinalCommitSnapshots; all are sealed at
 * PostFinalCommitSnapshots. */
static HRESULT work_on_made(struct soft_provider *p, const VSS_ID *set_id,
                            enum volume_work_kind kind, LONG wanted)
{
    struct set_work w;
    size_t n = 0;

    collect(p, set_id, true, &w);
    for (size_t i = 0; i < w.items.count; i++) {
        if ((w.snapshots.items[i]->prop.m_lSnapshotAttributes & wanted) == wanted)
            w.items.items[n++] = w.items.items[i];
    }
    int error = volume_work_do(&w.work, kind, w.items.items, n);

    set_work_free(&w);
    return soft_hresult(error);
}

HRESULT soft_set_open(struct soft_provider *p, const VSS_ID *set_id)
{
    return work_on_made(p, set_id, VOLUME_WORK_OPEN, VSS_VOLSNAP_ATTR_AUTORECOVER);
}

/* What has been lost since has been told to whoever watches the diff area. */
HRESULT soft_set_seal(struct soft_provider *p, const VSS_ID *set_id)
{
    return work_on_made(p, set_id, VOLUME_WORK_SEAL, 0);
}

/* The one that decides goes first. If it cannot, the next process may find it kept: then it must
 * find the others, too, and else it forgets them. */
static void delete_made(struct set_work *w)
{
    struct volume_work_item *items = w->items.items;
    size_t n = w->items.count;

    for (size_t i = 0; i < n; i++) {
        if (!w->snapshots.items[i]->is_decider)
            continue;
        if (volume_work_do(&w->work, VOLUME_WORK_DELETE, &items[i], 1))
            return;
        volume_work_do(&w->work, VOLUME_WORK_DELETE, items, i);
        volume_work_do(&w->work, VOLUME_WORK_DELETE, items + i + 1, n - i - 1);
        return;
    }
    volume_work_do(&w->work, VOLUME_WORK_DELETE, items, n);
}

void soft_set_abort(struct soft_provider *p, const VSS_ID *set_id)
{
    struct set_work made, rest;

    collect(p, set_id, true, &made);
    collect(p, set_id, false, &rest);
    delete_made(&made);
    for (size_t i = 0; i < made.items.count; i++) {
        if (made.items.items[i].error)
            soft_provider_note(p, "AbortSnapshots", made.items.items[i].volume,
                               made.items.items[i].error);
        forget(p, made.snapshots.items[i]);
    }
    for (size_t i = 0; i < rest.snapshots.count; i++)
        forget(p, rest.snapshots.items[i]);
    set_work_free(&made);
    set_work_free(&rest);
}

HRESULT soft_snapshot_delete(struct soft_provider *p, struct soft_snapshot *s)
{
    struct volume_work work = { .sched = p->world->sched, .is_inside = p->is_inside };
    struct volume_work_item item = { .volume = s->volume, .number = s->number };
    int error = s->number ? volume_work_do(&work, VOLUME_WORK_DELETE, &item, 1) : 0;

    if (error == -ENOENT)
        error = 0; /* gone already: that is what was wanted */
    if (error)
        soft_provider_note(p, "DeleteSnapshots", s->volume, error);
    else
        forget(p, s);
    return soft_hresult(error);
}

/* ---- room ---- */

#define MAX_CLIENT_ACCESSIBLE 64 /* Learn: "Usage Conventions" */

static struct soft_snapshot *oldest_too_many(struct soft_provider *p, const struct volume *v)
{
    struct soft_snapshot *oldest = NULL;
    size_t n = 0;

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (s->volume != v || s->is_gone || s->prop.m_eStatus != VSS_SS_CREATED ||
            !(s->prop.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_CLIENT_ACCESSIBLE))
            continue;
        oldest = oldest ? oldest : s;
        n++;
    }
    soft_provider_unlock(p);
    return n > MAX_CLIENT_ACCESSIBLE ? oldest : NULL;
}

void soft_set_make_room(struct soft_provider *p, const VSS_ID *set_id)
{
    struct set_work w;

    collect(p, set_id, true, &w);
    for (size_t i = 0; i < w.snapshots.count; i++) {
        struct soft_snapshot *oldest;

        while ((oldest = oldest_too_many(p, w.items.items[i].volume))) {
            if (FAILED(soft_snapshot_delete(p, oldest)))
                break;
        }
    }
    set_work_free(&w);
}
