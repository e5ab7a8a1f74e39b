/* SPDX-License-Identifier: MIT */
/* Port: what a volume keeps of a snapshot that outlives its process, for the process that opens the
 * volume next: part of port volume (`keep`, `kept`). The bytes are the provider's; the volume does
 * not look into them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOLUME_KEPT_MAX     65536u /* bytes of a provider */
#define VOLUME_SETTINGS_MAX 256u   /* likewise, of the volume itself */

/* A note in the trace: what it is called from now on is in its detail. The user is told. */
#define VOLUME_KEPT_RENAMED "another volume's snapshot has the same id"

struct volume_kept {
    unsigned number;      /* the answer of `kept`; `keep` has it as an argument */
    bool is_lost;         /* likewise: it cannot be read any more, and waits to be deleted */
    unsigned char id[16]; /* a GUID, as in memory */
    int64_t created;      /* 100 ns since 1601 UTC */
    const void *bytes;    /* of `kept`: valid until the next call about snapshots */
    size_t size;
};
