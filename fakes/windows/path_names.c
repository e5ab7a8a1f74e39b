/* SPDX-License-Identifier: MIT */
/* Paths as text: whole, long, of the current directory, of temporary files (Learn: "Directory
 * Management Functions", "GetFullPathNameW"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/random.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/path.h"
#include "fakes/windows/wide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole path of a name: "C:\a\b", or an absolute path of the host. The caller frees. */
static char *full_path(LPCWSTR name, DWORD *ret_error)
{
    auto_path path;

    *ret_error = path_parse(name, PATH_WILDCARDS, &path);
    if (*ret_error == ERROR_PATH_NOT_FOUND && path.kind == PATH_FILE && path.prefix) {
        auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
        *ret_error = ERROR_SUCCESS; /* a drive that is not there has paths all the same */
        return mem_strdup(utf8);
    }
    if (*ret_error)
        return NULL;
    if (path.kind != PATH_HOST || path.text[0] == '/') {
        char *text = path_to_text(&path);
        size_t length = strlen(text);
        if (!path.has_trailing_slash || text[length - 1] == '\\' || text[length - 1] == '/')
            return text;
        auto_free char *without = text;
        return str_printf("%s%c", without, path.kind == PATH_HOST ? '/' : '\\');
    }
    auto_free char *here = getcwd(NULL, 0);
    return str_printf("%s/%s", here ? here : "", path.text);
}

DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD size, LPWSTR buffer, LPWSTR *ret_file)
{
    DWORD error;
    auto_free char *text = full_path(name, &error);

    if (!text) {
        SetLastError(error);
        return 0;
    }
    DWORD length = wide_fill(text, buffer, size);
    if (ret_file && length < size && buffer) {
        *ret_file = NULL;
        for (DWORD i = 0; i < length; i++) {
            if (buffer[i] == '\\' || buffer[i] == '/')
                *ret_file = i + 1 < length ? buffer + i + 1 : NULL;
        }
    }
    return length;
}

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD size, LPSTR buffer, LPSTR *ret_file)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    DWORD error;
    auto_free char *text = full_path(wide, &error);

    if (!text) {
        SetLastError(error);
        return 0;
    }
    DWORD length = narrow_fill(text, buffer, size);
    if (ret_file && length < size && buffer) {
        char *slash = strrchr(buffer, strchr(buffer, '\\') ? '\\' : '/');
        *ret_file = slash && slash[1] ? slash + 1 : NULL;
    }
    return length;
}

/* The names as they are on the volume; there are no short ones. */
DWORD WINAPI GetLongPathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    auto_path path;
    DWORD error = path_parse_and_find(name, &path, NULL);

    if (error) {
        SetLastError(error);
        return 0;
    }
    auto_free char *text = path_to_text(&path);
    return wide_fill(text, buffer, size);
}

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer)
{
    auto_free char *of_world = path_current_directory();
    auto_free char *of_host = of_world ? NULL : getcwd(NULL, 0);

    return wide_fill(of_world ? of_world : of_host ? of_host : "", buffer, size);
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse(name, 0, &path);

    if (!error)
        error = path_find_target(&path, &st);
    if (error)
        return win_fail(error);
    if (!S_ISDIR(st.st_mode))
        return win_fail(ERROR_DIRECTORY);
    if (path.kind == PATH_HOST && chdir(path.text) != 0)
        return win_fail_errno(errno);
    path_set_current_directory(&path);
    return TRUE;
}

/* The host's directory for such things: what a program puts there is nobody's volume. */
static const char *temporary_directory(void)
{
    const char *directory = getenv("TMPDIR");

    return directory && *directory ? directory : "/tmp";
}

DWORD WINAPI GetTempPathW(DWORD size, LPWSTR buffer)
{
    const char *directory = temporary_directory();
    bool has_slash = directory[strlen(directory) - 1] == '/';
    auto_free char *text = str_printf("%s%s", directory, has_slash ? "" : "/");

    return wide_fill(text, buffer, size);
}

DWORD WINAPI GetTempPathA(DWORD size, LPSTR buffer)
{
    const char *directory = temporary_directory();
    bool has_slash = directory[strlen(directory) - 1] == '/';
    auto_free char *text = str_printf("%s%s", directory, has_slash ? "" : "/");

    return narrow_fill(text, buffer, size);
}

/* Learn: "GetTempFileNameW": three letters of the prefix, a number, ".tmp"; with number 0 a
 * free one is chosen and the file made. */
UINT WINAPI GetTempFileNameW(LPCWSTR directory, LPCWSTR prefix, UINT number, LPWSTR ret_name)
{
    auto_free char *where = utf8_from_utf16((const uint16_t *)directory);
    auto_free char *letters = prefix ? utf8_from_utf16((const uint16_t *)prefix) : mem_strdup("");
    size_t length = where ? strlen(where) : 0;

    if (!length || length > MAX_PATH - 14) {
        SetLastError(length ? ERROR_BUFFER_OVERFLOW : ERROR_INVALID_PARAMETER);
        return 0;
    }
    bool is_host = where[0] == '/' || (where[1] != ':' && where[0] != '\\');
    bool has_slash = where[length - 1] == '\\' || where[length - 1] == '/';
    for (;;) {
        UINT chosen =
            number ? number & 0xFFFF : (UINT)random_below(world_current()->random, 0xFFFF) + 1;
        auto_free char *name = str_printf("%s%s%.3s%X.tmp", where,
                                          has_slash ? ""
                                          : is_host ? "/"
                                                    : "\\",
                                          letters, chosen);
        wide_fill(name, ret_name, MAX_PATH);
        if (number)
            return chosen;
        HANDLE handle =
            CreateFileW(ret_name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (handle != INVALID_HANDLE_VALUE) {
            CloseHandle(handle);
            return chosen;
        }
        if (GetLastError() != ERROR_FILE_EXISTS)
            return 0;
    }
}
