/* SPDX-License-Identifier: MIT */
/* Wide text on C streams: UTF-8 outside, UTF-16 inside. A stream stays a narrow one for glibc. */
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int w16_fputws(const wchar_t *s, FILE *stream)
{
    auto_free char *bytes = utf8_from_utf16(s);

    return fputs(bytes, stream);
}

int w16__putws(const wchar_t *s)
{
    return w16_fputws(s, stdout) < 0 || fputc('\n', stdout) == EOF ? EOF : 0;
}

wint_t w16_fputwc(wchar_t c, FILE *stream)
{
    auto_free char *bytes = utf8_from_utf16_n(&c, 1);

    return fputs(bytes, stream) < 0 ? CRT_WEOF : c;
}

wint_t w16_putwchar(wchar_t c)
{
    return w16_fputwc(c, stdout);
}

/* The first unit of the next character and, in *ret_second, the second of a pair (else 0). */
static wint_t read_character(FILE *stream, wchar_t *ret_second)
{
    char bytes[5] = { 0 };
    int c = fgetc(stream);

    *ret_second = 0;
    if (c == EOF)
        return CRT_WEOF;
    bytes[0] = (char)c;
    size_t length = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < length; i++) {
        c = fgetc(stream);
        if ((c & 0xc0) != 0x80) {
            if (c != EOF)
                ungetc(c, stream);
            break;
        }
        bytes[i] = (char)c;
    }
    if (!bytes[0])
        return 0;
    auto_free wchar_t *units = utf16_from_utf8(bytes);
    if (units[0] >= 0xd800 && units[0] < 0xdc00)
        *ret_second = units[1];
    return units[0];
}

/* The second half of a pair, or what was given back, until the next call for the same stream. */
static _Thread_local struct {
    FILE *stream;
    wchar_t units[2];
    int n;
} kept;

wint_t w16_fgetwc(FILE *stream)
{
    wchar_t second;

    if (kept.n && kept.stream == stream)
        return kept.units[--kept.n];
    wint_t c = read_character(stream, &second);
    if (second) {
        kept.stream = stream;
        kept.units[0] = second;
        kept.n = 1;
    }
    return c;
}

/* ASCII goes back to the stream, so that narrow functions see it too. */
wint_t w16_ungetwc(wint_t c, FILE *stream)
{
    if (c == CRT_WEOF)
        return CRT_WEOF;
    if (c < 0x80 && !(kept.n && kept.stream == stream))
        return ungetc((int)c, stream) == EOF ? CRT_WEOF : c;
    if (kept.stream != stream)
        kept.n = 0;
    if (kept.n == 2)
        return CRT_WEOF;
    kept.stream = stream;
    kept.units[kept.n++] = (wchar_t)c;
    return c;
}

wint_t w16_getwchar(void)
{
    return w16_fgetwc(stdin);
}

wchar_t *w16_fgetws(wchar_t *buffer, int size, FILE *stream)
{
    int n = 0;

    if (size < 1)
        return NULL;
    while (n < size - 1) {
        wint_t c = w16_fgetwc(stream);
        if (c == CRT_WEOF)
            break;
        buffer[n++] = (wchar_t)c;
        if (c == '\n')
            break;
    }
    buffer[n] = 0;
    return n ? buffer : NULL;
}

/* ---- character sets: the narrow one is UTF-8 ---- */

size_t w16_mbstowcs(wchar_t *to, const char *from, size_t n)
{
    auto_free wchar_t *units = utf16_from_utf8(from);
    size_t length = utf16_length(units);

    if (!to)
        return length;
    size_t copied = length < n ? length : n;
    memcpy(to, units, copied * sizeof(wchar_t));
    if (copied < n)
        to[copied] = 0;
    return copied;
}

size_t w16_wcstombs(char *to, const wchar_t *from, size_t n)
{
    auto_free char *bytes = utf8_from_utf16(from);
    size_t length = strlen(bytes);

    if (!to)
        return length;
    size_t copied = length < n ? length : n;
    memcpy(to, bytes, copied);
    if (copied < n)
        to[copied] = 0;
    return copied;
}

int w16_mbtowc(wchar_t *to, const char *from, size_t n)
{
    char bytes[5] = { 0 };

    if (!from)
        return 0;
    if (!n)
        return -1;
    unsigned char first = (unsigned char)from[0];
    size_t length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 0;
    if (!length || length > n) {
        errno = EILSEQ;
        return -1;
    }
    memcpy(bytes, from, length);
    auto_free wchar_t *units = utf16_from_utf8(bytes);
    if (to)
        *to = units[0];
    return first ? (int)length : 0;
}

int w16_wctomb(char *to, wchar_t c)
{
    if (!to)
        return 0;
    auto_free char *bytes = utf8_from_utf16_n(&c, 1);
    size_t length = c ? strlen(bytes) : 1;
    memcpy(to, bytes, length);
    return (int)length;
}
