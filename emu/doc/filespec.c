/* SPDX-License-Identifier: MIT */
/* See filespec.h. */
#include "emu/doc/filespec.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <string.h>

struct filespec *filespecs_add(struct filespecs *specs, const char *path, const char *filespec,
                               bool recursive, const char *alternate_path, uint32_t mask)
{
    struct filespec *spec = array_push(specs);

    spec->path = mem_strdup(path);
    spec->filespec = mem_strdup(filespec);
    spec->recursive = recursive;
    spec->alternate_path = alternate_path && *alternate_path ? mem_strdup(alternate_path) : NULL;
    spec->backup_type_mask = mask;
    return spec;
}

void filespecs_copy(struct filespecs *to, const struct filespecs *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct filespec *spec = &from->items[i];

        filespecs_add(to, spec->path, spec->filespec, spec->recursive, spec->alternate_path,
                      spec->backup_type_mask);
    }
}

void filespecs_free(struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++) {
        free(specs->items[i].path);
        free(specs->items[i].filespec);
        free(specs->items[i].alternate_path);
    }
    array_free(specs);
}

bool filespec_is_same(const struct filespec *spec, const char *path, const char *filespec,
                      bool recursive)
{
    return spec->recursive == recursive && str_is_equal(spec->path, path) &&
           str_is_equal(spec->filespec, filespec);
}

const struct filespec *filespecs_find(const struct filespecs *specs, const char *path,
                                      const char *filespec, bool recursive)
{
    for (size_t i = 0; i < specs->count; i++) {
        if (filespec_is_same(&specs->items[i], path, filespec, recursive))
            return &specs->items[i];
    }
    return NULL;
}

bool filespec_path_is_valid(const char *path)
{
    /* "\\?\Volume{...}\dir" is a path too: the question mark of this prefix is no wildcard. */
    if (!path || !*path)
        return false;
    if (str_starts_with(path, "\\\\?\\"))
        path += 4;
    return !strpbrk(path, "*?");
}

bool filespec_pattern_is_valid(const char *filespec)
{
    return filespec && *filespec && !strchr(filespec, '\\');
}
