/* SPDX-License-Identifier: MIT */
#include "emu/base/utf.h"

#include "emu/base/array.h"
#include "emu/base/str.h"

size_t utf16_length(const uint16_t *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

static void add_code_point(struct str *out, uint32_t c)
{
    if (c < 0x80) {
        str_add_char(out, (char)c);
    } else if (c < 0x800) {
        str_add_char(out, (char)(0xC0 | c >> 6));
        str_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        str_add_char(out, (char)(0xE0 | c >> 12));
        str_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        str_add_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        str_add_char(out, (char)(0xF0 | c >> 18));
        str_add_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        str_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        str_add_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

char *utf8_from_utf16_n(const uint16_t *text, size_t n_units)
{
    struct str out = { 0 };

    for (size_t i = 0; i < n_units; i++) {
        uint32_t c = text[i];

        if (c >= 0xD800 && c < 0xDC00 && i + 1 < n_units && text[i + 1] >= 0xDC00 &&
            text[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (uint32_t)(text[++i] - 0xDC00);
        add_code_point(&out, c);
    }
    return str_take(&out);
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

uint16_t *utf16_from_utf8(const char *text)
{
    ARRAY(uint16_t) out = { 0 };

    if (!text)
        return NULL;
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        uint32_t c = next_code_point(&at);

        if (c >= 0x10000) {
            array_add(&out, (uint16_t)(0xD800 + ((c - 0x10000) >> 10)));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        array_add(&out, (uint16_t)c);
    }
    array_add(&out, (uint16_t)0);
    return out.items;
}
