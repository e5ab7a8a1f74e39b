/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Between character sets: sizes, flags and errors. Learn: "MultiByteToWideChar",
 * "WideCharToMultiByte". */
#include "say.h"

static void to_wide(void)
{
    WCHAR wide[16];

    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "a\xc3\xa4\xe2\x82\xac", -1, NULL, 0), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "a\xc3\xa4\xe2\x82\xac", -1, wide, 16), 0);
    SAY_WIDE(wide);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "\xf0\x9f\x98\x80", 4, wide, 16), 0);
    SAY_WIDE_N(wide, 2);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "abc", 2, wide, 16), 0);
    SAY_WIDE_N(wide, 2);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, wide, 3), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "a\xff", -1, wide, 16), 0);
    SAY_WIDE(wide);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "a\xff", -1, wide, 16), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xed\xa0\x80", -1, wide, 16), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "", 0, wide, 16), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, NULL, 4, wide, 16), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, NULL, 16), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, wide, -1), 0);
    SAY_COUNT(MultiByteToWideChar(60000, 0, "abc", -1, wide, 16), 0);
}

static void to_narrow(void)
{
    char narrow[16];
    BOOL used = 2;

    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"a\xe4\x20ac", -1, NULL, 0, NULL, NULL), 0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"a\xe4\x20ac", -1, narrow, 16, NULL, NULL), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"a\xd800z", -1, narrow, 16, NULL, NULL), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(
        WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, L"\xd800", -1, narrow, 16, NULL, NULL),
        0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, narrow, 2, NULL, NULL), 0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"abc", -1, narrow, 16, "?", NULL), 0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"abc", -1, narrow, 16, NULL, &used), 0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, L"abc", 0, narrow, 16, NULL, NULL), 0);
    SAY_COUNT(WideCharToMultiByte(CP_UTF8, 0, NULL, 3, narrow, 16, NULL, NULL), 0);
    SAY_COUNT(WideCharToMultiByte(60000, 0, L"abc", -1, narrow, 16, NULL, NULL), 0);
}

static void malformed(void)
{
    static const char *const some[] = {
        "\xe2\x82z",    "\xc0\x80",         "\xf0\x9f\x98", "\xed\xa0\x80", "\xf5z",
        "\xe0\x80\x80", "\xf0\x80\x80\x80", "\x80\x80",     "\xc3",         "\xf4\x90\x80\x80",
    };

    for (unsigned i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        WCHAR wide[16];
        SAY_NARROW(some[i]);
        SAY_COUNT(MultiByteToWideChar(CP_UTF8, 0, some[i], -1, wide, 16), 0);
        SAY_WIDE(wide);
        SAY_COUNT(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, some[i], -1, wide, 16), 0);
    }
}

static void other_pages(void)
{
    static const UINT pages[] = { 1252, 437, 850, 932, 20127, 65000 };
    WCHAR wide[32];
    char narrow[32];
    BOOL used;

    for (unsigned i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        UINT page = pages[i];
        say("page %u", page);
        SAY_BOOL(IsValidCodePage(page));
        SAY_COUNT(MultiByteToWideChar(page, 0, "plain", -1, wide, 32), 0);
        SAY_WIDE(wide);
        SAY_COUNT(WideCharToMultiByte(page, 0, L"plain", -1, narrow, 32, NULL, NULL), 0);
        SAY_NARROW(narrow);
        SAY_COUNT(MultiByteToWideChar(page, 0, "plain", -1, NULL, 0), 0);
        SAY_COUNT(MultiByteToWideChar(page, 0, "plain", -1, wide, 2), 0);
        if (page == 65000)
            break;
        used = 2;
        SAY_COUNT(WideCharToMultiByte(page, WC_NO_BEST_FIT_CHARS,
                                      L"a\x3b1"
                                      L"b\x4e2d",
                                      -1, narrow, 32, "#", &used),
                  0);
        SAY_NUMBER(used);
        SAY_COUNT(WideCharToMultiByte(page, WC_ERR_INVALID_CHARS, L"a", -1, narrow, 32, NULL, NULL),
                  0);
    }
    SAY_COUNT(MultiByteToWideChar(1252, 0, "\xe4\x80\x81\xff", -1, wide, 32), 0);
    SAY_WIDE(wide);
    SAY_COUNT(WideCharToMultiByte(1252, 0, L"\xe4\x20ac\x81\xff", -1, narrow, 32, NULL, &used), 0);
    SAY_NARROW(narrow);
    SAY_NUMBER(used);
    SAY_COUNT(MultiByteToWideChar(437, 0, "\x84\xe1\xff", -1, wide, 32), 0);
    SAY_WIDE(wide);
    SAY_COUNT(WideCharToMultiByte(850, 0, L"\xe4\xdf", -1, narrow, 32, NULL, NULL), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(MultiByteToWideChar(932, 0,
                                  "\x93\xfa\x96\x7b"
                                  "a\xb1",
                                  -1, wide, 32),
              0);
    SAY_WIDE(wide);
    SAY_COUNT(WideCharToMultiByte(932, 0, L"\x65e5\x672c", -1, narrow, 32, NULL, NULL), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(WideCharToMultiByte(65000, 0, L"a\xe4z", 3, narrow, 32, NULL, NULL), 0);
    SAY_NARROW_N(narrow, 7);
    SAY_COUNT(MultiByteToWideChar(65000, 0, "a+AOQ-z", -1, wide, 32), 0);
    SAY_WIDE(wide);
    SAY_COUNT(MultiByteToWideChar(65000, MB_ERR_INVALID_CHARS, "a", -1, wide, 32), 0);
    SAY_COUNT(MultiByteToWideChar(CP_UTF8, MB_PRECOMPOSED, "a", -1, wide, 32), 0);
    SAY_COUNT(MultiByteToWideChar(1252, 0x100, "a", -1, wide, 32), 0);
}

static void about_pages(void)
{
    CPINFO info;

    SAY_BOOL(GetCPInfo(1252, &info));
    SAY_NUMBER(info.MaxCharSize);
    SAY_BOOL(GetCPInfo(932, &info));
    SAY_NUMBER(info.MaxCharSize);
    SAY_BYTES(info.LeadByte, 6);
    SAY_BOOL(GetCPInfo(CP_UTF8, &info));
    SAY_NUMBER(info.MaxCharSize);
    SAY_BOOL(GetCPInfo(60000, &info));
    SAY_BOOL(IsValidCodePage(60000));
    SAY_BOOL(IsValidCodePage(CP_UTF8));
    SAY_BOOL(IsDBCSLeadByteEx(932, 0x81));
    SAY_BOOL(IsDBCSLeadByteEx(932, 0x41));
}

int wmain(void)
{
    malformed();
    other_pages();
    about_pages();
    to_wide();
    to_narrow();
    return 0;
}
