/* SPDX-License-Identifier: MIT */
/* Control operations on several volumes at once, and waiting for the last of them. Used by
 * soft_provider. */
#pragma once

#include "emu/port/volume.h"

#include <stddef.h>

struct sched;

struct volume_work_item {
    struct volume_done done; /* first: volume_work's */
    struct volume_work *work;
    struct volume *volume;
    unsigned number;
    int error; /* the answer */
};

struct volume_work {
    struct sched *sched;
    bool is_inside; /* the caller is inside the service and cannot wait */
    size_t n_open;
};

/* The smallest number that no volume has used. Only from inside the service. */
unsigned volume_work_next_number(struct volume *const *volumes, size_t n_volumes);

enum volume_work_kind {
    VOLUME_WORK_COMMIT,
    VOLUME_WORK_DELETE,
    VOLUME_WORK_OPEN, /* for recovery */
    VOLUME_WORK_SEAL,
};

/* Does this with snapshot `number` of each item's volume, all at the same time. Answers the first
 * error; each item has its own. */
int volume_work_do(struct volume_work *work, enum volume_work_kind kind,
                   struct volume_work_item *items, size_t n);
