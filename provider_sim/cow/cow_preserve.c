/* SPDX-License-Identifier: MIT */
/* Before a change: what the newest snapshot sees of it is put aside, once. An object that was born
 * after the newest snapshot, or that no snapshot reaches, is left alone; so is what one has that is
 * being deleted and will hand it down to the newest. Nothing here fails: a
 * snapshot for which something could not be put aside is lost instead (or, where the volume's
 * limits say so, the volume is). */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_concerned(const struct cow_volume *v, const struct cow_node *node)
{
    return v->epoch && node->born < v->epoch && !node->is_unlinked;
}

void cow_preserve_stat(struct cow_volume *v, struct cow_node *node)
{
    struct store_node *file;
    struct stat st;

    if (!is_concerned(v, node) || cow_history_newest(v, &node->stats) >= v->epoch)
        return;
    int error = cow_node_store(v, node, &file);
    if (!error)
        error = v->cs.store->ops->stat(v->cs.store, file, &st);
    if (error) {
        cow_area_lost(v, node->born);
        return;
    }
    struct cow_record *record = cow_record_new(v, node, &node->stats, COW_RECORD_STAT);

    cow_record_set_stat(record, &st);
    cow_journal_record(v, record);
}

/* Adds one attribute; those that vanish while we look were never there. */
static int read_xattr(struct cow_volume *v, struct store_node *file, const char *name,
                      struct cow_xattrs *xattrs)
{
    struct store *s = v->cs.store;
    ssize_t size = s->ops->get_xattr(s, file, name, NULL, 0);

    if (size < 0)
        return size == -ENODATA ? 0 : (int)size;
    void *value = mem_alloc((size_t)size);
    size = s->ops->get_xattr(s, file, name, value, (size_t)size);
    if (size < 0) {
        free(value);
        return (int)size;
    }
    array_add(&xattrs->list, ((struct cow_xattr){ mem_strdup(name), value, (size_t)size }));
    return 0;
}

int cow_xattrs_read(struct cow_volume *v, struct store_node *file, struct cow_xattrs *xattrs)
{
    struct store *s = v->cs.store;
    ssize_t size = s->ops->list_xattr(s, file, NULL, 0);
    int error = 0;

    if (size == -EOPNOTSUPP)
        return 0;
    if (size <= 0)
        return (int)size;
    char *names = mem_alloc((size_t)size);

    size = s->ops->list_xattr(s, file, names, (size_t)size);
    if (size < 0)
        error = (int)size;
    for (ssize_t at = 0; at < size && !error; at += (ssize_t)strlen(names + at) + 1)
        error = read_xattr(v, file, names + at, xattrs);
    free(names);
    return error;
}

void cow_preserve_xattrs(struct cow_volume *v, struct cow_node *node)
{
    struct cow_xattrs xattrs = { 0 };
    struct store_node *file;

    cow_preserve_stat(v, node);
    if (!is_concerned(v, node) || cow_history_newest(v, &node->xattrs) >= v->epoch)
        return;
    int error = cow_node_store(v, node, &file);
    if (!error)
        error = cow_xattrs_read(v, file, &xattrs);
    if (error) {
        cow_xattrs_free(&xattrs);
        cow_area_lost(v, node->born);
        return;
    }
    struct cow_record *record = cow_record_new(v, node, &node->xattrs, COW_RECORD_XATTRS);

    record->xattrs = xattrs;
    cow_journal_record(v, record);
}

/* Asked once for an epoch: who gives the file such an attribute later preserves it then. */
void cow_preserve_rights(struct cow_volume *v, struct cow_node *node)
{
    static const char *const rights[] = { "security.capability", "system.posix_acl_access" };
    struct store *s = v->cs.store;
    struct store_node *file;

    if (!is_concerned(v, node) || node->safe == v->epoch)
        return;
    node->safe = v->epoch;
    for (size_t i = 0; i < 2 && cow_node_store(v, node, &file) == 0; i++) {
        if (s->ops->get_xattr(s, file, rights[i], NULL, 0) > 0) {
            cow_preserve_xattrs(v, node);
            return;
        }
    }
}

void cow_preserve_entry(struct cow_volume *v, struct cow_node *dir, const char *name)
{
    if (!is_concerned(v, dir))
        return;
    struct cow_history *h = cow_names_find(dir, name);

    if (h && cow_history_newest(v, h) >= v->epoch)
        return;
    struct cow_node *target = NULL;
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &target);

    if (error && error != -ENOENT) {
        cow_area_lost(v, dir->born);
        return;
    }
    struct cow_record *record = cow_record_new(v, dir, cow_names_get(dir, name), COW_RECORD_ENTRY);

    record->target = target;
    cow_journal_record(v, record);
    if (target) {
        target->pins++;
        cow_node_unref(v, target);
    }
    cow_preserve_stat(v, dir);
}

/* ---- data ---- */

/* Reads blocks as the snapshot has them: zeroes behind `size`, its end. */
static int read_blocks(struct cow_volume *v, struct store_node *file, uint64_t first, size_t n,
                       off_t size)
{
    struct store *s = v->cs.store;
    off_t start = (off_t)(first * COW_BLOCK_SIZE);
    size_t wanted = n * COW_BLOCK_SIZE, done = 0;

    if (!v->copy_buffer)
        v->copy_buffer = mem_alloc_pages((size_t)COW_COPY_BLOCKS * COW_BLOCK_SIZE);
    if ((off_t)wanted > size - start)
        wanted = (size_t)(size - start);
    while (done < wanted) {
        ssize_t got =
            s->ops->read(s, file, v->copy_buffer + done, wanted - done, start + (off_t)done);

        if (got < 0)
            return (int)got;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    memset(v->copy_buffer + done, 0, n * COW_BLOCK_SIZE - done);
    return 0;
}

static int copy_blocks(struct cow_volume *v, struct cow_node *node, uint64_t first, size_t n,
                       off_t size)
{
    uint32_t slots[COW_COPY_BLOCKS];
    struct store_node *file;
    int error = cow_node_store(v, node, &file);

    if (!error)
        error = read_blocks(v, file, first, n, size);
    if (!error)
        error = cow_store_put(&v->cs, v->copy_buffer, n, slots);
    if (error)
        return error;
    cow_blocks_add(v, cow_history_find(v, &node->stats, v->epoch), first, n, slots);
    cow_journal_blocks(v, node, v->epoch, first, n, slots);
    return 0;
}

/* Blocks from first that are still to be preserved, at most `most` of them. */
static size_t run_length(struct cow_volume *v, struct cow_node *node, uint64_t first, uint64_t most)
{
    size_t n = 0;

    while (n < most && n < COW_COPY_BLOCKS &&
           !extent_map_has(v->extents, node->id, first + n, v->epoch))
        n++;
    return n;
}

/* The first block from this one on that has data; `end` if none before it has. */
static uint64_t next_data(struct cow_volume *v, struct cow_node *node, uint64_t block, uint64_t end)
{
    struct store *s = v->cs.store;
    struct store_node *file;

    if (!s->ops->seek || cow_node_store(v, node, &file) < 0)
        return block;
    off_t found = s->ops->seek(s, file, (off_t)(block * COW_BLOCK_SIZE), SEEK_DATA);
    if (found < 0)
        return found == -ENXIO ? end : block;
    uint64_t first = (uint64_t)found / COW_BLOCK_SIZE;
    return first < end ? first : end;
}

static int preserve(struct cow_volume *v, struct cow_node *node, off_t from, off_t to,
                    bool is_cleared)
{
    if (v->is_offline)
        return -ENXIO;
    cow_preserve_stat(v, node);
    cow_preserve_rights(v, node);
    if (!is_concerned(v, node))
        return 0;
    /* An earlier snapshot may see more of the file than the newest: what was a hole when the file
     * was cut is kept for it when it is written again, and not before. */
    off_t size = node->largest;

    if (to > size)
        to = size;
    if (from >= to)
        return 0;
    uint64_t block = (uint64_t)from / COW_BLOCK_SIZE;
    uint64_t end = ((uint64_t)to + COW_BLOCK_SIZE - 1) / COW_BLOCK_SIZE;

    while (block < end && is_concerned(v, node) && !v->is_offline) {
        if (is_cleared)
            block = next_data(v, node, block, end);
        size_t n = run_length(v, node, block, end - block);

        if (!n) {
            block += block < end;
            continue;
        }
        int error = cow_area_make_room(v, n) ? copy_blocks(v, node, block, n, size) : 0;

        if (error)
            cow_area_failed(v, node->born, error);
        block += n;
    }
    return v->is_offline ? -ENXIO : 0;
}

int cow_preserve_data(struct cow_volume *v, struct cow_node *node, off_t from, off_t to)
{
    return preserve(v, node, from, to, false);
}

int cow_preserve_cleared(struct cow_volume *v, struct cow_node *node, off_t from, off_t to)
{
    return preserve(v, node, from, to, true);
}

/* ---- ahead of who writes in order ---- */

void cow_preserve_wrote(struct cow_volume *v, struct cow_node *node, off_t from, off_t to)
{
    struct cow_ahead *ahead = &v->ahead;
    size_t n_blocks = ((size_t)(to - from) + COW_BLOCK_SIZE - 1) / COW_BLOCK_SIZE;

    if (ahead->node != node || ahead->end != from)
        n_blocks = 0;
    *ahead =
        (struct cow_ahead){ node, to, n_blocks < COW_COPY_BLOCKS ? n_blocks : COW_COPY_BLOCKS };
}

/* As much again as was written last. Nobody has asked for it: no snapshot is given up for it, and
 * what goes wrong will be met again by the write that needs it. */
void cow_volume_between(struct cow_volume *v)
{
    struct cow_node *node = v->ahead.node;
    size_t n = v->ahead.n_blocks;

    v->ahead.n_blocks = 0;
    if (!n || v->is_held || !is_concerned(v, node) ||
        cow_history_newest(v, &node->stats) != v->epoch)
        return;
    uint64_t block = ((uint64_t)v->ahead.end + COW_BLOCK_SIZE - 1) / COW_BLOCK_SIZE;
    uint64_t end = ((uint64_t)node->largest + COW_BLOCK_SIZE - 1) / COW_BLOCK_SIZE;

    if (block >= end)
        return;
    n = run_length(v, node, block, n < end - block ? n : end - block);
    if (n && cow_area_has_room(v, n))
        copy_blocks(v, node, block, n, node->largest);
}
