/* SPDX-License-Identifier: MIT */
/* The wide C library of Windows: 16-bit characters, Microsoft's printf rules and additions. Not a
 * wrapper: glibc's header is not read at all. Each function keeps its name in the source and gets
 * the symbol w16_<name>, so that it can never meet glibc's. They are implemented in
 * fakes/windows/crt. Learn: "String manipulation (CRT)", "Buffer manipulation". */
#pragma once

#if __SIZEOF_WCHAR_T__ != 2
#error "Compile this with vssemu-cc or vssemu-c++: Windows source needs a 16-bit wchar_t."
#endif

#define __need_wchar_t
#define __need_wint_t
#define __need_NULL
#define __need_size_t
#include <stddef.h>
#include <stdarg.h>
#include <stdint.h>
#include <bits/types/FILE.h>
#include <bits/types/mbstate_t.h>
#include <wctype.h>

#ifndef WCHAR_MIN
#define WCHAR_MIN 0
#define WCHAR_MAX 0xffff
#endif
#ifndef _ERRNO_T_DEFINED
#define _ERRNO_T_DEFINED
typedef int errno_t;
typedef size_t rsize_t;
#endif
#define _TRUNCATE ((size_t)-1)
#define STRUNCATE 80

struct tm;

#ifdef __cplusplus
extern "C" {
#endif

#define W16_(name) __asm__("w16_" #name)

/* ---- length, copy, compare, search ---- */
size_t wcslen(const wchar_t *s) W16_(wcslen);
size_t wcsnlen(const wchar_t *s, size_t max) W16_(wcsnlen);
wchar_t *wcscpy(wchar_t *to, const wchar_t *from) W16_(wcscpy);
wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t n) W16_(wcsncpy);
wchar_t *wcscat(wchar_t *to, const wchar_t *from) W16_(wcscat);
wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t n) W16_(wcsncat);
errno_t wcscpy_s(wchar_t *to, rsize_t size, const wchar_t *from) W16_(wcscpy_s);
errno_t wcsncpy_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t n) W16_(wcsncpy_s);
errno_t wcscat_s(wchar_t *to, rsize_t size, const wchar_t *from) W16_(wcscat_s);
errno_t wcsncat_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t n) W16_(wcsncat_s);
int wcscmp(const wchar_t *a, const wchar_t *b) W16_(wcscmp);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n) W16_(wcsncmp);
int wcscoll(const wchar_t *a, const wchar_t *b) W16_(wcscmp);
int _wcsicmp(const wchar_t *a, const wchar_t *b) W16_(_wcsicmp);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n) W16_(_wcsnicmp);
int _wcsicoll(const wchar_t *a, const wchar_t *b) W16_(_wcsicmp);
int wcsicmp(const wchar_t *a, const wchar_t *b) W16_(_wcsicmp);
int wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n) W16_(_wcsnicmp);
size_t wcsspn(const wchar_t *s, const wchar_t *set) W16_(wcsspn);
size_t wcscspn(const wchar_t *s, const wchar_t *set) W16_(wcscspn);
#ifndef __cplusplus
wchar_t *wcschr(const wchar_t *s, wchar_t c) W16_(wcschr);
wchar_t *wcsrchr(const wchar_t *s, wchar_t c) W16_(wcsrchr);
wchar_t *wcsstr(const wchar_t *s, const wchar_t *part) W16_(wcsstr);
wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set) W16_(wcspbrk);
wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n) W16_(wmemchr);
#endif
/* Three parameters as in ISO C and today's Windows; C++ has the older form too (below), C with
 * _CRT_NON_CONFORMING_WCSTOK only. */
#if !defined(__cplusplus) && defined(_CRT_NON_CONFORMING_WCSTOK)
wchar_t *wcstok(wchar_t *s, const wchar_t *separators) W16_(wcstok);
#else
wchar_t *wcstok(wchar_t *s, const wchar_t *separators, wchar_t **context) W16_(wcstok_s);
#endif
wchar_t *wcstok_s(wchar_t *s, const wchar_t *separators, wchar_t **context) W16_(wcstok_s);
wchar_t *_wcsdup(const wchar_t *s) W16_(_wcsdup);
wchar_t *wcsdup(const wchar_t *s) W16_(_wcsdup);
wchar_t *_wcsrev(wchar_t *s) W16_(_wcsrev);
wchar_t *_wcslwr(wchar_t *s) W16_(_wcslwr);
wchar_t *_wcsupr(wchar_t *s) W16_(_wcsupr);
errno_t _wcslwr_s(wchar_t *s, size_t size) W16_(_wcslwr_s);
errno_t _wcsupr_s(wchar_t *s, size_t size) W16_(_wcsupr_s);

/* ---- counted ---- */
wchar_t *wmemcpy(wchar_t *to, const wchar_t *from, size_t n) W16_(wmemcpy);
wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n) W16_(wmemmove);
wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n) W16_(wmemset);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n) W16_(wmemcmp);

/* ---- numbers. long has 64 bits here but the ranges are Windows's: 32 bits ---- */
long wcstol(const wchar_t *s, wchar_t **end, int base) W16_(wcstol);
unsigned long wcstoul(const wchar_t *s, wchar_t **end, int base) W16_(wcstoul);
long long wcstoll(const wchar_t *s, wchar_t **end, int base) W16_(wcstoll);
unsigned long long wcstoull(const wchar_t *s, wchar_t **end, int base) W16_(wcstoull);
long long _wcstoi64(const wchar_t *s, wchar_t **end, int base) W16_(wcstoll);
unsigned long long _wcstoui64(const wchar_t *s, wchar_t **end, int base) W16_(wcstoull);
double wcstod(const wchar_t *s, wchar_t **end) W16_(wcstod);
float wcstof(const wchar_t *s, wchar_t **end) W16_(wcstof);
long double wcstold(const wchar_t *s, wchar_t **end) W16_(wcstold);
int _wtoi(const wchar_t *s) W16_(_wtoi);
long _wtol(const wchar_t *s) W16_(_wtol);
long long _wtoi64(const wchar_t *s) W16_(_wtoi64);
long long _wtoll(const wchar_t *s) W16_(_wtoi64);
double _wtof(const wchar_t *s) W16_(_wtof);
wchar_t *_itow(int value, wchar_t *buffer, int base) W16_(_itow);
errno_t _itow_s(int value, wchar_t *buffer, size_t size, int base) W16_(_itow_s);

/* ---- formatted output. Learn: "Format specification syntax: printf and wprintf functions" ---- */
int wprintf(const wchar_t *format, ...) W16_(wprintf);
int fwprintf(FILE *stream, const wchar_t *format, ...) W16_(fwprintf);
int vwprintf(const wchar_t *format, va_list args) W16_(vwprintf);
int vfwprintf(FILE *stream, const wchar_t *format, va_list args) W16_(vfwprintf);
int swprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...) W16_(swprintf);
int vswprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list args) W16_(vswprintf);
int _swprintf(wchar_t *buffer, const wchar_t *format, ...) W16_(_swprintf);
int _vswprintf(wchar_t *buffer, const wchar_t *format, va_list args) W16_(_vswprintf);
int _snwprintf(wchar_t *buffer, size_t size, const wchar_t *format, ...) W16_(_snwprintf);
int _vsnwprintf(wchar_t *buffer, size_t size, const wchar_t *format, va_list args)
    W16_(_vsnwprintf);
int _scwprintf(const wchar_t *format, ...) W16_(_scwprintf);
int _vscwprintf(const wchar_t *format, va_list args) W16_(_vscwprintf);
int wprintf_s(const wchar_t *format, ...) W16_(wprintf);
int fwprintf_s(FILE *stream, const wchar_t *format, ...) W16_(fwprintf);
int vwprintf_s(const wchar_t *format, va_list args) W16_(vwprintf);
int vfwprintf_s(FILE *stream, const wchar_t *format, va_list args) W16_(vfwprintf);
int swprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, ...) W16_(swprintf_s);
int vswprintf_s(wchar_t *buffer, size_t size, const wchar_t *format, va_list args)
    W16_(vswprintf_s);
int _snwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, ...)
    W16_(_snwprintf_s);
int _vsnwprintf_s(wchar_t *buffer, size_t size, size_t count, const wchar_t *format, va_list args)
    W16_(_vsnwprintf_s);

/* ---- streams: UTF-8 outside, UTF-16 inside ---- */
int fputws(const wchar_t *s, FILE *stream) W16_(fputws);
int _putws(const wchar_t *s) W16_(_putws);
wint_t fputwc(wchar_t c, FILE *stream) W16_(fputwc);
wint_t putwc(wchar_t c, FILE *stream) W16_(fputwc);
wint_t putwchar(wchar_t c) W16_(putwchar);
wchar_t *fgetws(wchar_t *buffer, int size, FILE *stream) W16_(fgetws);
wint_t fgetwc(FILE *stream) W16_(fgetwc);
wint_t getwc(FILE *stream) W16_(fgetwc);
wint_t getwchar(void) W16_(getwchar);
FILE *_wfopen(const wchar_t *path, const wchar_t *mode) W16_(_wfopen);
errno_t _wfopen_s(FILE **ret_stream, const wchar_t *path, const wchar_t *mode) W16_(_wfopen_s);

size_t wcsftime(wchar_t *buffer, size_t size, const wchar_t *format, const struct tm *time)
    W16_(wcsftime);

#ifdef __cplusplus
}

/* C++ looks at whether the string is constant. */
extern "C" {
wchar_t *w16_find_char_(const wchar_t *s, wchar_t c) W16_(wcschr);
wchar_t *w16_find_last_char_(const wchar_t *s, wchar_t c) W16_(wcsrchr);
wchar_t *w16_find_part_(const wchar_t *s, const wchar_t *part) W16_(wcsstr);
wchar_t *w16_find_any_(const wchar_t *s, const wchar_t *set) W16_(wcspbrk);
wchar_t *w16_find_counted_(const wchar_t *s, wchar_t c, size_t n) W16_(wmemchr);
wchar_t *w16_next_token_(wchar_t *s, const wchar_t *separators) W16_(wcstok);
}
inline const wchar_t *wcschr(const wchar_t *s, wchar_t c)
{
    return w16_find_char_(s, c);
}
inline wchar_t *wcschr(wchar_t *s, wchar_t c)
{
    return w16_find_char_(s, c);
}
inline const wchar_t *wcsrchr(const wchar_t *s, wchar_t c)
{
    return w16_find_last_char_(s, c);
}
inline wchar_t *wcsrchr(wchar_t *s, wchar_t c)
{
    return w16_find_last_char_(s, c);
}
inline const wchar_t *wcsstr(const wchar_t *s, const wchar_t *part)
{
    return w16_find_part_(s, part);
}
inline wchar_t *wcsstr(wchar_t *s, const wchar_t *part)
{
    return w16_find_part_(s, part);
}
inline const wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set)
{
    return w16_find_any_(s, set);
}
inline wchar_t *wcspbrk(wchar_t *s, const wchar_t *set)
{
    return w16_find_any_(s, set);
}
inline const wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n)
{
    return w16_find_counted_(s, c, n);
}
inline wchar_t *wmemchr(wchar_t *s, wchar_t c, size_t n)
{
    return w16_find_counted_(s, c, n);
}
inline wchar_t *wcstok(wchar_t *s, const wchar_t *separators)
{
    return w16_next_token_(s, separators);
}

/* Microsoft's overloads that see the size of an array, and swprintf without a size. */
template <size_t n> inline errno_t wcscpy_s(wchar_t (&to)[n], const wchar_t *from)
{
    return wcscpy_s(to, n, from);
}
template <size_t n> inline errno_t wcscat_s(wchar_t (&to)[n], const wchar_t *from)
{
    return wcscat_s(to, n, from);
}
template <size_t n> inline errno_t wcsncpy_s(wchar_t (&to)[n], const wchar_t *from, size_t count)
{
    return wcsncpy_s(to, n, from, count);
}
template <size_t n> inline errno_t wcsncat_s(wchar_t (&to)[n], const wchar_t *from, size_t count)
{
    return wcsncat_s(to, n, from, count);
}
template <size_t n> inline int vswprintf_s(wchar_t (&to)[n], const wchar_t *format, va_list args)
{
    return vswprintf_s(to, n, format, args);
}
template <size_t n> inline int swprintf_s(wchar_t (&to)[n], const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vswprintf_s(to, n, format, args);
    va_end(args);
    return length;
}
template <size_t n>
inline int _snwprintf_s(wchar_t (&to)[n], size_t count, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = _vsnwprintf_s(to, n, count, format, args);
    va_end(args);
    return length;
}
template <size_t n> inline errno_t _itow_s(int value, wchar_t (&to)[n], int base)
{
    return _itow_s(value, to, n, base);
}
template <size_t n> inline errno_t _wcslwr_s(wchar_t (&s)[n])
{
    return _wcslwr_s(s, n);
}
template <size_t n> inline errno_t _wcsupr_s(wchar_t (&s)[n])
{
    return _wcsupr_s(s, n);
}
inline int swprintf(wchar_t *buffer, const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = _vswprintf(buffer, format, args);
    va_end(args);
    return length;
}
inline int vswprintf(wchar_t *buffer, const wchar_t *format, va_list args)
{
    return _vswprintf(buffer, format, args);
}
#endif
