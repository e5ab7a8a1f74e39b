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

int wmain(void)
{
    to_wide();
    to_narrow();
    return 0;
}
