/* SPDX-License-Identifier: MIT */
/* The blocks that were preserved of a file for a snapshot: the record of its attributes, which is
 * made before any of them, knows which they are, the extent map where they lie. Included by the
 * files of cow_volume only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cow_node;
struct cow_record;
struct cow_snapshot;
struct cow_volume;

struct cow_run {
    uint64_t first, n;
};

/* Blocks in no order, none twice. Zeroed is empty; most files have one run. */
struct cow_runs {
    uint64_t n_blocks;
    uint32_t count, capacity; /* of `many`; capacity 0: the run stands in `one` */
    union {
        struct cow_run one;
        struct cow_run *many;
    };
};

/* n blocks from `first` on were preserved in these slots. */
void cow_blocks_add(struct cow_volume *v, struct cow_record *record, uint64_t first, size_t n,
                    const uint32_t *slots);
/* The same for one block, which the record may have already. True: in place of *ret_replaced. */
bool cow_blocks_put(struct cow_volume *v, struct cow_record *record, uint64_t block, uint32_t slot,
                    uint32_t *ret_replaced);
/* The record gives up all of them; */
void cow_blocks_release(struct cow_volume *v, struct cow_record *record);
/* or at most n. */
void cow_blocks_release_some(struct cow_volume *v, struct cow_record *record, uint64_t n);
/* The record of the next older snapshot gets those that it has none of itself; the others are
 * given up. Costs as much as the smaller one of the two has. */
void cow_blocks_hand_down(struct cow_volume *v, struct cow_record *from, struct cow_record *to);
/* Every block that was preserved for the snapshot, file by file. each must not change any. */
void cow_blocks_each(const struct cow_volume *v, const struct cow_snapshot *s,
                     void (*each)(void *arg, struct cow_node *node, uint64_t block, uint32_t slot),
                     void *arg);
