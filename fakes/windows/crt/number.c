/* SPDX-License-Identifier: MIT */
/* Numbers out of 16-bit text and back. A number has ASCII characters only, so the leading ones are
 * copied and glibc's narrow function reads them; the position it stopped at is the same. long is
 * 32 bits on Windows: out of its range means the limits of 32 bits and ERANGE. */
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* The ASCII beginning of s. White space beyond ASCII does not begin a number. */
static char *ascii_part(const wchar_t *s)
{
    size_t n = 0;

    while (s[n] && s[n] < 0x80)
        n++;
    char *text = mem_alloc(n + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = (char)s[i];
    return text;
}

#define READ_NUMBER(type, name, function, ...)                         \
    type name                                                          \
    {                                                                  \
        auto_free char *text = ascii_part(s);                          \
        char *stop = text;                                             \
        type value = function(text, &stop __VA_OPT__(, ) __VA_ARGS__); \
        if (end)                                                       \
            *end = (wchar_t *)(uintptr_t)(s + (stop - text));          \
        return value;                                                  \
    }

READ_NUMBER(long long, w16_wcstoll(const wchar_t *s, wchar_t **end, int base), strtoll, base)
READ_NUMBER(unsigned long long, w16_wcstoull(const wchar_t *s, wchar_t **end, int base), strtoull,
            base)
READ_NUMBER(double, w16_wcstod(const wchar_t *s, wchar_t **end), strtod)
READ_NUMBER(float, w16_wcstof(const wchar_t *s, wchar_t **end), strtof)
READ_NUMBER(long double, w16_wcstold(const wchar_t *s, wchar_t **end), strtold)

long w16_wcstol(const wchar_t *s, wchar_t **end, int base)
{
    long long value = w16_wcstoll(s, end, base);

    if (value >= INT_MIN && value <= INT_MAX)
        return (long)value;
    errno = ERANGE;
    return value < 0 ? INT_MIN : INT_MAX;
}

unsigned long w16_wcstoul(const wchar_t *s, wchar_t **end, int base)
{
    long long value = w16_wcstoll(s, end, base);

    if (value >= -(long long)UINT_MAX && value <= UINT_MAX)
        return (unsigned)value; /* "-1" is 0xffffffff */
    errno = ERANGE;
    return UINT_MAX;
}

int w16__wtoi(const wchar_t *s)
{
    return (int)w16_wcstol(s, NULL, 10);
}
long w16__wtol(const wchar_t *s)
{
    return w16_wcstol(s, NULL, 10);
}
long long w16__wtoi64(const wchar_t *s)
{
    return w16_wcstoll(s, NULL, 10);
}
long long w16__atoi64(const char *s)
{
    return strtoll(s, NULL, 10);
}
double w16__wtof(const wchar_t *s)
{
    return w16_wcstod(s, NULL);
}
