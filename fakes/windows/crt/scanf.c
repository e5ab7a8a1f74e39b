/* SPDX-License-Identifier: MIT */
/* The scanf family, wide and narrow, over scan.h: from text, counted text, streams and standard
 * input, each with and without the sizes of the _s forms. */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/scan.h"

#include <errno.h>
#include <stdint.h>

static int scan_text(bool is_wide, const void *text, size_t limit, bool is_checked,
                     const void *format, va_list args)
{
    struct scan_source source = { .is_wide = is_wide, .text = text, .limit = limit };

    if (!text || !format) {
        crt_invalid_parameter("sscanf", EINVAL);
        return EOF;
    }
    return crt_scan(&source, is_checked, format, args);
}

static int scan_stream(bool is_wide, FILE *stream, bool is_checked, const void *format,
                       va_list args)
{
    struct scan_source source = { .is_wide = is_wide, .stream = stream };

    if (!stream || !format) {
        crt_invalid_parameter("fscanf", EINVAL);
        return EOF;
    }
    return crt_scan(&source, is_checked, format, args);
}

/* The eight functions of one width. */
#define FAMILY(T, is_wide, sscan, fscan, scan, snscan)                                            \
    CRT(int w16_v##sscan(const T *text, const T *format, va_list args))                           \
    {                                                                                             \
        return scan_text(is_wide, text, SIZE_MAX, false, format, args);                           \
    }                                                                                             \
    CRT(int w16_v##sscan##_s(const T *text, const T *format, va_list args))                       \
    {                                                                                             \
        return scan_text(is_wide, text, SIZE_MAX, true, format, args);                            \
    }                                                                                             \
    CRT(int w16_v##fscan(FILE *stream, const T *format, va_list args))                            \
    {                                                                                             \
        return scan_stream(is_wide, stream, false, format, args);                                 \
    }                                                                                             \
    CRT(int w16_v##fscan##_s(FILE *stream, const T *format, va_list args))                        \
    {                                                                                             \
        return scan_stream(is_wide, stream, true, format, args);                                  \
    }                                                                                             \
    CRT(int w16_v##scan(const T *format, va_list args))                                           \
    {                                                                                             \
        return scan_stream(is_wide, stdin, false, format, args);                                  \
    }                                                                                             \
    CRT(int w16_v##scan##_s(const T *format, va_list args))                                       \
    {                                                                                             \
        return scan_stream(is_wide, stdin, true, format, args);                                   \
    }                                                                                             \
    CRT_VARIADIC(int w16_##sscan(const T *text, const T *format, ...), format,                    \
                 w16_v##sscan(text, format, args))                                                \
    CRT_VARIADIC(int w16_##sscan##_s(const T *text, const T *format, ...), format,                \
                 w16_v##sscan##_s(text, format, args))                                            \
    CRT_VARIADIC(int w16_##fscan(FILE *stream, const T *format, ...), format,                     \
                 w16_v##fscan(stream, format, args))                                              \
    CRT_VARIADIC(int w16_##fscan##_s(FILE *stream, const T *format, ...), format,                 \
                 w16_v##fscan##_s(stream, format, args))                                          \
    CRT_VARIADIC(int w16_##scan(const T *format, ...), format, w16_v##scan(format, args))         \
    CRT_VARIADIC(int w16_##scan##_s(const T *format, ...), format, w16_v##scan##_s(format, args)) \
    CRT_VARIADIC(int w16_##snscan(const T *text, size_t limit, const T *format, ...), format,     \
                 scan_text(is_wide, text, limit, false, format, args))                            \
    CRT_VARIADIC(int w16_##snscan##_s(const T *text, size_t limit, const T *format, ...), format, \
                 scan_text(is_wide, text, limit, true, format, args))

FAMILY(char, false, sscanf, fscanf, scanf, _snscanf)
FAMILY(wchar_t, true, swscanf, fwscanf, wscanf, _snwscanf)
