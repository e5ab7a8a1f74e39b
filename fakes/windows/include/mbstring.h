/* SPDX-License-Identifier: MIT */
/* Functions for multi-byte text (Learn: "String manipulation (CRT)"). The code page has single
 * bytes (mbctype.h), so each is the plain function, for text of unsigned char. */
#pragma once

#include <mbctype.h>
#include <string.h>
#include <vssemu/narrow_crt.h>

#define VSSEMU_MB_(s)  ((char *)(s))
#define VSSEMU_CMB_(s) ((const char *)(s))
#define VSSEMU_UMB_(s) ((unsigned char *)(s))

#define _mbslen(s)                strlen(VSSEMU_CMB_(s))
#define _mbstrlen(s)              strlen(VSSEMU_CMB_(s))
#define _mbscpy(to, from)         VSSEMU_UMB_(strcpy(VSSEMU_MB_(to), VSSEMU_CMB_(from)))
#define _mbscat(to, from)         VSSEMU_UMB_(strcat(VSSEMU_MB_(to), VSSEMU_CMB_(from)))
#define _mbsncpy(to, from, n)     VSSEMU_UMB_(strncpy(VSSEMU_MB_(to), VSSEMU_CMB_(from), (n)))
#define _mbsnbcpy(to, from, n)    _mbsncpy(to, from, n)
#define _mbsncat(to, from, n)     VSSEMU_UMB_(strncat(VSSEMU_MB_(to), VSSEMU_CMB_(from), (n)))
#define _mbsnbcat(to, from, n)    _mbsncat(to, from, n)
#define _mbscpy_s(to, size, from) strcpy_s(VSSEMU_MB_(to), (size), VSSEMU_CMB_(from))
#define _mbscat_s(to, size, from) strcat_s(VSSEMU_MB_(to), (size), VSSEMU_CMB_(from))
#define _mbscmp(a, b)             strcmp(VSSEMU_CMB_(a), VSSEMU_CMB_(b))
#define _mbsicmp(a, b)            _stricmp(VSSEMU_CMB_(a), VSSEMU_CMB_(b))
#define _mbsncmp(a, b, n)         strncmp(VSSEMU_CMB_(a), VSSEMU_CMB_(b), (n))
#define _mbsnbcmp(a, b, n)        _mbsncmp(a, b, n)
#define _mbsnicmp(a, b, n)        _strnicmp(VSSEMU_CMB_(a), VSSEMU_CMB_(b), (n))
#define _mbsnbicmp(a, b, n)       _mbsnicmp(a, b, n)
#define _mbschr(s, c)             VSSEMU_UMB_(strchr(VSSEMU_CMB_(s), (int)(c)))
#define _mbsrchr(s, c)            VSSEMU_UMB_(strrchr(VSSEMU_CMB_(s), (int)(c)))
#define _mbsstr(s, part)          VSSEMU_UMB_(strstr(VSSEMU_CMB_(s), VSSEMU_CMB_(part)))
#define _mbspbrk(s, set)          VSSEMU_UMB_(strpbrk(VSSEMU_CMB_(s), VSSEMU_CMB_(set)))
#define _mbsspn(s, set)           strspn(VSSEMU_CMB_(s), VSSEMU_CMB_(set))
#define _mbscspn(s, set)          strcspn(VSSEMU_CMB_(s), VSSEMU_CMB_(set))
#define _mbstok(s, set)           VSSEMU_UMB_(strtok(VSSEMU_MB_(s), VSSEMU_CMB_(set)))
#define _mbsdup(s)                VSSEMU_UMB_(_strdup(VSSEMU_CMB_(s)))
#define _mbslwr(s)                VSSEMU_UMB_(_strlwr(VSSEMU_MB_(s)))
#define _mbsupr(s)                VSSEMU_UMB_(_strupr(VSSEMU_MB_(s)))
#define _mbsinc(s)                (VSSEMU_UMB_(s) + 1)
#define _mbsdec(start, s)         ((start) < (s) ? VSSEMU_UMB_(s) - 1 : NULL)
#define _mbsnextc(s)              ((unsigned)*VSSEMU_UMB_(s))
#define _mbclen(s)                ((size_t)1)
