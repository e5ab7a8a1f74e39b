/* SPDX-License-Identifier: MIT */
/* 16-bit strings: length, copies, comparison, search, tokens. The contracts are those of the C
 * library and of Microsoft's "String manipulation (CRT)"; the symbols carry the prefix w16_, which
 * <wchar.h> of the compile drivers gives them. */
#include "fakes/windows/crt/wide.h"

#include <stdlib.h>
#include <string.h>

size_t w16_wcslen(const wchar_t *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

size_t w16_wcsnlen(const wchar_t *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n])
        n++;
    return n;
}

wchar_t *w16_wcscpy(wchar_t *to, const wchar_t *from)
{
    memcpy(to, from, (w16_wcslen(from) + 1) * sizeof(wchar_t));
    return to;
}

wchar_t *w16_wcsncpy(wchar_t *to, const wchar_t *from, size_t n)
{
    size_t length = w16_wcsnlen(from, n);

    memcpy(to, from, length * sizeof(wchar_t));
    memset(to + length, 0, (n - length) * sizeof(wchar_t));
    return to;
}

wchar_t *w16_wcscat(wchar_t *to, const wchar_t *from)
{
    w16_wcscpy(to + w16_wcslen(to), from);
    return to;
}

wchar_t *w16_wcsncat(wchar_t *to, const wchar_t *from, size_t n)
{
    wchar_t *end = to + w16_wcslen(to);
    size_t length = w16_wcsnlen(from, n);

    memcpy(end, from, length * sizeof(wchar_t));
    end[length] = 0;
    return to;
}

int w16_wcsncmp(const wchar_t *a, const wchar_t *b, size_t n)
{
    for (; n && *a && *a == *b; n--)
        a++, b++;
    return n ? (*a > *b) - (*a < *b) : 0;
}

int w16_wcscmp(const wchar_t *a, const wchar_t *b)
{
    return w16_wcsncmp(a, b, SIZE_MAX);
}

int w16__wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n)
{
    for (; n; n--, a++, b++) {
        wint_t x = w16_towlower(*a), y = w16_towlower(*b);
        if (x != y)
            return x < y ? -1 : 1;
        if (!x)
            return 0;
    }
    return 0;
}

int w16__wcsicmp(const wchar_t *a, const wchar_t *b)
{
    return w16__wcsnicmp(a, b, SIZE_MAX);
}

wchar_t *w16_wcschr(const wchar_t *s, wchar_t c)
{
    for (;; s++) {
        if (*s == c)
            return (wchar_t *)(uintptr_t)s;
        if (!*s)
            return NULL;
    }
}

wchar_t *w16_wcsrchr(const wchar_t *s, wchar_t c)
{
    for (size_t i = w16_wcslen(s) + 1; i-- > 0;)
        if (s[i] == c)
            return (wchar_t *)(uintptr_t)(s + i);
    return NULL;
}

wchar_t *w16_wcsstr(const wchar_t *s, const wchar_t *part)
{
    size_t n = w16_wcslen(s), n_part = w16_wcslen(part);

    /* memmem would find a match that begins in the middle of a character. */
    for (size_t i = 0; i + n_part <= n; i++)
        if (memcmp(s + i, part, n_part * sizeof(wchar_t)) == 0)
            return (wchar_t *)(uintptr_t)(s + i);
    return NULL;
}

size_t w16_wcscspn(const wchar_t *s, const wchar_t *set)
{
    size_t n = 0;

    while (s[n] && !w16_wcschr(set, s[n]))
        n++;
    return n;
}

size_t w16_wcsspn(const wchar_t *s, const wchar_t *set)
{
    size_t n = 0;

    while (s[n] && w16_wcschr(set, s[n]))
        n++;
    return n;
}

wchar_t *w16_wcspbrk(const wchar_t *s, const wchar_t *set)
{
    s += w16_wcscspn(s, set);
    return *s ? (wchar_t *)(uintptr_t)s : NULL;
}

wchar_t *w16_wcstok_s(wchar_t *s, const wchar_t *separators, wchar_t **context)
{
    if (!s)
        s = *context;
    if (!s)
        return NULL;
    s += w16_wcsspn(s, separators);
    if (!*s) {
        *context = s;
        return NULL;
    }
    wchar_t *end = s + w16_wcscspn(s, separators);
    *context = *end ? end + 1 : end;
    *end = 0;
    return s;
}

wchar_t *w16_wcstok(wchar_t *s, const wchar_t *separators)
{
    static _Thread_local wchar_t *context;

    return w16_wcstok_s(s, separators, &context);
}

wchar_t *w16__wcsdup(const wchar_t *s)
{
    if (!s)
        return NULL;
    size_t size = (w16_wcslen(s) + 1) * sizeof(wchar_t);
    wchar_t *copy = malloc(size);
    return copy ? memcpy(copy, s, size) : NULL;
}

wchar_t *w16__wcsrev(wchar_t *s)
{
    for (size_t i = 0, n = w16_wcslen(s); i < n / 2; i++) {
        wchar_t c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
    return s;
}

wchar_t *w16__wcslwr(wchar_t *s)
{
    for (wchar_t *p = s; *p; p++)
        *p = (wchar_t)w16_towlower(*p);
    return s;
}

wchar_t *w16__wcsupr(wchar_t *s)
{
    for (wchar_t *p = s; *p; p++)
        *p = (wchar_t)w16_towupper(*p);
    return s;
}

wchar_t *w16_wmemcpy(wchar_t *to, const wchar_t *from, size_t n)
{
    return memcpy(to, from, n * sizeof(wchar_t));
}

wchar_t *w16_wmemmove(wchar_t *to, const wchar_t *from, size_t n)
{
    return memmove(to, from, n * sizeof(wchar_t));
}

wchar_t *w16_wmemset(wchar_t *s, wchar_t c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s[i] = c;
    return s;
}

int w16_wmemcmp(const wchar_t *a, const wchar_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

wchar_t *w16_wmemchr(const wchar_t *s, wchar_t c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] == c)
            return (wchar_t *)(uintptr_t)(s + i);
    return NULL;
}
