/* SPDX-License-Identifier: MIT */
/* See compare.h; CompareString and the comparisons of kernel32. Learn: "CompareStringEx",
 * "CompareStringOrdinal", "Handling Sorting in Your Applications". Deviation: the order of letters
 * beyond Latin is that of their numbers. */
#include "fakes/windows/text/compare.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/crt/ctype_rows.h"
#include "fakes/windows/last_error.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Letters of Latin-1 without their accents. */
static uint16_t base_letter(uint16_t c)
{
    static const char bases[] = "AAAAAA\0CEEEEIIII\0NOOOOO\0OUUUUY\0\0";
    uint16_t upper = ctype_upper(c);

    if (upper >= 0xc0 && upper <= 0xdf && bases[upper - 0xc0])
        return (uint16_t)bases[upper - 0xc0];
    return c == 0xff ? 'Y' : upper;
}

/* What decides first: class, then letter. 0: nothing to say at this level. */
static uint32_t primary(uint16_t c, DWORD flags)
{
    if ((c == '-' || c == '\'') && !(flags & SORT_STRINGSORT))
        return 0;
    unsigned classes = ctype_of(c);
    uint32_t rank = classes & CTYPE_ALPHA ? 3 : classes & CTYPE_DIGIT ? 2 : 1;
    return rank << 16 | (rank == 3 ? base_letter(c) : c);
}

/* ---- keys: levels with a 1 between them, each weight in bytes that are never 0 or 1 ---- */

struct key {
    ARRAY(uint8_t) bytes;
};

static void add_weight(struct key *key, uint32_t weight)
{
    for (int shift = 14; shift >= 0; shift -= 7)
        array_add(&key->bytes, (uint8_t)(2 + (weight >> shift & 0x7f)));
}

static void make_key(struct key *key, LPCWSTR text, size_t n, DWORD flags)
{
    const bool ignores_case = flags & NORM_IGNORECASE;

    for (size_t i = 0; i < n; i++) {
        uint32_t weight = primary(text[i], flags);
        if (weight)
            add_weight(key, weight);
    }
    array_add(&key->bytes, (uint8_t)1);
    for (size_t i = 0; i < n; i++)
        if (primary(text[i], flags))
            add_weight(key,
                       ctype_upper(text[i]) == base_letter(text[i]) ? 0 : ctype_upper(text[i]));
    array_add(&key->bytes, (uint8_t)1);
    for (size_t i = 0; i < n && !ignores_case; i++)
        if (primary(text[i], flags))
            array_add(&key->bytes, (uint8_t)(ctype_of(text[i]) & CTYPE_UPPER ? 3 : 2));
    array_add(&key->bytes, (uint8_t)1);
    for (size_t i = 0; i < n; i++)
        if (!primary(text[i], flags)) {
            add_weight(key, (uint32_t)i);
            add_weight(key, text[i]);
        }
}

size_t compare_sort_key(LPCWSTR text, size_t n, DWORD flags, void *buffer, size_t size)
{
    struct key key = { 0 };

    make_key(&key, text, n, flags);
    array_add(&key.bytes, (uint8_t)0);
    size_t total = key.bytes.count;
    if (buffer && size)
        memcpy(buffer, key.bytes.items, total < size ? total : size);
    array_free(&key.bytes);
    return total;
}

int compare_texts(LPCWSTR a, size_t n_a, LPCWSTR b, size_t n_b, DWORD flags)
{
    struct key x = { 0 }, y = { 0 };

    if (n_a == n_b && memcmp(a, b, n_a * sizeof(WCHAR)) == 0)
        return 0;
    make_key(&x, a, n_a, flags);
    make_key(&y, b, n_b, flags);
    size_t shorter = x.bytes.count < y.bytes.count ? x.bytes.count : y.bytes.count;
    int order = memcmp(x.bytes.items, y.bytes.items, shorter);
    if (!order)
        order = (x.bytes.count > y.bytes.count) - (x.bytes.count < y.bytes.count);
    array_free(&x.bytes);
    array_free(&y.bytes);
    return order;
}

/* ---- the functions ---- */

static size_t length_of(LPCWSTR text, INT n)
{
    return n < 0 ? utf16_length((const uint16_t *)text) : (size_t)n;
}

static INT answer(int order)
{
    return order < 0 ? CSTR_LESS_THAN : order > 0 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

INT WINAPI CompareStringEx(LPCWSTR locale, DWORD flags, LPCWSTR a, INT n_a, LPCWSTR b, INT n_b,
                           LPNLSVERSIONINFO version, LPVOID reserved, LPARAM handle)
{
    const DWORD known = NORM_IGNORECASE | NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS |
                        NORM_IGNOREKANATYPE | NORM_IGNOREWIDTH | NORM_LINGUISTIC_CASING |
                        LINGUISTIC_IGNORECASE | LINGUISTIC_IGNOREDIACRITIC | SORT_STRINGSORT |
                        SORT_DIGITSASNUMBERS | LOCALE_USE_CP_ACP;

    (void)locale, (void)version, (void)reserved, (void)handle;
    if (!a || !b)
        return SetLastError(ERROR_INVALID_PARAMETER), 0;
    if (flags & ~known)
        return SetLastError(ERROR_INVALID_FLAGS), 0;
    if (flags & LINGUISTIC_IGNORECASE)
        flags |= NORM_IGNORECASE;
    return answer(compare_texts(a, length_of(a, n_a), b, length_of(b, n_b), flags));
}

INT WINAPI CompareStringW(LCID locale, DWORD flags, LPCWSTR a, INT n_a, LPCWSTR b, INT n_b)
{
    (void)locale;
    return CompareStringEx(NULL, flags, a, n_a, b, n_b, NULL, NULL, 0);
}

INT WINAPI CompareStringA(LCID locale, DWORD flags, LPCSTR a, INT n_a, LPCSTR b, INT n_b)
{
    if (!a || !b)
        return SetLastError(ERROR_INVALID_PARAMETER), 0;
    auto_free char *copy_a = n_a < 0 ? mem_strdup(a) : strndup(a, (size_t)n_a);
    auto_free char *copy_b = n_b < 0 ? mem_strdup(b) : strndup(b, (size_t)n_b);
    auto_free uint16_t *wide_a = utf16_from_utf8(copy_a);
    auto_free uint16_t *wide_b = utf16_from_utf8(copy_b);

    return CompareStringW(locale, flags, (LPCWSTR)wide_a, -1, (LPCWSTR)wide_b, -1);
}

INT WINAPI CompareStringOrdinal(LPCWSTR a, INT n_a, LPCWSTR b, INT n_b, BOOL ignore_case)
{
    if (!a || !b)
        return SetLastError(ERROR_INVALID_PARAMETER), 0;
    size_t m = length_of(a, n_a), n = length_of(b, n_b);
    for (size_t i = 0; i < m && i < n; i++) {
        int x = ignore_case ? ctype_upper(a[i]) : a[i], y = ignore_case ? ctype_upper(b[i]) : b[i];
        if (x != y)
            return answer(x - y);
    }
    return answer((m > n) - (m < n));
}

/* Learn: "lstrcmpW": a null string is less than any other; the user's word sort. */
static INT compare_nulls(LPCWSTR a, LPCWSTR b, DWORD flags)
{
    if (!a || !b)
        return a ? 1 : b ? -1 : 0;
    int order = compare_texts(a, length_of(a, -1), b, length_of(b, -1), flags);
    return (order > 0) - (order < 0);
}

INT WINAPI lstrcmpW(LPCWSTR a, LPCWSTR b)
{
    return compare_nulls(a, b, 0);
}

INT WINAPI lstrcmpiW(LPCWSTR a, LPCWSTR b)
{
    return compare_nulls(a, b, NORM_IGNORECASE);
}

static INT compare_narrow(LPCSTR a, LPCSTR b, DWORD flags)
{
    auto_free uint16_t *wide_a = utf16_from_utf8(a);
    auto_free uint16_t *wide_b = utf16_from_utf8(b);

    return compare_nulls((LPCWSTR)wide_a, (LPCWSTR)wide_b, flags);
}

INT WINAPI lstrcmpA(LPCSTR a, LPCSTR b)
{
    return compare_narrow(a, b, 0);
}

INT WINAPI lstrcmpiA(LPCSTR a, LPCSTR b)
{
    return compare_narrow(a, b, NORM_IGNORECASE);
}
