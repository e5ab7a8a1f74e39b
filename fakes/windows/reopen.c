/* SPDX-License-Identifier: MIT */
/* A file once more by its handle (Learn: "ReOpenFile"), and its short name (Learn:
 * "SetFileShortNameW"). */
#include "fakes/windows/reopen.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>

static char *final_path(HANDLE file, DWORD form)
{
    DWORD n = GetFinalPathNameByHandleW(file, NULL, 0, form);
    auto_free WCHAR *path = mem_alloc(((size_t)n + 1) * sizeof(WCHAR));

    if (!n || GetFinalPathNameByHandleW(file, path, n + 1, form) > n)
        return NULL;
    return utf8_from_utf16((const uint16_t *)path);
}

char *reopen_path(HANDLE file)
{
    char *path = final_path(file, VOLUME_NAME_DOS);

    if (path || GetLastError() == ERROR_INVALID_HANDLE)
        return path;
    auto_free char *device = final_path(file, VOLUME_NAME_NT); /* a snapshot has no drive */
    return device ? str_printf("\\\\?\\GLOBALROOT%s", device) : NULL;
}

/* By the name that it has now, so sharing is asked of all that are open, as the page wants it. */
HANDLE WINAPI ReOpenFile(HANDLE original, DWORD access, DWORD share, DWORD flags)
{
    auto_free char *path = reopen_path(original);

    if (!path)
        return INVALID_HANDLE_VALUE;
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path);
    return CreateFileW(wide, access, share, NULL, OPEN_EXISTING, flags, NULL);
}

/* Volumes have no short names here. */
BOOL WINAPI SetFileShortNameW(HANDLE file, LPCWSTR name)
{
    BY_HANDLE_FILE_INFORMATION info;

    if (!GetFileInformationByHandle(file, &info))
        return FALSE;
    return win_fail(name ? ERROR_SHORT_NAMES_NOT_ENABLED_ON_VOLUME : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetFileShortNameA(HANDLE file, LPCSTR name)
{
    return SetFileShortNameW(file, name ? L"" : NULL);
}
