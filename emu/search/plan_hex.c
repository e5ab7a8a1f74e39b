/* SPDX-License-Identifier: MIT */
#include "emu/search/plan_hex.h"

#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

char *plan_to_hex(const struct plan *plan)
{
    static const char digits[] = "0123456789abcdef";
    struct plan_bytes bytes;
    struct str out = { 0 };

    plan_to_bytes(plan, &bytes);
    str_reserve(&out, bytes.count * 2);
    for (size_t i = 0; i < bytes.count; i++) {
        str_add_char(&out, digits[bytes.items[i] >> 4]);
        str_add_char(&out, digits[bytes.items[i] & 15]);
    }
    array_free(&bytes);
    return str_take(&out);
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void plan_from_hex(const char *text, struct plan *ret_plan)
{
    size_t n = 0;
    uint8_t *bytes = mem_alloc(strlen(text) / 2);

    for (; digit(text[0]) >= 0 && digit(text[1]) >= 0; text += 2)
        bytes[n++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    plan_from_bytes(bytes, n, ret_plan);
    free(bytes);
}
