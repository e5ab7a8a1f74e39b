/* SPDX-License-Identifier: MIT */
/* Forms with narrow text (UTF-8) of what asks for volumes and directories; the wide forms do the
 * work (Learn: "Volume Management Functions", "Directory Management Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <string.h>

#define LONGEST 32768 /* of a path behind \\?\ */

static WCHAR *widen(LPCSTR text)
{
    return (WCHAR *)utf16_from_utf8(text);
}

/* Wide text into a narrow buffer by wide_fill's rule. */
static DWORD narrow(const WCHAR *text, LPSTR buffer, DWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);

    return narrow_fill(utf8, buffer, size);
}

static BOOL narrow_or_fail(const WCHAR *text, LPSTR buffer, DWORD size, DWORD error)
{
    return narrow(text, buffer, size) < size ? TRUE : win_fail(error);
}

BOOL WINAPI GetVolumeInformationA(LPCSTR root, LPSTR ret_label, DWORD label_size,
                                  LPDWORD ret_serial, LPDWORD ret_longest, LPDWORD ret_flags,
                                  LPSTR ret_system, DWORD system_size)
{
    auto_free WCHAR *wide = widen(root);
    WCHAR label[MAX_PATH], system[MAX_PATH];

    if (!GetVolumeInformationW(wide, label, MAX_PATH, ret_serial, ret_longest, ret_flags, system,
                               MAX_PATH))
        return FALSE;
    if (ret_label && !narrow_or_fail(label, ret_label, label_size, ERROR_BAD_LENGTH))
        return FALSE;
    return !ret_system || narrow_or_fail(system, ret_system, system_size, ERROR_BAD_LENGTH);
}

/* Letters alone: as long in one form as in the other. */
DWORD WINAPI GetLogicalDriveStringsA(DWORD size, LPSTR ret_names)
{
    WCHAR names[26 * 4 + 1];
    DWORD length = GetLogicalDriveStringsW(26 * 4 + 1, names);

    if (!ret_names || size < length)
        return length + 1;
    for (DWORD i = 0; i <= length && i < size; i++)
        ret_names[i] = (char)names[i];
    return length;
}

BOOL WINAPI GetDiskFreeSpaceExA(LPCSTR name, PULARGE_INTEGER ret_available,
                                PULARGE_INTEGER ret_total, PULARGE_INTEGER ret_free)
{
    auto_free WCHAR *wide = widen(name);

    return GetDiskFreeSpaceExW(wide, ret_available, ret_total, ret_free);
}

BOOL WINAPI GetDiskFreeSpaceA(LPCSTR name, LPDWORD ret_sectors, LPDWORD ret_bytes, LPDWORD ret_free,
                              LPDWORD ret_total)
{
    auto_free WCHAR *wide = widen(name);

    return GetDiskFreeSpaceW(wide, ret_sectors, ret_bytes, ret_free, ret_total);
}

HANDLE WINAPI FindFirstVolumeA(LPSTR ret_name, DWORD size)
{
    WCHAR name[MAX_PATH];
    HANDLE search = FindFirstVolumeW(name, MAX_PATH);

    if (search == INVALID_HANDLE_VALUE ||
        narrow_or_fail(name, ret_name, size, ERROR_FILENAME_EXCED_RANGE))
        return search;
    FindVolumeClose(search);
    SetLastError(ERROR_FILENAME_EXCED_RANGE);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextVolumeA(HANDLE search, LPSTR ret_name, DWORD size)
{
    WCHAR name[MAX_PATH];

    return FindNextVolumeW(search, name, MAX_PATH) &&
           narrow_or_fail(name, ret_name, size, ERROR_FILENAME_EXCED_RANGE);
}

/* A list of texts that ends with an empty one. */
BOOL WINAPI GetVolumePathNamesForVolumeNameA(LPCSTR name, LPSTR ret_names, DWORD size,
                                             LPDWORD ret_length)
{
    auto_free WCHAR *wide_name = widen(name);
    WCHAR names[LONGEST / 8];
    DWORD length = 0, used = 0;

    if (!GetVolumePathNamesForVolumeNameW(wide_name, names, LONGEST / 8, &length))
        return FALSE;
    for (const WCHAR *each = names; *each; each += utf16_length((const uint16_t *)each) + 1) {
        auto_free char *utf8 = utf8_from_utf16((const uint16_t *)each);
        DWORD bytes = (DWORD)strlen(utf8) + 1;
        if (ret_names && used + bytes < size)
            memcpy(ret_names + used, utf8, bytes);
        used += bytes;
    }
    if (ret_length)
        *ret_length = used + 1;
    if (!ret_names || used + 1 > size)
        return win_fail(ERROR_MORE_DATA);
    ret_names[used] = 0;
    return TRUE;
}

DWORD WINAPI QueryDosDeviceA(LPCSTR name, LPSTR ret_target, DWORD size)
{
    auto_free WCHAR *wide = widen(name);
    WCHAR target[MAX_PATH];

    if (!QueryDosDeviceW(wide, target, MAX_PATH))
        return 0;
    DWORD length = narrow(target, ret_target, size);
    if (length + 2 > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    ret_target[length + 1] = 0;
    return length + 2;
}

DWORD WINAPI GetCurrentDirectoryA(DWORD size, LPSTR buffer)
{
    auto_free WCHAR *wide = mem_alloc(LONGEST * sizeof(WCHAR));
    DWORD length = GetCurrentDirectoryW(LONGEST, wide);

    return length && length < LONGEST ? narrow(wide, buffer, size) : 0;
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name)
{
    auto_free WCHAR *wide = widen(name);

    return SetCurrentDirectoryW(wide);
}

DWORD WINAPI GetLongPathNameA(LPCSTR name, LPSTR buffer, DWORD size)
{
    auto_free WCHAR *wide_name = widen(name);
    auto_free WCHAR *wide = mem_alloc(LONGEST * sizeof(WCHAR));
    DWORD length = GetLongPathNameW(wide_name, wide, LONGEST);

    return length && length < LONGEST ? narrow(wide, buffer, size) : 0;
}

/* As on a volume that makes no 8.3 names: the long ones. */
DWORD WINAPI GetShortPathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    return GetLongPathNameW(name, buffer, size);
}

DWORD WINAPI GetShortPathNameA(LPCSTR name, LPSTR buffer, DWORD size)
{
    return GetLongPathNameA(name, buffer, size);
}

UINT WINAPI GetTempFileNameA(LPCSTR directory, LPCSTR prefix, UINT number, LPSTR ret_name)
{
    auto_free WCHAR *wide_directory = widen(directory);
    auto_free WCHAR *wide_prefix = widen(prefix);
    WCHAR name[MAX_PATH];
    UINT chosen = GetTempFileNameW(wide_directory, wide_prefix, number, name);

    if (chosen)
        narrow(name, ret_name, MAX_PATH);
    return chosen;
}
