/* SPDX-License-Identifier: MIT */
/* The scanf family by Microsoft's rules: see fakes/windows/crt/scan.h. glibc gives sscanf and its
 * narrow relatives symbols of their own, so here macros lead to ours. */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif
#define VSSEMU_SCAN_(T, sscan, fscan, scan, snscan)                      \
    int w16_v##sscan(const T *text, const T *format, va_list args);      \
    int w16_v##sscan##_s(const T *text, const T *format, va_list args);  \
    int w16_v##fscan(FILE *stream, const T *format, va_list args);       \
    int w16_v##fscan##_s(FILE *stream, const T *format, va_list args);   \
    int w16_v##scan(const T *format, va_list args);                      \
    int w16_v##scan##_s(const T *format, va_list args);                  \
    int w16_##sscan(const T *text, const T *format, ...);                \
    int w16_##sscan##_s(const T *text, const T *format, ...);            \
    int w16_##fscan(FILE *stream, const T *format, ...);                 \
    int w16_##fscan##_s(FILE *stream, const T *format, ...);             \
    int w16_##scan(const T *format, ...);                                \
    int w16_##scan##_s(const T *format, ...);                            \
    int w16_##snscan(const T *text, size_t limit, const T *format, ...); \
    int w16_##snscan##_s(const T *text, size_t limit, const T *format, ...);
VSSEMU_SCAN_(char, sscanf, fscanf, scanf, _snscanf)
VSSEMU_SCAN_(wchar_t, swscanf, fwscanf, wscanf, _snwscanf)
#undef VSSEMU_SCAN_
#ifdef __cplusplus
}
/* A program may say std::sscanf. */
namespace std
{
using ::w16_fscanf;
using ::w16_fwscanf;
using ::w16_scanf;
using ::w16_sscanf;
using ::w16_swscanf;
using ::w16_vfscanf;
using ::w16_vscanf;
using ::w16_vsscanf;
using ::w16_wscanf;
} // namespace std
#endif

#define sscanf      w16_sscanf
#define vsscanf     w16_vsscanf
#define fscanf      w16_fscanf
#define vfscanf     w16_vfscanf
#define scanf       w16_scanf
#define vscanf      w16_vscanf
#define sscanf_s    w16_sscanf_s
#define vsscanf_s   w16_vsscanf_s
#define fscanf_s    w16_fscanf_s
#define vfscanf_s   w16_vfscanf_s
#define scanf_s     w16_scanf_s
#define vscanf_s    w16_vscanf_s
#define _snscanf    w16__snscanf
#define _snscanf_s  w16__snscanf_s
#define swscanf     w16_swscanf
#define vswscanf    w16_vswscanf
#define fwscanf     w16_fwscanf
#define vfwscanf    w16_vfwscanf
#define wscanf      w16_wscanf
#define vwscanf     w16_vwscanf
#define swscanf_s   w16_swscanf_s
#define vswscanf_s  w16_vswscanf_s
#define fwscanf_s   w16_fwscanf_s
#define vfwscanf_s  w16_vfwscanf_s
#define wscanf_s    w16_wscanf_s
#define vwscanf_s   w16_vwscanf_s
#define _snwscanf   w16__snwscanf
#define _snwscanf_s w16__snwscanf_s
