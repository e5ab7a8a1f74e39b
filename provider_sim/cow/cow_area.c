/* SPDX-License-Identifier: MIT */
/* The diff area's limits: what goes when there is no room. Windows takes the oldest snapshots, one
 * after the other (Volsnap 33), and when even the last one needs more than the limit allows, all of
 * them (36); a disk without room costs all of them at once (24, 35). A volume that protects its
 * snapshots goes offline instead (Learn: "VSS_PROTECTION_LEVEL enumeration"). */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <string.h>

static void add_news(struct cow_volume *v, enum diff_area_event event, unsigned number)
{
    array_add(&v->news, ((struct cow_news){ event, number }));
    __atomic_store_n(&v->has_news, true, __ATOMIC_RELEASE);
}

bool cow_volume_has_news(const struct cow_volume *v)
{
    return __atomic_load_n(&v->has_news, __ATOMIC_ACQUIRE);
}

bool cow_volume_take_news(struct cow_volume *v, enum diff_area_event *ret_event,
                          unsigned *ret_number)
{
    if (!v->news.count)
        return false;
    *ret_event = v->news.items[0].event;
    *ret_number = v->news.items[0].number;
    array_remove(&v->news, 0);
    if (!v->news.count)
        __atomic_store_n(&v->has_news, false, __ATOMIC_RELEASE);
    return true;
}

/* ---- use ---- */

static int64_t bytes_of(uint64_t n_blocks)
{
    return (int64_t)(n_blocks * COW_BLOCK_SIZE);
}

void cow_volume_area_use(const struct cow_volume *v, struct diff_area_use *ret_use)
{
    *ret_use = (struct diff_area_use){ .used = (int64_t)cow_volume_diff_bytes(v),
                                       .allocated = bytes_of(cow_store_room(&v->cs)),
                                       .is_offline = v->is_offline };
}

/* ---- giving up ---- */

/* Where the area cannot grow, what is free in it is all that there is. */
static void lose(struct cow_volume *v, enum diff_area_event event, unsigned after)
{
    if (!cow_lose_snapshots(v, after))
        return;
    add_news(v, event, after + 1);
    if (!v->limits.is_stuck)
        cow_journal_trim(v);
}

static void give_up(struct cow_volume *v, enum diff_area_event event, unsigned after)
{
    if (v->limits.protects_snapshots) {
        if (!v->is_offline)
            add_news(v, DIFF_AREA_WENT_OFFLINE, event);
        v->is_offline = true;
        return;
    }
    if (v->reverting) {
        v->refused = event == DIFF_AREA_FAILED ? -EIO : -ENOSPC;
        v->is_offline = true;
        return;
    }
    lose(v, event, after);
}

void cow_area_lost(struct cow_volume *v, unsigned after)
{
    lose(v, DIFF_AREA_FAILED, after);
}

void cow_area_failed(struct cow_volume *v, unsigned after, int error)
{
    bool is_full = error == -ENOSPC || error == -EDQUOT;

    give_up(v, is_full ? DIFF_AREA_DISK_FULL : DIFF_AREA_FAILED, after);
}

static struct cow_snapshot *oldest(const struct cow_volume *v)
{
    for (size_t i = 0; i < v->snapshots.count; i++) {
        if (!v->snapshots.items[i]->is_lost)
            return v->snapshots.items[i];
    }
    return NULL;
}

/* Without one there are none. */
static void give_up_oldest(struct cow_volume *v)
{
    struct cow_snapshot *s = oldest(v);

    if (!s || s->number == v->epoch) {
        give_up(v, DIFF_AREA_LIMIT_REACHED, 0);
        return;
    }
    cow_lose_snapshot(v, s);
    add_news(v, DIFF_AREA_OLDEST_DELETED, s->number);
}

static bool has_room(const struct cow_volume *v, size_t n_blocks)
{
    return (int64_t)cow_volume_diff_bytes(v) + bytes_of(n_blocks) <= v->limits.maximum;
}

bool cow_area_has_room(const struct cow_volume *v, size_t n_blocks)
{
    return v->epoch && !v->is_offline && !v->limits.is_stuck && has_room(v, n_blocks);
}

/* Not while the volume is protected, nor what a revert is reading. */
static bool may_give_up_oldest(const struct cow_volume *v)
{
    const struct cow_snapshot *s = oldest(v);

    return !v->limits.protects_snapshots && (!v->reverting || (s && s->number < v->reverting));
}

bool cow_area_make_room(struct cow_volume *v, size_t n_blocks)
{
    if (v->deletion && (v->limits.is_stuck || !has_room(v, n_blocks)))
        cow_deletion_finish(v);
    if (v->limits.is_stuck && n_blocks > v->cs.free_slots.count)
        give_up(v, DIFF_AREA_DISK_FULL, 0);
    while (v->epoch && !v->is_offline && !has_room(v, n_blocks)) {
        if (may_give_up_oldest(v))
            give_up_oldest(v);
        else
            give_up(v, DIFF_AREA_LIMIT_REACHED, 0);
    }
    return v->epoch && !v->is_offline;
}

/* ---- orders ---- */

void cow_volume_limit_area(struct cow_volume *v, const struct diff_area_limits *limits)
{
    v->limits = *limits;
    cow_deletion_finish(v);
    if (v->epoch && limits->protects_snapshots && limits->maximum < 0)
        give_up(v, DIFF_AREA_LIMIT_REACHED, 0); /* the area itself is gone */
    while (v->epoch && may_give_up_oldest(v) && !has_room(v, 0))
        give_up_oldest(v);
    if (!v->limits.is_stuck)
        cow_journal_trim(v);
}

bool cow_volume_is_offline(const struct cow_volume *v)
{
    return v->is_offline;
}

void cow_volume_put_online(struct cow_volume *v)
{
    v->is_offline = false;
}
