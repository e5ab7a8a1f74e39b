/* SPDX-License-Identifier: MIT */
/* The data of those reparse points that lead elsewhere: symbolic links, junctions and mounted
 * folders (Learn: "Reparse Point Tags"; [MS-FSCC] 2.1.2.4 and 2.1.2.5). */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stddef.h>

struct link_data {
    DWORD tag;        /* IO_REPARSE_TAG_SYMLINK or IO_REPARSE_TAG_MOUNT_POINT */
    bool is_relative; /* a symbolic link's target, to the folder of the link or, when it begins with
                         a backslash, to its drive */
    char *target;     /* UTF-8, as it is kept: "\??\C:\dir", "..\file"; owned */
    char *print;      /* for people: "C:\dir"; owned */
};

void link_data_free(struct link_data *data);
#define auto_link_data __attribute__((cleanup(link_data_free))) struct link_data

/* False: another tag, or data that are none of it. To be freed when true. */
bool link_data_parse(const void *buffer, size_t size, struct link_data *ret_data);
/* The caller frees. NULL: longer than a reparse point may be. */
void *link_data_build(const struct link_data *data, size_t *ret_size);
