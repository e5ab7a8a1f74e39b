/* SPDX-License-Identifier: MIT */
/* The functions of strsafe.h: strings that always end and never overflow, in characters (Cch) or
 * bytes (Cb), plain and with flags (Ex), narrow and wide. Learn: "About Strsafe.h", and a page for
 * each function. All of them come down to one request: append so many units at a place. */
#include "fakes/windows/crt/format.h"
#include "fakes/windows/crt/wide.h"

#include "emu/include/vssemu_types.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#define MOST_CCH            2147483647
#define INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define INVALID_PARAMETER   ((HRESULT)0x80070057)
#define END_OF_FILE         ((HRESULT)0x80070026)

/* Learn: "StringCchCopyEx", dwFlags; the lowest byte is what is filled with. */
#define IGNORE_NULLS     0x0100
#define FILL_BEHIND_NULL 0x0200
#define FILL_ON_FAILURE  0x0400
#define NULL_ON_FAILURE  0x0800
#define NO_TRUNCATION    0x1000
#define VALID_FLAGS      0x1fffu

/* What a call is about; sizes in units of its width except bytes. */
struct request {
    bool is_wide, is_ex, counts_bytes;
    void *to;
    size_t size, bytes;
    DWORD flags;
    void **ret_end;        /* may be NULL, like ret_remaining */
    size_t *ret_remaining; /* in bytes if counts_bytes */
    size_t end;            /* where the text ends, set on the way */
};

static size_t unit_of(const struct request *r)
{
    return r->is_wide ? sizeof(wchar_t) : 1;
}

static char *at(const struct request *r, size_t i)
{
    return (char *)r->to + i * unit_of(r);
}

static size_t length_of(bool is_wide, const void *text, size_t max)
{
    return is_wide ? w16_wcsnlen(text, max) : strnlen(text, max);
}

static void put_zero(struct request *r, size_t i)
{
    memset(at(r, i), 0, unit_of(r));
    r->end = i;
}

/* What the flags ask for when a call fails. */
static void fill_after_failure(struct request *r)
{
    if (r->flags & FILL_ON_FAILURE) {
        memset(r->to, (int)(r->flags & 0xff), r->bytes);
        r->end = 0;
        if (r->flags & 0xff && r->size)
            put_zero(r, r->size - 1);
    }
    if (r->flags & NULL_ON_FAILURE && r->size)
        put_zero(r, 0);
}

static HRESULT finish(struct request *r, HRESULT hr)
{
    if (FAILED(hr) && r->to)
        fill_after_failure(r);
    if (SUCCEEDED(hr) || hr == INSUFFICIENT_BUFFER || hr == END_OF_FILE) {
        if (r->ret_end)
            *r->ret_end = r->to ? at(r, r->end) : NULL;
        if (r->ret_remaining)
            *r->ret_remaining = r->counts_bytes ? r->bytes - r->end * unit_of(r) : r->size - r->end;
    }
    return hr;
}

/* Appends n units behind r->end, where a zero stands or may stand. */
static HRESULT append(struct request *r, const void *from, size_t n)
{
    if (!r->size)
        return finish(r, !n ? S_OK : r->to ? INSUFFICIENT_BUFFER : INVALID_PARAMETER);
    size_t start = r->end, room = r->size - start - 1;
    bool fits = n <= room;
    size_t copied = fits ? n : room;

    if (copied)
        memcpy(at(r, start), from, copied * unit_of(r));
    put_zero(r, start + copied);
    if (!fits && r->flags & NO_TRUNCATION)
        put_zero(r, start);
    if (fits && r->flags & FILL_BEHIND_NULL) {
        char *rest = at(r, r->end + 1);
        memset(rest, (int)(r->flags & 0xff), (size_t)((char *)r->to + r->bytes - rest));
    }
    return finish(r, fits ? S_OK : INSUFFICIENT_BUFFER);
}

/* Whether the request itself makes sense; a text of its own is checked by the caller. */
static bool is_good(const struct request *r)
{
    if (r->flags & ~VALID_FLAGS || r->size > MOST_CCH)
        return false;
    if (r->to)
        return r->is_ex || r->size;
    return r->flags & IGNORE_NULLS && !r->bytes;
}

/* n: units of from at most. */
static HRESULT copy(struct request r, const void *from, size_t n)
{
    if (!is_good(&r) || n > MOST_CCH || (!from && !(r.flags & IGNORE_NULLS)))
        return r.size <= MOST_CCH ? finish(&r, INVALID_PARAMETER) : INVALID_PARAMETER;
    return append(&r, from, from ? length_of(r.is_wide, from, n) : 0);
}

static HRESULT concatenate(struct request r, const void *from, size_t n)
{
    if (!is_good(&r) || n > MOST_CCH || (!from && !(r.flags & IGNORE_NULLS)))
        return r.size <= MOST_CCH ? finish(&r, INVALID_PARAMETER) : INVALID_PARAMETER;
    r.end = r.to ? length_of(r.is_wide, r.to, r.size) : 0;
    if (r.to && r.end == r.size)
        return finish(&r, INVALID_PARAMETER); /* no end in its size */
    return append(&r, from, from ? length_of(r.is_wide, from, n) : 0);
}

static HRESULT print(struct request r, const void *format, va_list args)
{
    struct crt_text text = { .is_wide = r.is_wide };

    if (!is_good(&r) || (!format && !(r.flags & IGNORE_NULLS)))
        return r.size <= MOST_CCH ? finish(&r, INVALID_PARAMETER) : INVALID_PARAMETER;
    if (format)
        crt_format(&text, format, args);
    const void *units = r.is_wide ? (const void *)text.wide.items : text.narrow.text;
    HRESULT hr = append(&r, units, crt_text_length(&text));
    crt_text_free(&text);
    return hr;
}

/* A line of standard input without its end. Learn: "StringCchGets". */
static HRESULT get_line(struct request r)
{
    if (!is_good(&r))
        return r.size <= MOST_CCH ? finish(&r, INVALID_PARAMETER) : INVALID_PARAMETER;
    if (r.size < 2) {
        if (r.size)
            put_zero(&r, 0);
        return finish(&r, INSUFFICIENT_BUFFER);
    }
    bool has_ended = false;
    size_t n = 0;
    while (n + 1 < r.size) {
        int c = r.is_wide ? (int)w16_getwchar() : getchar();
        has_ended = r.is_wide ? c == (int)CRT_WEOF : c == EOF;
        if (has_ended || c == '\n')
            break;
        if (r.is_wide)
            ((wchar_t *)r.to)[n++] = (wchar_t)c;
        else
            ((char *)r.to)[n++] = (char)c;
    }
    put_zero(&r, n);
    if (has_ended && !n)
        return finish(&r, END_OF_FILE);
    return append(&r, NULL, 0);
}

static HRESULT length(bool is_wide, const void *text, size_t max, size_t *ret_length)
{
    size_t n = text && max <= MOST_CCH ? length_of(is_wide, text, max) : max;
    bool is_found = text && max <= MOST_CCH && n < max;

    if (ret_length)
        *ret_length = is_found ? n : 0;
    return is_found ? S_OK : INVALID_PARAMETER;
}

/* How the parameters of a function become a request: characters and bytes, plain and Ex. */
#define REQUEST(wide, T, n_units, n_bytes, in_bytes, ex, the_flags, the_end, remaining)    \
    (struct request)                                                                       \
    {                                                                                      \
        .is_wide = wide, .is_ex = ex, .counts_bytes = in_bytes, .to = to, .size = n_units, \
        .bytes = n_bytes, .flags = the_flags, .ret_end = (void **)(the_end),               \
        .ret_remaining = remaining                                                         \
    }

#define FUNCTION(declaration) \
    declaration;              \
    declaration

/* Every function of one width and one kind of size. n_units and n_bytes are made of size, and n
 * of a count in the same measure. */
#define FAMILY(A, Cx, T, wide, n_units, n_bytes, in_bytes, units_of)                              \
    FUNCTION(HRESULT WINAPI String##Cx##Copy##A(T *to, size_t size, const T *from))               \
    {                                                                                             \
        return copy(REQUEST(wide, T, n_units, n_bytes, in_bytes, false, 0, NULL, NULL), from,     \
                    MOST_CCH);                                                                    \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CopyEx##A(T *to, size_t size, const T *from, T **end,     \
                                                  size_t *remaining, DWORD flags))                \
    {                                                                                             \
        return copy(REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining),    \
                    from, MOST_CCH);                                                              \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CopyN##A(T *to, size_t size, const T *from, size_t n))    \
    {                                                                                             \
        return copy(REQUEST(wide, T, n_units, n_bytes, in_bytes, false, 0, NULL, NULL), from,     \
                    units_of(n));                                                                 \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CopyNEx##A(T *to, size_t size, const T *from, size_t n,   \
                                                   T **end, size_t *remaining, DWORD flags))      \
    {                                                                                             \
        return copy(REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining),    \
                    from, units_of(n));                                                           \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##Cat##A(T *to, size_t size, const T *from))                \
    {                                                                                             \
        return concatenate(REQUEST(wide, T, n_units, n_bytes, in_bytes, false, 0, NULL, NULL),    \
                           from, MOST_CCH);                                                       \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CatEx##A(T *to, size_t size, const T *from, T **end,      \
                                                 size_t *remaining, DWORD flags))                 \
    {                                                                                             \
        return concatenate(                                                                       \
            REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining), from,      \
            MOST_CCH);                                                                            \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CatN##A(T *to, size_t size, const T *from, size_t n))     \
    {                                                                                             \
        return concatenate(REQUEST(wide, T, n_units, n_bytes, in_bytes, false, 0, NULL, NULL),    \
                           from, units_of(n));                                                    \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##CatNEx##A(T *to, size_t size, const T *from, size_t n,    \
                                                  T **end, size_t *remaining, DWORD flags))       \
    {                                                                                             \
        return concatenate(                                                                       \
            REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining), from,      \
            units_of(n));                                                                         \
    }                                                                                             \
    FUNCTION(                                                                                     \
        HRESULT WINAPI String##Cx##VPrintf##A(T *to, size_t size, const T *format, va_list args)) \
    {                                                                                             \
        return print(REQUEST(wide, T, n_units, n_bytes, in_bytes, false, 0, NULL, NULL), format,  \
                     args);                                                                       \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##VPrintfEx##A(T *to, size_t size, T **end,                 \
                                                     size_t *remaining, DWORD flags,              \
                                                     const T *format, va_list args))              \
    {                                                                                             \
        return print(REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining),   \
                     format, args);                                                               \
    }                                                                                             \
    FUNCTION(HRESULT String##Cx##Printf##A(T *to, size_t size, const T *format, ...))             \
    {                                                                                             \
        va_list args;                                                                             \
        va_start(args, format);                                                                   \
        HRESULT hr = String##Cx##VPrintf##A(to, size, format, args);                              \
        va_end(args);                                                                             \
        return hr;                                                                                \
    }                                                                                             \
    FUNCTION(HRESULT String##Cx##PrintfEx##A(T *to, size_t size, T **end, size_t *remaining,      \
                                             DWORD flags, const T *format, ...))                  \
    {                                                                                             \
        va_list args;                                                                             \
        va_start(args, format);                                                                   \
        HRESULT hr = String##Cx##VPrintfEx##A(to, size, end, remaining, flags, format, args);     \
        va_end(args);                                                                             \
        return hr;                                                                                \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##Gets##A(T *to, size_t size))                              \
    {                                                                                             \
        return get_line(REQUEST(wide, T, n_units, n_bytes, in_bytes, true, 0, NULL, NULL));       \
    }                                                                                             \
    FUNCTION(HRESULT WINAPI String##Cx##GetsEx##A(T *to, size_t size, T **end, size_t *remaining, \
                                                  DWORD flags))                                   \
    {                                                                                             \
        return get_line(                                                                          \
            REQUEST(wide, T, n_units, n_bytes, in_bytes, true, flags, end, remaining));           \
    }

#define AS_IT_IS(n)   (n)
#define WIDE_UNITS(n) ((n) / sizeof(wchar_t))

FAMILY(A, Cch, char, false, size, size, false, AS_IT_IS)
FAMILY(W, Cch, wchar_t, true, size, size * sizeof(wchar_t), false, AS_IT_IS)
FAMILY(A, Cb, char, false, size, size, true, AS_IT_IS)
FAMILY(W, Cb, wchar_t, true, size / sizeof(wchar_t), size, true, WIDE_UNITS)

FUNCTION(HRESULT WINAPI StringCchLengthA(const char *text, size_t max, size_t *ret_length))
{
    return length(false, text, max, ret_length);
}
FUNCTION(HRESULT WINAPI StringCchLengthW(const wchar_t *text, size_t max, size_t *ret_length))
{
    return length(true, text, max, ret_length);
}
FUNCTION(HRESULT WINAPI StringCbLengthA(const char *text, size_t max, size_t *ret_length))
{
    return length(false, text, max, ret_length);
}
FUNCTION(HRESULT WINAPI StringCbLengthW(const wchar_t *text, size_t max, size_t *ret_length))
{
    HRESULT hr = length(true, text, max / sizeof(wchar_t), ret_length);

    if (ret_length)
        *ret_length *= sizeof(wchar_t);
    return hr;
}
