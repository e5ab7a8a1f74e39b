/* SPDX-License-Identifier: MIT */
/* Microsoft's additions to the narrow C library, and the small macros that its headers bring
 * everywhere. Implemented in fakes/windows/crt. */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include <vssemu/crt_files.h>

#ifndef _countof
#ifdef __cplusplus
template <typename T, size_t n> char (&vssemu_countof_(T (&)[n]))[n];
#define _countof(array) (sizeof(vssemu_countof_(array)))
#else
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif
#endif

#ifndef _MAX_PATH
#define _MAX_PATH  260
#define _MAX_DRIVE 3
#define _MAX_DIR   256
#define _MAX_FNAME 256
#define _MAX_EXT   256
#endif

#ifdef __cplusplus
extern "C" {
#endif
#define W16_(name) __asm__("w16_" #name)

errno_t strcpy_s(char *to, rsize_t size, const char *from) W16_(strcpy_s);
errno_t strncpy_s(char *to, rsize_t size, const char *from, rsize_t n) W16_(strncpy_s);
errno_t strcat_s(char *to, rsize_t size, const char *from) W16_(strcat_s);
errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t n) W16_(memcpy_s);
errno_t memmove_s(void *to, rsize_t size, const void *from, rsize_t n) W16_(memmove_s);
int sprintf_s(char *buffer, size_t size, const char *format, ...) W16_(sprintf_s);
int vsprintf_s(char *buffer, size_t size, const char *format, va_list args) W16_(vsprintf_s);
int _snprintf(char *buffer, size_t size, const char *format, ...) W16_(_snprintf);
int _vsnprintf(char *buffer, size_t size, const char *format, va_list args) W16_(_vsnprintf);
errno_t fopen_s(FILE **ret_stream, const char *path, const char *mode) W16_(fopen_s);
long long _atoi64(const char *s) W16_(_atoi64);
char *_strupr(char *s) W16_(_strupr);
char *_strlwr(char *s) W16_(_strlwr);

/* What a CRT function calls when it is used against its contract; without one the program ends
 * with a message (Learn: "Parameter validation"). */
typedef void (*_invalid_parameter_handler)(const wchar_t *expression, const wchar_t *function,
                                           const wchar_t *file, unsigned line, uintptr_t reserved);
_invalid_parameter_handler _set_invalid_parameter_handler(_invalid_parameter_handler handler)
    W16_(_set_invalid_parameter_handler);
#undef W16_

static inline int _stricmp(const char *a, const char *b)
{
    return strcasecmp(a, b);
}
static inline int _strnicmp(const char *a, const char *b, size_t n)
{
    return strncasecmp(a, b, n);
}
static inline char *_strdup(const char *s)
{
    return strdup(s);
}
static inline char *strtok_s(char *s, const char *separators, char **context)
{
    return strtok_r(s, separators, context);
}
#define printf_s  printf
#define fprintf_s fprintf

#ifdef __cplusplus
}
template <size_t n> inline errno_t strcpy_s(char (&to)[n], const char *from)
{
    return strcpy_s(to, n, from);
}
template <size_t n> inline errno_t strcat_s(char (&to)[n], const char *from)
{
    return strcat_s(to, n, from);
}
template <size_t n> inline int sprintf_s(char (&to)[n], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsprintf_s(to, n, format, args);
    va_end(args);
    return length;
}
#endif

#include <vssemu/crt_more.h>
#include <vssemu/crt_scan.h>
#include <vssemu/crt_text.h>
