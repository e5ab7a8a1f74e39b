/* SPDX-License-Identifier: MIT */
/* A file once more by its handle (Learn: "ReOpenFile"), and its short name (Learn:
 * "SetFileShortNameW"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>

/* By the name that it has now, so sharing is asked of all that are open, as the page wants it. */
HANDLE WINAPI ReOpenFile(HANDLE original, DWORD access, DWORD share, DWORD flags)
{
    DWORD n = GetFinalPathNameByHandleW(original, NULL, 0, VOLUME_NAME_DOS);
    auto_free WCHAR *path = mem_alloc(((size_t)n + 1) * sizeof(WCHAR));

    if (!n || GetFinalPathNameByHandleW(original, path, n + 1, VOLUME_NAME_DOS) > n)
        return INVALID_HANDLE_VALUE;
    return CreateFileW(path, access, share, NULL, OPEN_EXISTING, flags, NULL);
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
