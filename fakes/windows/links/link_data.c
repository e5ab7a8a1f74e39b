/* SPDX-License-Identifier: MIT */
/* See link_data.h. */
#include "fakes/windows/links/link_data.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <stdlib.h>
#include <string.h>

#define HEADER       8u /* tag, length, reserved */
#define IS_RELATIVE  1u /* SYMLINK_FLAG_RELATIVE */
#define LONGEST_DATA (16u * 1024)

/* Offsets and lengths in bytes; the names begin behind it, of a symbolic link behind its flags. */
struct name_places {
    WORD target_at, target_length, print_at, print_length;
};

void link_data_free(struct link_data *data)
{
    free(data->target);
    free(data->print);
    *data = (struct link_data){ 0 };
}

static size_t names_at(DWORD tag)
{
    return HEADER + sizeof(struct name_places) + (tag == IO_REPARSE_TAG_SYMLINK ? 4 : 0);
}

static char *name_at(const char *names, size_t size, WORD at, WORD length)
{
    if ((size_t)at + length > size || at % 2 || length % 2)
        return NULL;
    auto_free uint16_t *units = mem_alloc(length + 2u); /* the buffer need not be aligned */
    memcpy(units, names + at, length);
    return utf8_from_utf16_n(units, length / 2u);
}

bool link_data_parse(const void *buffer, size_t size, struct link_data *ret_data)
{
    struct name_places places;
    DWORD tag, flags = 0;

    *ret_data = (struct link_data){ 0 };
    if (size < HEADER)
        return false;
    memcpy(&tag, buffer, sizeof(tag));
    if (tag != IO_REPARSE_TAG_SYMLINK && tag != IO_REPARSE_TAG_MOUNT_POINT)
        return false;
    size_t at = names_at(tag);
    if (size < at)
        return false;
    memcpy(&places, (const char *)buffer + HEADER, sizeof(places));
    if (tag == IO_REPARSE_TAG_SYMLINK)
        memcpy(&flags, (const char *)buffer + HEADER + sizeof(places), sizeof(flags));
    const char *names = (const char *)buffer + at;
    ret_data->tag = tag;
    ret_data->is_relative = flags & IS_RELATIVE;
    ret_data->target = name_at(names, size - at, places.target_at, places.target_length);
    ret_data->print = name_at(names, size - at, places.print_at, places.print_length);
    if (ret_data->target && ret_data->print && *ret_data->target)
        return true;
    link_data_free(ret_data);
    return false;
}

/* Of a mounted folder or junction each name has its zero behind it, which is not counted. */
void *link_data_build(const struct link_data *data, size_t *ret_size)
{
    auto_free uint16_t *target = utf16_from_utf8(data->target);
    auto_free uint16_t *print = utf16_from_utf8(data->print);
    size_t target_bytes = utf16_length(target) * 2, print_bytes = utf16_length(print) * 2;
    size_t zero = data->tag == IO_REPARSE_TAG_MOUNT_POINT ? 2 : 0;
    size_t at = names_at(data->tag), size = at + target_bytes + print_bytes + 2 * zero;
    DWORD flags = data->is_relative ? IS_RELATIVE : 0;

    if (size > LONGEST_DATA)
        return NULL;
    const struct name_places places = { 0, (WORD)target_bytes, (WORD)(target_bytes + zero),
                                        (WORD)print_bytes };
    const WORD length = (WORD)(size - HEADER);
    char *buffer = mem_alloc(size);

    memset(buffer, 0, size);
    memcpy(buffer, &data->tag, sizeof(data->tag));
    memcpy(buffer + 4, &length, sizeof(length));
    memcpy(buffer + HEADER, &places, sizeof(places));
    if (data->tag == IO_REPARSE_TAG_SYMLINK)
        memcpy(buffer + HEADER + sizeof(places), &flags, sizeof(flags));
    memcpy(buffer + at, target, target_bytes);
    memcpy(buffer + at + places.print_at, print, print_bytes);
    *ret_size = size;
    return buffer;
}
