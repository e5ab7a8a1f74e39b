/* SPDX-License-Identifier: MIT */
/* Texts in texts, the printf of user32. Learn: "StrStrIW", "wsprintfW". */
#include "say.h"

#include <shlwapi.h>

static void searching(void)
{
    SAY_WIDE(StrStrW(L"a Backup file", L"Back"));
    SAY_WIDE(StrStrW(L"a Backup file", L"back"));
    SAY_WIDE(StrStrIW(L"a Backup file", L"bACK"));
    SAY_WIDE(StrStrIW(L"a Backup file", L""));
    SAY_WIDE(StrStrIW(NULL, L"a"));
    SAY_WIDE(StrStrIW(L"\u00c4ra", L"\u00e4R"));
    SAY_NARROW(StrStrA("a Backup file", "file"));
    SAY_NARROW(StrStrIA("a Backup file", "FILE"));
    SAY_NARROW(StrStrIA("a Backup file", "none"));
}

static void printing(void)
{
    WCHAR text[1100];
    char narrow[1100];

    SAY_NUMBER(wsprintfW(text, L"%s %S %d %u %ld %x %08X %c %%", L"wide", "narrow", -3, 4u, 5L, 255,
                         48879, 'c'));
    SAY_WIDE(text);
    SAY_NUMBER(wsprintfA(narrow, "%s %ls %5d|%-5d|%.2s", "narrow", L"wide", 12, 34, "abcdef"));
    SAY_NARROW(narrow);
    SAY_NUMBER(wsprintfA(narrow, "%I64d %I64x", -1234567890123LL, 0x123456789abcULL));
    SAY_NARROW(narrow);
}

static void is_unicode(const char *what, const void *bytes, int size, int tests)
{
    int asked = tests;
    BOOL is_it = IsTextUnicode(bytes, size, tests ? &tests : NULL);

    say("%s, 0x%x: %d, 0x%x", what, asked, (int)is_it, tests);
}

static void judging(void)
{
    const int sure =
        IS_TEXT_UNICODE_SIGNATURE | IS_TEXT_UNICODE_REVERSE_SIGNATURE | IS_TEXT_UNICODE_ODD_LENGTH;

    is_unicode("with its signature", L"\ufeffabc", 8, sure);
    is_unicode("reversed", L"\ufffeabc", 8, sure);
    is_unicode("odd", "abc", 3, sure);
    is_unicode("narrow", "some plain words", 16, sure);
    is_unicode("one byte", "a", 1, sure);
    is_unicode("wide", L"some plain words", 32, IS_TEXT_UNICODE_STATISTICS);
    is_unicode("wide", L"some plain words", 32, IS_TEXT_UNICODE_CONTROLS);
    is_unicode("wide", L"some plain words", 32, IS_TEXT_UNICODE_NULL_BYTES);
    is_unicode("narrow", "some plain words", 16, IS_TEXT_UNICODE_STATISTICS);
    is_unicode("narrow", "some plain words", 16, IS_TEXT_UNICODE_CONTROLS);
}

int wmain(void)
{
    judging();
    searching();
    printing();
    return 0;
}
