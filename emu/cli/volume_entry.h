/* SPDX-License-Identifier: MIT */
/* The names of a snapshot, printed: for people a line of each, for programs JSON (docs/volume.md).
 * A name is any bytes but "/" and zero. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <sys/stat.h>

struct volume_listing {
    bool is_json;
    json_t *entries; /* an array, until it is printed */
};

void volume_listing_begin(struct volume_listing *listing, bool is_json);
/* target: "" of what is no link. */
void volume_listing_add(struct volume_listing *listing, const struct stat *st, const char *name,
                        const char *target);
/* Prints what was collected, unless something was wrong meanwhile. */
void volume_listing_end(struct volume_listing *listing, bool is_right);
/* The attributes of one file as an object; path: how it was named. */
void volume_entry_print_json(const struct stat *st, const char *path);

/* key: the text, its bytes that are no UTF-8 as \xff; then also KEY_bytes, all of it as in a URI:
 * whatever is no letter, digit or one of -._~/ as %FF. bytes NULL: null. */
void json_set_name(json_t *object, const char *key, const char *bytes);
/* On a terminal as `ls -b` does, but for blanks: control characters and what is no UTF-8 are
 * escaped, so that no name moves the cursor or looks like two. Elsewhere as it is, as ls does. */
void volume_name_print(const char *name);
/* And a newline; on standard output. */
void json_print(json_t *take_json);
