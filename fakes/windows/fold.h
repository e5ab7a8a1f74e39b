/* SPDX-License-Identifier: MIT */
/* Names without regard to case, as NTFS compares them: one character at a time, the Basic
 * Multilingual Plane only, no knowledge of languages. And the wildcards of FindFirstFile. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

uint32_t fold_upper(uint32_t c); /* the capital letter of a code point */

/* UTF-8; answers as strcmp does. */
int fold_compare(const char *a, const char *b);

/* The next code point of UTF-8 text; moves behind it. What is malformed counts as one byte. */
uint32_t fold_next(const char **text);

/* A pattern as FindFirstFile takes it. Long names only: a short 8.3 name never matches. */
bool fold_matches(const char *name, const char *pattern);
