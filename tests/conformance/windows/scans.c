/* SPDX-License-Identifier: MIT */
/* run: alone */
/* The scanf family on texts. Learn: "Format specification fields: scanf and wscanf functions",
 * "scanf Width Specification". */
#include "say.h"

#include <wchar.h>

static void integers(void)
{
    static const struct {
        const char *text, *format;
    } rows[] = {
        { "42", "%d" },        { "  -42", "%d" },     { "0x1f", "%x" },       { "0x1f", "%i" },
        { "017", "%i" },       { "017", "%d" },       { "017", "%o" },        { "abc", "%x" },
        { "12345", "%3d" },    { "x", "%d" },         { "", "%d" },           { "  ", "%d" },
        { "-", "%d" },         { "0x", "%i" },        { "4294967296", "%d" }, { "99", "%u" },
        { "-1", "%u" },        { "7 8", "%*d %d" },   { "a7", "a%d" },        { "b7", "a%d" },
        { "100%", "100%%%n" }, { "+5", "%d" },        { "ffff", "%4x" },      { "12,34", "%d,%d" },
        { "12 ,34", "%d,%d" }, { "12, 34", "%d,%d" }, { "8", "%o" },
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int a = -77, b = -77;
        int n = sscanf(rows[i].text, rows[i].format, &a, &b);
        say("\"%s\" %s: %d, %d %d", rows[i].text, rows[i].format, n, a, b);
    }
}

static void sizes(void)
{
    struct {
        unsigned char bytes[16];
    } to;

#define SAY_SIZE(text, format)                                 \
    memset(&to, 0x55, sizeof(to));                             \
    say("%s %s: %d", text, format, sscanf(text, format, &to)); \
    SAY_BYTES(&to, 10)
    SAY_SIZE("258", "%hd");
    SAY_SIZE("16909060", "%d");
    SAY_SIZE("16909060", "%ld");
    SAY_SIZE("72623859790382856", "%I64d");
    SAY_SIZE("72623859790382856", "%lld");
    SAY_SIZE("16909060", "%I32d");
    SAY_SIZE("72623859790382856", "%Iu");
    SAY_SIZE("0102030405060708", "%p");
    SAY_SIZE("1.5", "%f");
    SAY_SIZE("1.5", "%lf");
    SAY_SIZE("-2.5e-3x", "%lg");
    SAY_SIZE("1e", "%f");
}

static void texts(void)
{
    char narrow[16], second[16];
    wchar_t wide[16];

    say("%d", sscanf(" one two", "%s%s", narrow, second));
    SAY_NARROW(narrow);
    SAY_NARROW(second);
    say("%d", sscanf("abcdef", "%3s%s", narrow, second));
    SAY_NARROW(narrow);
    SAY_NARROW(second);
    memset(narrow, '#', 16);
    say("%d", sscanf(" abc", "%2c", narrow));
    SAY_NARROW_N(narrow, 4);
    say("%d", sscanf("abc123", "%[a-z]%[0-9]", narrow, second));
    SAY_NARROW(narrow);
    SAY_NARROW(second);
    say("%d", sscanf("a,b]c", "%[^,],%[]b]", narrow, second));
    SAY_NARROW(narrow);
    SAY_NARROW(second);
    say("%d", sscanf("wide", "%S", wide));
    SAY_WIDE(wide);
    say("%d", sscanf("wide", "%ls", wide));
    SAY_WIDE(wide);
    say("%d", sscanf("narrow", "%hs", narrow));
    SAY_NARROW(narrow);
    say("%d", swscanf(L"both kinds", L"%s %S", wide, narrow));
    SAY_WIDE(wide);
    SAY_NARROW(narrow);
    say("%d", swscanf(L"both kinds", L"%hs %ls", narrow, wide));
    SAY_WIDE(wide);
    SAY_NARROW(narrow);
    say("%d", swscanf(L"k=v w", L"%[^=]=%s", wide, second));
    SAY_WIDE(wide);
}

static void checked(void)
{
    char narrow[8];
    wchar_t wide[8];
    int number = -77;

    say("%d", sscanf_s("abc 5", "%s %d", narrow, 8u, &number));
    SAY_NARROW(narrow);
    say("%d", sscanf_s("abcdefgh 5", "%7s", narrow, 8u));
    SAY_NARROW(narrow);
    say("%d", swscanf_s(L"abc 5", L"%s %d", wide, 8u, &number));
    SAY_WIDE(wide);
    say("%d", sscanf_s("x", "%c", narrow, 1u));
    SAY_NARROW_N(narrow, 1);
}

static void guids_and_versions(void)
{
    unsigned a = 0, b = 0, c = 0, d = 0;

    say("%d", swscanf(L"10.0.19041.1", L"%u.%u.%u.%u", &a, &b, &c, &d));
    say("%u %u %u %u", a, b, c, d);
    say("%d", swscanf(L"{0a1b2c3d-4e5f", L"{%8x-%4x", &a, &b));
    say("%x %x", a, b);
}

int wmain(void)
{
    integers();
    sizes();
    texts();
    checked();
    guids_and_versions();
    return 0;
}
