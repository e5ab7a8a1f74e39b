/* SPDX-License-Identifier: MIT */
/* Nodes and records. A node is known by its inode number while the store keeps that inode: because
 * it has a name, lies among the orphans, or is held open through the node. */
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/first_from.h"

#include "emu/base/check.h"

#include <errno.h>
#include <string.h>

/* ---- records ---- */

static size_t first_from(const struct cow_volume *v, const struct cow_history *h, unsigned epoch)
{
    return FIRST_FROM(h->records.count, epoch, i, cow_record_epoch(v, h->records.items[i]));
}

struct cow_record *cow_history_find(const struct cow_volume *v, const struct cow_history *h,
                                    unsigned epoch)
{
    size_t i = first_from(v, h, epoch);

    return i < h->records.count ? h->records.items[i] : NULL;
}

struct cow_record *cow_history_before(const struct cow_volume *v, const struct cow_record *record)
{
    size_t i = first_from(v, record->history, cow_record_epoch(v, record));

    return i ? record->history->records.items[i - 1] : NULL;
}

struct cow_record *cow_history_of(const struct cow_volume *v, const struct cow_record *other,
                                  unsigned epoch)
{
    struct cow_record *found = cow_history_find(v, other->history, epoch);

    return found && cow_record_epoch(v, found) == epoch ? found : NULL;
}

unsigned cow_history_newest(const struct cow_volume *v, const struct cow_history *h)
{
    return h->records.count ? cow_record_epoch(v, h->records.items[h->records.count - 1]) : 0;
}

/* Most have one record only. */
static void history_insert(struct cow_history *h, size_t i, struct cow_record *record)
{
    if (!h->records.capacity) {
        h->records.capacity = 1;
        h->records.items = mem_alloc(sizeof(*h->records.items));
    }
    array_push(&h->records);
    memmove(&h->records.items[i + 1], &h->records.items[i],
            (h->records.count - 1 - i) * sizeof(h->records.items[0]));
    h->records.items[i] = record;
}

struct cow_history *cow_names_find(const struct cow_node *dir, const char *name)
{
    uint64_t hash = hash_text(name);

    for (struct hash_link *link = hash_chain(&dir->names, hash); link; link = link->next) {
        struct cow_name *found = container_of(link, struct cow_name, link);

        if (link->hash == hash && strcmp(found->name, name) == 0)
            return &found->history;
    }
    return NULL;
}

struct cow_history *cow_names_get(struct cow_node *dir, const char *name)
{
    struct cow_history *h = cow_names_find(dir, name);

    if (h)
        return h;
    size_t size = strlen(name) + 1;
    struct cow_name *added = mem_alloc(sizeof(*added) + size);

    memcpy(added->name, name, size);
    hash_add(&dir->names, &added->link, hash_text(name));
    return &added->history;
}

#define SIZE_WITH(member) \
    (offsetof(struct cow_record, member) + sizeof(((struct cow_record *)0)->member))

static const size_t sizes[] = {
    [COW_RECORD_STAT] = SIZE_WITH(attributes),
    [COW_RECORD_XATTRS] = SIZE_WITH(xattrs),
    [COW_RECORD_ENTRY] = SIZE_WITH(target),
};

struct cow_record *cow_record_new_at(struct cow_volume *v, struct cow_node *node,
                                     struct cow_history *history, enum cow_record_kind kind,
                                     unsigned epoch)
{
    struct cow_record *record = mem_alloc(sizes[kind]);
    size_t i = first_from(v, history, epoch);

    check(i == history->records.count || cow_record_epoch(v, history->records.items[i]) != epoch);
    record->history = history;
    record->node = node;
    record->kind = kind;
    v->n_records++;
    cow_epoch_add(v, record, epoch);
    history_insert(history, i, record);
    return record;
}

struct cow_record *cow_record_new(struct cow_volume *v, struct cow_node *node,
                                  struct cow_history *history, enum cow_record_kind kind)
{
    check(cow_history_newest(v, history) < v->epoch);
    return cow_record_new_at(v, node, history, kind, v->epoch);
}

void cow_record_set_stat(struct cow_record *record, const struct stat *st)
{
    struct cow_node *node = record->node;

    if (node->stats.records.count == 1 || st->st_size > node->largest)
        node->largest = st->st_size;
    record->attributes.stat = *st;
}

void cow_xattrs_free(struct cow_xattrs *xattrs)
{
    for (size_t i = 0; i < xattrs->list.count; i++) {
        free(xattrs->list.items[i].name);
        free(xattrs->list.items[i].value);
    }
    array_free(&xattrs->list);
}

static void history_remove(struct cow_volume *v, struct cow_record *record)
{
    struct cow_history *h = record->history;

    array_remove(&h->records, first_from(v, h, cow_record_epoch(v, record)));
    if (h->records.count)
        return;
    array_free(&h->records);
    if (record->kind == COW_RECORD_ENTRY) {
        struct cow_name *name = container_of(h, struct cow_name, history);

        hash_remove(&record->node->names, &name->link);
        free(name);
    }
}

void cow_node_unpin(struct cow_volume *v, struct cow_node *node)
{
    check(node->pins > 0);
    if (--node->pins)
        return;
    if (node->is_orphan && !v->is_closing) {
        if (node->refs && !node->store) /* its inode must not become another's while it is held */
            cow_store_orphan_open(&v->cs, node->id, &node->store);
        cow_store_orphan_remove(&v->cs, node->id, S_ISDIR(node->type));
        node->is_orphan = false;
        node->is_unlinked = true;
    }
    cow_node_settle(v, node);
}

void cow_record_free(struct cow_volume *v, struct cow_record *record)
{
    struct cow_node *node = record->node;
    struct cow_node *target = record->kind == COW_RECORD_ENTRY ? record->target : NULL;

    v->n_records--;
    history_remove(v, record);
    if (record->kind == COW_RECORD_STAT)
        cow_blocks_release(v, record);
    cow_epoch_remove(v, record);
    if (record->kind == COW_RECORD_XATTRS)
        cow_xattrs_free(&record->xattrs);
    free(record);
    node->refs++; /* it must outlive the unpinning of its former entry */
    if (target)
        cow_node_unpin(v, target);
    node->refs--;
    cow_node_settle(v, node);
}

/* ---- nodes ---- */

struct cow_node *cow_node_find(struct cow_volume *v, ino_t ino)
{
    uint64_t hash = hash_number((uint64_t)ino);

    for (struct hash_link *link = hash_chain(&v->nodes, hash); link; link = link->next) {
        struct cow_node *node = container_of(link, struct cow_node, link);

        if (node->ino == ino)
            return node;
    }
    return NULL;
}

struct cow_node *cow_node_new(struct cow_volume *v, ino_t ino, uint64_t id, mode_t type)
{
    struct cow_node *node = mem_new(struct cow_node);

    node->ino = ino;
    node->id = id;
    node->type = type & S_IFMT;
    if (id > v->last_id)
        v->last_id = id;
    hash_add(&v->nodes, &node->link, hash_number((uint64_t)ino));
    return node;
}

void cow_node_delete(struct cow_volume *v, struct cow_node *node)
{
    if (v->ahead.node == node)
        v->ahead = (struct cow_ahead){ 0 };
    hash_remove(&v->nodes, &node->link);
    hash_free(&node->names);
    free(node);
}

int cow_node_take(struct cow_volume *v, struct store_node *take_store, struct cow_node **ret_node)
{
    struct stat st;
    int error = v->cs.store->ops->stat(v->cs.store, take_store, &st);

    if (!error && v->root && st.st_dev != v->device)
        error = -EXDEV;
    if (error) {
        v->cs.store->ops->unref(v->cs.store, take_store);
        return error;
    }
    struct cow_node *node = cow_node_find(v, st.st_ino);

    if (!node)
        node = cow_node_new(v, st.st_ino, v->last_id + 1, st.st_mode);
    if (node->store)
        v->cs.store->ops->unref(v->cs.store, take_store);
    else
        node->store = take_store;
    node->refs++;
    *ret_node = node;
    return 0;
}

int cow_node_store(struct cow_volume *v, struct cow_node *node, struct store_node **ret_store)
{
    if (!node->store) {
        check(node->is_orphan);
        int error = cow_store_orphan_open(&v->cs, node->id, &node->store);
        if (error)
            return error;
    }
    *ret_store = node->store;
    return 0;
}

void cow_node_free_records(struct cow_volume *v, struct cow_node *node)
{
    node->refs++;
    while (node->stats.records.count)
        cow_record_free(v, node->stats.records.items[0]);
    while (node->xattrs.records.count)
        cow_record_free(v, node->xattrs.records.items[0]);
    for (size_t i = 0; i < node->names.n_buckets; i++) {
        while (node->names.buckets[i]) {
            struct cow_name *name = container_of(node->names.buckets[i], struct cow_name, link);

            cow_record_free(v, name->history.records.items[0]);
        }
    }
    node->refs--;
}

void cow_node_settle(struct cow_volume *v, struct cow_node *node)
{
    if (node->refs || v->is_replaying)
        return;
    if (node->store && (!node->pins || node->is_orphan)) {
        v->cs.store->ops->unref(v->cs.store, node->store);
        node->store = NULL;
    }
    if (node->pins)
        return;
    if (node->is_unlinked) {
        cow_journal_forgotten(v, node);
        cow_node_free_records(v, node);
    } else if (node->stats.records.count || node->xattrs.records.count || node->names.count ||
               (node->born && v->epoch)) {
        return;
    }
    cow_node_delete(v, node);
}

/* By way of a list: settling one may free others. */
void cow_nodes_settle(struct cow_volume *v)
{
    ARRAY(struct cow_node *) all = { 0 };

    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i]; link; link = link->next)
            array_add(&all, cow_node_ref(container_of(link, struct cow_node, link)));
    }
    for (size_t i = 0; i < all.count; i++)
        cow_node_unref(v, all.items[i]);
    array_free(&all);
}

struct cow_node *cow_node_ref(struct cow_node *node)
{
    node->refs++;
    return node;
}

void cow_node_unref(struct cow_volume *v, struct cow_node *node)
{
    if (!node)
        return;
    check(node->refs > 0);
    node->refs--;
    cow_node_settle(v, node);
}

uint64_t cow_node_ino(const struct cow_node *node)
{
    return node->ino;
}
