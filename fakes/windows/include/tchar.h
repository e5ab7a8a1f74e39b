/* SPDX-License-Identifier: MIT */
/* The generic names of text functions. Programs of the compile drivers are always UNICODE, so each
 * is the wide one; a source that undefines _UNICODE before including this gets the narrow one. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#ifdef _UNICODE
#define VSSEMU_T_(narrow, wide) wide
typedef wchar_t _TCHAR, TCHAR;
#define __T(text) L##text
#define _tmain    wmain
#else
#define VSSEMU_T_(narrow, wide) narrow
typedef char _TCHAR;
#define __T(text)               text
#define _tmain                  main
#endif
#define _T(text)    __T(text)
#define _TEXT(text) __T(text)

#define _tcslen      VSSEMU_T_(strlen, wcslen)
#define _tcscpy      VSSEMU_T_(strcpy, wcscpy)
#define _tcscpy_s    VSSEMU_T_(strcpy_s, wcscpy_s)
#define _tcsncpy     VSSEMU_T_(strncpy, wcsncpy)
#define _tcsncpy_s   VSSEMU_T_(strncpy_s, wcsncpy_s)
#define _tcscat      VSSEMU_T_(strcat, wcscat)
#define _tcscat_s    VSSEMU_T_(strcat_s, wcscat_s)
#define _tcsncat     VSSEMU_T_(strncat, wcsncat)
#define _tcscmp      VSSEMU_T_(strcmp, wcscmp)
#define _tcsncmp     VSSEMU_T_(strncmp, wcsncmp)
#define _tcsicmp     VSSEMU_T_(_stricmp, _wcsicmp)
#define _tcsnicmp    VSSEMU_T_(_strnicmp, _wcsnicmp)
#define _tcschr      VSSEMU_T_(strchr, wcschr)
#define _tcsrchr     VSSEMU_T_(strrchr, wcsrchr)
#define _tcsstr      VSSEMU_T_(strstr, wcsstr)
#define _tcspbrk     VSSEMU_T_(strpbrk, wcspbrk)
#define _tcsspn      VSSEMU_T_(strspn, wcsspn)
#define _tcscspn     VSSEMU_T_(strcspn, wcscspn)
#define _tcstok      VSSEMU_T_(strtok, wcstok)
#define _tcstok_s    VSSEMU_T_(strtok_s, wcstok_s)
#define _tcsdup      VSSEMU_T_(_strdup, _wcsdup)
#define _tcslwr      VSSEMU_T_(_strlwr, _wcslwr)
#define _tcsupr      VSSEMU_T_(_strupr, _wcsupr)
#define _tcstol      VSSEMU_T_(strtol, wcstol)
#define _tcstoul     VSSEMU_T_(strtoul, wcstoul)
#define _tstoi       VSSEMU_T_(atoi, _wtoi)
#define _ttoi        VSSEMU_T_(atoi, _wtoi)
#define _tstoi64     VSSEMU_T_(_atoi64, _wtoi64)
#define _ttoi64      VSSEMU_T_(_atoi64, _wtoi64)
#define _totlower    VSSEMU_T_(tolower, towlower)
#define _totupper    VSSEMU_T_(toupper, towupper)
#define _istdigit    VSSEMU_T_(isdigit, iswdigit)
#define _istspace    VSSEMU_T_(isspace, iswspace)
#define _istalpha    VSSEMU_T_(isalpha, iswalpha)
#define _istalnum    VSSEMU_T_(isalnum, iswalnum)
#define _tprintf     VSSEMU_T_(printf, wprintf)
#define _tprintf_s   VSSEMU_T_(printf, wprintf_s)
#define _ftprintf    VSSEMU_T_(fprintf, fwprintf)
#define _vtprintf    VSSEMU_T_(vprintf, vwprintf)
#define _vftprintf   VSSEMU_T_(vfprintf, vfwprintf)
#define _stprintf    VSSEMU_T_(sprintf, swprintf)
#define _stprintf_s  VSSEMU_T_(sprintf_s, swprintf_s)
#define _vstprintf_s VSSEMU_T_(vsprintf_s, vswprintf_s)
#define _sntprintf   VSSEMU_T_(_snprintf, _snwprintf)
#define _vsntprintf  VSSEMU_T_(_vsnprintf, _vsnwprintf)
#define _fputts      VSSEMU_T_(fputs, fputws)
#define _putts       VSSEMU_T_(puts, _putws)
#define _fgetts      VSSEMU_T_(fgets, fgetws)
#define _tfopen      VSSEMU_T_(fopen, _wfopen)
#define _tfopen_s    VSSEMU_T_(fopen_s, _wfopen_s)
