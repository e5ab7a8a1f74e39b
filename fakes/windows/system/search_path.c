/* SPDX-License-Identifier: MIT */
/* Files that are looked for in folders (Learn: "SearchPathW"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <stdlib.h>
#include <string.h>

/* A file of this name: its full path, for the caller to free; NULL: there is none. */
static char *full_path_of(const char *name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    DWORD n = GetFileAttributesW(wide) == INVALID_FILE_ATTRIBUTES
                  ? 0
                  : GetFullPathNameW(wide, 0, NULL, NULL);

    if (!n)
        return NULL;
    auto_free WCHAR *full = mem_alloc(((size_t)n + 1) * sizeof(WCHAR));
    GetFullPathNameW(wide, n + 1, full, NULL);
    return utf8_from_utf16((const uint16_t *)full);
}

static char *try_folder(const char *folder, size_t n, const char *file)
{
    auto_free char *path = NULL;

    while (n && strchr("\\/", folder[n - 1]))
        n--;
    if (!n)
        return NULL;
    path = str_printf("%.*s%c%s", (int)n, folder, memchr(folder, '/', n) ? '/' : '\\', file);
    return full_path_of(n == 1 && *folder == '.' ? file : path);
}

/* Folders in a list. The host's own PATH has colons between them. */
static char *try_folders(const char *list, const char *file)
{
    const char *between = *list == '/' ? ":;" : ";";
    char *found = NULL;

    for (size_t n; !found && *list; list += n + (list[n] != 0)) {
        n = strcspn(list, between);
        found = try_folder(list, n, file);
    }
    return found;
}

/* Where no list is given: the program's folder, the current one, Windows's, those of PATH. */
static char *usual_folders(void)
{
    WCHAR program[4096] = { 0 }, path[8192] = { 0 };

    GetModuleFileNameW(NULL, program, 4096);
    GetEnvironmentVariableW(L"PATH", path, 8192);
    auto_free char *own = utf8_from_utf16((const uint16_t *)program);
    auto_free char *variable = utf8_from_utf16((const uint16_t *)path);
    size_t n = strlen(own);
    while (n && !strchr("\\/", own[n - 1]))
        n--;
    for (char *c = variable; *variable == '/' && *c; c++)
        *c = *c == ':' ? ';' : *c;
    return str_printf("%.*s;.;C:\\Windows\\system32;C:\\Windows\\system;C:\\Windows;%s", (int)n,
                      own, variable);
}

static bool has_path(const char *name)
{
    return strchr("\\/", name[0]) || (name[0] && name[1] == ':') || strncmp(name, ".\\", 2) == 0 ||
           strncmp(name, "..\\", 3) == 0;
}

/* The caller frees; NULL: nowhere. */
static char *search(const char *folders, const char *name, const char *extension)
{
    const char *last = name + strlen(name);

    while (last > name && !strchr("\\/", last[-1]))
        last--;
    auto_free char *file =
        str_printf("%s%s", name, extension && !strchr(last, '.') ? extension : "");
    if (has_path(name))
        return full_path_of(file);
    auto_free char *usual = folders ? NULL : usual_folders();
    return try_folders(folders ?: usual, file);
}

DWORD WINAPI SearchPathW(LPCWSTR folders, LPCWSTR name, LPCWSTR extension, DWORD size,
                         LPWSTR buffer, LPWSTR *ret_file)
{
    auto_free char *utf8_folders = utf8_from_utf16((const uint16_t *)folders);
    auto_free char *utf8_name = utf8_from_utf16((const uint16_t *)name);
    auto_free char *utf8_extension = utf8_from_utf16((const uint16_t *)extension);

    if (!name || !*name)
        return (DWORD)win_fail(ERROR_INVALID_PARAMETER);
    auto_free char *found = search(utf8_folders, utf8_name, utf8_extension);
    if (!found)
        return (DWORD)win_fail(ERROR_FILE_NOT_FOUND);
    DWORD length = wide_fill(found, buffer, buffer ? size : 0);
    if (ret_file && buffer && length < size) {
        *ret_file = buffer + length;
        while (*ret_file > buffer && (*ret_file)[-1] != '\\' && (*ret_file)[-1] != '/')
            (*ret_file)--;
    }
    return length;
}

DWORD WINAPI SearchPathA(LPCSTR folders, LPCSTR name, LPCSTR extension, DWORD size, LPSTR buffer,
                         LPSTR *ret_file)
{
    if (!name || !*name)
        return (DWORD)win_fail(ERROR_INVALID_PARAMETER);
    auto_free char *found = search(folders, name, extension);
    if (!found)
        return (DWORD)win_fail(ERROR_FILE_NOT_FOUND);
    DWORD length = narrow_fill(found, buffer, buffer ? size : 0);
    if (ret_file && buffer && length < size) {
        *ret_file = buffer + length;
        while (*ret_file > buffer && (*ret_file)[-1] != '\\' && (*ret_file)[-1] != '/')
            (*ret_file)--;
    }
    return length;
}
