/* SPDX-License-Identifier: MIT */
/* What can still be said of a volume's snapshots when the catalogue or the log is damaged: every
 * record whose checksum holds names something, wherever it stands. docs/diff-area-format.md,
 * "Damage". Used by cow_recover and cow_check. Changes nothing on disk. */
#pragma once

#include "provider_sim/cow/area_catalogue.h"
#include "provider_sim/cow/cow_volume.h"

#include "emu/base/array.h"

struct store;
struct store_node;

/* Where nothing is known for certain, numbers go on that much above what is named: some may have
 * been used that are named nowhere any more. */
#define COW_NUMBERS_SKIPPED 1024u
/* With one good header at most few are missing: the next header could not be read. */
#define COW_NUMBERS_AHEAD 64u

struct cow_announced {
    unsigned number;
    struct cow_snapshot_info info; /* with properties of its own */
};

struct cow_salvage {
    ARRAY(struct cow_announced) names; /* ascending; announced, persistent, and not deleted since */
    unsigned highest;                  /* number that anything names */
    uint64_t generation;               /* the highest of a log that is there; 0: none is */
    uint64_t next_generation;          /* of a new log: it takes the place of the one with less */
};

/* Reads all logs in the folder. At most COW_SNAPSHOTS_MAX names are kept. */
int cow_salvage_read(struct store *store, struct store_node *folder,
                     const struct area_catalogue *catalogue, struct cow_salvage *ret_salvage);
void cow_salvage_free(struct cow_salvage *s);
const struct cow_announced *cow_salvage_find(const struct cow_salvage *s, unsigned number);
/* The number that no snapshot of this volume has had. */
unsigned cow_salvage_next_number(const struct cow_salvage *s, const struct area_catalogue *c);

/* Whether anything lies in the folder that only a volume with snapshots has. */
bool cow_salvage_has_leavings(struct store *store, struct store_node *folder);
