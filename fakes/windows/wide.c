/* SPDX-License-Identifier: MIT */
/* See wide.h; and the conversions between character sets. Every 8-bit code page here is UTF-8,
 * except that the numbers of others are refused (Learn: "Code Page Identifiers"). */
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

static bool is_known_code_page(UINT page)
{
    return page == CP_ACP || page == CP_OEMCP || page == CP_THREAD_ACP || page == CP_UTF8 ||
           page == 1252 || page == 437 || page == 850 || page == 20127;
}

/* Whether every unit stands where it may: no surrogate alone. */
static bool is_valid_utf16(const WCHAR *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] >= 0xD800 && text[i] < 0xDC00 && i + 1 < n && text[i + 1] >= 0xDC00 &&
            text[i + 1] < 0xE000)
            i++;
        else if (text[i] >= 0xD800 && text[i] < 0xE000)
            return false;
    }
    return true;
}

/* Length of one UTF-8 character at text, 0 if it is malformed (Unicode, table 3-7). */
static size_t utf8_character(const unsigned char *s, size_t n)
{
    size_t length = s[0] < 0x80   ? 1
                    : s[0] < 0xC2 ? 0
                    : s[0] < 0xE0 ? 2
                    : s[0] < 0xF0 ? 3
                    : s[0] < 0xF5 ? 4
                                  : 0;

    if (!length || length > n)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    }
    bool is_bad = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
                  (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F);
    return is_bad ? 0 : length;
}

/* Appends to a caller's buffer, or only counts. */
struct output {
    void *buffer;
    size_t unit, size, used;
};

static void put(struct output *out, uint32_t value)
{
    if (out->buffer && out->used < out->size) {
        if (out->unit == sizeof(WCHAR))
            ((WCHAR *)out->buffer)[out->used] = (WCHAR)value;
        else
            ((char *)out->buffer)[out->used] = (char)value;
    }
    out->used++;
}

static INT finish(const struct output *out)
{
    if (out->buffer && out->used > out->size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    return (INT)out->used;
}

static void put_utf16(struct output *out, uint32_t c)
{
    if (c >= 0x10000) {
        put(out, 0xD7C0 + (c >> 10));
        put(out, 0xDC00 | (c & 0x3FF));
    } else {
        put(out, c);
    }
}

INT WINAPI MultiByteToWideChar(UINT page, DWORD flags, LPCSTR text, INT length, LPWSTR buffer,
                               INT size)
{
    const unsigned char *s = (const unsigned char *)text;

    if (!text || !length || length < -1 || size < 0 || (size && !buffer) ||
        !is_known_code_page(page)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    size_t n = length < 0 ? strlen(text) + 1 : (size_t)length;
    struct output out = { size ? buffer : NULL, sizeof(WCHAR), (size_t)size, 0 };
    for (size_t i = 0; i < n;) {
        size_t used = utf8_character(s + i, n - i);

        if (!used && flags & MB_ERR_INVALID_CHARS) {
            SetLastError(ERROR_NO_UNICODE_TRANSLATION);
            return 0;
        }
        const char *at = text + i;
        put_utf16(&out, used ? fold_next(&at) : 0xFFFD);
        i += used ? used : 1;
    }
    return finish(&out);
}

INT WINAPI WideCharToMultiByte(UINT page, DWORD flags, LPCWSTR text, INT length, LPSTR buffer,
                               INT size, LPCSTR replacement, LPBOOL ret_replaced)
{
    if (!text || !length || length < -1 || size < 0 || (size && !buffer) ||
        !is_known_code_page(page) || (page == CP_UTF8 && (replacement || ret_replaced))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    size_t n = length < 0 ? utf16_length((const uint16_t *)text) + 1 : (size_t)length;
    if (flags & WC_ERR_INVALID_CHARS && !is_valid_utf16(text, n)) {
        SetLastError(ERROR_NO_UNICODE_TRANSLATION);
        return 0;
    }
    struct output out = { size ? buffer : NULL, 1, (size_t)size, 0 };
    for (size_t i = 0; i < n; i++) {
        bool is_pair = i + 1 < n && !is_valid_utf16(text + i, 1) && is_valid_utf16(text + i, 2);
        bool is_alone = !is_pair && !is_valid_utf16(text + i, 1);
        uint16_t replaced = 0xFFFD;
        auto_free char *utf8 =
            utf8_from_utf16_n(is_alone ? &replaced : (const uint16_t *)text + i, is_pair ? 2 : 1);

        if (!text[i])
            put(&out, 0);
        for (const char *c = text[i] ? utf8 : ""; *c; c++)
            put(&out, (unsigned char)*c);
        i += is_pair;
    }
    if (ret_replaced)
        *ret_replaced = FALSE;
    return finish(&out);
}

UINT WINAPI GetACP(void)
{
    return CP_UTF8;
}

UINT WINAPI GetOEMCP(void)
{
    return CP_UTF8;
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
