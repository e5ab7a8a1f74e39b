/* SPDX-License-Identifier: MIT */
/* run: alone random */
/* printf with formats made at random from a seed (the variable SAY_SEED, or 1), narrow and wide.
 * Learn: "Format specification syntax: printf and wprintf functions". Left out is where Wine does
 * not do what that page says: a precision with c or with the flag 0 has no effect, hh is a size, a
 * negative precision is none, %#.0o of 0 is 0, exact halves go to the even digit. formats.c has
 * those. */
#include "say.h"

#include <wchar.h>

static unsigned long long state = 1;

static unsigned roll(unsigned n)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % n;
}

static const char *one_of(const char *const *words, unsigned n)
{
    return words[roll(n)];
}

#define ONE_OF(words) one_of(words, sizeof(words) / sizeof((words)[0]))

static const char *const flags[] = { "", "", "", "-", "+", " ", "#", "0", "-0", "+0", " 0", "-#" };
static const char *const widths[] = { "", "", "", "1", "5", "12", "25", "*" };
static const char *const precisions[] = { "", "", "", ".", ".0", ".1", ".3", ".8", ".20", ".*" };
static const char *const integer_sizes[] = { "", "", "h", "l", "ll", "I", "I32", "I64", "z", "j" };
static const char *const text_sizes[] = { "", "", "h", "l", "w" };

static const long long integers[] = {
    0,
    1,
    -1,
    9,
    10,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    123456,
    2147483647,
    2147483648,
    4294967295,
    0x123456789abcdef,
    -0x7fffffffffffffff - 1,
};
static const double doubles[] = {
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.1,
    123.456,
    1e10,
    1e-10,
    9.9999,
    1.5,
    1e100,
    5e-324,
    1.7976931348623157e308,
    100000,
    1000000,
    0.0001,
    0.00001,
    3.14159265358979,
};

static char spec[64];

static void make_spec(const char *size, char type)
{
    const char *flag = ONE_OF(flags), *width = ONE_OF(widths), *precision = ONE_OF(precisions);
    int is_integer = strchr("diuxXo", type) != NULL;

    if (type == 'c' || type == 'C' || (is_integer && strchr(flag, '0')))
        precision = "";
    if (type == 'o' && strchr(flag, '#'))
        flag = "";
    sprintf(spec, "<%%%s%s%s%s%c>", flag, width, precision, size, type);
}

static void say_both(const char *narrow_text, int narrow, const wchar_t *wide_text, int wide,
                     const char *of)
{
    char wide_narrowed[600];
    int i = 0;

    for (; wide_text[i] && i < 599; i++)
        wide_narrowed[i] = wide_text[i] < 0x7f ? (char)wide_text[i] : '#';
    wide_narrowed[i] = 0;
    if (narrow == wide && strcmp(wide_narrowed, narrow_text) == 0)
        say("%s %s: %s %d", spec, of, narrow_text, narrow);
    else
        say("%s %s: %s %d, wide %s %d", spec, of, narrow_text, narrow, wide_narrowed, wide);
}

/* Stars take numbers that come before the value. */
#define PRINT(of, value)                                                       \
    do {                                                                       \
        char narrow_text[600];                                                 \
        wchar_t wide_text[600], wide_spec[64];                                 \
        int stars = 0, narrow, wide, a = (int)roll(20) - 6, b = (int)roll(12); \
        for (unsigned i = 0; i <= strlen(spec); i++) {                         \
            stars += spec[i] == '*';                                           \
            wide_spec[i] = (wchar_t)spec[i];                                   \
        }                                                                      \
        if (stars == 2) {                                                      \
            narrow = _snprintf(narrow_text, 599, spec, a, b, value);           \
            wide = _snwprintf(wide_text, 599, wide_spec, a, b, value);         \
            sprintf(of + strlen(of), " *%d *%d", a, b);                        \
        } else if (stars == 1) {                                               \
            a = strstr(spec, ".*") ? b : a;                                    \
            narrow = _snprintf(narrow_text, 599, spec, a, value);              \
            wide = _snwprintf(wide_text, 599, wide_spec, a, value);            \
            sprintf(of + strlen(of), " *%d", a);                               \
        } else {                                                               \
            narrow = _snprintf(narrow_text, 599, spec, value);                 \
            wide = _snwprintf(wide_text, 599, wide_spec, value);               \
        }                                                                      \
        say_both(narrow_text, narrow, wide_text, wide, of);                    \
    } while (0)

static void integer(void)
{
    char of[64];
    long long value = integers[roll(sizeof(integers) / sizeof(integers[0]))];

    make_spec(ONE_OF(integer_sizes), "diuxXo"[roll(6)]);
    sprintf(of, "%lld", value);
    PRINT(of, value);
}

static void floating(void)
{
    char of[64];
    double value = doubles[roll(sizeof(doubles) / sizeof(doubles[0]))];

    make_spec("", "eEfgGaA"[roll(5)]);
    sprintf(of, "%.17g", value);
    PRINT(of, value);
}

static void text(void)
{
    char of[64] = "text";
    char type = "sScC"[roll(4)];
    const char *size = ONE_OF(text_sizes);
    /* What both kinds of text read as the same letters cannot be had; each size has its own. */
    int is_narrow_in_both = size[0] == 'h';

    make_spec(size, type);
    if (type == 'c' || type == 'C') {
        PRINT(of, 'q');
    } else if (is_narrow_in_both) {
        PRINT(of, "narrow text");
    } else if (size[0]) {
        PRINT(of, L"wide text");
    }
}

int wmain(void)
{
    const char *seed = getenv("SAY_SEED");

    state = seed ? (unsigned)atoi(seed) : 1;
    for (int i = 0; i < 400; i++) {
        switch (roll(4)) {
        case 0:
            floating();
            break;
        case 1:
            text();
            break;
        default:
            integer();
        }
    }
    return 0;
}
