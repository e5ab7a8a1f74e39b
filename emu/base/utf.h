/* SPDX-License-Identifier: MIT */
/* UTF-8 inside, UTF-16 at the API. Lone surrogates survive the round trip (they are encoded as
 * three bytes, "WTF-8"), because Windows names may hold them; malformed UTF-8 becomes U+FFFD. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

char *utf8_from_utf16(const uint16_t *text); /* NULL gives NULL; caller frees */
char *utf8_from_utf16_n(const uint16_t *text, size_t n_units);
uint16_t *utf16_from_utf8(const char *text); /* NULL gives NULL; caller frees */
size_t utf16_length(const uint16_t *text);   /* units before the zero */
/* Writes the text and a zero into room for strlen(text) + 1 units; answers the units before the
 * zero. */
size_t utf16_put(uint16_t *to, const char *text);
/* Strictly, as JSON and YAML want it: lone surrogates are malformed. */
bool utf8_is_valid(const char *text);
/* Bytes of the character that begins here, strictly too; 0: it is malformed. Not at the zero. */
size_t utf8_character(const unsigned char *at);
/* For messages: malformed bytes as \xff. The caller frees. */
char *utf8_shown(const char *text);
