/* SPDX-License-Identifier: MIT */
#include "emu/scenario/brief.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <string.h>

GUID brief_writer_id(const char *name)
{
    uint64_t first = hash_text(name), second = hash_number(first);
    GUID id = { .Data1 = (uint32_t)first,
                .Data2 = (uint16_t)(first >> 32),
                .Data3 = (uint16_t)(0x4000 | ((first >> 48) & 0x0fff)) };

    memcpy(id.Data4, &second, sizeof(id.Data4));
    id.Data4[0] = (unsigned char)(0x80 | (id.Data4[0] & 0x3f));
    return id;
}

struct wmd *brief_document(const char *name)
{
    struct wmd *wmd = wmd_new();

    free(wmd->name);
    wmd->name = mem_strdup(name);
    wmd->writer_id = brief_writer_id(name);
    wmd->usage = VSS_UT_USERDATA;
    wmd->source = VSS_ST_OTHER;
    wmd->has_restore_method = true;
    wmd->restore_method = VSS_RME_RESTORE_IF_CAN_REPLACE;
    wmd->writer_restore = VSS_WRE_ALWAYS;
    return wmd;
}

/* ---- components ---- */

char *brief_full_name(const char *logical_path, const char *name)
{
    return logical_path && *logical_path ? str_printf("%s\\%s", logical_path, name)
                                         : mem_strdup(name);
}

void brief_split_name(const char *full_name, char **ret_path, const char **ret_name)
{
    full_name += strspn(full_name, "\\");
    const char *last = strrchr(full_name, '\\');
    size_t n = last ? (size_t)(last - full_name) : 0;
    const char *name = last ? last + 1 : full_name;

    /* The name lies behind the zero of the path. */
    *ret_path = mem_alloc(n + strlen(name) + 2);
    memcpy(*ret_path, full_name, n);
    strcpy(*ret_path + n + 1, name);
    *ret_name = *ret_path + n + 1;
}

struct wmd_component *brief_add_component(struct wmd *wmd, VSS_COMPONENT_TYPE type,
                                          const char *full_name)
{
    auto_free char *path = NULL;
    const char *name;

    brief_split_name(full_name, &path, &name);
    struct wmd_component *component = wmd_add_component(wmd, type, path, name);

    if (component)
        component->selectable = component->selectable_for_restore = true;
    return component;
}

/* ---- files ---- */

bool brief_add_files(struct filespecs *specs, const char *text)
{
    auto_free char *path = mem_strdup(text);
    char *pattern = strrchr(path, '\\');
    bool recursive = false;

    if (!pattern || pattern == path)
        return false;
    *pattern++ = 0;
    size_t n = strlen(path);
    if (strcmp(pattern, "**") == 0) {
        recursive = true;
        pattern[1] = 0;
    } else if (n > 3 && strcmp(path + n - 3, "\\**") == 0) {
        recursive = true;
        path[n - 3] = 0;
    }
    auto_free char *directory = strlen(path) == 2 ? str_printf("%s\\", path) : mem_strdup(path);
    if (!filespec_path_is_valid(directory) || !filespec_pattern_is_valid(pattern))
        return false;
    filespecs_add(specs, directory, pattern, recursive, NULL, FILESPEC_MASK_DEFAULT);
    return true;
}

char *brief_files_text(const struct filespec *spec)
{
    size_t n = strlen(spec->path);
    int path_size = (int)(n && spec->path[n - 1] == '\\' ? n - 1 : n);

    if (!spec->recursive)
        return str_printf("%.*s\\%s", path_size, spec->path, spec->filespec);
    if (strcmp(spec->filespec, "*") == 0)
        return str_printf("%.*s\\**", path_size, spec->path);
    return str_printf("%.*s\\**\\%s", path_size, spec->path, spec->filespec);
}

void brief_have_files(const struct wmd *wmd, struct wmd_component *component)
{
    bool is_database = component->type == VSS_CT_DATABASE;
    auto_free char *directory = str_printf("C:\\%s", wmd->name);
    auto_free char *name = str_printf("%s.%s", component->name, is_database ? "mdf" : "dat");

    if (!component->files.count && !component->database_files.count && !component->log_files.count)
        filespecs_add(is_database ? &component->database_files : &component->files, directory, name,
                      false, NULL, FILESPEC_MASK_DEFAULT);
}

/* ---- levels ---- */

static const struct level {
    const char *name;
    int level;
} levels[] = {
    { "system", VSS_APP_SYSTEM },
    { "back-end", VSS_APP_BACK_END },
    { "front-end", VSS_APP_FRONT_END },
    { "system-rm", VSS_APP_SYSTEM_RM },
};

const char *brief_level_name(int level)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        if (levels[i].level == level)
            return levels[i].name;
    }
    return NULL;
}

bool brief_level_named(const char *name, int *ret_level)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        if (str_is_equal_nocase(levels[i].name, name)) {
            *ret_level = levels[i].level;
            return true;
        }
    }
    return false;
}
