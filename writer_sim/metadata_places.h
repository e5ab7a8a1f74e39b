/* SPDX-License-Identifier: MIT */
/* The places that a Writer Metadata Document names: which volumes and variables a world lacks for
 * them, and making their directories and files, so that a backup finds what the document lists. */
#pragma once

#include "emu/doc/wmd.h"
#include "emu/port/world.h"

struct volume;

struct metadata_lacks {
    /* A volume of a file set that is not in the world: its letter, or 0 and its name
     * "\\?\Volume{...}\". If it is added to the world now, it is asked for once. */
    void (*volume)(void *arg, char letter, const char *guid_name);
    /* A variable without a value; its file sets are on no volume. */
    void (*variable)(void *arg, const char *name);
};
void metadata_places_missing(struct world_ports *ports, const struct wmd *wmd,
                             const struct metadata_lacks *lacks, void *arg);

struct metadata_filled {
    size_t n_directories, n_files; /* made */
    size_t n_failed;               /* could not be made */
    size_t n_left;                 /* file sets on volumes that must not be filled */
};
/* On every volume for which may_fill answers true: the directories of all file sets, and one small
 * file for each set that names one without wildcards. What is there stays as it is. */
void metadata_places_fill(struct world_ports *ports, const struct wmd *wmd,
                          bool (*may_fill)(void *arg, struct volume *volume), void *arg,
                          struct metadata_filled *ret_filled);
