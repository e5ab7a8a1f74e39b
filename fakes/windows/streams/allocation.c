/* SPDX-License-Identifier: MIT */
/* See allocation.h. */
#include "fakes/windows/streams/allocation.h"

#include "emu/base/cleanup.h"

#include <string.h>

static bool is_zero(const char *data, size_t size)
{
    return !size || (!data[0] && memcmp(data, data + 1, size - 1) == 0);
}

static void add_range(struct allocated_ranges *all, int64_t from, int64_t to)
{
    if (all->ranges.count) {
        struct allocated_range *last = &all->ranges.items[all->ranges.count - 1];
        if (last->offset + last->length == from) {
            last->length = to - last->offset;
            return;
        }
    }
    array_add(&all->ranges, ((struct allocated_range){ from, to - from }));
}

int allocation_find(struct storage_file *file, int64_t offset, int64_t length,
                    struct allocated_ranges *ret_ranges)
{
    auto_free char *unit = mem_alloc(ALLOCATION_UNIT);
    struct stat st;
    int error = storage_stat_file(file, &st);
    int64_t end = !error && length > st.st_size - offset ? st.st_size : offset + length;

    for (int64_t at = offset - offset % ALLOCATION_UNIT; !error && at < end;
         at += ALLOCATION_UNIT) {
        ssize_t n = storage_read(file, unit, ALLOCATION_UNIT, at);
        if (n <= 0)
            return (int)n;
        int64_t from = at < offset ? offset : at, to = at + n < end ? at + n : end;
        if (!is_zero(unit, (size_t)n) && to > from)
            add_range(ret_ranges, from, to);
    }
    return error;
}
