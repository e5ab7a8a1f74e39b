/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Texts of Windows: the lstr functions, CompareString, LCMapString, CharUpper. Learn: "lstrcmpiW",
 * "lstrcpynW", "CompareStringEx", "CompareStringOrdinal", "LCMapStringEx", "CharUpperW". */
#include "say.h"

static const char *order(int answer)
{
    return answer < 0 ? "less" : answer > 0 ? "greater" : "equal";
}

static void lengths_and_copies(void)
{
    WCHAR wide[16];
    char narrow[16];

    SAY_NUMBER(lstrlenW(L"four"));
    SAY_NUMBER(lstrlenW(NULL));
    SAY_NUMBER(lstrlenA("four"));
    SAY_NUMBER(lstrlenA(NULL));
    SAY_WIDE(lstrcpyW(wide, L"text"));
    SAY_WIDE(lstrcatW(wide, L" and more"));
    SAY_WIDE(lstrcpynW(wide, L"truncated here", 5));
    SAY_NARROW(lstrcpyA(narrow, "text"));
    SAY_NARROW(lstrcatA(narrow, " and more"));
    SAY_NARROW(lstrcpynA(narrow, "truncated here", 5));
    SAY_NARROW(lstrcpynA(narrow, "x", 1));
}

static void comparisons(void)
{
    static const struct {
        const WCHAR *a, *b;
    } pairs[] = {
        { L"abc", L"abc" }, { L"abc", L"ABC" },  { L"ABC", L"abd" },   { L"", L"a" },
        { L"a", L"" },      { L"abc", L"abcd" }, { L"\xe4", L"\xc4" }, { L"z", L"Z" },
        { L"2", L"10" },    { NULL, L"a" },      { NULL, NULL },       { L"A", L"b" },
    };

    for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        say("lstrcmpW %u: %s", i, order(lstrcmpW(pairs[i].a, pairs[i].b)));
        say("lstrcmpiW %u: %s", i, order(lstrcmpiW(pairs[i].a, pairs[i].b)));
    }
}

static void compare_string(void)
{
    static const struct {
        const WCHAR *a, *b;
    } pairs[] = {
        { L"a", L"A" },
        { L"co-op", L"coop" },
        { L"co-op", L"cop" },
        { L"a1", L"aB" },
        { L"_x", L"x" },
        { L"1", L"a" },
        { L"file10", L"file2" },
        { L"\xe9", L"e" },
        { L"\xe9", L"f" },
        { L"zebra", L"Apple" },
        { L"a b", L"ab" },
        { L"", L"" },
        { L"resum\xe9", L"Resume" },
        { L"a.txt", L"a_b.txt" },
        { L"aB", L"Ab" },
    };

    for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        say("%u: %d", i, CompareStringW(LOCALE_INVARIANT, 0, pairs[i].a, -1, pairs[i].b, -1));
        say("%u ignoring case: %d", i,
            CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, pairs[i].a, -1, pairs[i].b, -1));
        say("%u string sort: %d", i,
            CompareStringW(LOCALE_INVARIANT, SORT_STRINGSORT, pairs[i].a, -1, pairs[i].b, -1));
    }
    SAY_COUNT(CompareStringW(LOCALE_INVARIANT, 0, NULL, -1, L"a", -1), 0);
    SAY_COUNT(CompareStringW(LOCALE_INVARIANT, 0x8, L"a", -1, L"a", -1), 0);
    SAY_COUNT(CompareStringW(LOCALE_INVARIANT, 0, L"abX", 2, L"abY", 2), 0);
    SAY_COUNT(CompareStringOrdinal(L"abc", -1, L"ABC", -1, TRUE), 0);
    SAY_COUNT(CompareStringOrdinal(L"abc", -1, L"ABC", -1, FALSE), 0);
    SAY_COUNT(CompareStringOrdinal(L"abcX", 3, L"abcY", 3, FALSE), 0);
    SAY_COUNT(CompareStringOrdinal(L"ab", 2, L"abc", 3, FALSE), 0);
    SAY_COUNT(CompareStringOrdinal(L"\xe4", -1, L"\xc4", -1, TRUE), 0);
    SAY_COUNT(CompareStringOrdinal(NULL, -1, L"a", -1, TRUE), 0);
    SAY_COUNT(CompareStringOrdinal(L"a", -2, L"a", -1, TRUE), 0);
}

static void mappings(void)
{
    WCHAR wide[16];
    WORD types[8];
    BYTE key_a[64], key_b[64];
    INT n_a, n_b;

    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_UPPERCASE, L"a\xe4\xdf", -1, wide, 16), 0);
    SAY_WIDE(wide);
    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_LOWERCASE, L"A\xc4", 2, wide, 16), 0);
    SAY_WIDE_N(wide, 2);
    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_LOWERCASE, L"ABC", -1, NULL, 0), 0);
    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_LOWERCASE, L"ABC", -1, wide, 3), 0);
    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_LOWERCASE, NULL, -1, wide, 3), 0);
    SAY_COUNT(LCMapStringW(LOCALE_INVARIANT, LCMAP_LOWERCASE | LCMAP_UPPERCASE, L"a", 1, wide, 3),
              0);
    n_a = LCMapStringW(LOCALE_INVARIANT, LCMAP_SORTKEY, L"apple", -1, (WCHAR *)key_a, 64);
    n_b = LCMapStringW(LOCALE_INVARIANT, LCMAP_SORTKEY, L"Banana", -1, (WCHAR *)key_b, 64);
    say("%s", order(memcmp(key_a, key_b, n_a < n_b ? n_a : n_b)));
    lstrcpyW(wide, L"MiXed \xe4");
    SAY_WIDE(CharUpperW(wide));
    SAY_WIDE(CharLowerW(wide));
    SAY_COUNT(CharUpperBuffW(wide, 3), 0);
    SAY_WIDE(wide);
    say("%d %d", (int)(UINT_PTR)CharUpperW((WCHAR *)L'q'),
        (int)(UINT_PTR)CharLowerW((WCHAR *)0xc4));
    say("%d %d %d", !!IsCharAlphaW(L'x'), !!IsCharAlphaW(L'1'), !!IsCharAlphaNumericW(L'1'));
    SAY_BOOL(GetStringTypeW(CT_CTYPE1, L"aB1 .\t\xe4", 7, types));
    SAY_BYTES(types, 14);
    SAY_BOOL(GetStringTypeW(9, L"a", 1, types));
}

int wmain(void)
{
    compare_string();
    mappings();
    lengths_and_copies();
    comparisons();
    return 0;
}
