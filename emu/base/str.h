/* SPDX-License-Identifier: MIT */
/* Text in UTF-8: a growing buffer, printf into new memory, and comparisons. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    char *text;    /* NULL while empty, else zero-terminated */
    size_t length; /* without the zero */
    size_t capacity;
};

void str_free(struct str *s);
void str_add(struct str *s, const char *text); /* NULL adds nothing */
void str_add_bytes(struct str *s, const char *bytes, size_t length);
void str_add_char(struct str *s, char c);
void str_add_u64(struct str *s, uint64_t value); /* in decimal */
void str_reserve(struct str *s, size_t more);    /* room for so many bytes and a zero */
void str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *format, va_list args);
char *str_take(struct str *s); /* the text, "" if empty; the caller frees; s is empty again */

/* printf into fresh memory; the caller frees. */
char *str_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool str_is_equal(const char *a, const char *b);        /* NULL equals NULL only */
bool str_is_equal_nocase(const char *a, const char *b); /* ASCII letters only */
bool str_starts_with(const char *text, const char *prefix);

/* Windows wildcards * and ? against a name, ignoring the case of ASCII letters. "*.*" matches every
 * name. */
bool str_matches(const char *name, const char *pattern);

#define auto_str __attribute__((cleanup(str_free)))
