/* SPDX-License-Identifier: MIT */
/* Classes and cases of 16-bit characters, by Unicode's rules, whatever the locale. */
#pragma once

#define __need_wint_t
#include <stddef.h>

#ifndef WEOF
#define WEOF 0xffffu
#endif

typedef unsigned short wctype_t;

#ifdef __cplusplus
extern "C" {
#endif
int iswalnum(wint_t c) __asm__("w16_iswalnum");
int iswalpha(wint_t c) __asm__("w16_iswalpha");
int iswblank(wint_t c) __asm__("w16_iswblank");
int iswcntrl(wint_t c) __asm__("w16_iswcntrl");
int iswdigit(wint_t c) __asm__("w16_iswdigit");
int iswgraph(wint_t c) __asm__("w16_iswgraph");
int iswlower(wint_t c) __asm__("w16_iswlower");
int iswprint(wint_t c) __asm__("w16_iswprint");
int iswpunct(wint_t c) __asm__("w16_iswpunct");
int iswspace(wint_t c) __asm__("w16_iswspace");
int iswupper(wint_t c) __asm__("w16_iswupper");
int iswxdigit(wint_t c) __asm__("w16_iswxdigit");
int iswascii(wint_t c) __asm__("w16_iswascii");
wint_t towlower(wint_t c) __asm__("w16_towlower");
wint_t towupper(wint_t c) __asm__("w16_towupper");
#ifdef __cplusplus
}
#endif
