/* SPDX-License-Identifier: MIT */
/* Opening, closing, holding. */
#include "provider_sim/cow/cow_journal.h"

#include "emu/base/check.h"

#include <errno.h>
#include <string.h>

static int open_by(struct store *take_store, bool is_reading, struct cow_volume **ret_volume)
{
    struct cow_volume *v = mem_new(struct cow_volume);
    struct stat st;
    int error = is_reading ? cow_store_open_to_read(take_store, &v->cs)
                           : cow_store_open(take_store, &v->cs);

    v->is_reading = v->is_closing = is_reading;
    if (error) {
        free(v);
        return error;
    }
    v->extents = extent_map_new(&v->epochs);
    v->limits.maximum = DIFF_AREA_UNBOUNDED;
    error = v->cs.store->ops->stat(v->cs.store, v->cs.root, &st);
    v->device = st.st_dev;
    if (!error)
        error = cow_node_take(v, v->cs.store->ops->root(v->cs.store), &v->root);
    if (!error)
        error = cow_recover(v);
    if (error) {
        v->is_closing = true; /* what is on disk stays as it was */
        cow_volume_free(v);
        return error;
    }
    *ret_volume = v;
    return 0;
}

int cow_volume_open(struct store *take_store, struct cow_volume **ret_volume)
{
    return open_by(take_store, false, ret_volume);
}

int cow_volume_open_to_read(struct store *take_store, struct cow_volume **ret_volume)
{
    return open_by(take_store, true, ret_volume);
}

void cow_volume_rest(struct cow_volume *v)
{
    if (v->is_at_rest)
        return;
    v->rested_at = v->cs.store->ops->now(v->cs.store);
    v->is_at_rest = true;
}

/* What is done from here on takes its time; somebody else's changes meanwhile are not ours. */
static struct timespec end_of_ours(struct cow_volume *v)
{
    struct timespec settled = v->cs.store->ops->settle(v->cs.store);

    return v->is_at_rest ? v->rested_at : settled;
}

void cow_volume_leave(struct cow_volume *v, bool is_told)
{
    cow_deletion_finish(v);
    if (v->is_closing)
        return;
    for (size_t i = v->snapshots.count; i; i--) {
        const struct cow_snapshot *snapshot = v->snapshots.items[i - 1];

        if (!snapshot->info.is_persistent || (is_told && snapshot->is_lost))
            cow_volume_delete_snapshot(v, v->snapshots.items[i - 1]->number);
    }
    if (!cow_journal_is_on(v))
        return;
    struct timespec settled = end_of_ours(v);

    if (v->cs.catalogue.header.state != AREA_WHOLE || v->log.pending.bytes.count)
        cow_journal_settle(v, &settled);
}

void cow_volume_free(struct cow_volume *v)
{
    if (!v)
        return;
    cow_volume_leave(v, false);
    bool is_kept = v->is_closing || v->log.file || v->snapshots.count;

    v->is_closing = true;
    while (v->snapshots.count)
        cow_snapshot_remove(v, v->snapshots.items[0]);
    array_free(&v->snapshots);
    cow_nodes_settle(v);
    cow_node_unref(v, v->root);
    check_equal(v->nodes.count, 0);
    hash_free(&v->nodes);
    extent_map_free(v->extents);
    epoch_sets_free(&v->epochs);
    area_log_close(&v->log);
    cow_store_close(&v->cs, is_kept);
    free(v->copy_buffer);
    array_free(&v->news);
    free(v);
}

bool cow_is_hidden(const struct cow_volume *v, const struct cow_node *dir, const char *name)
{
    return dir == v->root && strcmp(name, COW_SYSTEM_FOLDER) == 0;
}

const char *cow_volume_image(const struct cow_volume *v)
{
    return v->cs.store->image;
}

int cow_volume_statfs(struct cow_volume *v, struct statvfs *ret_statvfs)
{
    return v->cs.store->ops->statfs(v->cs.store, ret_statvfs);
}

/* ---- progress ---- */

void cow_volume_watch_progress(struct cow_volume *v, cow_progress_listener *fn, void *arg)
{
    v->progress = (struct cow_progress){ .fn = fn, .arg = arg };
}

void cow_progress_begin(struct cow_volume *v, uint64_t total)
{
    v->progress.done = 0;
    v->progress.total = total;
}

void cow_progress_end(struct cow_volume *v)
{
    struct cow_progress *p = &v->progress;

    if (p->fn && p->total)
        p->fn(p->arg, p->total, p->total);
    p->done = p->total = 0;
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
