/* SPDX-License-Identifier: MIT */
/* A set of files as both documents name it: directory, pattern, recursion, another place, and the
 * backup types it matters for (Learn: "IVssWMFiledesc"). Used by wmd.h, bcd.h and the simulated
 * writers; it does not look at any file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED, the documented default. */
#define FILESPEC_MASK_DEFAULT 0x0f0fu

struct filespec {
    char *path;     /* never NULL; may hold %VARIABLES% and end in a backslash or not */
    char *filespec; /* never NULL; may hold * and ? */
    bool recursive;
    char *alternate_path;      /* NULL: none */
    uint32_t backup_type_mask; /* VSS_FILE_SPEC_BACKUP_TYPE */
};

/* A growing array for array.h; zeroed is empty. */
struct filespecs {
    struct filespec *items;
    size_t count;
    size_t capacity;
};

/* Appends a set; every text is copied. alternate_path may be NULL or "" for none. Answers the new
 * entry, valid until the next addition. */
struct filespec *filespecs_add(struct filespecs *specs, const char *path, const char *filespec,
                               bool recursive, const char *alternate_path, uint32_t mask);
void filespecs_copy(struct filespecs *to, const struct filespecs *from); /* to is empty */
void filespecs_free(struct filespecs *specs); /* the entries; the struct stays, empty */

/* Same path, pattern and recursion, compared exactly (requester-notes: OQ-58). */
bool filespec_is_same(const struct filespec *spec, const char *path, const char *filespec,
                      bool recursive);
/* The first entry that is the same, or NULL. Linear. */
const struct filespec *filespecs_find(const struct filespecs *specs, const char *path,
                                      const char *filespec, bool recursive);

/* What the API accepts: a path without wildcards that is not empty; a pattern that is not empty and
 * holds no backslash (Learn: "IVssCreateWriterMetadata::AddFilesToFileGroup"). NULL is not
 * valid. */
bool filespec_path_is_valid(const char *path);
bool filespec_pattern_is_valid(const char *filespec);
