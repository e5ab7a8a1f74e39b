/* SPDX-License-Identifier: MIT */
/* Opening, and the life of snapshots. */
#include "provider_sim/cow/cow_state.h"

#include "emu/base/check.h"

#include <errno.h>
#include <string.h>

int cow_volume_open(struct store *take_store, struct cow_volume **ret_volume)
{
    struct cow_volume *v = mem_new(struct cow_volume);
    struct stat st;
    int error = cow_store_open(take_store, &v->cs);

    if (error) {
        free(v);
        return error;
    }
    v->extents = extent_map_new();
    v->limits.maximum = DIFF_AREA_UNBOUNDED;
    error = v->cs.store->ops->stat(v->cs.store, v->cs.root, &st);
    v->device = st.st_dev;
    if (!error)
        error = cow_node_take(v, v->cs.store->ops->root(v->cs.store), &v->root);
    if (error) {
        cow_volume_free(v);
        return error;
    }
    *ret_volume = v;
    return 0;
}

void cow_volume_free(struct cow_volume *v)
{
    if (!v)
        return;
    while (v->snapshots.count)
        cow_volume_delete_snapshot(v, v->snapshots.items[0]->number);
    array_free(&v->snapshots);
    cow_node_unref(v, v->root);
    check_equal(v->nodes.count, 0);
    hash_free(&v->nodes);
    extent_map_free(v->extents);
    cow_store_close(&v->cs);
    free(v->copy_buffer);
    array_free(&v->news);
    free(v);
}

bool cow_is_hidden(const struct cow_volume *v, const struct cow_node *dir, const char *name)
{
    return dir == v->root && strcmp(name, COW_SYSTEM_FOLDER) == 0;
}

int cow_volume_statfs(struct cow_volume *v, struct statvfs *ret_statvfs)
{
    return v->cs.store->ops->statfs(v->cs.store, ret_statvfs);
}

/* ---- hold ---- */

void cow_volume_hold(struct cow_volume *v)
{
    v->is_held = true;
}

void cow_volume_release(struct cow_volume *v)
{
    v->is_held = false;
}

bool cow_volume_is_held(const struct cow_volume *v)
{
    return v->is_held;
}

/* ---- snapshots ---- */

static size_t index_from(const struct cow_volume *v, unsigned number)
{
    size_t low = 0, high = v->snapshots.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (v->snapshots.items[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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

    return !s ? -ESTALE : s->is_lost ? -ENXIO : 0;
}

unsigned cow_volume_snapshot(const struct cow_volume *v, size_t i, bool *ret_is_lost)
{
    if (i >= v->snapshots.count)
        return 0;
    if (ret_is_lost)
        *ret_is_lost = v->snapshots.items[i]->is_lost;
    return v->snapshots.items[i]->number;
}

unsigned cow_volume_next_number(const struct cow_volume *v)
{
    return v->cs.next_number;
}

uint64_t cow_volume_diff_bytes(const struct cow_volume *v)
{
    return (uint64_t)(v->cs.n_slots - v->cs.free_slots.count) * COW_BLOCK_SIZE;
}

int cow_volume_commit(struct cow_volume *v, unsigned number)
{
    int error = cow_store_use_number(&v->cs, number);

    if (error)
        return error;
    struct cow_snapshot *s = mem_new(struct cow_snapshot);

    s->number = number;
    list_init(&s->records);
    array_add(&v->snapshots, s);
    v->epoch = number;
    return 0;
}

/* The newest snapshot below `number` that is not lost. */
static unsigned older_than(const struct cow_volume *v, unsigned number)
{
    for (size_t i = index_from(v, number); i; i--) {
        if (!v->snapshots.items[i - 1]->is_lost)
            return v->snapshots.items[i - 1]->number;
    }
    return 0;
}

/* Whether the older snapshot sees this record, now that the one it was made for is gone. */
static bool is_wanted_by(const struct cow_record *record, unsigned older)
{
    if (!older || record->node->born >= older)
        return false;
    const struct cow_record *before = cow_history_before(record);

    return !before || before->epoch < older;
}

static void release_slot(void *arg, uint32_t slot)
{
    struct cow_volume *v = arg;

    cow_store_release(&v->cs, slot);
}

static void forget_births(struct cow_volume *v)
{
    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i], *next; link; link = next) {
            struct cow_node *node = container_of(link, struct cow_node, link);

            next = link->next;
            node->born = 0;
            cow_node_settle(v, node);
        }
    }
}

/* The snapshot, which is no longer counted as live, gives up what was preserved for it. */
static void drop_records(struct cow_volume *v, struct cow_snapshot *s)
{
    unsigned older = older_than(v, s->number);
    struct cow_snapshot *heir = older ? cow_snapshot_find(v, older) : NULL;

    v->epoch = older_than(v, UINT32_MAX);
    while (!list_is_empty(&s->records)) {
        struct cow_record *record = container_of(s->records.next, struct cow_record, in_epoch);

        if (heir && is_wanted_by(record, older)) {
            list_remove(&record->in_epoch);
            list_append(&heir->records, &record->in_epoch);
            record->epoch = older;
        } else {
            cow_record_free(v, record);
        }
    }
    extent_map_drop_epoch(v->extents, s->number, older, release_slot, v);
    if (!extent_map_count(v->extents))
        cow_store_empty(&v->cs);
    if (!v->epoch)
        forget_births(v);
}

int cow_volume_delete_snapshot(struct cow_volume *v, unsigned number)
{
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    if (!s)
        return -ENOENT;
    array_remove(&v->snapshots, index_from(v, number));
    drop_records(v, s);
    free(s);
    return 0;
}

void cow_lose_snapshot(struct cow_volume *v, struct cow_snapshot *s)
{
    s->is_lost = true;
    drop_records(v, s);
}

bool cow_lose_snapshots(struct cow_volume *v, unsigned after)
{
    bool is_any = false;

    for (size_t i = index_from(v, after + 1); i < v->snapshots.count; i++) {
        struct cow_snapshot *s = v->snapshots.items[i];

        if (!s->is_lost) {
            cow_lose_snapshot(v, s);
            is_any = true;
        }
    }
    return is_any;
}
