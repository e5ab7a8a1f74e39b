/* SPDX-License-Identifier: MIT */
/* What the C library tells a program about itself and its surroundings: arguments, current
 * directory, names for temporary files, the shell. Learn: "__argc, __argv, __wargv", "_getcwd,
 * _wgetcwd", "_tempnam, _wtempnam", "system, _wsystem", "_popen, _wpopen". */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ---- */

static struct {
    int n;
    char **narrow;
    wchar_t **wide;
    wchar_t program[MAX_PATH];
    char program_narrow[MAX_PATH * 4];
} arguments;

/* glibc hands them to every constructor. */
__attribute__((constructor)) static void keep_arguments(int n, char **texts)
{
    arguments.n = n;
    arguments.narrow = texts;
}

static void widen(void)
{
    size_t n = (size_t)arguments.n;

    arguments.wide = mem_alloc((n + 1) * sizeof(wchar_t *));
    for (size_t i = 0; i < n; i++)
        arguments.wide[i] = utf16_from_utf8(arguments.narrow[i]);
    arguments.wide[n] = NULL;
    GetModuleFileNameW(NULL, (WCHAR *)arguments.program, MAX_PATH);
    auto_free char *narrow = utf8_from_utf16(arguments.program);
    memcpy(arguments.program_narrow, narrow, strlen(narrow) + 1);
}

static void know_arguments(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, widen);
}

CRT(int *w16___p___argc(void))
{
    return &arguments.n;
}

CRT(char ***w16___p___argv(void))
{
    return &arguments.narrow;
}

CRT(wchar_t ***w16___p___wargv(void))
{
    know_arguments();
    return &arguments.wide;
}

CRT(wchar_t *w16___p__wpgmptr(void))
{
    know_arguments();
    return arguments.program;
}

CRT(char *w16___p__pgmptr(void))
{
    know_arguments();
    return arguments.program_narrow;
}

/* ---- directories and temporary names ---- */

CRT(wchar_t *w16__wgetcwd(wchar_t *buffer, int size))
{
    DWORD needed = GetCurrentDirectoryW(0, NULL);
    size_t room = size > 0 ? (size_t)size : 0;

    if (!buffer) {
        room = needed > room ? needed : room;
        buffer = mem_alloc(room * sizeof(wchar_t));
    } else if (!room) {
        crt_invalid_parameter("_wgetcwd", EINVAL);
        return NULL;
    } else if (needed > room) {
        errno = ERANGE;
        return NULL;
    }
    GetCurrentDirectoryW((DWORD)room, (WCHAR *)buffer);
    return buffer;
}

CRT(char *w16__getcwd(char *buffer, int size))
{
    auto_free wchar_t *wide = w16__wgetcwd(NULL, 0);
    auto_free char *narrow = utf8_from_utf16(wide);
    size_t needed = strlen(narrow) + 1, room = size > 0 ? (size_t)size : 0;

    if (!buffer) {
        buffer = mem_alloc(needed > room ? needed : room);
    } else if (needed > room) {
        errno = ERANGE;
        return NULL;
    }
    memcpy(buffer, narrow, needed);
    return buffer;
}

/* The first name with the prefix that no file has, in TMP, else in the folder. The caller frees. */
CRT(wchar_t *w16__wtempnam(const wchar_t *folder, const wchar_t *prefix))
{
    auto_free char *narrow_folder = utf8_from_utf16(folder);
    auto_free char *narrow_prefix = utf8_from_utf16(prefix);
    const char *tmp = getenv("TMP");
    const char *where = tmp ? tmp : narrow_folder ? narrow_folder : "\\";

    for (unsigned i = 1; i < 0xffff; i++) {
        auto_free char *name = str_printf("%s\\%s%u", where, narrow_prefix ? narrow_prefix : "", i);
        wchar_t *wide = utf16_from_utf8(name);
        if (GetFileAttributesW((WCHAR *)wide) == INVALID_FILE_ATTRIBUTES)
            return wide;
        free(wide);
    }
    return NULL;
}

CRT(char *w16__tempnam(const char *folder, const char *prefix))
{
    auto_free wchar_t *wide_folder = utf16_from_utf8(folder);
    auto_free wchar_t *wide_prefix = utf16_from_utf8(prefix);
    auto_free wchar_t *name = w16__wtempnam(wide_folder, wide_prefix);

    return utf8_from_utf16(name);
}

/* ---- the shell: the host's ---- */

CRT(int w16__wsystem(const wchar_t *command))
{
    auto_free char *narrow = utf8_from_utf16(command);

    return system(narrow);
}

CRT(FILE *w16__popen(const char *command, const char *mode))
{
    const char plain[] = { mode[0], 0 };

    return popen(command, plain);
}

CRT(FILE *w16__wpopen(const wchar_t *command, const wchar_t *mode))
{
    auto_free char *narrow_command = utf8_from_utf16(command);
    auto_free char *narrow_mode = utf8_from_utf16(mode);

    return w16__popen(narrow_command, narrow_mode);
}
