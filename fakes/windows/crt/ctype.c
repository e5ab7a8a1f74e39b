/* SPDX-License-Identifier: MIT */
/* Classes and cases of 16-bit characters, by glibc's Unicode tables whatever the program's
 * locale. */
#include "fakes/windows/crt/wide.h"

#include <ctype.h>
#include <locale.h>
#include <stdatomic.h>
#include <wctype.h>

/* Made once and kept for the life of the process; ASCII alone where the system has no such
 * locale. */
static locale_t unicode(void)
{
    static _Atomic(locale_t) made;
    locale_t locale = atomic_load(&made), none = (locale_t)0;

    if (locale != none)
        return locale;
    locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", none);
    if (locale == none)
        locale = newlocale(LC_CTYPE_MASK, "C", none);
    if (!atomic_compare_exchange_strong(&made, &none, locale)) {
        freelocale(locale);
        locale = none;
    }
    return locale;
}

int w16_iswascii(wint_t c)
{
    return c < 0x80;
}
int w16_iswalnum(wint_t c)
{
    return c < 0x10000 && iswalnum_l(c, unicode());
}
int w16_iswalpha(wint_t c)
{
    return c < 0x10000 && iswalpha_l(c, unicode());
}
int w16_iswblank(wint_t c)
{
    return c < 0x10000 && iswblank_l(c, unicode());
}
int w16_iswcntrl(wint_t c)
{
    return c < 0x10000 && iswcntrl_l(c, unicode());
}
int w16_iswdigit(wint_t c)
{
    return c >= '0' && c <= '9';
}
int w16_iswgraph(wint_t c)
{
    return c < 0x10000 && iswgraph_l(c, unicode());
}
int w16_iswlower(wint_t c)
{
    return c < 0x10000 && iswlower_l(c, unicode());
}
int w16_iswprint(wint_t c)
{
    return c < 0x10000 && iswprint_l(c, unicode());
}
int w16_iswpunct(wint_t c)
{
    return c < 0x10000 && iswpunct_l(c, unicode());
}
int w16_iswspace(wint_t c)
{
    return c < 0x10000 && iswspace_l(c, unicode());
}
int w16_iswupper(wint_t c)
{
    return c < 0x10000 && iswupper_l(c, unicode());
}
int w16_iswxdigit(wint_t c)
{
    return c < 0x80 && isxdigit((int)c);
}

/* A result outside 16 bits, or no letter at all, leaves the character as it is. */
wint_t w16_towlower(wint_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    wint_t lower = c < 0x10000 ? towlower_l(c, unicode()) : c;
    return lower < 0x10000 ? lower : c;
}

wint_t w16_towupper(wint_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    wint_t upper = c < 0x10000 ? towupper_l(c, unicode()) : c;
    return upper < 0x10000 ? upper : c;
}
