/* SPDX-License-Identifier: MIT */
/* A BSTR points behind a 4-byte length in bytes and ends with a zero unit
 * (Learn: "BSTR"). Task memory is malloc memory: CoTaskMemFree is free. */
#include "emu/com/bstr.h"

#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <string.h>

struct bstr_block {
    uint64_t reserved; /* keeps the text aligned for any use */
    uint32_t padding;
    uint32_t n_bytes;
    WCHAR text[];
};

static struct bstr_block *block_of(BSTR bstr)
{
    return (struct bstr_block *)(void *)((char *)bstr - offsetof(struct bstr_block, text));
}

static struct bstr_block *new_block(size_t n_bytes)
{
    return mem_alloc(sizeof(struct bstr_block) + n_bytes / 2 * 2 + 2 * sizeof(WCHAR));
}

BSTR bstr_new_bytes(const void *bytes, UINT n_bytes)
{
    struct bstr_block *block = new_block(n_bytes);

    block->n_bytes = n_bytes;
    if (bytes)
        memcpy(block->text, bytes, n_bytes);
    return block->text;
}

BSTR bstr_new(const WCHAR *text, UINT n_units)
{
    return bstr_new_bytes(text, n_units * (UINT)sizeof(WCHAR));
}

BSTR bstr_copy(BSTR bstr)
{
    return bstr ? bstr_new_bytes(bstr, bstr_n_bytes(bstr)) : NULL;
}

UINT bstr_n_bytes(BSTR bstr)
{
    return bstr ? block_of(bstr)->n_bytes : 0;
}

BSTR bstr_from_utf16(const WCHAR *text)
{
    return text ? bstr_new(text, (UINT)utf16_length((const uint16_t *)text)) : NULL;
}

BSTR bstr_from_utf8(const char *text)
{
    if (!text)
        return NULL;
    struct bstr_block *block = new_block(strlen(text) * sizeof(WCHAR));

    block->n_bytes = (uint32_t)(utf16_put((uint16_t *)block->text, text) * sizeof(WCHAR));
    return block->text;
}

void bstr_free(BSTR bstr)
{
    if (bstr)
        free(block_of(bstr));
}

UINT bstr_length(BSTR bstr)
{
    return bstr ? block_of(bstr)->n_bytes / (UINT)sizeof(WCHAR) : 0;
}

WCHAR *task_wide_from_utf8(const char *text)
{
    return (WCHAR *)utf16_from_utf8(text);
}

char *utf8_from_wide(const WCHAR *text)
{
    return utf8_from_utf16((const uint16_t *)text);
}
