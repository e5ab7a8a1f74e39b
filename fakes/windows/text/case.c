/* SPDX-License-Identifier: MIT */
/* Classes and cases of kernel32 and user32: GetStringType, LCMapString, CharUpper and relatives, by
 * the tables of the C library. Learn: "GetStringTypeW", "LCMapStringEx", "CharUpperW",
 * "CharLowerBuffW". One language: the locale argument changes nothing. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/crt/ctype_rows.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/text/compare.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Learn: "GetStringTypeW". Only CT_CTYPE1 is there. */
BOOL WINAPI GetStringTypeW(DWORD type, LPCWSTR text, INT length, LPWORD ret_types)
{
    if (!text || !ret_types || !length)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (type != CT_CTYPE1)
        return win_fail(type == CT_CTYPE2 || type == CT_CTYPE3 ? ERROR_CALL_NOT_IMPLEMENTED
                                                               : ERROR_INVALID_PARAMETER);
    size_t n = length < 0 ? utf16_length((const uint16_t *)text) + 1 : (size_t)length;
    for (size_t i = 0; i < n; i++)
        ret_types[i] = (WORD)ctype_of(text[i]);
    return TRUE;
}

BOOL WINAPI GetStringTypeExW(LCID locale, DWORD type, LPCWSTR text, INT length, LPWORD ret_types)
{
    (void)locale;
    return GetStringTypeW(type, text, length, ret_types);
}

/* ---- LCMapString ---- */

static INT fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/* Learn: "LCMapStringEx": a sort key has a size in bytes; cases keep the length. */
INT WINAPI LCMapStringEx(LPCWSTR locale, DWORD flags, LPCWSTR text, INT length, LPWSTR buffer,
                         INT size, LPNLSVERSIONINFO version, LPVOID reserved, LPARAM handle)
{
    const DWORD cases = LCMAP_LOWERCASE | LCMAP_UPPERCASE;

    (void)locale, (void)version, (void)reserved, (void)handle;
    if (!text || !length || size < 0 || (size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    if ((flags & cases) == cases || (flags & LCMAP_SORTKEY && flags & cases))
        return fail(ERROR_INVALID_FLAGS);
    size_t n = length < 0 ? utf16_length((const uint16_t *)text) + 1 : (size_t)length;
    if (flags & LCMAP_SORTKEY) {
        size_t key = compare_sort_key(text, n - (length < 0), flags, buffer, (size_t)size);
        return size && key > (size_t)size ? fail(ERROR_INSUFFICIENT_BUFFER) : (INT)key;
    }
    if (size && n > (size_t)size)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    for (size_t i = 0; size && i < n; i++)
        buffer[i] = flags & LCMAP_LOWERCASE   ? ctype_lower(text[i])
                    : flags & LCMAP_UPPERCASE ? ctype_upper(text[i])
                                              : text[i];
    return (INT)n;
}

INT WINAPI LCMapStringW(LCID locale, DWORD flags, LPCWSTR text, INT length, LPWSTR buffer, INT size)
{
    (void)locale;
    return LCMapStringEx(NULL, flags, text, length, buffer, size, NULL, NULL, 0);
}

/* ---- CharUpper and relatives ---- */

static DWORD change(WCHAR *text, DWORD n, uint16_t (*of)(uint16_t))
{
    for (DWORD i = 0; i < n; i++)
        text[i] = of(text[i]);
    return n;
}

/* An argument below 0x10000 is a character, not an address. */
static LPWSTR change_text(LPWSTR text, uint16_t (*of)(uint16_t))
{
    uintptr_t value = (uintptr_t)text;

    if (value < 0x10000)
        return (LPWSTR)(uintptr_t)of((uint16_t)value);
    change(text, (DWORD)utf16_length((const uint16_t *)text), of);
    return text;
}

LPWSTR WINAPI CharUpperW(LPWSTR text)
{
    return change_text(text, ctype_upper);
}
LPWSTR WINAPI CharLowerW(LPWSTR text)
{
    return change_text(text, ctype_lower);
}
DWORD WINAPI CharUpperBuffW(LPWSTR text, DWORD n)
{
    return text ? change(text, n, ctype_upper) : 0;
}
DWORD WINAPI CharLowerBuffW(LPWSTR text, DWORD n)
{
    return text ? change(text, n, ctype_lower) : 0;
}

/* Narrow text is UTF-8: only ASCII letters can change without changing the length. */
static char ascii_upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
}
static char ascii_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static LPSTR change_narrow(LPSTR text, char (*of)(char))
{
    uintptr_t value = (uintptr_t)text;

    if (value < 0x10000)
        return (LPSTR)(uintptr_t)(unsigned char)of((char)value);
    for (char *c = text; *c; c++)
        *c = of(*c);
    return text;
}

LPSTR WINAPI CharUpperA(LPSTR text)
{
    return change_narrow(text, ascii_upper);
}
LPSTR WINAPI CharLowerA(LPSTR text)
{
    return change_narrow(text, ascii_lower);
}

BOOL WINAPI IsCharAlphaW(WCHAR c)
{
    return (ctype_of(c) & CTYPE_ALPHA) != 0;
}
BOOL WINAPI IsCharAlphaNumericW(WCHAR c)
{
    return (ctype_of(c) & (CTYPE_ALPHA | CTYPE_DIGIT)) != 0;
}
BOOL WINAPI IsCharUpperW(WCHAR c)
{
    return (ctype_of(c) & CTYPE_UPPER) != 0;
}
BOOL WINAPI IsCharLowerW(WCHAR c)
{
    return (ctype_of(c) & CTYPE_LOWER) != 0;
}

/* ---- steps ---- */

LPWSTR WINAPI CharNextW(LPCWSTR text)
{
    return (LPWSTR)(uintptr_t)(*text ? text + 1 : text);
}

LPWSTR WINAPI CharPrevW(LPCWSTR start, LPCWSTR text)
{
    return (LPWSTR)(uintptr_t)(text > start ? text - 1 : start);
}

LPSTR WINAPI CharNextA(LPCSTR text)
{
    return (LPSTR)(uintptr_t)(*text ? text + 1 : text);
}
