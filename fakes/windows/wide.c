/* SPDX-License-Identifier: MIT */
/* See wide.h; and the plain string functions of kernel32 (their comparisons: text/compare.c). */
#include "fakes/windows/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"

#include <string.h>

DWORD wide_fill(const char *text, WCHAR *buffer, DWORD size)
{
    auto_free uint16_t *wide = utf16_from_utf8(text);
    DWORD length = (DWORD)utf16_length(wide);

    if (!buffer || length >= size)
        return length + 1;
    memcpy(buffer, wide, (length + 1) * sizeof(WCHAR));
    return length;
}

DWORD narrow_fill(const char *text, char *buffer, DWORD size)
{
    DWORD length = (DWORD)strlen(text);

    if (!buffer || length >= size)
        return length + 1;
    memcpy(buffer, text, length + 1);
    return length;
}

BOOL wide_fill_or_fail(const char *text, WCHAR *buffer, DWORD size, DWORD error)
{
    auto_free uint16_t *wide = utf16_from_utf8(text);
    DWORD length = (DWORD)utf16_length(wide);

    if (length >= size)
        return win_fail(error);
    memcpy(buffer, wide, (length + 1) * sizeof(WCHAR));
    return TRUE;
}

/* ---- plain string functions of kernel32 ---- */

#undef lstrlenA
#undef lstrlenW

INT WINAPI lstrlenW(LPCWSTR text)
{
    return text ? (INT)utf16_length((const uint16_t *)text) : 0;
}

INT WINAPI lstrlenA(LPCSTR text)
{
    return text ? (INT)strlen(text) : 0;
}

LPWSTR WINAPI lstrcpynW(LPWSTR to, LPCWSTR from, INT size)
{
    INT i = 0;

    for (; i + 1 < size && from[i]; i++)
        to[i] = from[i];
    if (size > 0)
        to[i] = 0;
    return to;
}

LPSTR WINAPI lstrcpynA(LPSTR to, LPCSTR from, INT size)
{
    INT i = 0;

    for (; i + 1 < size && from[i]; i++)
        to[i] = from[i];
    if (size > 0)
        to[i] = 0;
    return to;
}

LPWSTR WINAPI lstrcpyW(LPWSTR to, LPCWSTR from)
{
    return lstrcpynW(to, from, lstrlenW(from) + 1);
}

LPSTR WINAPI lstrcpyA(LPSTR to, LPCSTR from)
{
    return strcpy(to, from);
}

LPWSTR WINAPI lstrcatW(LPWSTR to, LPCWSTR from)
{
    lstrcpyW(to + lstrlenW(to), from);
    return to;
}

LPSTR WINAPI lstrcatA(LPSTR to, LPCSTR from)
{
    return strcat(to, from);
}
