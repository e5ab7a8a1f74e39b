/* SPDX-License-Identifier: MIT */
/* Looking at the diff area of a volume, for people: docs/diff-area-format.md in figures. Used by
 * `vssemu volume check`. Errors are negative errno values. */
#pragma once

#include "provider_sim/cow/area_catalogue.h"
#include "provider_sim/cow/area_log.h"

struct cow_volume;
struct store;

enum cow_ending {
    COW_ENDED_WITHOUT, /* there was no persistent snapshot */
    COW_ENDED_IN_ORDER,
    COW_ENDED_KILLED,
    COW_ENDED_POWER_LOST,
    COW_ENDED_SERVED, /* not yet: for who asks the owner */
};

struct cow_area_report {
    bool is_there; /* somebody has had snapshots there */
    bool is_blank; /* the catalogue says nothing: it is damaged, or missing where it must be */
    unsigned n_bad_headers; /* of the catalogue */
    struct area_header header;
    enum cow_ending ending;
    bool has_log;
    uint64_t log_bytes; /* of whole records */
    uint64_t n_records[AREA_KINDS];
    enum area_log_end log_end;
    uint64_t n_orphans;
};

/* Without changing anything. The store must be locked; it stays the caller's. -EPROTONOSUPPORT: a
 * later version has written there; the header is not filled in. */
int cow_check_area(struct store *store, struct cow_area_report *ret_report);
const char *cow_check_kind_name(enum area_kind kind);

struct cow_block_report {
    uint64_t n_blocks; /* preserved, zeroes included */
    uint64_t n_slots;  /* of the diff area */
    uint64_t n_used;
    uint64_t n_bad; /* do not hold what was written */
};

/* Reads every preserved block; snapshots that one which is bad was preserved for are lost then. */
void cow_check_blocks(struct cow_volume *v, struct cow_block_report *ret_report);
