/* SPDX-License-Identifier: MIT */
/* Between UTF-16 and 8-bit character sets. The ANSI and OEM code pages are UTF-8 (as Windows has it
 * when "Use Unicode UTF-8 for worldwide language support" is on); the others are iconv's. Learn:
 * "MultiByteToWideChar", "WideCharToMultiByte", Deviation: no best fit, what
 * a page cannot say becomes the default character. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define UTF_7 65000
#define UTF_8 65001

/* ---- code pages ---- */

struct code_page {
    UINT number;
    UINT most_bytes;      /* of one character */
    BYTE lead[6];         /* pairs of first and last lead bytes */
    const char *name;     /* iconv's */
    const WCHAR *display; /* Learn: "Code Page Identifiers" */
};

/* clang-format off */
static const struct code_page pages[] = {
    { UTF_8, 4, { 0 }, "UTF-8", L"65001 (UTF-8)" },
    { UTF_7, 5, { 0 }, "UTF-7", L"65000 (UTF-7)" },
    { 437,   1, { 0 }, "CP437", L"437   (OEM - United States)" },
    { 850,   1, { 0 }, "CP850", L"850   (OEM - Multilingual Latin I)" },
    { 852,   1, { 0 }, "CP852", L"852   (OEM - Latin II)" },
    { 866,   1, { 0 }, "CP866", L"866   (OEM - Russian)" },
    { 932,   2, { 0x81, 0x9f, 0xe0, 0xfc }, "CP932", L"932   (ANSI/OEM - Japanese Shift-JIS)" },
    { 936,   2, { 0x81, 0xfe }, "GBK", L"936   (ANSI/OEM - Simplified Chinese GBK)" },
    { 949,   2, { 0x81, 0xfe }, "CP949", L"949   (ANSI/OEM - Korean)" },
    { 950,   2, { 0x81, 0xfe }, "BIG5", L"950   (ANSI/OEM - Traditional Chinese Big5)" },
    { 1250,  1, { 0 }, "CP1250", L"1250  (ANSI - Central Europe)" },
    { 1251,  1, { 0 }, "CP1251", L"1251  (ANSI - Cyrillic)" },
    { 1252,  1, { 0 }, "CP1252", L"1252  (ANSI - Latin I)" },
    { 1253,  1, { 0 }, "CP1253", L"1253  (ANSI - Greek)" },
    { 1254,  1, { 0 }, "CP1254", L"1254  (ANSI - Turkish)" },
    { 1257,  1, { 0 }, "CP1257", L"1257  (ANSI - Baltic)" },
    { 20127, 1, { 0 }, "ASCII", L"20127 (US-ASCII)" },
    { 28591, 1, { 0 }, "ISO-8859-1", L"28591 (ISO 8859-1 Latin I)" },
};
/* clang-format on */

static const struct code_page *page_of(UINT number)
{
    if (number == CP_ACP || number == CP_OEMCP || number == CP_THREAD_ACP || number == CP_MACCP)
        number = UTF_8;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        if (pages[i].number == number)
            return &pages[i];
    return NULL;
}

static INT fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/* ---- output into a caller's buffer, or only counted ---- */

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
    if (out->buffer && out->used > out->size)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return (INT)out->used;
}

/* ---- UTF-8 by hand: the rules for what is malformed are Unicode's, table 3-7 ---- */

/* Reads one character; a malformed one is U+FFFD and *ret_is_good false. Answers the bytes used:
 * of a malformed one as many as looked good. */
static size_t read_utf8(const unsigned char *s, size_t n, uint32_t *ret_c, bool *ret_is_good)
{
    size_t length = s[0] < 0x80   ? 1
                    : s[0] < 0xc2 ? 0
                    : s[0] < 0xe0 ? 2
                    : s[0] < 0xf0 ? 3
                    : s[0] < 0xf5 ? 4
                                  : 0;
    uint32_t c = length < 2 ? s[0] : s[0] & (0x7fu >> length);
    size_t used = 1;

    for (; used < length && used < n && (s[used] & 0xc0) == 0x80; used++)
        c = c << 6 | (s[used] & 0x3f);
    bool is_bad = length > 2 && used > 1 &&
                  ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
                   (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f));
    if (is_bad)
        used = 2; /* Wine's answer, which is checked against Windows: the pair is one mistake */
    *ret_is_good = length && !is_bad && used == length;
    *ret_c = *ret_is_good ? c : 0xfffd;
    return used;
}

static INT from_utf8(const unsigned char *s, size_t n, DWORD flags, struct output *out)
{
    uint32_t c;
    bool is_good;

    for (size_t i = 0; i < n;) {
        i += read_utf8(s + i, n - i, &c, &is_good);
        if (!is_good && flags & MB_ERR_INVALID_CHARS)
            return fail(ERROR_NO_UNICODE_TRANSLATION);
        if (c >= 0x10000)
            put(out, 0xd7c0 + (c >> 10));
        put(out, c >= 0x10000 ? 0xdc00 | (c & 0x3ff) : c);
    }
    return finish(out);
}

static bool is_pair(LPCWSTR text, size_t n)
{
    return n > 1 && (text[0] & 0xfc00) == 0xd800 && (text[1] & 0xfc00) == 0xdc00;
}

static INT to_utf8(LPCWSTR text, size_t n, DWORD flags, struct output *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t c = text[i];
        if (is_pair(text + i, n - i)) {
            c = ((c - 0xd7c0) << 10) + (text[++i] & 0x3ffu);
        } else if ((c & 0xf800) == 0xd800) {
            if (flags & WC_ERR_INVALID_CHARS)
                return fail(ERROR_NO_UNICODE_TRANSLATION);
            c = 0xfffd;
        }
        if (c < 0x80) {
            put(out, c);
            continue;
        }
        int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        put(out, (0xffu << (7 - more) & 0xff) | c >> 6 * more);
        while (more--)
            put(out, 0x80 | (c >> 6 * more & 0x3f));
    }
    return finish(out);
}

/* ---- the others ---- */

/* Bytes of Windows's Latin pages that glibc's tables leave out are control characters. */
static uint32_t undefined_byte(const struct code_page *page, unsigned char byte)
{
    return page->number >= 1250 && page->number <= 1257 && byte < 0xa0 ? byte : 0xfffd;
}

static INT from_page(const struct code_page *page, const char *s, size_t n, DWORD flags,
                     struct output *out)
{
    iconv_t converter = iconv_open("UTF-16LE", page->name);
    char *in = (char *)(uintptr_t)s;
    INT result = -1;

    if (converter == (iconv_t)-1)
        return fail(ERROR_INVALID_PARAMETER);
    while (n && result < 0) {
        uint16_t units[64];
        char *to = (char *)units;
        size_t room = sizeof(units);
        size_t done = iconv(converter, &in, &n, &to, &room);
        int error = done == (size_t)-1 ? errno : 0;
        for (size_t i = 0; i < (sizeof(units) - room) / 2; i++)
            put(out, units[i]);
        if (error == EILSEQ && !*in) { /* UTF-7 knows no zero, yet a text ends with one */
            put(out, 0);
            in++;
            n--;
        } else if (error == EILSEQ || error == EINVAL) {
            uint32_t instead = undefined_byte(page, (unsigned char)*in);
            if (instead == 0xfffd && flags & MB_ERR_INVALID_CHARS)
                result = fail(ERROR_NO_UNICODE_TRANSLATION);
            put(out, instead);
            in++;
            n--;
        }
    }
    iconv_close(converter);
    return result < 0 ? finish(out) : result;
}

static INT to_page(const struct code_page *page, LPCWSTR text, size_t n, const char *instead,
                   BOOL *ret_replaced, struct output *out)
{
    /* iconv would write the zero at the end of a text as UTF-7, too. */
    if (page->number == UTF_7 && n && !text[n - 1]) {
        if (n > 1)
            to_page(page, text, n - 1, instead, ret_replaced, out);
        put(out, 0);
        return finish(out);
    }
    iconv_t converter = iconv_open(page->name, "UTF-16LE");
    char *in = (char *)(uintptr_t)text;
    size_t left = n * sizeof(WCHAR);
    bool is_over = false;

    if (converter == (iconv_t)-1)
        return fail(ERROR_INVALID_PARAMETER);
    while (!is_over) {
        char bytes[64], *to = bytes;
        size_t room = sizeof(bytes);
        is_over = !left; /* the last call, without input, ends what UTF-7 has begun */
        size_t done = iconv(converter, left ? &in : NULL, left ? &left : NULL, &to, &room);
        int error = done == (size_t)-1 ? errno : 0;
        for (char *c = bytes; c < to; c++)
            put(out, (unsigned char)*c);
        if (error == EILSEQ || error == EINVAL) {
            size_t skip = is_pair((LPCWSTR)(void *)in, left / sizeof(WCHAR)) ? 4 : 2;
            unsigned unit = *(LPCWSTR)(void *)in;
            bool is_control = unit < 0xa0 && undefined_byte(page, (unsigned char)unit) == unit;
            for (const char *c = instead; *c && !is_control; c++)
                put(out, (unsigned char)*c);
            if (is_control)
                put(out, unit);
            else
                *ret_replaced = TRUE;
            in += skip;
            left -= skip;
        }
    }
    iconv_close(converter);
    return finish(out);
}

/* ---- the functions ---- */

INT WINAPI MultiByteToWideChar(UINT number, DWORD flags, LPCSTR text, INT length, LPWSTR buffer,
                               INT size)
{
    const struct code_page *page = page_of(number);
    const DWORD known = MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS;

    if (!text || !length || size < 0 || (size && !buffer) || !page)
        return fail(ERROR_INVALID_PARAMETER);
    /* Learn: for UTF-7 dwFlags must be 0, for UTF-8 0 or MB_ERR_INVALID_CHARS. */
    if (flags & ~(page->number == UTF_7 ? 0
                  : number == UTF_8     ? (DWORD)MB_ERR_INVALID_CHARS
                                        : known))
        return fail(ERROR_INVALID_FLAGS);
    size_t n = length < 0 ? strlen(text) + 1 : (size_t)length;
    struct output out = { size ? buffer : NULL, sizeof(WCHAR), (size_t)size, 0 };
    if (page->number == UTF_8)
        return from_utf8((const unsigned char *)text, n, flags, &out);
    return from_page(page, text, n, flags, &out);
}

INT WINAPI WideCharToMultiByte(UINT number, DWORD flags, LPCWSTR text, INT length, LPSTR buffer,
                               INT size, LPCSTR instead, LPBOOL ret_replaced)
{
    const struct code_page *page = page_of(number);
    const DWORD known =
        WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_COMPOSITECHECK | WC_NO_BEST_FIT_CHARS;
    BOOL is_replaced = FALSE;

    if (!text || !length || size < 0 || (size && !buffer) || !page)
        return fail(ERROR_INVALID_PARAMETER);
    /* Learn: "For the UTF-8 and UTF-7 code pages" both must be NULL; asked for by number. */
    if ((number == UTF_8 || number == UTF_7) && (instead || ret_replaced))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(page->number == UTF_7   ? 0
                  : page->number == UTF_8 ? (DWORD)WC_ERR_INVALID_CHARS
                                          : known) &&
        (number == UTF_8 || page->number != UTF_8))
        return fail(ERROR_INVALID_FLAGS);
    size_t n = length < 0 ? utf16_length((const uint16_t *)text) + 1 : (size_t)length;
    struct output out = { size ? buffer : NULL, 1, (size_t)size, 0 };
    INT result = page->number == UTF_8
                     ? to_utf8(text, n, flags, &out)
                     : to_page(page, text, n, instead ? instead : "?", &is_replaced, &out);
    if (ret_replaced)
        *ret_replaced = is_replaced;
    return result;
}

UINT WINAPI GetACP(void)
{
    return UTF_8;
}

UINT WINAPI GetOEMCP(void)
{
    return UTF_8;
}

BOOL WINAPI IsValidCodePage(UINT number)
{
    bool is_valid = number > CP_THREAD_ACP && page_of(number);

    return is_valid ? TRUE : win_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI GetCPInfo(UINT number, LPCPINFO ret_info)
{
    const struct code_page *page = page_of(number);

    if (!page || !ret_info)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_info = (CPINFO){ .MaxCharSize = page->most_bytes, .DefaultChar = { '?' } };
    memcpy(ret_info->LeadByte, page->lead, sizeof(page->lead));
    return TRUE;
}

BOOL WINAPI GetCPInfoExW(UINT number, DWORD flags, LPCPINFOEXW ret_info)
{
    CPINFO info;

    (void)flags;
    if (!ret_info || !GetCPInfo(number, &info))
        return win_fail(ERROR_INVALID_PARAMETER);
    const struct code_page *page = page_of(number);
    *ret_info = (CPINFOEXW){ .MaxCharSize = info.MaxCharSize,
                             .UnicodeDefaultChar = page->number >= UTF_7 ? 0xfffd : '?',
                             .CodePage = page->number };
    memcpy(ret_info->DefaultChar, info.DefaultChar, sizeof(info.DefaultChar));
    memcpy(ret_info->LeadByte, info.LeadByte, sizeof(info.LeadByte));
    memcpy(ret_info->CodePageName, page->display,
           (utf16_length((const uint16_t *)page->display) + 1) * sizeof(WCHAR));
    return TRUE;
}

BOOL WINAPI IsDBCSLeadByteEx(UINT number, BYTE byte)
{
    const struct code_page *page = page_of(number);

    for (size_t i = 0; page && i < sizeof(page->lead) && page->lead[i]; i += 2)
        if (byte >= page->lead[i] && byte <= page->lead[i + 1])
            return TRUE;
    return FALSE;
}

BOOL WINAPI IsDBCSLeadByte(BYTE byte)
{
    return IsDBCSLeadByteEx(CP_ACP, byte);
}
