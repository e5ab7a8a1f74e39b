/* SPDX-License-Identifier: MIT */
/* Values of the registry as the shell's functions give them: RegGetValue and its like under names
 * that open the key themselves (Learn: "SHGetValueW", "SHSetValueW", "SHDeleteKeyW"). */
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <shlwapi.h>

DWORD WINAPI SHGetValueW(HKEY key, LPCWSTR path, LPCWSTR name, LPDWORD ret_type, LPVOID data,
                         LPDWORD size)
{
    return (DWORD)RegGetValueW(key, path, name, RRF_RT_ANY, ret_type, data, size);
}

DWORD WINAPI SHGetValueA(HKEY key, LPCSTR path, LPCSTR name, LPDWORD ret_type, LPVOID data,
                         LPDWORD size)
{
    return (DWORD)RegGetValueA(key, path, name, RRF_RT_ANY, ret_type, data, size);
}

DWORD WINAPI SHQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD ret_type,
                             LPVOID data, LPDWORD size)
{
    (void)reserved;
    return SHGetValueW(key, NULL, name, ret_type, data, size);
}

DWORD WINAPI SHQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD ret_type, LPVOID data,
                             LPDWORD size)
{
    (void)reserved;
    return SHGetValueA(key, NULL, name, ret_type, data, size);
}

/* Makes the key where it is missing. */
DWORD WINAPI SHSetValueW(HKEY key, LPCWSTR path, LPCWSTR name, DWORD type, LPCVOID data, DWORD size)
{
    HKEY below;

    if (!path || !*path)
        return (DWORD)RegSetValueExW(key, name, 0, type, data, size);
    LSTATUS error = RegCreateKeyExW(key, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &below, NULL);
    if (error)
        return (DWORD)error;
    error = RegSetValueExW(below, name, 0, type, data, size);
    RegCloseKey(below);
    return (DWORD)error;
}

DWORD WINAPI SHSetValueA(HKEY key, LPCSTR path, LPCSTR name, DWORD type, LPCVOID data, DWORD size)
{
    HKEY below;

    if (!path || !*path)
        return (DWORD)RegSetValueExA(key, name, 0, type, data, size);
    LSTATUS error = RegCreateKeyExA(key, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &below, NULL);
    if (error)
        return (DWORD)error;
    error = RegSetValueExA(below, name, 0, type, data, size);
    RegCloseKey(below);
    return (DWORD)error;
}

DWORD WINAPI SHDeleteValueW(HKEY key, LPCWSTR path, LPCWSTR name)
{
    HKEY below;
    LSTATUS error = RegOpenKeyExW(key, path, 0, KEY_SET_VALUE, &below);

    if (error)
        return (DWORD)error;
    error = RegDeleteValueW(below, name);
    RegCloseKey(below);
    return (DWORD)error;
}

DWORD WINAPI SHDeleteValueA(HKEY key, LPCSTR path, LPCSTR name)
{
    auto_free WCHAR *wide_path = (WCHAR *)utf16_from_utf8(path);
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return SHDeleteValueW(key, wide_path, wide);
}

DWORD WINAPI SHDeleteKeyW(HKEY key, LPCWSTR path)
{
    return (DWORD)RegDeleteTreeW(key, path);
}

DWORD WINAPI SHDeleteKeyA(HKEY key, LPCSTR path)
{
    return (DWORD)RegDeleteTreeA(key, path);
}

/* Into room for MAX_PATH characters, by contract; variables are replaced. */
DWORD WINAPI SHRegGetPathW(HKEY key, LPCWSTR path, LPCWSTR name, LPWSTR buffer, DWORD flags)
{
    DWORD size = MAX_PATH * sizeof(WCHAR);

    (void)flags; /* "Not used." */
    return (DWORD)RegGetValueW(key, path, name, RRF_RT_REG_SZ, NULL, buffer, &size);
}

DWORD WINAPI SHRegGetPathA(HKEY key, LPCSTR path, LPCSTR name, LPSTR buffer, DWORD flags)
{
    DWORD size = MAX_PATH;

    (void)flags;
    return (DWORD)RegGetValueA(key, path, name, RRF_RT_REG_SZ, NULL, buffer, &size);
}
