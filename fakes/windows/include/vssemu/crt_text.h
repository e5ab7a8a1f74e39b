/* SPDX-License-Identifier: MIT */
/* Conversions between narrow and wide characters, classes by name, the older names without an
 * underscore, and what belongs to streams: modes, locales. Implemented in fakes/windows/crt. */
#pragma once

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#ifdef __cplusplus
extern "C" {
#endif
#define W16_(name) __asm__("w16_" #name)

errno_t mbstowcs_s(size_t *ret_n, wchar_t *to, size_t size, const char *from, size_t count)
    W16_(mbstowcs_s);
errno_t wcstombs_s(size_t *ret_n, char *to, size_t size, const wchar_t *from, size_t count)
    W16_(wcstombs_s);
errno_t wctomb_s(int *ret_n, char *to, rsize_t size, wchar_t c) W16_(wctomb_s);
size_t mbrtowc(wchar_t *to, const char *from, size_t n, mbstate_t *state) W16_(mbrtowc);
size_t mbrlen(const char *from, size_t n, mbstate_t *state) W16_(mbrlen);
size_t wcrtomb(char *to, wchar_t c, mbstate_t *state) W16_(wcrtomb);
size_t mbsrtowcs(wchar_t *to, const char **from, size_t n, mbstate_t *state) W16_(mbsrtowcs);
size_t wcsrtombs(char *to, const wchar_t **from, size_t n, mbstate_t *state) W16_(wcsrtombs);
wint_t btowc(int c) W16_(btowc);
int wctob(wint_t c) W16_(wctob);
wctype_t wctype(const char *name) W16_(wctype);
int iswctype(wint_t c, wctype_t classes) W16_(iswctype);
size_t wcsxfrm(wchar_t *to, const wchar_t *from, size_t n) W16_(wcsxfrm);
static inline int mbsinit(const mbstate_t *state)
{
    (void)state;
    return 1;
}

/* ---- the older names ---- */
static inline int stricmp(const char *a, const char *b)
{
    return strcasecmp(a, b);
}
static inline int strnicmp(const char *a, const char *b, size_t n)
{
    return strncasecmp(a, b, n);
}
static inline int strcmpi(const char *a, const char *b)
{
    return strcasecmp(a, b);
}

/* ---- streams ---- */
#ifndef _O_TEXT
#define _O_TEXT   0x4000
#define _O_BINARY 0x8000
#endif
#ifndef _O_WTEXT
#define _O_WTEXT   0x10000
#define _O_U16TEXT 0x20000
#define _O_U8TEXT  0x40000
#endif
static inline int _fileno(FILE *stream)
{
    return fileno(stream);
}
static inline int _isatty(int descriptor)
{
    return isatty(descriptor);
}
/* Every mode writes UTF-8 here, which is what a console on Windows shows; text is the old mode. */
static inline int _setmode(int descriptor, int mode)
{
    return descriptor < 0 || !(mode & (_O_TEXT | _O_BINARY | _O_WTEXT | _O_U16TEXT | _O_U8TEXT))
               ? -1
               : _O_TEXT;
}
static inline errno_t tmpfile_s(FILE **ret_stream)
{
    *ret_stream = tmpfile();
    return *ret_stream ? 0 : errno;
}
#define _fputchar(c)  putchar(c)
#define _fgetchar()   getchar()
#define _fputwchar(c) putwchar(c)
#define _fgetwchar()  getwchar()
#define _flushall()   fflush(NULL)

/* Upper and lower case and UTF-8 do not depend on it; the narrow one is glibc's. */
static inline wchar_t *_wsetlocale(int category, const wchar_t *locale)
{
    static wchar_t plain[] = { 'C', 0 };
    char name[64] = "";
    size_t i = 0;

    for (; locale && locale[i] && i < sizeof(name) - 1; i++)
        name[i] = (char)locale[i];
    return setlocale(category, locale ? name : NULL) ? plain : NULL;
}
static inline int _configthreadlocale(int per_thread)
{
    (void)per_thread;
    return 2; /* _DISABLE_PER_THREAD_LOCALE */
}

#undef W16_
#ifdef __cplusplus
}
template <size_t n>
inline errno_t mbstowcs_s(size_t *ret_n, wchar_t (&to)[n], const char *from, size_t count)
{
    return mbstowcs_s(ret_n, to, n, from, count);
}
template <size_t n>
inline errno_t wcstombs_s(size_t *ret_n, char (&to)[n], const wchar_t *from, size_t count)
{
    return wcstombs_s(ret_n, to, n, from, count);
}
#endif
