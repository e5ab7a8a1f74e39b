/* SPDX-License-Identifier: MIT */
/* Objects by their number, for reading and writing a log: at all other times they are found by
 * inode. Included by the files of cow_journal.h only. */
#pragma once

#include "provider_sim/cow/cow_state.h"

struct cow_ids {
    struct hash table;
};

struct cow_id {
    struct hash_link link;
    struct cow_node *node;
};

static inline struct cow_id *cow_ids_entry_(const struct cow_ids *ids, uint64_t id)
{
    struct hash_link *link = hash_chain(&ids->table, hash_number(id));

    while (link && container_of(link, struct cow_id, link)->node->id != id)
        link = link->next;
    return link ? container_of(link, struct cow_id, link) : NULL;
}

static inline struct cow_node *cow_ids_find(const struct cow_ids *ids, uint64_t id)
{
    struct cow_id *found = cow_ids_entry_(ids, id);

    return found ? found->node : NULL;
}

static inline void cow_ids_add(struct cow_ids *ids, struct cow_node *node)
{
    struct cow_id *added = mem_new(struct cow_id);

    added->node = node;
    hash_add(&ids->table, &added->link, hash_number(node->id));
}

static inline void cow_ids_remove(struct cow_ids *ids, uint64_t id)
{
    struct cow_id *found = cow_ids_entry_(ids, id);

    if (found) {
        hash_remove(&ids->table, &found->link);
        free(found);
    }
}

/* All nodes that the volume knows. */
static inline void cow_ids_fill(struct cow_ids *ids, struct cow_volume *v)
{
    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i]; link; link = link->next)
            cow_ids_add(ids, container_of(link, struct cow_node, link));
    }
}

static inline void cow_ids_free(struct cow_ids *ids)
{
    for (size_t i = 0; i < ids->table.n_buckets; i++) {
        while (ids->table.buckets[i]) {
            struct hash_link *link = ids->table.buckets[i];

            ids->table.buckets[i] = link->next;
            free(container_of(link, struct cow_id, link));
        }
    }
    hash_free(&ids->table);
}
