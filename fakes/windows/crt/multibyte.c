/* SPDX-License-Identifier: MIT */
/* The conversions of C between narrow and wide characters, one at a time and checked, and classes
 * by name. The narrow set is UTF-8. Learn: "mbstowcs_s, _mbstowcs_s_l", "wcstombs_s", "wctype",
 * "iswctype". */
#include "fakes/windows/crt/ctype_rows.h"
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- whole strings, checked ---- */

/* Copies length units of the size unit as the _s functions do: count at most, or as many as fit if
 * it is CRT_TRUNCATE. *ret_n counts the zero. */
static crt_errno give(const char *function, size_t *ret_n, void *to, size_t size, const void *from,
                      size_t length, size_t count, size_t unit)
{
    crt_errno error = 0;

    if ((!to && size) || (to && !size) || !from)
        return crt_invalid_parameter(function, EINVAL);
    size_t copied = length < count ? length : count;
    if (to && copied + 1 > size) {
        if (count != CRT_TRUNCATE) {
            memset(to, 0, unit);
            return crt_invalid_parameter(function, ERANGE);
        }
        copied = size - 1;
        error = CRT_STRUNCATE;
    }
    if (to) {
        memcpy(to, from, copied * unit);
        memset((char *)to + copied * unit, 0, unit);
    }
    if (ret_n)
        *ret_n = (to ? copied : length) + 1;
    return error;
}

CRT(crt_errno w16_mbstowcs_s(size_t *ret_n, wchar_t *to, size_t size, const char *from,
                             size_t count))
{
    auto_free wchar_t *wide = utf16_from_utf8(from);

    return give("mbstowcs_s", ret_n, to, size, wide, wide ? utf16_length(wide) : 0, count,
                sizeof(wchar_t));
}

CRT(crt_errno w16_wcstombs_s(size_t *ret_n, char *to, size_t size, const wchar_t *from,
                             size_t count))
{
    auto_free char *narrow = utf8_from_utf16(from);

    return give("wcstombs_s", ret_n, to, size, narrow, narrow ? strlen(narrow) : 0, count, 1);
}

CRT(crt_errno w16_wctomb_s(int *ret_n, char *to, size_t size, wchar_t c))
{
    char bytes[4];
    int n = w16_wctomb(bytes, c);

    if (to && (size_t)n > size)
        return crt_invalid_parameter("wctomb_s", ERANGE);
    if (to)
        memcpy(to, bytes, (size_t)n);
    if (ret_n)
        *ret_n = to ? n : 0;
    return 0;
}

/* ---- one at a time; the state is not needed, for no character is split ---- */

CRT(size_t w16_mbrtowc(wchar_t *to, const char *from, size_t n, void *state))
{
    (void)state;
    if (!from)
        return 0;
    int used = w16_mbtowc(to, from, n);
    return used < 0 ? (size_t)-1 : (size_t)used;
}

CRT(size_t w16_mbrlen(const char *from, size_t n, void *state))
{
    return w16_mbrtowc(NULL, from, n, state);
}

CRT(size_t w16_wcrtomb(char *to, wchar_t c, void *state))
{
    (void)state;
    return to ? (size_t)w16_wctomb(to, c) : 1;
}

CRT(size_t w16_mbsrtowcs(wchar_t *to, const char **from, size_t n, void *state))
{
    (void)state;
    size_t length = w16_mbstowcs(to, *from, n);
    if (to && length < n)
        *from = NULL;
    return length;
}

CRT(size_t w16_wcsrtombs(char *to, const wchar_t **from, size_t n, void *state))
{
    (void)state;
    size_t length = w16_wcstombs(to, *from, n);
    if (to && length < n)
        *from = NULL;
    return length;
}

CRT(wint_t w16_btowc(int c))
{
    return c >= 0 && c < 0x80 ? (wint_t)c : CRT_WEOF;
}

CRT(int w16_wctob(wint_t c))
{
    return c < 0x80 ? (int)c : -1;
}

/* ---- classes by name: the values are the bits of GetStringType ---- */

CRT(unsigned short w16_wctype(const char *name))
{
    static const struct {
        const char *name;
        unsigned short classes;
    } rows[] = {
        { "alnum", CTYPE_ALPHA | CTYPE_DIGIT },
        { "alpha", CTYPE_ALPHA },
        { "cntrl", CTYPE_CNTRL },
        { "digit", CTYPE_DIGIT },
        { "graph", CTYPE_ALPHA | CTYPE_DIGIT | CTYPE_PUNCT },
        { "lower", CTYPE_LOWER },
        { "print", CTYPE_ALPHA | CTYPE_DIGIT | CTYPE_PUNCT | CTYPE_BLANK },
        { "punct", CTYPE_PUNCT },
        { "space", CTYPE_SPACE },
        { "upper", CTYPE_UPPER },
        { "xdigit", CTYPE_XDIGIT },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].classes;
    return 0;
}

CRT(int w16_iswctype(wint_t c, unsigned short classes))
{
    return c < 0x10000 ? (int)(ctype_of((uint16_t)c) & classes) : 0;
}

CRT(size_t w16_wcsxfrm(wchar_t *to, const wchar_t *from, size_t n))
{
    size_t length = w16_wcslen(from);

    if (length < n)
        w16_wcscpy(to, from);
    return length;
}
