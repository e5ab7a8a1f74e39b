/* SPDX-License-Identifier: MIT */
/* What the provider keeps on the volume itself, in `System Volume Information` of the store: the
 * catalogue, the diff area (slots of one block each) and the folder of orphans (files without a
 * name that a snapshot still needs). Used by cow_volume only; knows nothing of snapshots; the log
 * is cow_journal's. docs/diff-area-format.md has the format. Errors are negative errno values. */
#pragma once

#include "emu/base/array.h"
#include "provider_sim/cow/area_catalogue.h"

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
    struct area_catalogue catalogue;
    ARRAY(struct cow_slot) slots; /* of the diff area, used or free */
    uint32_t n_allocated;         /* slots whose room is reserved */
    ARRAY(uint32_t) free_slots;   /* room of theirs is there */
    ARRAY(uint32_t) holes;        /* free, too, but their room has been given back */
    ARRAY(uint32_t) released;     /* free as soon as the log says so */
};

struct cow_slot {
    uint32_t check; /* lower half of the XXH64 of its block */
    bool is_used;
    bool is_checked; /* what is on disk is what was written */
};

/* Locks the store, makes the folder and reads the catalogue. Takes take_store, also on failure.
 * -EBUSY: another owner; -EPROTONOSUPPORT: a later version has written there. */
int cow_store_open(struct store *take_store, struct cow_store *ret_store);
/* The same without changing anything: what is not there is NULL. */
int cow_store_open_to_read(struct store *take_store, struct cow_store *ret_store);
/* keep: the diff area belongs to snapshots that outlive the process. */
void cow_store_close(struct cow_store *cs, bool keep);

/* Numbers up to and including `number` are used from now on, in this and every later process. */
int cow_store_use_number(struct cow_store *cs, unsigned number);

/* Writes n blocks into the diff area and answers where each went. All or nothing. */
int cow_store_put(struct cow_store *cs, const void *blocks, size_t n, uint32_t *ret_slots);
/* Part of one slot. -EBADMSG: it does not hold what was written. */
int cow_store_get(struct cow_store *cs, uint32_t slot, void *buffer, size_t size, size_t offset);
/* It is not used again before cow_store_reuse. */
void cow_store_release(struct cow_store *cs, uint32_t slot);
/* What has been released may be overwritten: the log says that nobody needs it. */
void cow_store_reuse(struct cow_store *cs);
/* No slot is in use any more: gives the room back. */
void cow_store_empty(struct cow_store *cs);
/* Gives back the room of free slots, if it is worth while: never more than a mebibyte stays. */
void cow_store_trim(struct cow_store *cs);
/* The same in pieces: false: it is not worth while. Then, until it answers false: */
bool cow_store_begin_trim(struct cow_store *cs);
bool cow_store_trim_some(struct cow_store *cs);
int cow_store_sync(struct cow_store *cs);            /* what was put */
uint32_t cow_store_used(const struct cow_store *cs); /* slots */
uint32_t cow_store_room(const struct cow_store *cs); /* slots that take room, used or not */

/* Finding again what another process has put: opens the diff area if there is one; then each slot
 * that is still needed; then the rest is free. */
int cow_store_find(struct cow_store *cs);
void cow_store_find_slot(struct cow_store *cs, uint32_t slot, uint32_t check);
void cow_store_found(struct cow_store *cs);
void cow_store_remove_diff(struct cow_store *cs);

/* Orphans are named by the number that the caller gives its objects. */
#define ORPHAN_NAME_SIZE 24
const char *cow_store_orphan_name(uint64_t object, char buffer[ORPHAN_NAME_SIZE]);
int cow_store_orphan_move(struct cow_store *cs, struct store_node *dir, const char *name,
                          uint64_t object);
int cow_store_orphan_link(struct cow_store *cs, struct store_node *node, uint64_t object);
/* Undoes a move. */
int cow_store_orphan_restore(struct cow_store *cs, uint64_t object, struct store_node *dir,
                             const char *name);
/* Calls each with every orphan; one that has no number for a name comes as 0. */
int cow_store_orphans(struct cow_store *cs,
                      void (*each)(void *arg, const char *name, uint64_t object), void *arg);
/* Removes one by its name: a file or an empty directory. */
int cow_store_orphan_drop(struct cow_store *cs, const char *name);
int cow_store_orphan_open(struct cow_store *cs, uint64_t object, struct store_node **ret_node);
void cow_store_orphan_remove(struct cow_store *cs, uint64_t object, bool is_dir);
