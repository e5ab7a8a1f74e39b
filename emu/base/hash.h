/* SPDX-License-Identifier: MIT */
/* A chained hash table of intrusive links, growing with its contents. The caller computes hashes
 * and compares keys. Nothing is owned. */
#pragma once

#include "emu/base/mem.h"

#include <stdint.h>
#include <stdlib.h>

struct hash_link {
    struct hash_link *next;
    uint64_t hash;
};

struct hash {
    struct hash_link **buckets;
    size_t n_buckets; /* a power of two, or 0 while empty */
    size_t count;
};

static inline uint64_t hash_number(uint64_t number)
{
    number *= UINT64_C(0x9E3779B97F4A7C15);
    return number ^ (number >> 32);
}

static inline uint64_t hash_text(const char *text)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    while (*text)
        h = (h ^ (unsigned char)*text++) * UINT64_C(0x100000001B3);
    return h ^ (h >> 29);
}

/* The first link of the chain that holds this hash; walk on with ->next and compare ->hash. */
static inline struct hash_link *hash_chain(const struct hash *table, uint64_t hash)
{
    return table->n_buckets ? table->buckets[hash & (table->n_buckets - 1)] : NULL;
}

static inline void hash_grow(struct hash *table)
{
    size_t n_buckets = table->n_buckets ? table->n_buckets * 2 : 16;
    struct hash_link **buckets = mem_alloc(n_buckets * sizeof(*buckets));

    for (size_t i = 0; i < table->n_buckets; i++) {
        for (struct hash_link *link = table->buckets[i], *next; link; link = next) {
            next = link->next;
            link->next = buckets[link->hash & (n_buckets - 1)];
            buckets[link->hash & (n_buckets - 1)] = link;
        }
    }
    free(table->buckets);
    table->buckets = buckets;
    table->n_buckets = n_buckets;
}

static inline void hash_add(struct hash *table, struct hash_link *link, uint64_t hash)
{
    if (table->count >= table->n_buckets)
        hash_grow(table);
    link->hash = hash;
    link->next = table->buckets[hash & (table->n_buckets - 1)];
    table->buckets[hash & (table->n_buckets - 1)] = link;
    table->count++;
}

static inline void hash_remove(struct hash *table, struct hash_link *link)
{
    struct hash_link **at = &table->buckets[link->hash & (table->n_buckets - 1)];

    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    table->count--;
}

static inline void hash_free(struct hash *table)
{
    free(table->buckets);
    *table = (struct hash){ 0 };
}
