/* SPDX-License-Identifier: MIT */
/* More of Microsoft's C library, narrow and wide: numbers as text, checked strings, paths in parts,
 * environment, error texts, dates, memory. Implemented in fakes/windows/crt; the pages are named
 * there. */
#pragma once

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define _MAX_ITOSTR_BASE16_COUNT   (8 + 1)
#define _MAX_ITOSTR_BASE10_COUNT   (1 + 10 + 1)
#define _MAX_ITOSTR_BASE2_COUNT    (32 + 1)
#define _MAX_U64TOSTR_BASE10_COUNT (20 + 1)
#define _MAX_U64TOSTR_BASE16_COUNT (16 + 1)
#define _MAX_I64TOSTR_BASE10_COUNT (1 + 20 + 1)
#define _MAX_ENV                   32767

typedef int64_t __time64_t;
typedef int __time32_t;
struct __timeb64 {
    int64_t time;
    unsigned short millitm;
    short timezone, dstflag;
};
#define _timeb    __timeb64
#define __timeb32 __timeb64

#ifdef __cplusplus
extern "C" {
#endif
#define W16_(name) __asm__("w16_" #name)

/* ---- integers as text ---- */
char *_itoa(int value, char *buffer, int base) W16_(_itoa);
errno_t _itoa_s(int value, char *buffer, size_t size, int base) W16_(_itoa_s);
char *_ltoa(int value, char *buffer, int base) W16_(_itoa);
errno_t _ltoa_s(int value, char *buffer, size_t size, int base) W16_(_itoa_s);
char *_ultoa(unsigned value, char *buffer, int base) W16_(_ultoa);
errno_t _ultoa_s(unsigned value, char *buffer, size_t size, int base) W16_(_ultoa_s);
char *_i64toa(long long value, char *buffer, int base) W16_(_i64toa);
errno_t _i64toa_s(long long value, char *buffer, size_t size, int base) W16_(_i64toa_s);
char *_ui64toa(unsigned long long value, char *buffer, int base) W16_(_ui64toa);
errno_t _ui64toa_s(unsigned long long value, char *buffer, size_t size, int base) W16_(_ui64toa_s);
wchar_t *_ltow(int value, wchar_t *buffer, int base) W16_(_itow);
errno_t _ltow_s(int value, wchar_t *buffer, size_t size, int base) W16_(_itow_s);
wchar_t *_ultow(unsigned value, wchar_t *buffer, int base) W16_(_ultow);
errno_t _ultow_s(unsigned value, wchar_t *buffer, size_t size, int base) W16_(_ultow_s);
wchar_t *_i64tow(long long value, wchar_t *buffer, int base) W16_(_i64tow);
errno_t _i64tow_s(long long value, wchar_t *buffer, size_t size, int base) W16_(_i64tow_s);
wchar_t *_ui64tow(unsigned long long value, wchar_t *buffer, int base) W16_(_ui64tow);
errno_t _ui64tow_s(unsigned long long value, wchar_t *buffer, size_t size, int base)
    W16_(_ui64tow_s);
#define itoa  _itoa
#define ltoa  _ltoa
#define ultoa _ultoa

/* ---- strings ---- */
char *_strset(char *s, int c) W16_(_strset);
char *_strnset(char *s, int c, size_t n) W16_(_strnset);
errno_t _strset_s(char *s, size_t size, int c) W16_(_strset_s);
errno_t _strnset_s(char *s, size_t size, int c, size_t n) W16_(_strnset_s);
wchar_t *_wcsset(wchar_t *s, wchar_t c) W16_(_wcsset);
wchar_t *_wcsnset(wchar_t *s, wchar_t c, size_t n) W16_(_wcsnset);
errno_t _wcsset_s(wchar_t *s, size_t size, wchar_t c) W16_(_wcsset_s);
errno_t _wcsnset_s(wchar_t *s, size_t size, wchar_t c, size_t n) W16_(_wcsnset_s);
char *_strrev(char *s) W16_(_strrev);
errno_t _strlwr_s(char *s, size_t size) W16_(_strlwr_s);
errno_t _strupr_s(char *s, size_t size) W16_(_strupr_s);
errno_t strncat_s(char *to, rsize_t size, const char *from, rsize_t n) W16_(strncat_s);
int _memicmp(const void *a, const void *b, size_t n) W16_(_memicmp);
errno_t wmemcpy_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t n) W16_(wmemcpy_s);
errno_t wmemmove_s(wchar_t *to, rsize_t size, const wchar_t *from, rsize_t n) W16_(wmemmove_s);
int _wcsnicoll(const wchar_t *a, const wchar_t *b, size_t n) W16_(_wcsnicmp);
int _wcsncoll(const wchar_t *a, const wchar_t *b, size_t n) W16_(wcsncmp);
#define _stricoll       _stricmp
#define _strnicoll      _strnicmp
#define _strncoll       strncmp
#define strnlen_s(s, n) ((s) ? strnlen((s), (n)) : 0)
#define wcsnlen_s(s, n) ((s) ? wcsnlen((s), (n)) : 0)
#define strupr          _strupr
#define strlwr          _strlwr
#define strrev          _strrev

/* ---- formatted output that narrow_crt.h and wchar.h do not have ---- */
int _scprintf(const char *format, ...) W16_(_scprintf);
int _vscprintf(const char *format, va_list args) W16_(_vscprintf);
int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...) W16_(_snprintf_s);
int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format, va_list args)
    W16_(_vsnprintf_s);
#define vsnprintf_s _vsnprintf_s
#define vprintf_s   vprintf
#define vfprintf_s  vfprintf

/* ---- paths ---- */
void _splitpath(const char *path, char *drive, char *dir, char *name, char *ext) W16_(_splitpath);
errno_t _splitpath_s(const char *path, char *drive, size_t drive_size, char *dir, size_t dir_size,
                     char *name, size_t name_size, char *ext, size_t ext_size) W16_(_splitpath_s);
void _wsplitpath(const wchar_t *path, wchar_t *drive, wchar_t *dir, wchar_t *name, wchar_t *ext)
    W16_(_wsplitpath);
errno_t _wsplitpath_s(const wchar_t *path, wchar_t *drive, size_t drive_size, wchar_t *dir,
                      size_t dir_size, wchar_t *name, size_t name_size, wchar_t *ext,
                      size_t ext_size) W16_(_wsplitpath_s);
void _makepath(char *to, const char *drive, const char *dir, const char *name, const char *ext)
    W16_(_makepath);
errno_t _makepath_s(char *to, size_t size, const char *drive, const char *dir, const char *name,
                    const char *ext) W16_(_makepath_s);
void _wmakepath(wchar_t *to, const wchar_t *drive, const wchar_t *dir, const wchar_t *name,
                const wchar_t *ext) W16_(_wmakepath);
errno_t _wmakepath_s(wchar_t *to, size_t size, const wchar_t *drive, const wchar_t *dir,
                     const wchar_t *name, const wchar_t *ext) W16_(_wmakepath_s);
char *_fullpath(char *buffer, const char *path, size_t size) W16_(_fullpath);
wchar_t *_wfullpath(wchar_t *buffer, const wchar_t *path, size_t size) W16_(_wfullpath);
char *_getcwd(char *buffer, int size) W16_(_getcwd);
wchar_t *_wgetcwd(wchar_t *buffer, int size) W16_(_wgetcwd);
char *_tempnam(const char *folder, const char *prefix) W16_(_tempnam);
wchar_t *_wtempnam(const wchar_t *folder, const wchar_t *prefix) W16_(_wtempnam);

/* ---- environment, arguments, shell ---- */
wchar_t *_wgetenv(const wchar_t *name) W16_(_wgetenv);
errno_t getenv_s(size_t *ret_size, char *buffer, rsize_t size, const char *name) W16_(getenv_s);
errno_t _wgetenv_s(size_t *ret_size, wchar_t *buffer, size_t size, const wchar_t *name)
    W16_(_wgetenv_s);
errno_t _dupenv_s(char **ret_value, size_t *ret_size, const char *name) W16_(_dupenv_s);
errno_t _wdupenv_s(wchar_t **ret_value, size_t *ret_size, const wchar_t *name) W16_(_wdupenv_s);
int _putenv(const char *assignment) W16_(_putenv);
int _wputenv(const wchar_t *assignment) W16_(_wputenv);
errno_t _putenv_s(const char *name, const char *value) W16_(_putenv_s);
errno_t _wputenv_s(const wchar_t *name, const wchar_t *value) W16_(_wputenv_s);
int *__p___argc(void) W16_(__p___argc);
char ***__p___argv(void) W16_(__p___argv);
wchar_t ***__p___wargv(void) W16_(__p___wargv);
char *vssemu_pgmptr_(void) W16_(__p__pgmptr);
wchar_t *vssemu_wpgmptr_(void) W16_(__p__wpgmptr);
#define __argc   (*__p___argc())
#define __argv   (*__p___argv())
#define __wargv  (*__p___wargv())
#define _pgmptr  (vssemu_pgmptr_())
#define _wpgmptr (vssemu_wpgmptr_())
int _wsystem(const wchar_t *command) W16_(_wsystem);
FILE *_popen(const char *command, const char *mode) W16_(_popen);
FILE *_wpopen(const wchar_t *command, const wchar_t *mode) W16_(_wpopen);
#define _pclose pclose
wint_t ungetwc(wint_t c, FILE *stream) W16_(ungetwc);

/* ---- errors ---- */
errno_t strerror_s(char *buffer, size_t size, int error) W16_(strerror_s);
errno_t _wcserror_s(wchar_t *buffer, size_t size, int error) W16_(_wcserror_s);
wchar_t *_wcserror(int error) W16_(_wcserror);
void _wperror(const wchar_t *prefix) W16_(_wperror);
errno_t _get_errno(int *ret_error) W16_(_get_errno);
errno_t _set_errno(int error) W16_(_set_errno);
unsigned *__doserrno(void) W16_(__doserrno);
#define _doserrno (*__doserrno())

/* ---- dates ---- */
int64_t _time64(int64_t *ret_time) W16_(_time64);
errno_t _ftime64_s(struct __timeb64 *ret_time) W16_(_ftime64_s);
errno_t localtime_s(struct tm *ret_tm, const time_t *seconds) W16_(localtime_s);
errno_t gmtime_s(struct tm *ret_tm, const time_t *seconds) W16_(gmtime_s);
#define VSSEMU_DATES_(T, asctime, ctime, strtime, strdate)                              \
    errno_t asctime##_s(T *buffer, size_t size, const struct tm *tm) W16_(asctime##_s); \
    errno_t ctime##_s(T *buffer, size_t size, const time_t *seconds) W16_(ctime##_s);   \
    errno_t strtime##_s(T *buffer, size_t size) W16_(strtime##_s);                      \
    errno_t strdate##_s(T *buffer, size_t size) W16_(strdate##_s);                      \
    T *strtime(T *buffer) W16_(strtime);                                                \
    T *strdate(T *buffer) W16_(strdate);
VSSEMU_DATES_(char, asctime, ctime, _strtime, _strdate)
VSSEMU_DATES_(wchar_t, _wasctime, _wctime, _wstrtime, _wstrdate)
#undef VSSEMU_DATES_
wchar_t *_wasctime(const struct tm *tm) W16_(_wasctime);
wchar_t *_wctime(const time_t *seconds) W16_(_wctime);
#define _localtime64_s    localtime_s
#define _gmtime64_s       gmtime_s
#define _localtime64      localtime
#define _gmtime64         gmtime
#define _mktime64         mktime
#define _mkgmtime         timegm
#define _mkgmtime64       timegm
#define _ctime64          ctime
#define _ctime64_s        ctime_s
#define _wctime64         _wctime
#define _wctime64_s       _wctime_s
#define _ftime64(t)       ((void)_ftime64_s(t))
#define _ftime(t)         ((void)_ftime64_s(t))
#define _ftime_s          _ftime64_s
#define _difftime64(a, b) difftime((a), (b))
#define _tzset            tzset

/* ---- search, sort, memory ---- */
void *bsearch_s(const void *key, const void *items, rsize_t n, rsize_t size,
                int (*compare)(void *context, const void *a, const void *b), void *context)
    W16_(bsearch_s);
void qsort_s(void *items, rsize_t n, rsize_t size,
             int (*compare)(void *context, const void *a, const void *b), void *context)
    W16_(qsort_s);
void *_aligned_malloc(size_t size, size_t alignment) W16_(_aligned_malloc);
void *_aligned_realloc(void *memory, size_t size, size_t alignment) W16_(_aligned_realloc);
void *_recalloc(void *memory, size_t n, size_t size) W16_(_recalloc);
size_t _msize(void *memory) W16_(_msize);
#define _aligned_free free
#ifndef _alloca
#define _alloca __builtin_alloca
#endif
#define _malloca  _alloca
#define _freea(p) ((void)(p))

static inline int vssemu_onexit_(int (*function)(void))
{
    return atexit((void (*)(void))(uintptr_t)function);
}
typedef int (*_onexit_t)(void);
#define _onexit(function) (vssemu_onexit_(function) == 0 ? (function) : (_onexit_t)NULL)

/* ---- numbers ---- */
long long vssemu_strtoll_(const char *s, char **end, int base) __asm__("strtoll");
unsigned long long vssemu_strtoull_(const char *s, char **end, int base) __asm__("strtoull");
#define _strtoi64  vssemu_strtoll_
#define _strtoui64 vssemu_strtoull_
#define _abs64     llabs
static inline unsigned short _byteswap_ushort(unsigned short value)
{
    return __builtin_bswap16(value);
}
static inline unsigned _byteswap_ulong(unsigned value)
{
    return __builtin_bswap32(value);
}
static inline unsigned long long _byteswap_uint64(unsigned long long value)
{
    return __builtin_bswap64(value);
}
#ifndef _rotl
static inline unsigned vssemu_rotl_(unsigned value, int n)
{
    return value << (n & 31) | value >> (-n & 31);
}
static inline unsigned long long vssemu_rotl64_(unsigned long long value, int n)
{
    return value << (n & 63) | value >> (-n & 63);
}
#define _rotl(value, n)   vssemu_rotl_((value), (n))
#define _rotr(value, n)   vssemu_rotl_((value), -(n))
#define _lrotl(value, n)  vssemu_rotl_((unsigned)(value), (n))
#define _lrotr(value, n)  vssemu_rotl_((unsigned)(value), -(n))
#define _rotl64(value, n) vssemu_rotl64_((value), (n))
#define _rotr64(value, n) vssemu_rotl64_((value), -(n))
#endif

#undef W16_
#ifdef __cplusplus
}
/* The forms that see the size of an array. */
#define VSSEMU_ARRAY_CONVERT_(T, type, name)                                     \
    template <size_t n> inline errno_t name##_s(type value, T(&to)[n], int base) \
    {                                                                            \
        return name##_s(value, to, n, base);                                     \
    }
VSSEMU_ARRAY_CONVERT_(char, int, _itoa)
VSSEMU_ARRAY_CONVERT_(char, int, _ltoa)
VSSEMU_ARRAY_CONVERT_(char, unsigned, _ultoa)
VSSEMU_ARRAY_CONVERT_(char, long long, _i64toa)
VSSEMU_ARRAY_CONVERT_(char, unsigned long long, _ui64toa)
VSSEMU_ARRAY_CONVERT_(wchar_t, int, _ltow)
VSSEMU_ARRAY_CONVERT_(wchar_t, unsigned, _ultow)
VSSEMU_ARRAY_CONVERT_(wchar_t, long long, _i64tow)
VSSEMU_ARRAY_CONVERT_(wchar_t, unsigned long long, _ui64tow)
#undef VSSEMU_ARRAY_CONVERT_
template <size_t n> inline errno_t strncpy_s(char (&to)[n], const char *from, size_t count)
{
    return strncpy_s(to, n, from, count);
}
template <size_t n> inline errno_t strncat_s(char (&to)[n], const char *from, size_t count)
{
    return strncat_s(to, n, from, count);
}
template <size_t n> inline errno_t _strlwr_s(char (&s)[n])
{
    return _strlwr_s(s, n);
}
template <size_t n> inline errno_t _strupr_s(char (&s)[n])
{
    return _strupr_s(s, n);
}
template <size_t n> inline errno_t strerror_s(char (&to)[n], int error)
{
    return strerror_s(to, n, error);
}
template <size_t n> inline errno_t _wcserror_s(wchar_t (&to)[n], int error)
{
    return _wcserror_s(to, n, error);
}
template <size_t n> inline errno_t getenv_s(size_t *ret_size, char (&to)[n], const char *name)
{
    return getenv_s(ret_size, to, n, name);
}
template <size_t n>
inline errno_t _wgetenv_s(size_t *ret_size, wchar_t (&to)[n], const wchar_t *name)
{
    return _wgetenv_s(ret_size, to, n, name);
}
template <size_t n> inline errno_t asctime_s(char (&to)[n], const struct tm *tm)
{
    return asctime_s(to, n, tm);
}
template <size_t n> inline errno_t _wasctime_s(wchar_t (&to)[n], const struct tm *tm)
{
    return _wasctime_s(to, n, tm);
}
template <size_t n> inline errno_t ctime_s(char (&to)[n], const time_t *seconds)
{
    return ctime_s(to, n, seconds);
}
template <size_t n> inline errno_t _wctime_s(wchar_t (&to)[n], const time_t *seconds)
{
    return _wctime_s(to, n, seconds);
}
template <size_t n> inline errno_t _wstrtime_s(wchar_t (&to)[n])
{
    return _wstrtime_s(to, n);
}
template <size_t n> inline errno_t _wstrdate_s(wchar_t (&to)[n])
{
    return _wstrdate_s(to, n);
}
template <size_t n> inline int _snprintf_s(char (&to)[n], size_t count, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = _vsnprintf_s(to, n, count, format, args);
    va_end(args);
    return length;
}
template <size_t n> inline int vsprintf_s(char (&to)[n], const char *format, va_list args)
{
    return vsprintf_s(to, n, format, args);
}
template <size_t d, size_t p, size_t f, size_t e>
inline errno_t _wsplitpath_s(const wchar_t *path, wchar_t (&drive)[d], wchar_t (&dir)[p],
                             wchar_t (&name)[f], wchar_t (&ext)[e])
{
    return _wsplitpath_s(path, drive, d, dir, p, name, f, ext, e);
}
template <size_t d, size_t p, size_t f, size_t e>
inline errno_t _splitpath_s(const char *path, char (&drive)[d], char (&dir)[p], char (&name)[f],
                            char (&ext)[e])
{
    return _splitpath_s(path, drive, d, dir, p, name, f, ext, e);
}
template <size_t n>
inline errno_t _wmakepath_s(wchar_t (&to)[n], const wchar_t *drive, const wchar_t *dir,
                            const wchar_t *name, const wchar_t *ext)
{
    return _wmakepath_s(to, n, drive, dir, name, ext);
}
template <size_t n>
inline errno_t _makepath_s(char (&to)[n], const char *drive, const char *dir, const char *name,
                           const char *ext)
{
    return _makepath_s(to, n, drive, dir, name, ext);
}
#endif
