/* SPDX-License-Identifier: MIT */
/* See base64.h. */
#include "emu/base/base64.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"

#include <stdint.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t size)
{
    const unsigned char *in = bytes;
    char *text = mem_alloc((size + 2) / 3 * 4 + 1), *out = text;

    for (size_t i = 0; i < size; i += 3) {
        size_t n = size - i < 3 ? size - i : 3;
        uint32_t group = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                         (n > 2 ? in[i + 2] : 0u);

        *out++ = letters[group >> 18];
        *out++ = letters[group >> 12 & 63];
        *out++ = n > 1 ? letters[group >> 6 & 63] : '=';
        *out++ = n > 2 ? letters[group & 63] : '=';
    }
    return text;
}

unsigned char *base64_decode(const char *text, size_t *ret_size)
{
    size_t length = strlen(text), n_padding = 0, n_out = 0;
    auto_free unsigned char *bytes = NULL;
    uint32_t group = 0;

    if (length % 4)
        return NULL;
    while (n_padding < 2 && length && text[length - 1 - n_padding] == '=')
        n_padding++;
    bytes = mem_alloc(length / 4 * 3 + 1);
    for (size_t i = 0; i < length - n_padding; i++) {
        const char *letter = strchr(letters, text[i]);

        if (!letter)
            return NULL;
        group = group << 6 | (uint32_t)(letter - letters);
        /* After the first of four letters no byte is complete yet. */
        if (i % 4)
            bytes[n_out++] = (unsigned char)(group >> (6 - 2 * (i % 4)));
    }
    *ret_size = n_out;
    return take_ptr(&bytes);
}
