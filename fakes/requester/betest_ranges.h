/* SPDX-License-Identifier: MIT */
/* Parts of files, as partial files and directed targets name them (Learn: "Working with Partial
 * Files"): "offset:length,offset:length" in decimal or, with 0x, hexadecimal; or the path of a
 * ranges file, which holds a count and that many pairs, all 64 bits. A path may stand by itself or
 * behind "File=". */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stdint.h>

struct range {
    uint64_t offset, length;
};

struct ranges {
    ARRAY(struct range) items;
};
void ranges_free(struct ranges *ranges);

/* The path of the ranges file that the text names, inside the text; NULL: the text is a list. */
const char *ranges_file_of(const char *text);

/* False: not a list of ranges. *ret is freed with ranges_free in any case. */
bool ranges_parse(const char *text, struct ranges *ret);
/* Of the bytes of a ranges file (little-endian). */
bool ranges_parse_file(const char *bytes, size_t size, struct ranges *ret);

/* Whether each range of one has a partner of its size in the other (Learn: "Working with Directed
 * Targets"). */
bool ranges_match(const struct ranges *from, const struct ranges *to);
