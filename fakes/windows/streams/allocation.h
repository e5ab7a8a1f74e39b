/* SPDX-License-Identifier: MIT */
/* Which parts of a sparse file hold something. Not kept anywhere: units of 64 KiB, as NTFS frees
 * them, that are all zero count as holes, so every kind of volume answers the same. */
#pragma once

#include "emu/base/array.h"
#include "fakes/windows/storage.h"

struct allocated_range {
    int64_t offset, length;
};

struct allocated_ranges {
    ARRAY(struct allocated_range) ranges;
};

#define ALLOCATION_UNIT 65536

/* Those of [offset, offset + length), cut at its ends; negative errno. */
int allocation_find(struct storage_file *file, int64_t offset, int64_t length,
                    struct allocated_ranges *ret_ranges);
