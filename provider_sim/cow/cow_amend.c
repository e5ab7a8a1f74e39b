/* SPDX-License-Identifier: MIT */
/* A record of epoch E holds what every snapshot up to E sees, down to the record before it. So an
 * amendment of snapshot S is a record of epoch S exactly; but first the next older snapshot gets a
 * record of its own, with what both have seen until now, unless it has one. */
#include "provider_sim/cow/cow_amend.h"

#include "emu/base/check.h"

#include <errno.h>
#include <string.h>

int cow_amend_begin(struct cow_volume *v, unsigned view, struct cow_snapshot **ret_snapshot)
{
    int error = cow_view_check(v, view);

    if (error)
        return error;
    if (view != VOLUME_ORIGIN)
        cow_deletion_finish(v); /* it may be the heir of the one that goes */
    *ret_snapshot = view == VOLUME_ORIGIN ? NULL : cow_snapshot_find(v, view);
    return *ret_snapshot && (*ret_snapshot)->is_open ? 0 : -EROFS;
}

int cow_amend_end(struct cow_volume *v)
{
    int error = cow_journal_flush(v);

    if (error)
        cow_area_failed(v, 0, error);
    return error;
}

/* The next older snapshot if it sees the node and shares what S sees of it; else 0. */
static unsigned sharer(const struct cow_volume *v, const struct cow_snapshot *s,
                       const struct cow_node *node, const struct cow_history *h)
{
    unsigned older = cow_snapshot_older(v, s->number);
    const struct cow_record *record = older && h ? cow_history_find(v, h, older) : NULL;

    if (!older || node->born >= older || (record && cow_record_epoch(v, record) < s->number))
        return 0;
    return older;
}

/* The record of S itself. */
static struct cow_record *own_record(struct cow_volume *v, struct cow_snapshot *s,
                                     struct cow_node *node, struct cow_history *h,
                                     enum cow_record_kind kind, bool *ret_is_new)
{
    struct cow_record *record = cow_history_find(v, h, s->number);

    *ret_is_new = !record || cow_record_epoch(v, record) != s->number;
    return *ret_is_new ? cow_record_new_at(v, node, h, kind, s->number) : record;
}

/* ---- attributes ---- */

int cow_amend_stat(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                   const struct stat *st)
{
    unsigned older = sharer(v, s, node, &node->stats);
    struct stat before;
    bool is_new;

    if (s->is_lost)
        return -ENXIO;
    if (older) {
        int error = cow_volume_stat(v, older, node, &before);

        if (error)
            return error;
        struct cow_record *kept = cow_record_new_at(v, node, &node->stats, COW_RECORD_STAT, older);
        cow_record_set_stat(kept, &before);
        cow_journal_record(v, kept);
    }
    struct cow_record *record = own_record(v, s, node, &node->stats, COW_RECORD_STAT, &is_new);

    cow_record_set_stat(record, st);
    cow_journal_record(v, record);
    return 0;
}

int cow_amend_get_xattrs(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                         struct cow_xattrs *ret_xattrs)
{
    const struct cow_record *record = cow_history_find(v, &node->xattrs, s->number);
    struct store_node *file;

    *ret_xattrs = (struct cow_xattrs){ 0 };
    if (!record) {
        int error = cow_node_store(v, node, &file);

        return error ? error : cow_xattrs_read(v, file, ret_xattrs);
    }
    for (size_t i = 0; i < record->xattrs.list.count; i++) {
        const struct cow_xattr *x = &record->xattrs.list.items[i];

        array_add(&ret_xattrs->list, ((struct cow_xattr){ mem_strdup(x->name),
                                                          mem_copy(x->value, x->size), x->size }));
    }
    return 0;
}

int cow_amend_xattrs(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                     struct cow_xattrs *take_xattrs)
{
    unsigned older = sharer(v, s, node, &node->xattrs);
    bool is_new;

    if (s->is_lost) {
        cow_xattrs_free(take_xattrs);
        return -ENXIO;
    }
    if (older) {
        struct cow_xattrs before;
        int error = cow_amend_get_xattrs(v, s, node, &before);

        if (error) {
            cow_xattrs_free(&before);
            cow_xattrs_free(take_xattrs);
            return error;
        }
        struct cow_record *kept =
            cow_record_new_at(v, node, &node->xattrs, COW_RECORD_XATTRS, older);
        kept->xattrs = before;
        cow_journal_record(v, kept);
    }
    struct cow_record *record = own_record(v, s, node, &node->xattrs, COW_RECORD_XATTRS, &is_new);

    if (!is_new)
        cow_xattrs_free(&record->xattrs);
    record->xattrs = *take_xattrs;
    cow_journal_record(v, record);
    return 0;
}

/* ---- names ---- */

static void pin(struct cow_record *record, struct cow_node *target)
{
    record->target = target;
    if (target)
        target->pins++;
}

static int seen_under(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                      struct cow_node **ret_node)
{
    int error = cow_volume_lookup(v, view, dir, name, ret_node);

    if (error == -ENOENT)
        *ret_node = NULL;
    return error == -ENOENT ? 0 : error;
}

int cow_amend_entry(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *dir,
                    const char *name, struct cow_node *target)
{
    unsigned older = sharer(v, s, dir, cow_names_find(dir, name));
    struct cow_node *before = NULL, *replaced = NULL;
    bool is_new;

    if (s->is_lost)
        return -ENXIO;
    if (older) {
        int error = seen_under(v, older, dir, name, &before);

        if (error)
            return error;
        struct cow_record *kept =
            cow_record_new_at(v, dir, cow_names_get(dir, name), COW_RECORD_ENTRY, older);
        pin(kept, before);
        cow_journal_record(v, kept);
        cow_node_unref(v, before);
    }
    struct cow_record *record =
        own_record(v, s, dir, cow_names_get(dir, name), COW_RECORD_ENTRY, &is_new);

    if (!is_new)
        replaced = record->target;
    pin(record, target);
    cow_journal_record(v, record);
    int error = cow_amend_end(v); /* before anything that the log names is removed */
    if (replaced)
        cow_node_unpin(v, replaced);
    return error;
}

/* ---- contents ---- */

/* The block as a view has it, zeroes behind its end. */
static int read_whole(struct cow_volume *v, unsigned view, struct cow_node *node, uint64_t block,
                      char *buffer)
{
    off_t start = (off_t)(block * COW_BLOCK_SIZE);
    size_t done = 0;

    while (done < COW_BLOCK_SIZE) {
        ssize_t n = cow_volume_read(v, view, node, buffer + done, COW_BLOCK_SIZE - done,
                                    start + (off_t)done);

        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    memset(buffer + done, 0, COW_BLOCK_SIZE - done);
    return 0;
}

static int put_block(struct cow_volume *v, unsigned epoch, struct cow_node *node, uint64_t block,
                     const void *bytes)
{
    struct cow_record *record = cow_history_find(v, &node->stats, epoch);
    uint32_t slot = COW_SLOT_ZERO, replaced;

    check(record && cow_record_epoch(v, record) == epoch);
    int error = bytes ? cow_store_put(&v->cs, bytes, 1, &slot) : 0;

    if (error)
        return error;
    bool has_replaced = cow_blocks_put(v, record, block, slot, &replaced);

    cow_journal_blocks(v, node, epoch, block, 1, &slot);
    if (!has_replaced)
        return 0;
    error = cow_amend_end(v); /* before the slot that the log names is used again */
    if (!error)
        cow_store_release(&v->cs, replaced);
    return error;
}

static int keep_block(struct cow_volume *v, unsigned older, struct cow_node *node, uint64_t block)
{
    struct stat st;
    int error = cow_volume_stat(v, older, node, &st);

    if (error || (off_t)(block * COW_BLOCK_SIZE) >= st.st_size)
        return error;
    char *buffer = mem_alloc(COW_BLOCK_SIZE);

    error = read_whole(v, older, node, block, buffer);
    if (!error)
        error = put_block(v, older, node, block, buffer);
    free(buffer);
    return error;
}

int cow_amend_block(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                    uint64_t block, const void *bytes)
{
    unsigned number = s->number;

    if (!cow_area_make_room(v, 2))
        return v->is_offline ? -ENXIO : -ENOSPC;
    s = cow_snapshot_find(v, number); /* making room may have taken it, or the older one */
    if (!s || s->is_lost)
        return -ENXIO;
    unsigned older = cow_snapshot_older(v, number);

    if (older && node->born < older &&
        !extent_map_has_between(v->extents, node->id, block, older, number)) {
        int error = keep_block(v, older, node, block);

        if (error)
            return error;
    }
    return put_block(v, number, node, block, bytes);
}

/* ---- new objects ---- */

/* Its number is the next one: nobody else knows the inode. */
static int make_orphan(struct cow_volume *v, mode_t mode, dev_t device, const char *target,
                       uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct store *store = v->cs.store;
    struct store_node *made;
    char name[ORPHAN_NAME_SIZE];

    cow_store_orphan_name(v->last_id + 1, name);
    int error = target
                    ? store->ops->symlink(store, v->cs.orphans, name, target, &made)
                    : store->ops->create(store, v->cs.orphans, name, mode, device, uid, gid, &made);
    if (!error && target && (uid != (uid_t)-1 || gid != (gid_t)-1))
        store->ops->chown(store, made, uid, gid);
    if (!error)
        error = cow_node_take(v, made, ret_node);
    return error;
}

int cow_amend_make(struct cow_volume *v, struct cow_snapshot *s, mode_t mode, dev_t device,
                   const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct stat st;
    int error = make_orphan(v, mode, device, target, uid, gid, ret_node);

    if (error)
        return error;
    (*ret_node)->is_orphan = true;
    (*ret_node)->born = cow_snapshot_older(v, s->number);
    /* So that attributes are the snapshot's from the beginning. */
    error = cow_volume_stat(v, s->number, *ret_node, &st);
    return error ? error : cow_amend_stat(v, s, *ret_node, &st);
}
