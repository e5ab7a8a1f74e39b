/* SPDX-License-Identifier: MIT */
/* Open addressing over the keys; nearly every key has one version, which stands in the key's own
 * place. */
#include "provider_sim/cow/extent_map.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "provider_sim/cow/first_from.h"

#include <string.h>

struct version {
    uint32_t set; /* of its epoch */
    uint32_t slot;
};

struct key {
    uint64_t object; /* 0: the place is free */
    uint64_t block;
    uint32_t count;    /* of versions; 0 with an object: a deleted key */
    uint32_t capacity; /* of the array; 0: the version stands in `one` */
    union {
        struct version one;
        struct version *many;
    };
};

struct extent_map {
    struct key *keys;
    size_t capacity; /* a power of two */
    size_t n_used;   /* places that are not free, deleted ones included */
    size_t n_records;
    struct epoch_sets *sets; /* borrowed */
};

#define INITIAL_CAPACITY 32

static uint64_t hash_of(uint64_t object, uint64_t block)
{
    uint64_t h = object * UINT64_C(0x9E3779B97F4A7C15) ^ (block + UINT64_C(0x7F4A7C15));

    h ^= h >> 32;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ (h >> 32);
}

static const struct version *versions_of(const struct key *key)
{
    return key->capacity ? key->many : &key->one;
}

struct extent_map *extent_map_new(struct epoch_sets *sets)
{
    struct extent_map *map = mem_new(struct extent_map);

    map->sets = sets;
    map->capacity = INITIAL_CAPACITY;
    map->keys = mem_alloc(map->capacity * sizeof(*map->keys));
    return map;
}

void extent_map_free(struct extent_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->keys[i].capacity)
            free(map->keys[i].many);
    }
    free(map->keys);
    free(map);
}

/* The key's place, or the free place where it would go. */
static struct key *place_of(const struct extent_map *map, uint64_t object, uint64_t block)
{
    size_t mask = map->capacity - 1;
    size_t i = (size_t)hash_of(object, block) & mask;

    while (map->keys[i].object && (map->keys[i].object != object || map->keys[i].block != block))
        i = (i + 1) & mask;
    return &map->keys[i];
}

/* Doubles when live keys fill the table, cleans when deleted ones do. */
static void make_room(struct extent_map *map)
{
    if ((map->n_used + 1) * 4 < map->capacity * 3)
        return;
    struct key *old = map->keys;
    size_t old_capacity = map->capacity, n_live = 0;

    for (size_t i = 0; i < old_capacity; i++)
        n_live += old[i].count != 0;
    while (n_live * 2 >= map->capacity)
        map->capacity *= 2;
    map->keys = mem_alloc(map->capacity * sizeof(*map->keys));
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].count)
            *place_of(map, old[i].object, old[i].block) = old[i];
    }
    map->n_used = n_live;
    free(old);
}

/* The earliest version of this epoch or a later one; key->count if there is none. */
static uint32_t first_from(const struct extent_map *map, const struct key *key, uint32_t epoch)
{
    const struct version *versions = versions_of(key);

    return (uint32_t)FIRST_FROM(key->count, epoch, i,
                                epoch_sets_number(map->sets, versions[i].set));
}

bool extent_map_find(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot)
{
    const struct key *key = place_of(map, object, block);
    uint32_t i = first_from(map, key, epoch);

    if (i == key->count)
        return false;
    *ret_slot = versions_of(key)[i].slot;
    return true;
}

bool extent_map_has(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch)
{
    const struct key *key = place_of(map, object, block);

    return key->count &&
           epoch_sets_number(map->sets, versions_of(key)[key->count - 1].set) >= epoch;
}

/* The place of the version of this very epoch; false: there is none. */
static bool find_exactly(const struct extent_map *map, const struct key *key, uint32_t epoch,
                         uint32_t *ret_i)
{
    *ret_i = first_from(map, key, epoch);
    return *ret_i < key->count &&
           epoch_sets_number(map->sets, versions_of(key)[*ret_i].set) == epoch;
}

bool extent_map_has_of(const struct extent_map *map, uint64_t object, uint64_t block,
                       uint32_t epoch)
{
    uint32_t i;

    return find_exactly(map, place_of(map, object, block), epoch, &i);
}

bool extent_map_has_between(const struct extent_map *map, uint64_t object, uint64_t block,
                            uint32_t from, uint32_t below)
{
    const struct key *key = place_of(map, object, block);
    uint32_t i = first_from(map, key, from);

    return i < key->count && epoch_sets_number(map->sets, versions_of(key)[i].set) < below;
}

static void insert_version(struct key *key, uint32_t i, struct version version)
{
    if (!key->count && !key->capacity) {
        key->one = version;
    } else {
        if (key->count >= key->capacity) {
            uint32_t capacity = key->capacity ? key->capacity * 2 : 4;
            struct version *many = mem_alloc(capacity * sizeof(*many));

            memcpy(many, versions_of(key), key->count * sizeof(*many));
            if (key->capacity)
                free(key->many);
            key->many = many;
            key->capacity = capacity;
        }
        memmove(&key->many[i + 1], &key->many[i], (key->count - i) * sizeof(*key->many));
        key->many[i] = version;
    }
    key->count++;
}

static void add_version(struct extent_map *map, struct key *key, uint32_t i, uint64_t object,
                        uint64_t block, struct version version)
{
    if (!key->object)
        map->n_used++;
    key->object = object;
    key->block = block;
    insert_version(key, i, version);
    epoch_sets_use(map->sets, version.set);
    map->n_records++;
}

void extent_map_add(struct extent_map *map, uint64_t object, uint64_t block, uint32_t set,
                    uint32_t slot)
{
    check(object != 0);
    make_room(map);
    struct key *key = place_of(map, object, block);

    check(!extent_map_has(map, object, block, epoch_sets_number(map->sets, set)));
    add_version(map, key, key->count, object, block, (struct version){ set, slot });
}

bool extent_map_put(struct extent_map *map, uint64_t object, uint64_t block, uint32_t set,
                    uint32_t slot, uint32_t *ret_replaced)
{
    check(object != 0);
    make_room(map);
    struct key *key = place_of(map, object, block);
    struct version *versions = key->capacity ? key->many : &key->one;
    uint32_t i;

    if (find_exactly(map, key, epoch_sets_number(map->sets, set), &i)) {
        *ret_replaced = versions[i].slot;
        versions[i].slot = slot;
        return true;
    }
    add_version(map, key, i, object, block, (struct version){ set, slot });
    return false;
}

static void remove_version(struct key *key, uint32_t i)
{
    struct version *versions = key->capacity ? key->many : &key->one;

    memmove(&versions[i], &versions[i + 1], (key->count - i - 1) * sizeof(*versions));
    key->count--;
    if (!key->count && key->capacity) {
        free(key->many);
        key->capacity = 0;
    }
}

bool extent_map_take(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot)
{
    struct key *key = place_of(map, object, block);
    uint32_t i;

    if (!find_exactly(map, key, epoch, &i))
        return false;
    *ret_slot = versions_of(key)[i].slot;
    epoch_sets_unuse(map->sets, versions_of(key)[i].set);
    remove_version(key, i);
    map->n_records--;
    return true;
}

size_t extent_map_count(const struct extent_map *map)
{
    return map->n_records;
}
