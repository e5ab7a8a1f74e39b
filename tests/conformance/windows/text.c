/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Texts of Windows: the lstr functions. Learn: "lstrcmpiW", "lstrcpynW". */
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
        say("lstrcmpiW %u: %s", i, order(lstrcmpiW(pairs[i].a, pairs[i].b)));
    }
}

int wmain(void)
{
    lengths_and_copies();
    comparisons();
    return 0;
}
