/* SPDX-License-Identifier: MIT */
/* A directory with all that is in it, read into memory: paths, types, modes, owners, sizes, link
 * counts, which names are one file, times of change of the contents, targets, attributes, bytes. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/str.h"

#include <stdbool.h>
#include <sys/stat.h>

struct tree_entry {
    char *path; /* below the root, "" for the root */
    struct stat st;
    size_t same_as; /* the first entry of the same file */
    char *target;   /* of a symbolic link, else NULL */
    char *xattrs;   /* of the user, by name */
    unsigned char *bytes;
};

struct tree {
    ARRAY(struct tree_entry) entries; /* by path */
};

/* Files are read `piece` bytes at a time. What cannot be read is told in *errors. What Windows
 * keeps in a volume's root (`System Volume Information`) is no part of it. */
void tree_read(const char *root, size_t piece, struct tree *ret_tree, struct str *errors);
void tree_free(struct tree *tree);

/* Adds what is different, if anything is. with_times: not for a twin, which made itself. */
bool tree_is_equal(const struct tree *wanted, const struct tree *got, bool with_times,
                   struct str *differences);
