/* SPDX-License-Identifier: MIT */
/* Reading, in the origin and in snapshots: the record if there is one, else what is there now. */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <string.h>

struct cow_node *cow_volume_root(struct cow_volume *v)
{
    return cow_node_ref(v->root);
}

static int lookup_now(struct cow_volume *v, struct cow_node *dir, const char *name,
                      struct cow_node **ret_node)
{
    struct store_node *dir_store, *found;
    int error = cow_node_store(v, dir, &dir_store);

    if (!error)
        error = v->cs.store->ops->lookup(v->cs.store, dir_store, name, &found);
    return error ? error : cow_node_take(v, found, ret_node);
}

int cow_volume_lookup(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                      struct cow_node **ret_node)
{
    int error = cow_view_check(v, view);

    if (error)
        return error;
    if (!S_ISDIR(dir->type))
        return -ENOTDIR;
    if (cow_is_hidden(v, dir, name))
        return -ENOENT;
    if (view != VOLUME_ORIGIN) {
        struct cow_history *h = cow_names_find(dir, name);
        struct cow_record *record = h ? cow_history_find(v, h, view) : NULL;

        if (record && !record->target)
            return -ENOENT;
        if (record) {
            *ret_node = cow_node_ref(record->target);
            return 0;
        }
    }
    return lookup_now(v, dir, name, ret_node);
}

int cow_volume_stat(struct cow_volume *v, unsigned view, struct cow_node *node,
                    struct stat *ret_stat)
{
    struct store_node *file;
    int error = cow_view_check(v, view);

    if (error)
        return error;
    struct cow_record *record = view ? cow_history_find(v, &node->stats, view) : NULL;

    if (record) {
        *ret_stat = record->attributes.stat;
        return 0;
    }
    error = cow_node_store(v, node, &file);
    if (!error)
        error = v->cs.store->ops->stat(v->cs.store, file, ret_stat);
    if (!error && node->is_orphan && view == VOLUME_ORIGIN)
        ret_stat->st_nlink = 0;
    return error;
}

/* ---- directories ---- */

struct listing {
    struct cow_volume *v;
    unsigned view;
    struct cow_node *dir;
    int (*each)(void *arg, const char *name, ino_t ino, mode_t type);
    void *arg;
};

static int list_present_entry(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct listing *l = arg;

    if (cow_is_hidden(l->v, l->dir, name))
        return 0;
    if (l->view != VOLUME_ORIGIN) {
        struct cow_history *h = cow_names_find(l->dir, name);

        if (h && cow_history_find(l->v, h, l->view))
            return 0;
    }
    return l->each(l->arg, name, ino, type);
}

static int list_recorded_entries(struct listing *l)
{
    struct hash *names = &l->dir->names;
    int answer = 0;

    for (size_t i = 0; i < names->n_buckets && !answer; i++) {
        for (struct hash_link *link = names->buckets[i]; link && !answer; link = link->next) {
            struct cow_name *name = container_of(link, struct cow_name, link);
            struct cow_record *record = cow_history_find(l->v, &name->history, l->view);

            if (record && record->target)
                answer = l->each(l->arg, name->name, record->target->ino, record->target->type);
        }
    }
    return answer;
}

int cow_volume_list(struct cow_volume *v, unsigned view, struct cow_node *dir,
                    int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    struct listing l = { v, view, dir, each, arg };
    struct store_node *dir_store;
    int error = cow_view_check(v, view);

    if (error)
        return error;
    if (!S_ISDIR(dir->type))
        return -ENOTDIR;
    error = cow_node_store(v, dir, &dir_store);
    if (!error)
        error = v->cs.store->ops->list(v->cs.store, dir_store, list_present_entry, &l);
    return error || view == VOLUME_ORIGIN ? error : list_recorded_entries(&l);
}

/* ---- contents ---- */

/* From offset on: a part of one preserved block, or as much as lies in the file now. */
static ssize_t read_piece(struct cow_volume *v, unsigned view, struct cow_node *node,
                          struct store_node *file, char *buffer, size_t size, off_t offset)
{
    uint64_t block = (uint64_t)offset / COW_BLOCK_SIZE;
    size_t within = (size_t)((uint64_t)offset % COW_BLOCK_SIZE);
    size_t piece = COW_BLOCK_SIZE - within;
    uint32_t slot;

    if (extent_map_find(v->extents, node->id, block, view, &slot)) {
        piece = piece < size ? piece : size;
        int error = cow_store_get(&v->cs, slot, buffer, piece, within);
        return error ? error : (ssize_t)piece;
    }
    while (piece < size && !extent_map_find(v->extents, node->id, ++block, view, &slot))
        piece += COW_BLOCK_SIZE;
    piece = piece < size ? piece : size;
    ssize_t n = v->cs.store->ops->read(v->cs.store, file, buffer, piece, offset);
    if (n == 0) {
        memset(buffer, 0, piece);
        n = (ssize_t)piece;
    }
    return n;
}

ssize_t cow_volume_read(struct cow_volume *v, unsigned view, struct cow_node *node, void *buffer,
                        size_t size, off_t offset)
{
    struct store_node *file;
    int error = cow_view_check(v, view);

    if (error)
        return error;
    if (!S_ISREG(node->type))
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    error = cow_node_store(v, node, &file);
    if (error)
        return error;
    struct cow_record *record = view ? cow_history_find(v, &node->stats, view) : NULL;

    if (!record)
        return v->cs.store->ops->read(v->cs.store, file, buffer, size, offset);
    if (offset >= record->attributes.stat.st_size)
        return 0;
    if ((off_t)size > record->attributes.stat.st_size - offset)
        size = (size_t)(record->attributes.stat.st_size - offset);
    for (size_t done = 0; done < size;) {
        ssize_t n = read_piece(v, view, node, file, (char *)buffer + done, size - done,
                               offset + (off_t)done);

        if (n == -EBADMSG) {
            cow_lose_snapshot(v, cow_snapshot_find(v, view));
            cow_journal_trim(v);
            return -ENXIO;
        }
        if (n < 0)
            return n;
        done += (size_t)n;
    }
    return (ssize_t)size;
}

int cow_volume_readlink(struct cow_volume *v, unsigned view, struct cow_node *node, char *buffer,
                        size_t size)
{
    struct store_node *link;
    int error = cow_view_check(v, view);

    if (!error)
        error = cow_node_store(v, node, &link);
    return error ? error : v->cs.store->ops->readlink(v->cs.store, link, buffer, size);
}

/* ---- extended attributes ---- */

static ssize_t copy_out(void *to, size_t room, const void *from, size_t size)
{
    if (room && room < size)
        return -ERANGE;
    if (room)
        memcpy(to, from, size);
    return (ssize_t)size;
}

static int xattrs_at(struct cow_volume *v, unsigned view, struct cow_node *node,
                     struct store_node **ret_file, const struct cow_xattrs **ret_xattrs)
{
    int error = cow_view_check(v, view);

    *ret_xattrs = NULL;
    if (error)
        return error;
    struct cow_record *record = view ? cow_history_find(v, &node->xattrs, view) : NULL;

    if (record) {
        *ret_xattrs = &record->xattrs;
        return 0;
    }
    return cow_node_store(v, node, ret_file);
}

ssize_t cow_volume_get_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                             const char *name, void *value, size_t size)
{
    const struct cow_xattrs *xattrs;
    struct store_node *file = NULL;
    int error = xattrs_at(v, view, node, &file, &xattrs);

    if (error)
        return error;
    if (!xattrs)
        return v->cs.store->ops->get_xattr(v->cs.store, file, name, value, size);
    for (size_t i = 0; i < xattrs->list.count; i++) {
        const struct cow_xattr *x = &xattrs->list.items[i];

        if (strcmp(x->name, name) == 0)
            return copy_out(value, size, x->value, x->size);
    }
    return -ENODATA;
}

ssize_t cow_volume_list_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                              char *names, size_t size)
{
    const struct cow_xattrs *xattrs;
    struct store_node *file = NULL;
    int error = xattrs_at(v, view, node, &file, &xattrs);
    size_t needed = 0;

    if (error)
        return error;
    if (!xattrs)
        return v->cs.store->ops->list_xattr(v->cs.store, file, names, size);
    for (size_t i = 0; i < xattrs->list.count; i++) {
        size_t length = strlen(xattrs->list.items[i].name) + 1;

        if (size && needed + length > size)
            return -ERANGE;
        if (size)
            memcpy(names + needed, xattrs->list.items[i].name, length);
        needed += length;
    }
    return (ssize_t)needed;
}
