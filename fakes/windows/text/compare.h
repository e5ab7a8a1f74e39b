/* SPDX-License-Identifier: MIT */
/* The order of texts that CompareString has and sort keys show. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stddef.h>

/* Below 0, 0 or above 0. flags: NORM_IGNORECASE and SORT_STRINGSORT count. Symbols come before
 * digits, digits before letters, letters by the alphabet; where all that is equal, accents decide,
 * then lower before upper case. Unless SORT_STRINGSORT is given, hyphen and apostrophe decide last
 * ("word sort"). */
int compare_texts(LPCWSTR a, size_t n_a, LPCWSTR b, size_t n_b, DWORD flags);

/* Writes the sort key of n units as far as size bytes go (none: NULL), with its zero; answers the
 * bytes of all of it. memcmp of two keys is compare_texts of their texts. */
size_t compare_sort_key(LPCWSTR text, size_t n, DWORD flags, void *buffer, size_t size);
