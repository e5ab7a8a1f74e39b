/* SPDX-License-Identifier: MIT */
/* Reading ranges (betest_ranges.h). A range whose end would not fit into 64 bits is none. */
#include "fakes/requester/betest_ranges.h"

#include "emu/base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char file_prefix[] = "File=";

void ranges_free(struct ranges *ranges)
{
    array_free(&ranges->items);
}

const char *ranges_file_of(const char *text)
{
    bool has_prefix = strncasecmp(text, file_prefix, strlen(file_prefix)) == 0;

    if (has_prefix)
        return text + strlen(file_prefix);
    if (isalpha((unsigned char)text[0]) && text[1] == ':' && text[2] == '\\')
        return text;
    return str_starts_with(text, "\\\\") || text[0] == '%' ? text : NULL;
}

static bool take_number(const char **at, uint64_t *ret)
{
    char *end;

    while (**at == ' ')
        ++*at;
    if (!isdigit((unsigned char)**at))
        return false;
    *ret = strtoull(*at, &end, str_starts_with(*at, "0x") || str_starts_with(*at, "0X") ? 16 : 10);
    *at = end;
    while (**at == ' ')
        ++*at;
    return true;
}

static bool add(struct ranges *ranges, struct range range)
{
    if (range.offset > INT64_MAX || range.length > INT64_MAX - range.offset)
        return false;
    array_add(&ranges->items, range);
    return true;
}

bool ranges_parse(const char *text, struct ranges *ret)
{
    const char *at = text;

    *ret = (struct ranges){ 0 };
    for (;;) {
        struct range range;

        if (!take_number(&at, &range.offset) || *at++ != ':' || !take_number(&at, &range.length) ||
            !add(ret, range))
            return false;
        if (*at == 0)
            return true;
        if (*at++ != ',')
            return false;
    }
}

static uint64_t little_endian(const char *bytes)
{
    uint64_t value = 0;

    for (int i = 7; i >= 0; i--)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

bool ranges_parse_file(const char *bytes, size_t size, struct ranges *ret)
{
    uint64_t count = size >= 8 ? little_endian(bytes) : 0;

    *ret = (struct ranges){ 0 };
    if (size < 8 || count != (size - 8) / 16 || (size - 8) % 16 != 0)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        const char *pair = bytes + 8 + i * 16;

        if (!add(ret, (struct range){ little_endian(pair), little_endian(pair + 8) }))
            return false;
    }
    return true;
}

bool ranges_match(const struct ranges *from, const struct ranges *to)
{
    if (from->items.count != to->items.count)
        return false;
    for (size_t i = 0; i < from->items.count; i++)
        if (from->items.items[i].length != to->items.items[i].length)
            return false;
    return true;
}
