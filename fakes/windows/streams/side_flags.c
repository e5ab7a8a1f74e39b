/* SPDX-License-Identifier: MIT */
/* See side_flags.h. */
#include "fakes/windows/streams/side_flags.h"

#include "emu/base/cleanup.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

#include <string.h>

static DWORD first_number(const struct win_path *file, const char *entry)
{
    auto_free void *data = NULL;
    DWORD number = 0;

    if (side_read(file, entry, &data) >= (ssize_t)sizeof(number))
        memcpy(&number, data, sizeof(number));
    return number;
}

/* Whether the file has a folder at all: one question in place of three. */
static bool has_any(const struct win_path *file)
{
    struct stat st;

    if (!file->volume || file->kind != PATH_FILE)
        return false;
    auto_path folder = side_path(file, NULL);
    return storage_stat(&folder, &st) == 0;
}

DWORD side_flags(const struct win_path *file)
{
    if (!has_any(file))
        return 0;
    return first_number(file, SIDE_FLAGS) |
           (first_number(file, SIDE_REPARSE) ? (DWORD)FILE_ATTRIBUTE_REPARSE_POINT : 0u);
}

int side_change_flags(const struct win_path *file, DWORD set, DWORD clear)
{
    DWORD old = first_number(file, SIDE_FLAGS), flags = (old | set) & ~clear;

    return flags == old ? 0 : side_write(file, SIDE_FLAGS, flags ? &flags : NULL, sizeof(flags));
}

DWORD side_reparse_tag(const struct win_path *file)
{
    return has_any(file) ? first_number(file, SIDE_REPARSE) : 0;
}
