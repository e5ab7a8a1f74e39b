/* SPDX-License-Identifier: MIT */
/* Which blocks were preserved for which snapshots, and where they lie: (object, block) -> a list of
 * (epoch, slot), oldest first. A record of epoch E holds what every snapshot up to E sees, down to
 * the record before it. Pure: no I/O, no idea of what a slot is. Used by cow_volume.
 *
 * An epoch is the number of the newest snapshot at the time of the change. Finding costs one probe
 * of a hash table and a binary search, whatever the number of snapshots; dropping an epoch costs
 * what that epoch preserved. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent_map;

struct extent_map *extent_map_new(void);
void extent_map_free(struct extent_map *map);

/* What snapshot `epoch` sees: the earliest record of that epoch or a later one. False: the block
 * has not changed since. */
bool extent_map_find(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                     uint32_t *ret_slot);
/* Whether the block needs no more preserving for this epoch, the newest one. */
bool extent_map_has(const struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch);
/* Records a block for the newest epoch; there must be no record of it yet. */
void extent_map_add(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                    uint32_t slot);
/* Whether a record of epoch from..below - 1 exists. */
bool extent_map_has_between(const struct extent_map *map, uint64_t object, uint64_t block,
                            uint32_t from, uint32_t below);
/* What exactly this epoch has, which need not be the newest, becomes `slot`. True: in place of
 * *ret_replaced. */
bool extent_map_put(struct extent_map *map, uint64_t object, uint64_t block, uint32_t epoch,
                    uint32_t slot, uint32_t *ret_replaced);
/* The snapshot `epoch` is gone. What the next older snapshot `older` (0: none) still needs becomes
 * a record of that one; the other slots are handed to release. */
void extent_map_drop_epoch(struct extent_map *map, uint32_t epoch, uint32_t older,
                           void (*release)(void *arg, uint32_t slot), void *arg);

/* Every record of an epoch, in an order that the same calls repeat; each must not change the
 * map. */
void extent_map_each(const struct extent_map *map, uint32_t epoch,
                     void (*each)(void *arg, uint64_t object, uint64_t block, uint32_t slot),
                     void *arg);

size_t extent_map_count(const struct extent_map *map); /* records, for tests and statistics */
