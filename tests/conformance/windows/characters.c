/* SPDX-License-Identifier: MIT */
/* run: alone */
/* All 65536 characters: classes of GetStringType, cases of LCMapString, and that the C library
 * agrees. Learn: "GetStringTypeW", "LCMapStringEx", "iswalpha". Runs of equal classes and of equal
 * distances are one line. */
#include "say.h"

#include <wchar.h>
#include <wctype.h>

static WORD class_of(unsigned c)
{
    WCHAR wide = (WCHAR)c;
    WORD type = 0;

    GetStringTypeW(CT_CTYPE1, &wide, 1, &type);
    return type;
}

static int mapped(unsigned c, DWORD flags)
{
    WCHAR wide = (WCHAR)c, result = 0;

    LCMapStringW(LOCALE_INVARIANT, flags, &wide, 1, &result, 1);
    return result;
}

static void say_classes(void)
{
    unsigned first = 0;

    for (unsigned c = 1; c <= 0x10000; c++) {
        if (c < 0x10000 && class_of(c) == class_of(first))
            continue;
        say("%04x-%04x: %03x", first, c - 1, (unsigned)class_of(first));
        first = c;
    }
}

static void say_cases(const char *what, DWORD flags)
{
    for (unsigned c = 0; c < 0x10000; c++)
        if (mapped(c, flags) != (int)c)
            say("%s %04x: %04x", what, c, (unsigned)mapped(c, flags));
}

/* The C library's classes are those; _iswctype would show no more. */
static void say_disagreements(void)
{
    int n = 0;

    for (unsigned c = 0; c < 0x10000; c++) {
        WORD type = class_of(c);
        n += !iswalpha((wint_t)c) != !(type & C1_ALPHA);
        n += !iswupper((wint_t)c) != !(type & C1_UPPER);
        n += !iswlower((wint_t)c) != !(type & C1_LOWER);
        n += !iswdigit((wint_t)c) != !(type & C1_DIGIT);
        n += !iswspace((wint_t)c) != !(type & C1_SPACE);
        n += !iswpunct((wint_t)c) != !(type & C1_PUNCT);
        n += !iswcntrl((wint_t)c) != !(type & C1_CNTRL);
        n += !iswxdigit((wint_t)c) != !(type & C1_XDIGIT);
        n += !iswalnum((wint_t)c) != !(type & (C1_ALPHA | C1_DIGIT));
        n += !iswgraph((wint_t)c) != !(type & (C1_ALPHA | C1_DIGIT | C1_PUNCT));
        n += !iswprint((wint_t)c) != !(type & (C1_ALPHA | C1_DIGIT | C1_PUNCT | C1_BLANK));
    }
    say("the C library differs %d times", n);
}

int wmain(void)
{
    say_classes();
    say_cases("lower", LCMAP_LOWERCASE);
    say_cases("upper", LCMAP_UPPERCASE);
    say_disagreements();
    return 0;
}
