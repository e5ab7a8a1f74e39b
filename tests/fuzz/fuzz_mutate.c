/* SPDX-License-Identifier: MIT */
/* Mutations that keep a document a document: values of attributes, attributes, elements.
 * libFuzzer's own changes of bytes, which mostly make texts that are no XML, take turns with
 * them. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

struct text {
    uint8_t *data;
    size_t size, max_size;
    unsigned seed;
};

static size_t below(struct text *text, size_t limit)
{
    text->seed = text->seed * 1103515245u + 12345u;
    return limit ? (text->seed >> 8) % limit : 0;
}

/* A piece from `from` to `to` becomes `with`; does nothing when that does not fit. */
static void replace(struct text *text, size_t from, size_t to, const void *with, size_t length)
{
    if (text->size - (to - from) + length > text->max_size)
        return;
    memmove(text->data + from + length, text->data + to, text->size - to);
    memcpy(text->data + from, with, length);
    text->size = text->size - (to - from) + length;
}

/* The first of this byte from `from` on; size when there is none. */
static size_t find(const struct text *text, size_t from, uint8_t byte)
{
    const uint8_t *found =
        from < text->size ? memchr(text->data + from, byte, text->size - from) : NULL;

    return found ? (size_t)(found - text->data) : text->size;
}

static void change_value(struct text *text)
{
    static const char *const values[] = {
        "",
        " ",
        "yes",
        "no",
        "0",
        "3855",
        "4294967295",
        "4294967296",
        "18446744073709551616",
        "-1",
        "*",
        "*.*",
        "a\\b",
        "\\",
        "%",
        "%SystemRoot%\\x",
        "\\\\?\\Volume{5d6e7f80-1111-4222-8333-000000000002}\\x",
        "\\\\server\\share",
        "C:",
        "E:\\",
        "&#10;",
        "&#xfffd;&#x10ffff;",
        "&lt;&quot;&amp;",
        "{A1B2C3D4-0001-4002-8003-000000000004}",
        "a1b2c3d4-0001-4002-8003-000000000004",
        "UNDEFINED",
        "undefined",
        "OTHER",
        "0:5,100:20",
        "AAEC",
    };
    size_t begin = find(text, below(text, text->size), '"');
    size_t end = find(text, begin + 1, '"');
    const char *value = values[below(text, sizeof(values) / sizeof(values[0]))];

    if (end < text->size)
        replace(text, begin + 1, end, value, strlen(value));
}

/* From the blank before its name to behind its closing mark. */
static void drop_attribute(struct text *text)
{
    size_t begin = find(text, below(text, text->size), ' ');
    size_t open = find(text, begin, '"'), end = find(text, open + 1, '"');

    if (end < text->size && find(text, begin, '>') > open)
        replace(text, begin, end + 1, "", 0);
}

/* Copies a piece from one tag to another to a place before a tag. */
static void move_element(struct text *text)
{
    size_t from = find(text, below(text, text->size), '<');
    size_t to = find(text, below(text, text->size), '<');
    size_t place = find(text, below(text, text->size), '<');

    if (from >= to || place >= text->size)
        return;
    uint8_t *piece = malloc(to - from);

    memcpy(piece, text->data + from, to - from);
    if (text->seed & 0x100)
        replace(text, from, to, "", 0);
    if (place <= text->size)
        replace(text, place, place, piece, to - from);
    free(piece);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct text text = { data, size, max_size, seed };

    switch (below(&text, 6)) {
    case 0:
    case 1:
        change_value(&text);
        return text.size;
    case 2:
        drop_attribute(&text);
        return text.size;
    case 3:
        move_element(&text);
        return text.size;
    default:
        return LLVMFuzzerMutate(data, size, max_size);
    }
}
