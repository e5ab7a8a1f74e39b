/* SPDX-License-Identifier: MIT */
/* DefineDosDevice (Learn: "DefineDosDeviceW"): a drive letter, or a device name that \\?\NAME
 * reaches, for the device of a snapshot or a directory of a volume. Backup programs give a snapshot
 * a letter with it without exposing it, providers their copies a device. It holds in this
 * process. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/port/exposure.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/path.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct definition {
    struct exposures *world;
    struct exposure exposure;
    char *root, *name; /* owned */
};

static bool is_letter(const char *name)
{
    return isalpha((unsigned char)name[0]) && name[1] == ':' && !name[2];
}

static pthread_mutex_t definitions_lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct definition *) definitions;

static void definition_free(struct definition *definition)
{
    free(definition->root);
    free(definition->name);
    free(definition);
}

/* A device stands for its root. Whether a directory is there shows when somebody uses the name. */
static DWORD find_target(const char *target, DWORD flags, struct win_path *ret_path)
{
    auto_free char *whole = flags & DDD_RAW_TARGET_PATH ? str_printf("\\\\?\\GLOBALROOT%s", target)
                                                        : mem_strdup(target);
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(whole);
    DWORD error = path_parse(wide, 0, ret_path);

    if (error || ret_path->kind == PATH_DEVICE)
        return error;
    if (ret_path->kind != PATH_FILE)
        return ERROR_NOT_SUPPORTED;
    path_find(ret_path, NULL); /* for the case of its names */
    return ERROR_SUCCESS;
}

/* name: a letter and a colon, or that of a device. */
static DWORD define(const char *name, const char *target, DWORD flags)
{
    auto_path path = { 0 };
    DWORD error = find_target(target, flags, &path);

    if (error)
        return error;
    struct definition *definition = mem_new(struct definition);
    definition->world = &world_current()->exposures;
    definition->root = mem_strdup(path.text);
    definition->name = mem_strdup(name);
    definition->exposure =
        (struct exposure){ .volume = path.volume, .view = path.view, .root = definition->root };
    if (is_letter(name))
        definition->exposure.letter = name[0];
    else
        definition->exposure.device = definition->name;
    pthread_mutex_lock(&definitions_lock);
    array_add(&definitions, definition);
    pthread_mutex_unlock(&definitions_lock);
    exposures_add(definition->world, &definition->exposure);
    return ERROR_SUCCESS;
}

/* The newest definition of the letter goes, and what was before comes back. */
static DWORD remove_definition(const char *name)
{
    struct exposures *here = &world_current()->exposures;
    struct definition *found = NULL;

    pthread_mutex_lock(&definitions_lock);
    for (size_t i = definitions.count; i-- > 0 && !found;) {
        struct definition *candidate = definitions.items[i];
        if (candidate->world != here || !str_is_equal_nocase(candidate->name, name))
            continue;
        found = candidate;
        array_remove(&definitions, i);
    }
    pthread_mutex_unlock(&definitions_lock);
    if (!found)
        return ERROR_FILE_NOT_FOUND;
    exposures_remove(here, &found->exposure);
    definition_free(found);
    return ERROR_SUCCESS;
}

BOOL WINAPI DefineDosDeviceW(DWORD flags, LPCWSTR name, LPCWSTR target)
{
    auto_free char *utf8_name = utf8_from_wide(name);
    auto_free char *utf8_target = utf8_from_wide(target);
    const DWORD known = DDD_RAW_TARGET_PATH | DDD_REMOVE_DEFINITION | DDD_EXACT_MATCH_ON_REMOVE |
                        DDD_NO_BROADCAST_SYSTEM;
    bool removes = flags & DDD_REMOVE_DEFINITION;

    if (!utf8_name || flags & ~known || (!removes && !utf8_target))
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!*utf8_name || strpbrk(utf8_name, "\\/"))
        return win_fail(ERROR_INVALID_PARAMETER);
    if (is_letter(utf8_name))
        utf8_name[0] = (char)toupper((unsigned char)utf8_name[0]);
    DWORD error = removes ? remove_definition(utf8_name) : define(utf8_name, utf8_target, flags);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI DefineDosDeviceA(DWORD flags, LPCSTR name, LPCSTR target)
{
    auto_free WCHAR *wide_name = (WCHAR *)utf16_from_utf8(name);
    auto_free WCHAR *wide_target = (WCHAR *)utf16_from_utf8(target);

    return DefineDosDeviceW(flags, wide_name, wide_target);
}
