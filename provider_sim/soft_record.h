/* SPDX-License-Identifier: MIT */
/* What the system provider writes of a snapshot that outlives its process, beside its id and time:
 * docs/diff-area-format.md, "What a snapshot is called". Also for `vssemu volume`. */
#pragma once

#include "emu/include/vss.h"
#include "provider_sim/cow/area_bytes.h"

#include <stdbool.h>

/* Which volume decides about a set of several: the snapshots on the others are pending until they
 * are told what stands there. */
struct soft_decider {
    unsigned char volume[16]; /* port volume, `identify` */
    VSS_ID snapshot;          /* it is kept there: so are all of the set */
};

struct soft_record {
    VSS_ID set_id;
    LONG attributes;
    LONG n_in_set;
    bool is_pending; /* whether it is kept, the decider says */
    struct soft_decider decider;
    char *originating, *service; /* machines, UTF-8; NULL: none */
    char *exposed_name, *exposed_path;
};

void soft_record_put(struct area_bytes *b, const struct soft_record *record);
/* The texts are the caller's (soft_record_free). Of a snapshot without such bytes, a set of its
 * own: set_id is its id. False: the bytes are of a later version, or none at all. */
bool soft_record_get(const void *bytes, size_t size, const unsigned char id[16],
                     struct soft_record *ret_record);
void soft_record_free(struct soft_record *record);

/* Of a snapshot that nobody but its volume's owner has made. */
#define SOFT_RECORD_ATTRIBUTES (VSS_CTX_NAS_ROLLBACK | VSS_VOLSNAP_ATTR_DIFFERENTIAL)
