/* SPDX-License-Identifier: MIT */
/* The wide C library as C programs see it: Learn, "String manipulation (CRT)" and "Format
 * specification syntax: printf and wprintf functions". */
#include "expect.h"

#include <windows.h>
#include <strsafe.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static wchar_t text[128];

static const wchar_t *format(const wchar_t *how, ...)
{
    va_list args;

    va_start(args, how);
    vswprintf(text, 128, how, args);
    va_end(args);
    return text;
}

static const char *narrow(const char *how, ...)
{
    static char bytes[128];
    va_list args;

    va_start(args, how);
    vsnprintf(bytes, sizeof(bytes), how, args);
    va_end(args);
    return bytes;
}

static void strings_are_searched_and_compared(void)
{
    EXPECT(wcslen(L"caf\u00e9") == 4);
    EXPECT(sizeof(L"ab") == 6);
    EXPECT_TEXT(wcschr(L"C:\\a\\b", L'\\'), L"\\a\\b");
    EXPECT_TEXT(wcsrchr(L"C:\\a\\b", L'\\'), L"\\b");
    EXPECT_TEXT(wcsstr(L"needle in hay", L"in"), L"in hay");
    EXPECT(wcsstr(L"hay", L"needle") == NULL);
    EXPECT_TEXT(wcsstr(L"hay", L""), L"hay");
    EXPECT_TEXT(wcspbrk(L"a,b;c", L";,"), L",b;c");
    EXPECT(wcsspn(L"aab", L"a") == 2 && wcscspn(L"aab", L"b") == 2);
    EXPECT(wcscmp(L"a", L"b") < 0 && wcscmp(L"\uffff", L"a") > 0);
    EXPECT(_wcsicmp(L"\u00c4BC", L"\u00e4bc") == 0);
    EXPECT(_wcsnicmp(L"ABx", L"aby", 2) == 0 && _wcsnicmp(L"ABx", L"aby", 3) < 0);
    EXPECT(towlower(0x0416) == 0x0436 && towupper(L'\u00e9') == 0x00c9);
    EXPECT(iswdigit(L'7') && !iswdigit(L'x') && iswspace(L'\t') && iswalpha(0x0416));
    EXPECT(wmemcmp(L"ab\0c", L"ab\0d", 4) < 0);
}

static void tokens_come_one_by_one(void)
{
    wchar_t list[] = L";a;;b;c";
    wchar_t *context = NULL;

    EXPECT_TEXT(wcstok_s(list, L";", &context), L"a");
    EXPECT_TEXT(wcstok_s(NULL, L";", &context), L"b");
    EXPECT_TEXT(wcstok_s(NULL, L";", &context), L"c");
    EXPECT(wcstok_s(NULL, L";", &context) == NULL);
}

static void numbers_have_32_bits_where_windows_has(void)
{
    wchar_t *end = NULL;

    EXPECT(_wtoi(L" -12x") == -12 && _wtoi64(L"1099511627776") == 1099511627776);
    EXPECT(wcstoul(L"0x1Fz", &end, 16) == 31 && *end == L'z');
    errno = 0;
    EXPECT(wcstol(L"4294967296", NULL, 10) == INT32_MAX && errno == ERANGE);
    EXPECT(wcstod(L"2.5e1", NULL) == 25.0);
}

static void formats_follow_microsoft(void)
{
    EXPECT_TEXT(format(L"%s|%S|%hs|%ls", L"wide", "narrow", "h", L"l"), L"wide|narrow|h|l");
    EXPECT_TEXT(format(L"%5s|%-5s|%.2s", L"ab", L"ab", L"abc"), L"   ab|ab   |ab");
    EXPECT_TEXT(format(L"%ld %lu", (LONG)-1, (DWORD)4294967295u), L"-1 4294967295");
    EXPECT_TEXT(format(L"%I64d %I64x %lld", -1LL, 0x123456789abcLL, 5LL), L"-1 123456789abc 5");
    EXPECT_TEXT(format(L"0x%08lx", (HRESULT)0x80042301), L"0x80042301");
    EXPECT_TEXT(format(L"%#x %#o %+d % d %05d %-5d|", 255, 8, 5, 5, -42, 7),
                L"0xff 010 +5  5 -0042 7    |");
    EXPECT_TEXT(format(L"%.3d %.0d|", 5, 0), L"005 |");
    EXPECT_TEXT(format(L"%p", (void *)(uintptr_t)0xbeef), L"000000000000BEEF");
    EXPECT_TEXT(format(L"%c%C%%", L'\u00e9', 'x'), L"\u00e9x%");
    EXPECT_TEXT(format(L"%.2f %e %g", 3.14159, 1.5, 0.5), L"3.14 1.500000e+00 0.5");
    EXPECT_TEXT(format(L"%*d %.*s", 4, 7, 1, L"xyz"), L"   7 x");
    EXPECT_TEXT(format(L"%s", (wchar_t *)NULL), L"(null)");
    EXPECT_TEXT(format(L"%hu %hhd %Iu", 65537, 257, (size_t)9), L"1 1 9");
    EXPECT(strcmp(narrow("%s %S %ws %hs", "n", L"caf\u00e9", L"w", "h"), "n caf\303\251 w h") == 0);
    EXPECT(strcmp(narrow("%lu %I64u", (DWORD)7, 1099511627776ULL), "7 1099511627776") == 0);
}

static void full_buffers_are_met_by_the_rule_of_each_function(void)
{
    wchar_t tiny[4];

    EXPECT(swprintf(tiny, 4, L"%s", L"abcdef") == -1 && wcscmp(tiny, L"abc") == 0);
    tiny[3] = L'!';
    EXPECT(_snwprintf(tiny, 3, L"%s", L"abc") == 3 && tiny[3] == L'!');
    EXPECT(_snwprintf(tiny, 3, L"%s", L"abcd") == -1 && tiny[3] == L'!');
    EXPECT(_snwprintf_s(tiny, 4, _TRUNCATE, L"%s", L"abcd") == -1 && !wcscmp(tiny, L"abc"));
    EXPECT(_scwprintf(L"%d", 12345) == 5);
    EXPECT(wcsncpy_s(tiny, 4, L"abcdef", _TRUNCATE) == STRUNCATE && !wcscmp(tiny, L"abc"));
    EXPECT(wcscpy_s(tiny, 4, L"xyz") == 0 && !wcscmp(tiny, L"xyz"));
    EXPECT(StringCchCopyW(tiny, 4, L"long text") == STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_TEXT(tiny, L"lon");
    EXPECT(StringCchPrintfW(tiny, 4, L"%d", 12) == S_OK && !wcscmp(tiny, L"12"));
    EXPECT(StringCchCatW(tiny, 4, L"3") == S_OK && !wcscmp(tiny, L"123"));
    EXPECT(StringCbPrintfW(tiny, sizeof(tiny), L"%d", 12345) == STRSAFE_E_INSUFFICIENT_BUFFER);
}

static int handled;
static void note_invalid_parameter(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d,
                                   uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    handled++;
}

static void a_handler_meets_the_misuse_of_checked_functions(void)
{
    wchar_t tiny[2] = L"x";

    _set_invalid_parameter_handler(note_invalid_parameter);
    EXPECT(wcscpy_s(tiny, 2, L"long") == ERANGE && tiny[0] == 0 && handled == 1);
    EXPECT(swprintf_s(tiny, 2, L"%d", 123) == -1 && handled == 2);
    _set_invalid_parameter_handler(NULL);
}

static void text_outside_is_utf8(void)
{
    char bytes[16];
    wchar_t wide[16];
    FILE *file = tmpfile();

    EXPECT(wcstombs(bytes, L"\u20ac", sizeof(bytes)) == 3 && !memcmp(bytes, "\342\202\254", 3));
    EXPECT(mbstowcs(wide, "\360\237\230\200", 16) == 2 && wide[0] == 0xd83d && wide[1] == 0xde00);
    fwprintf(file, L"%s\n", L"\u00e9 \U0001f600");
    rewind(file);
    EXPECT_TEXT(fgetws(wide, 16, file), L"\u00e9 \U0001f600\n");
    EXPECT(fgetws(wide, 16, file) == NULL);
    fclose(file);
}

int wmain(int argc, wchar_t **argv)
{
    EXPECT(argc == 1 && argv[0] && !argv[1]);
    strings_are_searched_and_compared();
    tokens_come_one_by_one();
    numbers_have_32_bits_where_windows_has();
    formats_follow_microsoft();
    full_buffers_are_met_by_the_rule_of_each_function();
    a_handler_meets_the_misuse_of_checked_functions();
    text_outside_is_utf8();
    return expect_result();
}
