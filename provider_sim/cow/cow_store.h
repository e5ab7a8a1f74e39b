/* SPDX-License-Identifier: MIT */
/* What the provider keeps on the volume itself, in `System Volume Information` of the store: the
 * catalogue (the next snapshot number), the diff area (slots of one block each) and the folder of
 * orphans (files without a name that a snapshot still needs). Used by cow_volume only; knows
 * nothing of snapshots. Errors are negative errno values. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define COW_BLOCK_SIZE    16384u
#define COW_SYSTEM_FOLDER "System Volume Information"
#define COW_SLOT_ZERO     UINT32_MAX /* a block of zeroes; takes no room */

struct store;
struct store_node;

struct cow_store {
    struct store *store; /* owned */
    struct store_node *root;
    struct store_node *system;
    struct store_node *orphans;
    struct store_node *diff; /* NULL until the first block is preserved */
    struct store_node *catalogue;
    uint64_t catalogue_turn;
    unsigned next_number;
    uint32_t n_slots; /* of the diff area, used or free */
    ARRAY(uint32_t) free_slots;
};

/* Locks the store, makes the folder, reads the catalogue and removes what a process that died has
 * left of its snapshots (today they live as long as the process). Takes take_store, also on
 * failure. -EBUSY: another owner. */
int cow_store_open(struct store *take_store, struct cow_store *ret_store);
void cow_store_close(struct cow_store *cs);

/* Numbers up to and including `number` are used from now on, in this and every later process. */
int cow_store_use_number(struct cow_store *cs, unsigned number);

/* Writes n blocks into the diff area and answers where each went. All or nothing. */
int cow_store_put(struct cow_store *cs, const void *blocks, size_t n, uint32_t *ret_slots);
/* Part of one slot. */
int cow_store_get(struct cow_store *cs, uint32_t slot, void *buffer, size_t size, size_t offset);
void cow_store_release(struct cow_store *cs, uint32_t slot);
/* No slot is in use any more: gives the room back. */
void cow_store_empty(struct cow_store *cs);

/* Orphans are named by the number that the caller gives its objects. */
int cow_store_orphan_move(struct cow_store *cs, struct store_node *dir, const char *name,
                          uint64_t object);
int cow_store_orphan_link(struct cow_store *cs, struct store_node *node, uint64_t object);
/* Undoes a move. */
int cow_store_orphan_restore(struct cow_store *cs, uint64_t object, struct store_node *dir,
                             const char *name);
int cow_store_orphan_open(struct cow_store *cs, uint64_t object, struct store_node **ret_node);
void cow_store_orphan_remove(struct cow_store *cs, uint64_t object, bool is_dir);
