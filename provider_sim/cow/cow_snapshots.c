/* SPDX-License-Identifier: MIT */
/* The life of snapshots: how they come to be, go, and are lost. */
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/first_from.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static size_t index_from(const struct cow_volume *v, unsigned number)
{
    return FIRST_FROM(v->snapshots.count, number, i, v->snapshots.items[i]->number);
}

struct cow_snapshot *cow_snapshot_find(const struct cow_volume *v, unsigned number)
{
    size_t i = index_from(v, number);

    if (i == v->snapshots.count || v->snapshots.items[i]->number != number)
        return NULL;
    return v->snapshots.items[i];
}

int cow_view_check(const struct cow_volume *v, unsigned view)
{
    if (view == VOLUME_ORIGIN)
        return v->is_offline ? -ENXIO : 0;
    struct cow_snapshot *s = cow_snapshot_find(v, view);

    return !s || view == v->going ? -ESTALE : s->is_lost ? -ENXIO : 0;
}

unsigned cow_volume_snapshot(const struct cow_volume *v, size_t i, bool *ret_is_lost)
{
    if (v->deletion && i >= index_from(v, v->going))
        i++;
    if (i >= v->snapshots.count)
        return 0;
    if (ret_is_lost)
        *ret_is_lost = v->snapshots.items[i]->is_lost;
    return v->snapshots.items[i]->number;
}

unsigned cow_volume_snapshot_after(const struct cow_volume *v, unsigned number, bool *ret_is_lost)
{
    size_t i = number == UINT_MAX ? v->snapshots.count : index_from(v, number + 1);

    if (v->deletion && i < v->snapshots.count && v->snapshots.items[i]->number == v->going)
        i++;
    if (i >= v->snapshots.count)
        return 0;
    if (ret_is_lost)
        *ret_is_lost = v->snapshots.items[i]->is_lost;
    return v->snapshots.items[i]->number;
}

unsigned cow_volume_next_number(const struct cow_volume *v)
{
    return v->cs.catalogue.header.next_number;
}

uint64_t cow_volume_diff_bytes(const struct cow_volume *v)
{
    return (uint64_t)cow_store_used(&v->cs) * COW_BLOCK_SIZE;
}

const struct cow_snapshot_info *cow_volume_snapshot_info(const struct cow_volume *v,
                                                         unsigned number)
{
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    return s ? &s->info : NULL;
}

/* ---- coming to be ---- */

struct cow_snapshot *cow_snapshot_add(struct cow_volume *v, unsigned number,
                                      const struct cow_snapshot_info *info)
{
    struct cow_snapshot *s = mem_new(struct cow_snapshot);

    s->number = number;
    if (info) {
        s->info = *info;
        s->info.properties =
            info->properties_size ? mem_copy(info->properties, info->properties_size) : NULL;
    }
    s->set = EPOCH_SET_NONE;
    array_add(&v->snapshots, s);
    v->epoch = number;
    return s;
}

static unsigned newest_alive(const struct cow_volume *v);

static void take_back(struct cow_volume *v, struct cow_snapshot *s)
{
    v->snapshots.count--;
    free((void *)s->info.properties);
    free(s);
    v->epoch = newest_alive(v);
}

/* Its record may be in the log although the catalogue could not be written: then the log takes it
 * back, and the number stays used. */
static int commit_persistent(struct cow_volume *v, struct cow_snapshot *s)
{
    bool had_log = v->log.file;

    if (!had_log)
        cow_deletion_finish(v); /* a new log knows nothing of it */
    int error = cow_journal_flush(v);

    if (!error)
        error = cow_journal_begin(v);
    if (!error) /* the record must not be there without what it stands for */
        error = v->cs.store->ops->sync(v->cs.store, NULL);
    if (error) {
        if (!had_log && v->log.file)
            cow_journal_end(v);
        return error;
    }
    cow_journal_snapshot(v, s);
    v->cs.catalogue.header.next_number = s->number + 1;
    error = cow_journal_settle(v, NULL);
    if (!error)
        return 0;
    if (!had_log)
        cow_journal_end(v);
    else if (v->log.pending.bytes.count)
        area_log_forget(&v->log);
    else
        cow_journal_gone(v, s, AREA_DELETED);
    return error;
}

int cow_volume_commit_as(struct cow_volume *v, unsigned number,
                         const struct cow_snapshot_info *info)
{
    int error = 0;

    if (number < v->cs.catalogue.header.next_number)
        return -EINVAL;
    if (info && info->properties_size > COW_PROPERTIES_MAX)
        return -E2BIG;
    if (v->snapshots.count >= COW_SNAPSHOTS_MAX)
        return -EMLINK;
    if (!info || !info->is_persistent)
        error = cow_store_use_number(&v->cs, number);
    if (error)
        return error;
    cow_journal_before_commit(v);
    struct cow_snapshot *s = cow_snapshot_add(v, number, info);

    if (!s->info.is_persistent) {
        cow_journal_snapshot(v, s);
        return 0;
    }
    error = commit_persistent(v, s);
    if (error)
        take_back(v, s);
    return error;
}

int cow_volume_commit(struct cow_volume *v, unsigned number)
{
    return cow_volume_commit_as(v, number, NULL);
}

/* ---- going ---- */

unsigned cow_snapshot_older(const struct cow_volume *v, unsigned number)
{
    for (size_t i = index_from(v, number); i; i--) {
        if (!v->snapshots.items[i - 1]->is_lost)
            return v->snapshots.items[i - 1]->number;
    }
    return 0;
}

static unsigned newest_alive(const struct cow_volume *v)
{
    return cow_snapshot_older(v, UINT32_MAX);
}

static void forget_births(struct cow_volume *v)
{
    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i]; link; link = link->next)
            container_of(link, struct cow_node, link)->born = 0;
    }
    cow_nodes_settle(v);
}

struct cow_snapshot *cow_snapshot_resign(struct cow_volume *v, struct cow_snapshot *s)
{
    s->is_lost = true;
    unsigned older = cow_snapshot_older(v, s->number);

    v->epoch = newest_alive(v);
    return older ? cow_snapshot_find(v, older) : NULL;
}

void cow_snapshot_dropped(struct cow_volume *v)
{
    if (!v->epoch)
        forget_births(v);
}

/* The snapshot gives up what was preserved for it. */
static void drop_records(struct cow_volume *v, struct cow_snapshot *s)
{
    cow_epoch_drop(v, s, cow_snapshot_resign(v, s));
    if (!extent_map_count(v->extents) && !v->is_replaying && !v->is_closing)
        cow_store_empty(&v->cs);
    cow_snapshot_dropped(v);
}

void cow_snapshot_remove(struct cow_volume *v, struct cow_snapshot *s)
{
    if (!s->is_lost)
        drop_records(v, s);
    array_remove(&v->snapshots, index_from(v, s->number));
    free((void *)s->info.properties);
    free(s);
}

/* ---- being lost ---- */

void cow_snapshot_lose(struct cow_volume *v, struct cow_snapshot *s)
{
    drop_records(v, s);
}

static bool lose_range(struct cow_volume *v, size_t begin, size_t end)
{
    bool is_any = false;

    for (size_t i = begin; i < end; i++) {
        struct cow_snapshot *s = v->snapshots.items[i];

        if (s->is_lost)
            continue;
        cow_journal_gone(v, s, AREA_LOST);
        cow_snapshot_lose(v, s);
        is_any = true;
    }
    if (cow_journal_flush(v) < 0)
        cow_journal_fail(v);
    return is_any;
}

bool cow_lose_snapshots(struct cow_volume *v, unsigned after)
{
    cow_deletion_finish(v);
    return v->snapshots.count && lose_range(v, index_from(v, after + 1), v->snapshots.count);
}

void cow_lose_snapshot(struct cow_volume *v, struct cow_snapshot *s)
{
    cow_deletion_finish(v);
    size_t i = index_from(v, s->number);

    lose_range(v, i, i + 1);
}
