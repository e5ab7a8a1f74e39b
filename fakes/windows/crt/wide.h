/* SPDX-License-Identifier: MIT */
/* The wide C library's functions under their symbols, for our own files. Contracts: those of the
 * functions without the prefix. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wctype.h>

typedef int crt_errno;
#define CRT_TRUNCATE  SIZE_MAX
#define CRT_STRUNCATE 80
#define CRT_WEOF      0xffffu

size_t w16_wcslen(const wchar_t *s);
size_t w16_wcsnlen(const wchar_t *s, size_t max);
wchar_t *w16_wcscpy(wchar_t *to, const wchar_t *from);
wchar_t *w16_wcsncpy(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *w16_wcscat(wchar_t *to, const wchar_t *from);
wchar_t *w16_wcsncat(wchar_t *to, const wchar_t *from, size_t n);
int w16_wcscmp(const wchar_t *a, const wchar_t *b);
int w16_wcsncmp(const wchar_t *a, const wchar_t *b, size_t n);
int w16__wcsicmp(const wchar_t *a, const wchar_t *b);
int w16__wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *w16_wcschr(const wchar_t *s, wchar_t c);
wchar_t *w16_wcsrchr(const wchar_t *s, wchar_t c);
wchar_t *w16_wcsstr(const wchar_t *s, const wchar_t *part);
wchar_t *w16_wcspbrk(const wchar_t *s, const wchar_t *set);
size_t w16_wcsspn(const wchar_t *s, const wchar_t *set);
size_t w16_wcscspn(const wchar_t *s, const wchar_t *set);
wchar_t *w16_wcstok(wchar_t *s, const wchar_t *separators);
wchar_t *w16_wcstok_s(wchar_t *s, const wchar_t *separators, wchar_t **context);
wchar_t *w16__wcsdup(const wchar_t *s);
wchar_t *w16__wcsrev(wchar_t *s);
wchar_t *w16__wcslwr(wchar_t *s);
wchar_t *w16__wcsupr(wchar_t *s);
wchar_t *w16_wmemcpy(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *w16_wmemmove(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *w16_wmemset(wchar_t *s, wchar_t c, size_t n);
int w16_wmemcmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *w16_wmemchr(const wchar_t *s, wchar_t c, size_t n);

/* ---- classes (wint_t has 32 bits; only 16 are used) ---- */
int w16_iswalnum(wint_t c);
int w16_iswalpha(wint_t c);
int w16_iswblank(wint_t c);
int w16_iswcntrl(wint_t c);
int w16_iswdigit(wint_t c);
int w16_iswgraph(wint_t c);
int w16_iswlower(wint_t c);
int w16_iswprint(wint_t c);
int w16_iswpunct(wint_t c);
int w16_iswspace(wint_t c);
int w16_iswupper(wint_t c);
int w16_iswxdigit(wint_t c);
int w16_iswascii(wint_t c);
wint_t w16_towlower(wint_t c);
wint_t w16_towupper(wint_t c);

/* ---- numbers ---- */
long w16_wcstol(const wchar_t *s, wchar_t **end, int base);
unsigned long w16_wcstoul(const wchar_t *s, wchar_t **end, int base);
long long w16_wcstoll(const wchar_t *s, wchar_t **end, int base);
unsigned long long w16_wcstoull(const wchar_t *s, wchar_t **end, int base);
double w16_wcstod(const wchar_t *s, wchar_t **end);
float w16_wcstof(const wchar_t *s, wchar_t **end);
long double w16_wcstold(const wchar_t *s, wchar_t **end);
int w16__wtoi(const wchar_t *s);
long w16__wtol(const wchar_t *s);
long long w16__wtoi64(const wchar_t *s);
long long w16__atoi64(const char *s);
double w16__wtof(const wchar_t *s);

/* ---- checked copies ---- */
crt_errno w16_wcscpy_s(wchar_t *to, size_t size, const wchar_t *from);
crt_errno w16_wcsncpy_s(wchar_t *to, size_t size, const wchar_t *from, size_t n);
crt_errno w16_wcscat_s(wchar_t *to, size_t size, const wchar_t *from);
crt_errno w16_wcsncat_s(wchar_t *to, size_t size, const wchar_t *from, size_t n);
crt_errno w16__wcslwr_s(wchar_t *s, size_t size);
crt_errno w16__wcsupr_s(wchar_t *s, size_t size);
crt_errno w16_strcpy_s(char *to, size_t size, const char *from);
crt_errno w16_strncpy_s(char *to, size_t size, const char *from, size_t n);
crt_errno w16_strcat_s(char *to, size_t size, const char *from);
crt_errno w16_strncat_s(char *to, size_t size, const char *from, size_t n);
crt_errno w16_memcpy_s(void *to, size_t size, const void *from, size_t n);
char *w16__strupr(char *s);
char *w16__strlwr(char *s);

/* ---- streams and character sets ---- */
int w16_fputws(const wchar_t *s, FILE *stream);
int w16__putws(const wchar_t *s);
wint_t w16_fputwc(wchar_t c, FILE *stream);
wint_t w16_putwchar(wchar_t c);
wchar_t *w16_fgetws(wchar_t *buffer, int size, FILE *stream);
wint_t w16_fgetwc(FILE *stream);
wint_t w16_getwchar(void);
wint_t w16_ungetwc(wint_t c, FILE *stream);
FILE *w16__wfopen(const wchar_t *path, const wchar_t *mode);
crt_errno w16__wfopen_s(FILE **ret_stream, const wchar_t *path, const wchar_t *mode);
crt_errno w16_fopen_s(FILE **ret_stream, const char *path, const char *mode);
size_t w16_mbstowcs(wchar_t *to, const char *from, size_t n);
size_t w16_wcstombs(char *to, const wchar_t *from, size_t n);
int w16_mbtowc(wchar_t *to, const char *from, size_t n);
int w16_wctomb(char *to, wchar_t c);

struct tm;
size_t w16_wcsftime(wchar_t *buffer, size_t size, const wchar_t *format, const struct tm *time);
