/* SPDX-License-Identifier: MIT */
/* DefineDosDevice for what backup programs use it for: a drive letter of the process for the device
 * of a snapshot, without exposing it (Learn: "DefineDosDeviceW"). A letter for a directory of a
 * volume is not there: ERROR_NOT_SUPPORTED. */
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

struct definition {
    struct exposures *world;
    struct exposure exposure;
};

static pthread_mutex_t definitions_lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct definition *) definitions;

static DWORD define(char letter, const char *target, DWORD flags)
{
    auto_free char *whole = flags & DDD_RAW_TARGET_PATH ? str_printf("\\\\?\\GLOBALROOT%s", target)
                                                        : mem_strdup(target);
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(whole);
    auto_path path;
    DWORD error = path_parse(wide, 0, &path);

    if (error)
        return error;
    if (!path.view || *path.text)
        return ERROR_NOT_SUPPORTED;
    struct definition *definition = mem_new(struct definition);
    definition->world = &world_current()->exposures;
    definition->exposure =
        (struct exposure){ .volume = path.volume, .view = path.view, .root = "", .letter = letter };
    pthread_mutex_lock(&definitions_lock);
    array_add(&definitions, definition);
    pthread_mutex_unlock(&definitions_lock);
    exposures_add(definition->world, &definition->exposure);
    return ERROR_SUCCESS;
}

/* The newest definition of the letter goes, and what was before comes back. */
static DWORD remove_definition(char letter)
{
    struct exposures *here = &world_current()->exposures;
    struct definition *found = NULL;

    pthread_mutex_lock(&definitions_lock);
    for (size_t i = definitions.count; i-- > 0 && !found;) {
        struct definition *candidate = definitions.items[i];
        if (candidate->world != here || candidate->exposure.letter != letter)
            continue;
        found = candidate;
        array_remove(&definitions, i);
    }
    pthread_mutex_unlock(&definitions_lock);
    if (!found)
        return ERROR_FILE_NOT_FOUND;
    exposures_remove(here, &found->exposure);
    free(found);
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
    if (!isalpha((unsigned char)utf8_name[0]) || utf8_name[1] != ':' || utf8_name[2])
        return win_fail(ERROR_NOT_SUPPORTED);
    char letter = (char)toupper(utf8_name[0]);
    DWORD error = removes ? remove_definition(letter) : define(letter, utf8_target, flags);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI DefineDosDeviceA(DWORD flags, LPCSTR name, LPCSTR target)
{
    auto_free WCHAR *wide_name = (WCHAR *)utf16_from_utf8(name);
    auto_free WCHAR *wide_target = (WCHAR *)utf16_from_utf8(target);

    return DefineDosDeviceW(flags, wide_name, wide_target);
}
