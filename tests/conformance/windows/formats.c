/* SPDX-License-Identifier: MIT */
/* run: alone */
/* printf by Microsoft's rules where Wine and others are known to stumble, and what each member of
 * the family does when the text does not fit. Learn: "Format specification syntax", "_snprintf,
 * _snwprintf", "_snprintf_s", "swprintf_s". */
#include "say.h"

#include <wchar.h>

static char narrow[64];
static wchar_t wide[64];
static int n_invalid;

static void note(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    n_invalid++;
}

#define SAY_FORMAT(...)                               \
    do {                                              \
        int n_ = _snprintf(narrow, 64, __VA_ARGS__);  \
        say("%s: %d <%s>", #__VA_ARGS__, n_, narrow); \
    } while (0)
#define SAY_WIDE_FORMAT(...)                        \
    do {                                            \
        int n_ = _snwprintf(wide, 64, __VA_ARGS__); \
        say("%s: %d", #__VA_ARGS__, n_);            \
        SAY_WIDE(wide);                             \
    } while (0)

static void directives(void)
{
    SAY_FORMAT("%hhd %hhx", 300, 511);
    SAY_FORMAT("%05.2d|%-5d|%+d|% d", 7, 7, 7, 7);
    SAY_FORMAT("%.*d", -2, 7);
    SAY_FORMAT("%#o %#x %#X", 8, 255, 255);
    SAY_FORMAT("%.0f %.0f %.0f", 0.5, 1.5, 2.5);
    SAY_FORMAT("%%|%%");
    SAY_FORMAT("%p", (void *)0x1234);
    SAY_FORMAT("%s|%10s|%-10s|%.2s", "text", "text", "text", "text");
    SAY_FORMAT("%s", (char *)NULL);
    SAY_FORMAT("%S|%ls|%ws|%hs", L"wide", L"wide", L"wide", "narrow");
    SAY_FORMAT("%c%C%lc%hc", 'a', L'b', L'c', 'd');
    SAY_FORMAT("%y%", 1);
    SAY_WIDE_FORMAT(L"%s|%S|%hs|%ls|%ws", L"wide", "narrow", "narrow", L"wide", L"wide");
    SAY_WIDE_FORMAT(L"%c%C%hc%lc", L'a', 'b', 'c', L'd');
    SAY_WIDE_FORMAT(L"%I64d %I32u %Iu %lld %ld %lu", -1ll, -1, (size_t)-1, -2ll, (LONG)-3,
                    (DWORD)-4);
    SAY_WIDE_FORMAT(L"%08lx %#010x", (DWORD)0x80042301, 0x42301);
    SAY_WIDE_FORMAT(L"%s", (wchar_t *)NULL);
    SAY_WIDE_FORMAT(L"%.3s|%6.3s|", L"truncated", L"truncated");
}

/* One line: the call, its answer, and the beginning of the buffer that it wrote to. */
static void say_buffers(const char *call, int answer)
{
    char label[160];

    sprintf(label, "%s: %d%s", call, answer, n_invalid ? ", invalid parameter" : "");
    if (wide[0] == '#')
        say_narrow_n_(label, narrow, 8);
    else
        say_wide_n_(label, wide, 8);
    n_invalid = 0;
}

#define SAY_FULL(call)               \
    do {                             \
        memset(narrow, '#', 64);     \
        wmemset(wide, L'#', 64);     \
        int answer_ = (call);        \
        say_buffers(#call, answer_); \
    } while (0)

static void what_does_not_fit(void)
{
    _set_invalid_parameter_handler(note);
    SAY_FULL(_snprintf(narrow, 4, "%s", "abc"));
    SAY_FULL(_snprintf(narrow, 4, "%s", "abcd"));
    SAY_FULL(_snprintf(narrow, 4, "%s", "abcde"));
    SAY_FULL(_snprintf(NULL, 0, "%s", "abcde"));
    SAY_FULL(snprintf(narrow, 4, "%s", "abcd"));
    SAY_FULL(_snwprintf(wide, 4, L"%s", L"abc"));
    SAY_FULL(_snwprintf(wide, 4, L"%s", L"abcd"));
    SAY_FULL(_snwprintf(wide, 4, L"%s", L"abcde"));
    SAY_FULL(_scprintf("%s", "abcde"));
    SAY_FULL(_scwprintf(L"%s", L"abcde"));
    SAY_FULL(sprintf_s(narrow, 5, "%s", "abcd"));
    SAY_FULL(sprintf_s(narrow, 4, "%s", "abcd"));
    SAY_FULL(swprintf_s(wide, 5, L"%s", L"abcd"));
    SAY_FULL(swprintf_s(wide, 4, L"%s", L"abcd"));
    SAY_FULL(_snwprintf_s(wide, 5, 3, L"%s", L"abcd"));
    SAY_FULL(_snwprintf_s(wide, 4, _TRUNCATE, L"%s", L"abcd"));
    SAY_FULL(_snwprintf_s(wide, 4, 4, L"%s", L"abcd"));
    SAY_FULL(_snprintf_s(narrow, 5, 3, "%s", "abcd"));
    SAY_FULL(_snprintf_s(narrow, 4, _TRUNCATE, "%s", "abcd"));
    SAY_FULL(_snprintf_s(narrow, 4, 4, "%s", "abcd"));
    SAY_FULL(_snprintf_s(narrow, 8, 6, "%s", "abcd"));
}

int wmain(void)
{
    directives();
    what_does_not_fit();
    return 0;
}
