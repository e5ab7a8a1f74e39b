/* SPDX-License-Identifier: MIT */
/* run: alone */
/* strsafe.h: every function with what fits, what does not, and each flag. Under Wine these are
 * mingw's. Learn: "StringCchCopyEx", "StringCchCatEx", "StringCchPrintfEx". */
#include "say.h"

#define STRSAFE_NO_DEPRECATE
#include <strsafe.h>

static WCHAR wide[8];
static char narrow[8];

static void say_result(const char *call, HRESULT hr)
{
    char label[200];

    sprintf(label, "%s: 0x%08x", call, (unsigned)hr);
    say_wide_n_(label, wide, 8);
}

#define SAY_WIDE_RESULT(call)        \
    do {                             \
        wmemset(wide, L'#', 8);      \
        wide[0] = L'a', wide[1] = 0; \
        say_result(#call, (call));   \
    } while (0)

#define SAY_NARROW_RESULT(call)                     \
    do {                                            \
        memcpy(narrow, "a\0######", 8);             \
        say("%s: 0x%08x", #call, (unsigned)(call)); \
        SAY_NARROW_N(narrow, 8);                    \
    } while (0)

static void plain(void)
{
    SAY_WIDE_RESULT(StringCchCopyW(wide, 8, L"text"));
    SAY_WIDE_RESULT(StringCchCopyW(wide, 4, L"text"));
    SAY_WIDE_RESULT(StringCchCopyW(wide, 5, L"text"));
    SAY_WIDE_RESULT(StringCchCopyW(wide, 0, L"text"));
    SAY_WIDE_RESULT(StringCchCopyW(wide, 0, L""));
    SAY_WIDE_RESULT(StringCchCopyW(wide, (size_t)STRSAFE_MAX_CCH + 1, L"text"));
    SAY_WIDE_RESULT(StringCbCopyW(wide, 9, L"text"));
    SAY_WIDE_RESULT(StringCbCopyW(wide, 10, L"text"));
    SAY_WIDE_RESULT(StringCchCopyNW(wide, 8, L"text", 2));
    SAY_WIDE_RESULT(StringCchCopyNW(wide, 2, L"text", 3));
    SAY_WIDE_RESULT(StringCbCopyNW(wide, 16, L"text", 4));
    SAY_WIDE_RESULT(StringCchCatW(wide, 8, L"bcd"));
    SAY_WIDE_RESULT(StringCchCatW(wide, 3, L"bcd"));
    SAY_WIDE_RESULT(StringCchCatW(wide, 1, L"bcd"));
    SAY_WIDE_RESULT(StringCchCatNW(wide, 8, L"bcd", 1));
    SAY_WIDE_RESULT(StringCbCatW(wide, 6, L"bcd"));
    SAY_WIDE_RESULT(StringCbCatNW(wide, 16, L"bcd", 4));
    SAY_WIDE_RESULT(StringCchPrintfW(wide, 8, L"%d-%s", 12, L"x"));
    SAY_WIDE_RESULT(StringCchPrintfW(wide, 4, L"%d-%s", 12, L"x"));
    SAY_WIDE_RESULT(StringCchPrintfW(wide, 5, L"%d-%s", 12, L"x"));
    SAY_WIDE_RESULT(StringCchPrintfW(wide, 1, L"%d", 12));
    SAY_WIDE_RESULT(StringCchPrintfW(wide, 0, L"%d", 12));
    SAY_WIDE_RESULT(StringCbPrintfW(wide, 8, L"%s", L"text"));
    SAY_NARROW_RESULT(StringCchCopyA(narrow, 4, "text"));
    SAY_NARROW_RESULT(StringCchCatA(narrow, 8, "text"));
    SAY_NARROW_RESULT(StringCchPrintfA(narrow, 8, "%s%c", "te", 'x'));
    SAY_NARROW_RESULT(StringCbPrintfA(narrow, 3, "%d", 1234));
    SAY_NARROW_RESULT(StringCbCopyNA(narrow, 8, "text", 3));
}

static void lengths(void)
{
    size_t n = 77;

    SAY_CODE(StringCchLengthW(L"text", 5, &n));
    say("%d", (int)n);
    SAY_CODE(StringCchLengthW(L"text", 4, &n));
    say("%d", (int)n);
    SAY_CODE(StringCchLengthW(NULL, 4, NULL));
    SAY_CODE(StringCbLengthW(L"text", 10, &n));
    say("%d", (int)n);
    SAY_CODE(StringCbLengthW(L"text", 9, NULL));
    SAY_CODE(StringCchLengthA("text", 50, &n));
    say("%d", (int)n);
}

#define SAY_EX(name, ...)                                                            \
    do {                                                                             \
        WCHAR *end = NULL;                                                           \
        size_t remaining = 777;                                                      \
        wmemset(wide, L'#', 8);                                                      \
        wide[0] = L'a', wide[1] = 0;                                                 \
        HRESULT hr_ = name(__VA_ARGS__);                                             \
        char label_[200];                                                            \
        sprintf(label_, "%s(%s): 0x%08x, end %d, remaining %d", #name, #__VA_ARGS__, \
                (unsigned)hr_, end ? (int)(end - wide) : -1, (int)remaining);        \
        say_wide_n_(label_, wide, 8);                                                \
    } while (0)

static void with_flags(void)
{
    SAY_EX(StringCchCopyExW, wide, 8, L"text", &end, &remaining, 0);
    SAY_EX(StringCchCopyExW, wide, 4, L"text", &end, &remaining, 0);
    SAY_EX(StringCchCopyExW, wide, 0, L"text", &end, &remaining, 0);
    SAY_EX(StringCchCopyExW, wide, 0, L"", &end, &remaining, 0);
    SAY_EX(StringCchCopyExW, NULL, 0, L"", &end, &remaining, STRSAFE_IGNORE_NULLS);
    SAY_EX(StringCchCopyExW, NULL, 0, L"x", &end, &remaining, STRSAFE_IGNORE_NULLS);
    SAY_EX(StringCchCopyExW, wide, 8, NULL, &end, &remaining, STRSAFE_IGNORE_NULLS);
    SAY_EX(StringCchCopyExW, wide, 8, L"te", &end, &remaining, STRSAFE_FILL_BYTE(0));
    SAY_EX(StringCchCopyExW, wide, 4, L"text", &end, &remaining, STRSAFE_FAILURE_BYTE(0));
    SAY_EX(StringCchCopyExW, wide, 4, L"text", &end, &remaining, STRSAFE_FAILURE_BYTE(0x41));
    SAY_EX(StringCchCopyExW, wide, 4, L"text", &end, &remaining, STRSAFE_NULL_ON_FAILURE);
    SAY_EX(StringCchCopyExW, wide, 4, L"text", &end, &remaining, STRSAFE_NO_TRUNCATION);
    SAY_EX(StringCchCopyExW, wide, 8, L"text", &end, &remaining, 0x10000);
    SAY_EX(StringCbCopyExW, wide, 15, L"te", &end, &remaining, STRSAFE_FILL_BYTE(0x42));
    SAY_EX(StringCchCopyNExW, wide, 8, L"text", 3, &end, &remaining, 0);
    SAY_EX(StringCchCatExW, wide, 8, L"text", &end, &remaining, 0);
    SAY_EX(StringCchCatExW, wide, 4, L"text", &end, &remaining, 0);
    SAY_EX(StringCchCatExW, wide, 4, L"text", &end, &remaining, STRSAFE_NO_TRUNCATION);
    SAY_EX(StringCchCatExW, wide, 4, L"text", &end, &remaining, STRSAFE_NULL_ON_FAILURE);
    SAY_EX(StringCchCatExW, wide, 8, NULL, &end, &remaining, STRSAFE_IGNORE_NULLS);
    SAY_EX(StringCbCatExW, wide, 16, L"xy", &end, &remaining, 0);
    SAY_EX(StringCchPrintfExW, wide, 8, &end, &remaining, 0, L"%d", 42);
    SAY_EX(StringCchPrintfExW, wide, 3, &end, &remaining, 0, L"%d", 12345);
    SAY_EX(StringCchPrintfExW, wide, 3, &end, &remaining, STRSAFE_NO_TRUNCATION, L"%d", 12345);
    SAY_EX(StringCchPrintfExW, wide, 8, &end, &remaining, STRSAFE_IGNORE_NULLS, NULL);
    SAY_EX(StringCbPrintfExW, wide, 16, &end, &remaining, STRSAFE_FILL_BYTE(0), L"%s", L"abc");
}

int wmain(void)
{
    plain();
    lengths();
    with_flags();
    return 0;
}
