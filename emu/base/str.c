/* SPDX-License-Identifier: MIT */
#include "emu/base/str.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_free(struct str *s)
{
    free(s->text);
    *s = (struct str){ 0 };
}

void str_reserve(struct str *s, size_t more)
{
    size_t needed = s->length + more + 1;

    if (needed <= s->capacity)
        return;
    s->capacity = needed > 2 * s->capacity ? needed + 32 : 2 * s->capacity;
    s->text = mem_realloc(s->text, s->capacity);
}

void str_add_bytes(struct str *s, const char *bytes, size_t length)
{
    str_reserve(s, length);
    if (length)
        memcpy(s->text + s->length, bytes, length);
    s->length += length;
    s->text[s->length] = 0;
}

void str_add(struct str *s, const char *text)
{
    if (text)
        str_add_bytes(s, text, strlen(text));
}

void str_add_char(struct str *s, char c)
{
    str_reserve(s, 1);
    s->text[s->length++] = c;
    s->text[s->length] = 0;
}

void str_add_u64(struct str *s, uint64_t value)
{
    char digits[20];
    size_t n = sizeof(digits);

    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    str_add_bytes(s, digits + n, sizeof(digits) - n);
}

void str_vaddf(struct str *s, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    check(length >= 0);
    str_reserve(s, (size_t)length);
    vsnprintf(s->text + s->length, (size_t)length + 1, format, again);
    s->length += (size_t)length;
    va_end(again);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    str_vaddf(s, format, args);
    va_end(args);
}

char *str_take(struct str *s)
{
    char *text = s->text ? s->text : mem_alloc(1);

    *s = (struct str){ 0 };
    return text;
}

char *str_printf(const char *format, ...)
{
    struct str s = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&s, format, args);
    va_end(args);
    return str_take(&s);
}

bool str_is_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_is_equal_nocase(const char *a, const char *b)
{
    if (a == b)
        return true;
    if (!a || !b)
        return false;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

bool str_starts_with(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Linear in the common case: on a mismatch, go back to the last star and let it take one more. */
static bool matches_pattern(const char *name, const char *pattern)
{
    const char *star = NULL, *retry = NULL;

    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = name;
        } else if (*pattern == '?' || (*pattern && lower(*pattern) == lower(*name))) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool str_matches(const char *name, const char *pattern)
{
    return strcmp(pattern, "*.*") == 0 || matches_pattern(name, pattern);
}
