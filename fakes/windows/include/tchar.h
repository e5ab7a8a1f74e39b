/* SPDX-License-Identifier: MIT */
/* The generic names of text functions (Learn: "Generic-Text Mappings"): wide with _UNICODE, which
 * the drivers define unless they are told not to, else narrow. */
#pragma once

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#ifdef _UNICODE
#define VSSEMU_T_(narrow, wide) wide
typedef wchar_t _TCHAR, TCHAR;
typedef wchar_t _TSCHAR, _TUCHAR, _TXCHAR;
typedef wint_t _TINT;
#define __T(text) L##text
#define _TEOF     WEOF
#else
#define VSSEMU_T_(narrow, wide) narrow
typedef char _TCHAR, TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;
typedef int _TINT;
#define __T(text)               text
#define _TEOF                   EOF
#endif
#define _T(text)    __T(text)
#define _TEXT(text) __T(text)
#define _tmain      VSSEMU_T_(main, wmain)
#define _tWinMain   VSSEMU_T_(WinMain, wWinMain)

/* ---- characters ---- */
#define _tsetlocale VSSEMU_T_(setlocale, _wsetlocale)
#define _istalnum   VSSEMU_T_(isalnum, iswalnum)
#define _istalpha   VSSEMU_T_(isalpha, iswalpha)
#define _istascii   VSSEMU_T_(isascii, iswascii)
#define _istcntrl   VSSEMU_T_(iscntrl, iswcntrl)
#define _istdigit   VSSEMU_T_(isdigit, iswdigit)
#define _istgraph   VSSEMU_T_(isgraph, iswgraph)
#define _istlower   VSSEMU_T_(islower, iswlower)
#define _istprint   VSSEMU_T_(isprint, iswprint)
#define _istpunct   VSSEMU_T_(ispunct, iswpunct)
#define _istspace   VSSEMU_T_(isspace, iswspace)
#define _istupper   VSSEMU_T_(isupper, iswupper)
#define _istxdigit  VSSEMU_T_(isxdigit, iswxdigit)
#define _totlower   VSSEMU_T_(tolower, towlower)
#define _totupper   VSSEMU_T_(toupper, towupper)

/* ---- formatted output and input ---- */
#define _tprintf      VSSEMU_T_(printf, wprintf)
#define _tprintf_s    VSSEMU_T_(printf_s, wprintf_s)
#define _ftprintf     VSSEMU_T_(fprintf, fwprintf)
#define _ftprintf_s   VSSEMU_T_(fprintf_s, fwprintf_s)
#define _stprintf_s   VSSEMU_T_(sprintf_s, swprintf_s)
#define _sntprintf    VSSEMU_T_(_snprintf, _snwprintf)
#define _sntprintf_s  VSSEMU_T_(_snprintf_s, _snwprintf_s)
#define _sctprintf    VSSEMU_T_(_scprintf, _scwprintf)
#define _vtprintf     VSSEMU_T_(vprintf, vwprintf)
#define _vtprintf_s   VSSEMU_T_(vprintf_s, vwprintf_s)
#define _vftprintf    VSSEMU_T_(vfprintf, vfwprintf)
#define _vftprintf_s  VSSEMU_T_(vfprintf_s, vfwprintf_s)
#define _vstprintf_s  VSSEMU_T_(vsprintf_s, vswprintf_s)
#define _vsntprintf   VSSEMU_T_(_vsnprintf, _vsnwprintf)
#define _vsntprintf_s VSSEMU_T_(_vsnprintf_s, _vsnwprintf_s)
#define _vsctprintf   VSSEMU_T_(_vscprintf, _vscwprintf)
#define _tscanf       VSSEMU_T_(scanf, wscanf)
#define _tscanf_s     VSSEMU_T_(scanf_s, wscanf_s)
#define _ftscanf      VSSEMU_T_(fscanf, fwscanf)
#define _ftscanf_s    VSSEMU_T_(fscanf_s, fwscanf_s)
#define _stscanf      VSSEMU_T_(sscanf, swscanf)
#define _stscanf_s    VSSEMU_T_(sscanf_s, swscanf_s)
#define _sntscanf     VSSEMU_T_(_snscanf, _snwscanf)
#define _sntscanf_s   VSSEMU_T_(_snscanf_s, _snwscanf_s)
#ifdef __cplusplus /* whose swprintf does with a size and without */
#define _stprintf  VSSEMU_T_(sprintf, swprintf)
#define _vstprintf VSSEMU_T_(vsprintf, vswprintf)
#else
#define _stprintf  VSSEMU_T_(sprintf, _swprintf)
#define _vstprintf VSSEMU_T_(vsprintf, _vswprintf)
#endif

/* ---- streams ---- */
#define _fgettc    VSSEMU_T_(fgetc, fgetwc)
#define _fgettchar VSSEMU_T_(_fgetchar, _fgetwchar)
#define _fgetts    VSSEMU_T_(fgets, fgetws)
#define _fputtc    VSSEMU_T_(fputc, fputwc)
#define _fputtchar VSSEMU_T_(_fputchar, _fputwchar)
#define _fputts    VSSEMU_T_(fputs, fputws)
#define _gettc     VSSEMU_T_(getc, getwc)
#define _gettchar  VSSEMU_T_(getchar, getwchar)
#define _puttc     VSSEMU_T_(putc, putwc)
#define _puttchar  VSSEMU_T_(putchar, putwchar)
#define _putts     VSSEMU_T_(puts, _putws)
#define _ungettc   VSSEMU_T_(ungetc, ungetwc)
#define _tfopen    VSSEMU_T_(fopen, _wfopen)
#define _tfopen_s  VSSEMU_T_(fopen_s, _wfopen_s)
#define _tfsopen   VSSEMU_T_(_fsopen, _wfsopen)
#define _tperror   VSSEMU_T_(perror, _wperror)
#define _tpopen    VSSEMU_T_(_popen, _wpopen)
#define _ttempnam  VSSEMU_T_(_tempnam, _wtempnam)

/* ---- numbers ---- */
#define _tstof     VSSEMU_T_(atof, _wtof)
#define _tstol     VSSEMU_T_(atol, _wtol)
#define _ttol      VSSEMU_T_(atol, _wtol)
#define _tstoi     VSSEMU_T_(atoi, _wtoi)
#define _ttoi      VSSEMU_T_(atoi, _wtoi)
#define _tstoi64   VSSEMU_T_(_atoi64, _wtoi64)
#define _ttoi64    VSSEMU_T_(_atoi64, _wtoi64)
#define _tstoll    VSSEMU_T_(atoll, _wtoll)
#define _tcstod    VSSEMU_T_(strtod, wcstod)
#define _tcstof    VSSEMU_T_(strtof, wcstof)
#define _tcstol    VSSEMU_T_(strtol, wcstol)
#define _tcstoul   VSSEMU_T_(strtoul, wcstoul)
#define _tcstoll   VSSEMU_T_(strtoll, wcstoll)
#define _tcstoull  VSSEMU_T_(strtoull, wcstoull)
#define _tcstoi64  VSSEMU_T_(_strtoi64, _wcstoi64)
#define _tcstoui64 VSSEMU_T_(_strtoui64, _wcstoui64)
#define _itot      VSSEMU_T_(_itoa, _itow)
#define _itot_s    VSSEMU_T_(_itoa_s, _itow_s)
#define _ltot      VSSEMU_T_(_ltoa, _ltow)
#define _ltot_s    VSSEMU_T_(_ltoa_s, _ltow_s)
#define _ultot     VSSEMU_T_(_ultoa, _ultow)
#define _ultot_s   VSSEMU_T_(_ultoa_s, _ultow_s)
#define _i64tot    VSSEMU_T_(_i64toa, _i64tow)
#define _i64tot_s  VSSEMU_T_(_i64toa_s, _i64tow_s)
#define _ui64tot   VSSEMU_T_(_ui64toa, _ui64tow)
#define _ui64tot_s VSSEMU_T_(_ui64toa_s, _ui64tow_s)

/* ---- strings ---- */
#define _tcscat     VSSEMU_T_(strcat, wcscat)
#define _tcscat_s   VSSEMU_T_(strcat_s, wcscat_s)
#define _tcschr     VSSEMU_T_(strchr, wcschr)
#define _tcscpy     VSSEMU_T_(strcpy, wcscpy)
#define _tcscpy_s   VSSEMU_T_(strcpy_s, wcscpy_s)
#define _tcscspn    VSSEMU_T_(strcspn, wcscspn)
#define _tcslen     VSSEMU_T_(strlen, wcslen)
#define _tcsclen    VSSEMU_T_(strlen, wcslen)
#define _tcsnlen    VSSEMU_T_(strnlen, wcsnlen)
#define _tcscnlen   VSSEMU_T_(strnlen, wcsnlen)
#define _tcsncat    VSSEMU_T_(strncat, wcsncat)
#define _tcsncat_s  VSSEMU_T_(strncat_s, wcsncat_s)
#define _tcsnccat   VSSEMU_T_(strncat, wcsncat)
#define _tcsnccat_s VSSEMU_T_(strncat_s, wcsncat_s)
#define _tcsncpy    VSSEMU_T_(strncpy, wcsncpy)
#define _tcsncpy_s  VSSEMU_T_(strncpy_s, wcsncpy_s)
#define _tcsnccpy   VSSEMU_T_(strncpy, wcsncpy)
#define _tcsnccpy_s VSSEMU_T_(strncpy_s, wcsncpy_s)
#define _tcspbrk    VSSEMU_T_(strpbrk, wcspbrk)
#define _tcsrchr    VSSEMU_T_(strrchr, wcsrchr)
#define _tcsspn     VSSEMU_T_(strspn, wcsspn)
#define _tcsstr     VSSEMU_T_(strstr, wcsstr)
#define _tcstok     VSSEMU_T_(strtok, wcstok)
#define _tcstok_s   VSSEMU_T_(strtok_s, wcstok_s)
#define _tcsdup     VSSEMU_T_(_strdup, _wcsdup)
#define _tcsset     VSSEMU_T_(_strset, _wcsset)
#define _tcsset_s   VSSEMU_T_(_strset_s, _wcsset_s)
#define _tcsnset    VSSEMU_T_(_strnset, _wcsnset)
#define _tcsnset_s  VSSEMU_T_(_strnset_s, _wcsnset_s)
#define _tcsncset   VSSEMU_T_(_strnset, _wcsnset)
#define _tcsncset_s VSSEMU_T_(_strnset_s, _wcsnset_s)
#define _tcsrev     VSSEMU_T_(_strrev, _wcsrev)
#define _tcslwr     VSSEMU_T_(_strlwr, _wcslwr)
#define _tcslwr_s   VSSEMU_T_(_strlwr_s, _wcslwr_s)
#define _tcsupr     VSSEMU_T_(_strupr, _wcsupr)
#define _tcsupr_s   VSSEMU_T_(_strupr_s, _wcsupr_s)
#define _tcsxfrm    VSSEMU_T_(strxfrm, wcsxfrm)
#define _tcserror   VSSEMU_T_(strerror, _wcserror)
#define _tcserror_s VSSEMU_T_(strerror_s, _wcserror_s)

/* ---- comparison ---- */
#define _tcscmp     VSSEMU_T_(strcmp, wcscmp)
#define _tcsncmp    VSSEMU_T_(strncmp, wcsncmp)
#define _tcsnccmp   VSSEMU_T_(strncmp, wcsncmp)
#define _tcsicmp    VSSEMU_T_(_stricmp, _wcsicmp)
#define _tcsnicmp   VSSEMU_T_(_strnicmp, _wcsnicmp)
#define _tcsncicmp  VSSEMU_T_(_strnicmp, _wcsnicmp)
#define _tcscoll    VSSEMU_T_(strcoll, wcscoll)
#define _tcsicoll   VSSEMU_T_(_stricoll, _wcsicoll)
#define _tcsncoll   VSSEMU_T_(_strncoll, _wcsncoll)
#define _tcsnccoll  VSSEMU_T_(_strncoll, _wcsncoll)
#define _tcsnicoll  VSSEMU_T_(_strnicoll, _wcsnicoll)
#define _tcsncicoll VSSEMU_T_(_strnicoll, _wcsnicoll)

/* ---- environment, folders, parts of paths ---- */
#define _tsystem      VSSEMU_T_(system, _wsystem)
#define _tgetenv      VSSEMU_T_(getenv, _wgetenv)
#define _tgetenv_s    VSSEMU_T_(getenv_s, _wgetenv_s)
#define _tdupenv_s    VSSEMU_T_(_dupenv_s, _wdupenv_s)
#define _tputenv      VSSEMU_T_(_putenv, _wputenv)
#define _tputenv_s    VSSEMU_T_(_putenv_s, _wputenv_s)
#define _tpgmptr      VSSEMU_T_(_pgmptr, _wpgmptr)
#define __targv       VSSEMU_T_(__argv, __wargv)
#define _tsplitpath   VSSEMU_T_(_splitpath, _wsplitpath)
#define _tsplitpath_s VSSEMU_T_(_splitpath_s, _wsplitpath_s)
#define _tmakepath    VSSEMU_T_(_makepath, _wmakepath)
#define _tmakepath_s  VSSEMU_T_(_makepath_s, _wmakepath_s)
#define _tfullpath    VSSEMU_T_(_fullpath, _wfullpath)
#define _tchdir       VSSEMU_T_(_chdir, _wchdir)
#define _tgetcwd      VSSEMU_T_(_getcwd, _wgetcwd)
#define _tmkdir       VSSEMU_T_(_mkdir, _wmkdir)
#define _trmdir       VSSEMU_T_(_rmdir, _wrmdir)

/* ---- files ---- */
#define _taccess        VSSEMU_T_(_access, _waccess)
#define _taccess_s      VSSEMU_T_(_access_s, _waccess_s)
#define _tchmod         VSSEMU_T_(_chmod, _wchmod)
#define _tcreat         VSSEMU_T_(_creat, _wcreat)
#define _topen          VSSEMU_T_(_open, _wopen)
#define _tsopen         VSSEMU_T_(_sopen, _wsopen)
#define _tsopen_s       VSSEMU_T_(_sopen_s, _wsopen_s)
#define _tremove        VSSEMU_T_(remove, _wremove)
#define _trename        VSSEMU_T_(rename, _wrename)
#define _tunlink        VSSEMU_T_(_unlink, _wunlink)
#define _tutime         VSSEMU_T_(_utime, _wutime)
#define _tstat          VSSEMU_T_(_stat, _wstat)
#define _tstat64        VSSEMU_T_(_stat64, _wstat64)
#define _tstati64       VSSEMU_T_(_stati64, _wstati64)
#define _tfinddata_t    VSSEMU_T_(_finddata_t, _wfinddata_t)
#define _tfinddata64_t  VSSEMU_T_(_finddata64_t, _wfinddata64_t)
#define _tfinddatai64_t VSSEMU_T_(_finddatai64_t, _wfinddatai64_t)
#define _tfindfirst     VSSEMU_T_(_findfirst, _wfindfirst)
#define _tfindfirst64   VSSEMU_T_(_findfirst64, _wfindfirst64)
#define _tfindfirsti64  VSSEMU_T_(_findfirsti64, _wfindfirsti64)
#define _tfindnext      VSSEMU_T_(_findnext, _wfindnext)
#define _tfindnext64    VSSEMU_T_(_findnext64, _wfindnext64)
#define _tfindnexti64   VSSEMU_T_(_findnexti64, _wfindnexti64)

/* ---- dates ---- */
#define _tasctime   VSSEMU_T_(asctime, _wasctime)
#define _tasctime_s VSSEMU_T_(asctime_s, _wasctime_s)
#define _tctime     VSSEMU_T_(ctime, _wctime)
#define _tctime_s   VSSEMU_T_(ctime_s, _wctime_s)
#define _tctime64   VSSEMU_T_(_ctime64, _wctime64)
#define _tctime64_s VSSEMU_T_(_ctime64_s, _wctime64_s)
#define _tstrdate   VSSEMU_T_(_strdate, _wstrdate)
#define _tstrdate_s VSSEMU_T_(_strdate_s, _wstrdate_s)
#define _tstrtime   VSSEMU_T_(_strtime, _wstrtime)
#define _tstrtime_s VSSEMU_T_(_strtime_s, _wstrtime_s)
#define _tcsftime   VSSEMU_T_(strftime, wcsftime)

/* ---- one character after the other: each is one unit here, in narrow text as well ---- */
#define _istlegal(c)      (1)
#define _istlead(c)       (0)
#define _istleadbyte(c)   (0)
#define _tclen(s)         ((size_t)1)
#define _tccpy(to, from)  ((void)(*(to) = *(from)))
#define _tccmp(a, b)      ((int)*(a) - (int)*(b))
#define _tcsinc(s)        ((s) + 1)
#define _tcsdec(start, s) ((start) < (s) ? (s)-1 : NULL)
#define _tcsnextc(s)      ((unsigned)(_TUCHAR) * (s))
#define _tcsninc(s, n)    ((s) + _tcsnlen((s), (n)))
#define _tcsnbcnt(s, n)   _tcsnlen((s), (n))
#define _tcsnccnt(s, n)   _tcsnlen((s), (n))
#define _tcsspnp(s, set)  (*((s) + _tcsspn((s), (set))) ? (s) + _tcsspn((s), (set)) : NULL)
#define _get_tpgmptr(ret) (*(ret) = _tpgmptr, 0)
