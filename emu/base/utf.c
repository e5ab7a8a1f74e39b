/* SPDX-License-Identifier: MIT */
#include "emu/base/utf.h"

#include "emu/base/mem.h"

#include <stdio.h>
#include <string.h>

size_t utf16_length(const uint16_t *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

/* Writes 1 to 4 bytes and answers where the next go. */
static char *put_code_point(char *at, uint32_t c)
{
    if (c < 0x80) {
        *at++ = (char)c;
    } else if (c < 0x800) {
        *at++ = (char)(0xC0 | c >> 6);
        *at++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *at++ = (char)(0xE0 | c >> 12);
        *at++ = (char)(0x80 | (c >> 6 & 0x3F));
        *at++ = (char)(0x80 | (c & 0x3F));
    } else {
        *at++ = (char)(0xF0 | c >> 18);
        *at++ = (char)(0x80 | (c >> 12 & 0x3F));
        *at++ = (char)(0x80 | (c >> 6 & 0x3F));
        *at++ = (char)(0x80 | (c & 0x3F));
    }
    return at;
}

/* At most three bytes a unit: a pair of surrogates becomes four. */
static size_t utf8_size(const uint16_t *text, size_t n_units)
{
    size_t size = 1;

    for (size_t i = 0; i < n_units; i++)
        size += text[i] < 0x80 ? 1 : text[i] < 0x800 ? 2 : 3;
    return size;
}

char *utf8_from_utf16_n(const uint16_t *text, size_t n_units)
{
    char *out = mem_realloc(NULL, utf8_size(text, n_units)), *at = out;

    for (size_t i = 0; i < n_units; i++) {
        uint32_t c = text[i];

        if (c >= 0xD800 && c < 0xDC00 && i + 1 < n_units && text[i + 1] >= 0xDC00 &&
            text[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (uint32_t)(text[++i] - 0xDC00);
        at = put_code_point(at, c);
    }
    *at = 0;
    return out;
}

char *utf8_from_utf16(const uint16_t *text)
{
    return text ? utf8_from_utf16_n(text, utf16_length(text)) : NULL;
}

/* Decodes one sequence at *at and moves behind it; what is malformed costs one byte. */
static uint32_t next_code_point(const unsigned char **at)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *s = *at;
    unsigned n = s[0] < 0x80   ? 1
                 : s[0] < 0xC2 ? 0
                 : s[0] < 0xE0 ? 2
                 : s[0] < 0xF0 ? 3
                 : s[0] < 0xF5 ? 4
                               : 0;
    uint32_t c = n == 1 ? s[0] : n == 2 ? s[0] & 0x1Fu : n == 3 ? s[0] & 0x0Fu : s[0] & 0x07u;

    *at = s + 1;
    if (!n)
        return 0xFFFD;
    for (unsigned i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0xFFFD;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < least[n] || c > 0x10FFFF)
        return 0xFFFD;
    *at = s + n;
    return c;
}

size_t utf16_put(uint16_t *to, const char *text)
{
    uint16_t *out = to;

    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        if (*at < 0x80) {
            *out++ = *at++;
            continue;
        }
        uint32_t c = next_code_point(&at);

        if (c >= 0x10000) {
            *out++ = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        *out++ = (uint16_t)c;
    }
    *out = 0;
    return (size_t)(out - to);
}

uint16_t *utf16_from_utf8(const char *text)
{
    if (!text)
        return NULL;
    uint16_t *out = mem_realloc(NULL, (strlen(text) + 1) * sizeof(*out));

    utf16_put(out, text);
    return out;
}

/* How many bytes the character at the text has; 0: it is malformed. */
size_t utf8_character(const unsigned char *at)
{
    static const unsigned char replacement[] = { 0xEF, 0xBF, 0xBD };
    const unsigned char *end = at;
    uint32_t c = next_code_point(&end);
    bool is_malformed =
        c == 0xFFFD && (end - at != sizeof(replacement) || memcmp(at, replacement, 3) != 0);

    return is_malformed || (c >= 0xD800 && c < 0xE000) ? 0 : (size_t)(end - at);
}

bool utf8_is_valid(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at) {
        size_t n = utf8_character(at);

        if (!n)
            return false;
        at += n;
    }
    return true;
}

char *utf8_shown(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t size = 4 * strlen(text) + 1;
    char *out = mem_alloc(size), *to = out;

    while (*at) {
        size_t n = utf8_character(at);

        if (n)
            to = mempcpy(to, at, n);
        else
            to += snprintf(to, (size_t)(out + size - to), "\\x%02x", *at);
        at += n ? n : 1;
    }
    *to = 0;
    return out;
}
