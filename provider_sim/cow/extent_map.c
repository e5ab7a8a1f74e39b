/* SPDX-License-Identifier: MIT */
/* Open addressing over the keys; nearly every key has one version, which stands in the key's own
 * place. Each epoch knows the keys that it wrote, so that dropping it looks at nothing else. */
#include "provider_sim/cow/extent_map.h"

#include "emu/base/array.h"
#include "emu/base/check.h"
#include "emu/base/mem.h"

#include <string.h>

struct version {
    uint32_t epoch;
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

struct touched {
    uint64_t object;
    uint64_t block;
};

struct epoch {
    uint32_t number;
    ARRAY(struct touched) keys;
};

struct extent_map {
    struct key *keys;
    size_t capacity; /* a power of two */
    size_t n_used;   /* places that are not free, deleted ones included */
    size_t n_records;
    ARRAY(struct epoch) epochs; /* ascending */
};

#define INITIAL_CAPACITY 256

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

struct extent_map *extent_map_new(void)
{
    struct extent_map *map = mem_new(struct extent_map);

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
    for (size_t i = 0; i < map->epochs.count; i++)
        array_free(&map->epochs.items[i].keys);
    array_free(&map->epochs);
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
static uint32_t first_from(const struct key *key, uint32_t epoch)
{
    const struct version *versions = versions_of(key);
    uint32_t low = 0, high = key->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (versions[middle].epoch < epoch)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool extent_map_find(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot)
{
    const struct key *key = place_of(map, object, block);
    uint32_t i = first_from(key, epoch);

    if (i == key->count)
        return false;
    *ret_slot = versions_of(key)[i].slot;
    return true;
}

bool extent_map_has(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch)
{
    const struct key *key = place_of(map, object, block);

    return key->count && versions_of(key)[key->count - 1].epoch >= epoch;
}

bool extent_map_has_between(const struct extent_map *map, uint64_t object, uint64_t block,
                            uint32_t from, uint32_t below)
{
    const struct key *key = place_of(map, object, block);
    uint32_t i = first_from(key, from);

    return i < key->count && versions_of(key)[i].epoch < below;
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

static size_t epoch_index(const struct extent_map *map, uint32_t number)
{
    size_t i = map->epochs.count;

    while (i && map->epochs.items[i - 1].number >= number)
        i--;
    return i;
}

static struct epoch *epoch_get(struct extent_map *map, uint32_t number)
{
    size_t i = epoch_index(map, number);

    if (i == map->epochs.count || map->epochs.items[i].number != number) {
        array_push(&map->epochs);
        memmove(&map->epochs.items[i + 1], &map->epochs.items[i],
                (map->epochs.count - 1 - i) * sizeof(map->epochs.items[0]));
        map->epochs.items[i] = (struct epoch){ .number = number };
    }
    return &map->epochs.items[i];
}

static void add_version(struct extent_map *map, struct key *key, uint32_t i, struct touched touched,
                        struct version version)
{
    if (!key->object)
        map->n_used++;
    key->object = touched.object;
    key->block = touched.block;
    insert_version(key, i, version);
    map->n_records++;
    array_add(&epoch_get(map, version.epoch)->keys, touched);
}

void extent_map_add(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                    uint32_t slot)
{
    check(object != 0);
    make_room(map);
    struct key *key = place_of(map, object, block);

    check(!key->count || versions_of(key)[key->count - 1].epoch < epoch);
    add_version(map, key, key->count, (struct touched){ object, block },
                (struct version){ epoch, slot });
}

bool extent_map_put(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                    uint32_t slot, uint32_t *ret_replaced)
{
    check(object != 0);
    make_room(map);
    struct key *key = place_of(map, object, block);
    struct version *versions = key->capacity ? key->many : &key->one;
    uint32_t i = first_from(key, epoch);

    if (i < key->count && versions[i].epoch == epoch) {
        *ret_replaced = versions[i].slot;
        versions[i].slot = slot;
        return true;
    }
    add_version(map, key, i, (struct touched){ object, block }, (struct version){ epoch, slot });
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

/* Answers whether the record was passed on to the older epoch. */
static bool hand_down(struct extent_map *map, struct key *key, uint32_t epoch, uint32_t older,
                      void (*release)(void *arg, uint32_t slot), void *arg)
{
    struct version *versions = key->capacity ? key->many : &key->one;
    uint32_t i = first_from(key, epoch);

    check(i < key->count && versions[i].epoch == epoch);
    if (older && (i == 0 || versions[i - 1].epoch < older)) {
        versions[i].epoch = older;
        return true;
    }
    release(arg, versions[i].slot);
    remove_version(key, i);
    map->n_records--;
    return false;
}

void extent_map_drop_epoch(struct extent_map *map, uint32_t epoch, uint32_t older,
                           void (*release)(void *arg, uint32_t slot), void *arg)
{
    size_t i = epoch_index(map, epoch);

    if (i == map->epochs.count || map->epochs.items[i].number != epoch)
        return;
    struct epoch gone = map->epochs.items[i];
    size_t n_kept = 0;

    array_remove(&map->epochs, i);
    for (size_t n = 0; n < gone.keys.count; n++) {
        struct touched touched = gone.keys.items[n];

        if (hand_down(map, place_of(map, touched.object, touched.block), epoch, older, release,
                      arg))
            gone.keys.items[n_kept++] = touched;
    }
    gone.keys.count = n_kept;
    if (n_kept) {
        /* The shorter list is added to the longer one: no key moves more than log n times. */
        struct epoch *heir = epoch_get(map, older);

        if (heir->keys.count < gone.keys.count) {
            struct epoch longer = gone;

            gone.keys.items = heir->keys.items;
            gone.keys.count = heir->keys.count;
            gone.keys.capacity = heir->keys.capacity;
            heir->keys.items = longer.keys.items;
            heir->keys.count = longer.keys.count;
            heir->keys.capacity = longer.keys.capacity;
        }
        for (size_t n = 0; n < gone.keys.count; n++)
            array_add(&heir->keys, gone.keys.items[n]);
    }
    array_free(&gone.keys);
}

size_t extent_map_count(const struct extent_map *map)
{
    return map->n_records;
}

void extent_map_each(const struct extent_map *map, uint32_t epoch,
                     void (*each)(void *arg, uint64_t object, uint64_t block, uint32_t slot),
                     void *arg)
{
    size_t i = epoch_index(map, epoch);

    if (i == map->epochs.count || map->epochs.items[i].number != epoch)
        return;
    for (size_t n = 0; n < map->epochs.items[i].keys.count; n++) {
        struct touched t = map->epochs.items[i].keys.items[n];
        uint32_t slot;

        if (extent_map_find(map, t.object, t.block, epoch, &slot))
            each(arg, t.object, t.block, slot);
    }
}
