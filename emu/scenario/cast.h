/* SPDX-License-Identifier: MIT */
/* Writers for casts: small ones, each of which has one thing that backup programs get wrong. A
 * scenario names them (`writers: [cast: deep-tree]`), the search draws from them, and
 * `vssemu writers cast` prints them. Rows as in emu/doc/writer_catalog.h; what a row cannot say
 * (mappings, dependencies) is added by cast_document. */
#pragma once

#include "emu/doc/writer_catalog.h"

struct cast_member {
    struct catalog_writer writer;
    const char *why; /* what programs get wrong about it */
};

size_t cast_count(void);
const struct cast_member *cast_get(size_t i);
/* By key, in any case; cast_count() when there is none. */
size_t cast_find(const char *key);
/* A correct program may end as failed because of it. */
bool cast_is_odd(size_t i);
/* None of the files that it names is there. */
bool cast_is_nowhere(size_t i);

/* Once its files are in a snapshot, it deletes them. */
bool cast_is_fleeting(size_t i);

/* Its document; the instance id is null. The caller frees. */
struct wmd *cast_document(size_t i);
