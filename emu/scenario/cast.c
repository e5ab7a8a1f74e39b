/* SPDX-License-Identifier: MIT */
#include "emu/scenario/cast.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/scenario/cast_rows.h"

size_t cast_count(void)
{
    return cast_n_rows;
}

const struct cast_member *cast_get(size_t i)
{
    return &cast_rows[i];
}

size_t cast_find(const char *key)
{
    size_t i = 0;

    while (i < cast_n_rows && !str_is_equal_nocase(cast_rows[i].writer.key, key))
        i++;
    return i;
}

bool cast_is_nowhere(size_t i)
{
    return str_is_equal(cast_rows[i].writer.key, "nowhere");
}

/* Files that are nowhere, and a restore to another place. */
bool cast_is_odd(size_t i)
{
    return cast_is_nowhere(i) || str_is_equal(cast_rows[i].writer.key, "elsewhere");
}

bool cast_is_fleeting(size_t i)
{
    return str_is_equal(cast_rows[i].writer.key, "fleeting");
}

static void add_mappings(struct wmd *wmd, const char *key)
{
    for (const struct cast_mapping *m = cast_mappings; m->key; m++) {
        if (str_is_equal(m->key, key))
            filespecs_add(&wmd->alternate_mappings, m->path, m->filespec, false, m->to,
                          FILESPEC_MASK_DEFAULT);
    }
}

static void add_dependencies(struct wmd *wmd, const char *key)
{
    for (const struct cast_dependency *d = cast_dependencies; d->key; d++) {
        if (!str_is_equal(d->key, key))
            continue;
        struct wmd_component *component = wmd_find_component(wmd, NULL, d->component);
        struct wmd_dependency *dependency = array_push(&component->dependencies);

        check(guid_from_text(d->on_writer_id, &dependency->writer_id));
        dependency->logical_path = mem_strdup(d->on_path);
        dependency->name = mem_strdup(d->on_component);
    }
}

struct wmd *cast_document(size_t i)
{
    const struct catalog_writer *row = &cast_rows[i].writer;
    struct wmd *wmd = writer_catalog_document(row);

    add_mappings(wmd, row->key);
    add_dependencies(wmd, row->key);
    return wmd;
}
