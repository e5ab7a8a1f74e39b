/* SPDX-License-Identifier: MIT */
/* Where the preserved blocks lie: (object, block) -> a list of (epoch, slot), oldest first. A
 * record of epoch E holds what every snapshot up to E sees, down to the record before it. Pure: no
 * I/O, no idea of what a slot is. Used by cow_volume; which blocks an object has there, cow_blocks
 * knows.
 *
 * An epoch is the number of the newest snapshot at the time of the change; epochs stand in sets
 * (epoch_sets.h), so that a record becomes one of an older epoch without being touched. Finding
 * costs one probe of a hash table and a binary search, whatever the number of snapshots. */
#pragma once

#include "provider_sim/cow/epoch_sets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent_map;

/* Whose sets they are, which must outlive the map. */
struct extent_map *extent_map_new(struct epoch_sets *sets);
void extent_map_free(struct extent_map *map);

/* What snapshot `epoch` sees: the earliest record of that epoch or a later one. False: the block
 * has not changed since. */
bool extent_map_find(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot);
/* Whether the block needs no more preserving for this epoch, the newest one. */
bool extent_map_has(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch);
/* Whether there is a record of this very epoch. */
bool extent_map_has_of(const struct extent_map *map, uint64_t object, uint64_t block,
                       uint32_t epoch);
/* Records a block for the newest epoch, that of the set; there must be no record of it yet. */
void extent_map_add(struct extent_map *map, uint64_t object, uint64_t block, uint32_t set,
                    uint32_t slot);
/* Whether a record of epoch from..below - 1 exists. */
bool extent_map_has_between(const struct extent_map *map, uint64_t object, uint64_t block,
                            uint32_t from, uint32_t below);
/* What exactly this set's epoch has, which need not be the newest, becomes `slot`. True: in place
 * of *ret_replaced. */
bool extent_map_put(struct extent_map *map, uint64_t object, uint64_t block, uint32_t set,
                    uint32_t slot, uint32_t *ret_replaced);
/* Takes the record of this very epoch away and answers its slot. False: there is none. */
bool extent_map_take(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot);

size_t extent_map_count(const struct extent_map *map); /* records, for tests and statistics */
