/* SPDX-License-Identifier: MIT */
/* What Microsoft's C library has besides: sets and reversals of strings, checked forms of them,
 * searches with a context, memory with alignment, the numbers of narrow text in 32 bits. */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- strings. Learn: "_strset", "_strnset", "_strrev", "_strlwr_s", "strncat_s" ---- */

#define STRING_FAMILY(T, set, nset, length_of, counted_length)      \
    CRT(T *w16_##nset(T *s, T c, size_t n))                         \
    {                                                               \
        for (size_t i = 0; i < n && s[i]; i++)                      \
            s[i] = c;                                               \
        return s;                                                   \
    }                                                               \
    CRT(T *w16_##set(T *s, T c))                                    \
    {                                                               \
        return w16_##nset(s, c, SIZE_MAX);                          \
    }                                                               \
    CRT(crt_errno w16_##nset##_s(T *s, size_t size, T c, size_t n)) \
    {                                                               \
        if (!s || counted_length(s, size) == size)                  \
            return crt_invalid_parameter(#nset "_s", EINVAL);       \
        w16_##nset(s, c, n);                                        \
        return 0;                                                   \
    }                                                               \
    CRT(crt_errno w16_##set##_s(T *s, size_t size, T c))            \
    {                                                               \
        return w16_##nset##_s(s, size, c, SIZE_MAX);                \
    }

STRING_FAMILY(char, _strset, _strnset, strlen, strnlen)
STRING_FAMILY(wchar_t, _wcsset, _wcsnset, w16_wcslen, w16_wcsnlen)

CRT(char *w16__strrev(char *s))
{
    for (size_t i = 0, n = strlen(s); i < n / 2; i++) {
        char c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
    return s;
}

CRT(crt_errno w16__strlwr_s(char *s, size_t size))
{
    if (!s || strnlen(s, size) == size)
        return crt_invalid_parameter("_strlwr_s", EINVAL);
    w16__strlwr(s);
    return 0;
}

CRT(crt_errno w16__strupr_s(char *s, size_t size))
{
    if (!s || strnlen(s, size) == size)
        return crt_invalid_parameter("_strupr_s", EINVAL);
    w16__strupr(s);
    return 0;
}

CRT(int w16__memicmp(const void *a, const void *b, size_t n))
{
    const unsigned char *x = a, *y = b;

    for (; n; n--, x++, y++)
        if (tolower(*x) != tolower(*y))
            return tolower(*x) - tolower(*y);
    return 0;
}

/* Learn: "memmove_s": nothing is changed when there is no room. */
CRT(crt_errno w16_memmove_s(void *to, size_t size, const void *from, size_t n))
{
    if (!n)
        return 0;
    if (!to || !from)
        return crt_invalid_parameter("memmove_s", EINVAL);
    if (size < n)
        return crt_invalid_parameter("memmove_s", ERANGE);
    memmove(to, from, n);
    return 0;
}

CRT(crt_errno w16_wmemcpy_s(wchar_t *to, size_t size, const wchar_t *from, size_t n))
{
    return w16_memcpy_s(to, size * sizeof(wchar_t), from, n * sizeof(wchar_t));
}

CRT(crt_errno w16_wmemmove_s(wchar_t *to, size_t size, const wchar_t *from, size_t n))
{
    return w16_memmove_s(to, size * sizeof(wchar_t), from, n * sizeof(wchar_t));
}

/* ---- search and sort with a context. Learn: "bsearch_s", "qsort_s" ---- */

typedef int compare_function(void *context, const void *a, const void *b);

CRT(void *w16_bsearch_s(const void *key, const void *items, size_t n, size_t size,
                        compare_function *compare, void *context))
{
    size_t low = 0, high = n;

    if ((!items && n) || !size || !compare) {
        crt_invalid_parameter("bsearch_s", EINVAL);
        return NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *item = (const char *)items + middle * size;
        int order = compare(context, key, item);
        if (order == 0)
            return (void *)(uintptr_t)item;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct sorting {
    compare_function *compare;
    void *context;
};

static int compare_turned(const void *a, const void *b, void *sorting)
{
    const struct sorting *s = sorting;

    return s->compare(s->context, a, b);
}

CRT(void w16_qsort_s(void *items, size_t n, size_t size, compare_function *compare, void *context))
{
    struct sorting sorting = { compare, context };

    if ((!items && n) || !size || !compare)
        crt_invalid_parameter("qsort_s", EINVAL);
    else
        qsort_r(items, n, size, compare_turned, &sorting);
}

/* ---- memory. Learn: "_aligned_malloc", "_recalloc", "_msize" ---- */

CRT(void *w16__aligned_malloc(size_t size, size_t alignment))
{
    void *memory = NULL;

    if (!alignment || alignment & (alignment - 1)) {
        crt_invalid_parameter("_aligned_malloc", EINVAL);
        return NULL;
    }
    alignment = alignment < sizeof(void *) ? sizeof(void *) : alignment;
    errno = posix_memalign(&memory, alignment, size);
    return memory;
}

CRT(void *w16__aligned_realloc(void *memory, size_t size, size_t alignment))
{
    if (memory && !size) {
        free(memory);
        return NULL;
    }
    void *moved = w16__aligned_malloc(size, alignment);
    if (moved && memory) {
        size_t had = malloc_usable_size(memory);
        memcpy(moved, memory, had < size ? had : size);
        free(memory);
    }
    return moved;
}

/* What it grows by is zero. The old size is the allocator's: it may be a little more than asked
 * for, of which nothing is known, so the rest is cleared from there. */
CRT(void *w16__recalloc(void *memory, size_t n, size_t size))
{
    size_t total, had = memory ? malloc_usable_size(memory) : 0;

    if (__builtin_mul_overflow(n, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    if (memory && !total) {
        free(memory);
        return NULL;
    }
    char *grown = realloc(memory, total);
    if (grown && total > had)
        memset(grown + had, 0, total - had);
    return grown;
}

CRT(size_t w16__msize(void *memory))
{
    if (!memory) {
        crt_invalid_parameter("_msize", EINVAL);
        return SIZE_MAX;
    }
    return malloc_usable_size(memory);
}

/* ---- narrow numbers: long has 32 bits on Windows ---- */

CRT(long w16_strtol(const char *s, char **end, int base))
{
    long value = strtol(s, end, base);

    if (value >= INT_MIN && value <= INT_MAX)
        return value;
    errno = ERANGE;
    return value < 0 ? INT_MIN : INT_MAX;
}

CRT(unsigned long w16_strtoul(const char *s, char **end, int base))
{
    const char *digits = s + strspn(s, " \t\n\v\f\r");
    bool is_negative = *digits == '-';
    int before = errno;

    errno = 0;
    unsigned long value = strtoul(s, end, base);
    unsigned long size = is_negative && !errno ? 0 - value : value;
    if (errno == ERANGE || size > UINT_MAX) {
        errno = ERANGE;
        return UINT_MAX;
    }
    errno = before;
    return (unsigned)value;
}
