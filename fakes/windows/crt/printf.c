/* SPDX-License-Identifier: MIT */
/* The printf family, wide and narrow, as programs built by the compile drivers call it. What
 * differs between the members is only what they do when the text does not fit. */
#include "fakes/windows/crt/format.h"
#include "fakes/windows/crt/parameter.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TRUNCATE SIZE_MAX

/* A function of the family with dots, over the one with a va_list. */
#define VARIADIC(declaration, last, call) \
    declaration;                          \
    declaration                           \
    {                                     \
        va_list args;                     \
        va_start(args, last);             \
        int result = call;                \
        va_end(args);                     \
        return result;                    \
    }
#define FUNCTION(declaration) \
    declaration;              \
    declaration

/* Copies at most n units of the text and no zero. */
static void copy_units(const struct crt_text *t, void *buffer, size_t n)
{
    if (t->is_wide)
        memcpy(buffer, t->wide.items, n * sizeof(wchar_t));
    else if (n)
        memcpy(buffer, t->narrow.text, n);
}

static void put_zero(const struct crt_text *t, void *buffer, size_t at)
{
    if (t->is_wide)
        ((wchar_t *)buffer)[at] = 0;
    else
        ((char *)buffer)[at] = 0;
}

static int length_of(const struct crt_text *t)
{
    size_t n = crt_text_length(t);
    return n > INT_MAX ? -1 : (int)n;
}

/* Always ends with a zero if there is room for one. Answers the whole length if it fitted,
 * otherwise too_long: -1, or the whole length by the rule of C99. */
static int print_bounded(bool is_wide, void *buffer, size_t size, const void *format, va_list args,
                         bool is_c99)
{
    struct crt_text t = { .is_wide = is_wide };

    crt_format(&t, format, args);
    int length = length_of(&t);
    size_t n = crt_text_length(&t);
    if (size) {
        size_t fits = n < size ? n : size - 1;
        copy_units(&t, buffer, fits);
        put_zero(&t, buffer, fits);
    }
    crt_text_free(&t);
    return n < size || is_c99 ? length : -1;
}

/* The older rule: no zero when the text fills the buffer exactly or does not fit. */
static int print_counted(bool is_wide, void *buffer, size_t size, const void *format, va_list args)
{
    struct crt_text t = { .is_wide = is_wide };

    crt_format(&t, format, args);
    size_t n = crt_text_length(&t);
    int result = n <= size || !buffer ? length_of(&t) : -1;
    if (buffer) {
        copy_units(&t, buffer, n < size ? n : size);
        if (n < size)
            put_zero(&t, buffer, n);
    }
    crt_text_free(&t);
    return result;
}

/* The _s rule: what does not fit is an error of the program, unless it is asked to truncate. */
static int print_secure(const char *function, bool is_wide, void *buffer, size_t size, size_t count,
                        const void *format, va_list args)
{
    struct crt_text t = { .is_wide = is_wide };

    if (!buffer || !size || !format)
        return crt_invalid_parameter(function, EINVAL), -1;
    crt_format(&t, format, args);
    size_t n = crt_text_length(&t);
    size_t limit = count < size - 1 ? count : size - 1;
    int result = n <= limit ? length_of(&t) : -1;
    size_t fits = n < limit ? n : limit;
    if (n > limit && limit == size - 1 && count != TRUNCATE) {
        put_zero(&t, buffer, 0);
        crt_text_free(&t);
        return crt_invalid_parameter(function, ERANGE), -1;
    }
    copy_units(&t, buffer, fits);
    put_zero(&t, buffer, fits);
    crt_text_free(&t);
    return result;
}

static int print_stream(bool is_wide, FILE *stream, const void *format, va_list args)
{
    struct crt_text t = { .is_wide = is_wide };

    crt_format(&t, format, args);
    int length = length_of(&t);
    auto_free char *bytes = is_wide ? utf8_from_utf16_n(t.wide.items, t.wide.count) : NULL;
    const char *out = is_wide ? bytes : t.narrow.text;
    size_t size = is_wide ? strlen(bytes) : t.narrow.length;
    if (fwrite(out ? out : "", 1, size, stream) != size)
        length = -1;
    crt_text_free(&t);
    return length;
}

/* ---- wide ---- */

FUNCTION(int w16_vfwprintf(FILE *stream, const wchar_t *format, va_list args))
{
    return print_stream(true, stream, format, args);
}
FUNCTION(int w16_vwprintf(const wchar_t *format, va_list args))
{
    return print_stream(true, stdout, format, args);
}
FUNCTION(int w16_vswprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list args))
{
    return print_bounded(true, buffer, size, format, args, false);
}
FUNCTION(int w16__vswprintf(wchar_t *buffer, const wchar_t *format, va_list args))
{
    return print_bounded(true, buffer, SIZE_MAX, format, args, false);
}
FUNCTION(int w16__vsnwprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list args))
{
    return print_counted(true, buffer, size, format, args);
}
FUNCTION(int w16__vscwprintf(const wchar_t *format, va_list args))
{
    return print_bounded(true, NULL, 0, format, args, true);
}
FUNCTION(int w16_vswprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, va_list args))
{
    return print_secure("swprintf_s", true, buffer, size, SIZE_MAX - 1, format, args);
}
FUNCTION(int w16__vsnwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format,
                               va_list args))
{
    return print_secure("_snwprintf_s", true, buffer, size, count, format, args);
}

VARIADIC(int w16_wprintf(const wchar_t *format, ...), format, w16_vwprintf(format, args))
VARIADIC(int w16_fwprintf(FILE *stream, const wchar_t *format, ...), format,
         w16_vfwprintf(stream, format, args))
VARIADIC(int w16_swprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...), format,
         w16_vswprintf(buffer, size, format, args))
VARIADIC(int w16__swprintf(wchar_t *buffer, const wchar_t *format, ...), format,
         w16__vswprintf(buffer, format, args))
VARIADIC(int w16__snwprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...), format,
         w16__vsnwprintf(buffer, size, format, args))
VARIADIC(int w16__scwprintf(const wchar_t *format, ...), format, w16__vscwprintf(format, args))
VARIADIC(int w16_swprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, ...), format,
         w16_vswprintf_s(buffer, size, format, args))
VARIADIC(int w16__snwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format,
                              ...),
         format, w16__vsnwprintf_s(buffer, size, count, format, args))

/* ---- narrow ---- */

FUNCTION(int w16_vfprintf(FILE *stream, const char *format, va_list args))
{
    return print_stream(false, stream, format, args);
}
FUNCTION(int w16_vprintf(const char *format, va_list args))
{
    return print_stream(false, stdout, format, args);
}
FUNCTION(int w16_vsnprintf(char *buffer, size_t size, const char *format, va_list args))
{
    return print_bounded(false, buffer, size, format, args, true);
}
FUNCTION(int w16_vsprintf(char *buffer, const char *format, va_list args))
{
    return print_bounded(false, buffer, SIZE_MAX, format, args, true);
}
FUNCTION(int w16__vsnprintf(char *buffer, size_t size, const char *format, va_list args))
{
    return print_counted(false, buffer, size, format, args);
}
FUNCTION(int w16_vsprintf_s(char *buffer, size_t size, const char *format, va_list args))
{
    return print_secure("sprintf_s", false, buffer, size, SIZE_MAX - 1, format, args);
}

FUNCTION(int w16__vscprintf(const char *format, va_list args))
{
    return print_bounded(false, NULL, 0, format, args, true);
}
FUNCTION(int w16__vsnprintf_s(char *buffer, size_t size, size_t count, const char *format,
                              va_list args))
{
    return print_secure("_snprintf_s", false, buffer, size, count, format, args);
}

VARIADIC(int w16__scprintf(const char *format, ...), format, w16__vscprintf(format, args))
VARIADIC(int w16__snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...),
         format, w16__vsnprintf_s(buffer, size, count, format, args))
VARIADIC(int w16_printf(const char *format, ...), format, w16_vprintf(format, args))
VARIADIC(int w16_fprintf(FILE *stream, const char *format, ...), format,
         w16_vfprintf(stream, format, args))
VARIADIC(int w16_sprintf(char *buffer, const char *format, ...), format,
         w16_vsprintf(buffer, format, args))
VARIADIC(int w16_snprintf(char *buffer, size_t size, const char *format, ...), format,
         w16_vsnprintf(buffer, size, format, args))
VARIADIC(int w16__snprintf(char *buffer, size_t size, const char *format, ...), format,
         w16__vsnprintf(buffer, size, format, args))
VARIADIC(int w16_sprintf_s(char *buffer, size_t size, const char *format, ...), format,
         w16_vsprintf_s(buffer, size, format, args))
