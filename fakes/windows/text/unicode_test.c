/* SPDX-License-Identifier: MIT */
/* Whether bytes are UTF-16 text (Learn: "IsTextUnicode": "these tests are not foolproof"). */
#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <string.h>

#define MOST_UNITS 256 /* as many as Wine looks at; the page does not say */

struct counts {
    int units, latin, controls, reverse_latin, reverse_controls;
    bool has_null_byte, has_illegal;
};

/* Learn: the characters of IS_TEXT_UNICODE_CONTROLS: CR, LF, TAB, SPACE, CJK_SPACE. */
static bool is_control(WORD unit)
{
    return unit == '\r' || unit == '\n' || unit == '\t' || unit == ' ' || unit == 0x3000;
}

static void count(struct counts *c, WORD unit)
{
    WORD reverse = (WORD)(unit << 8 | unit >> 8);

    c->units++;
    c->latin += unit <= 0xff;
    c->reverse_latin += reverse <= 0xff;
    c->controls += is_control(unit);
    c->reverse_controls += is_control(reverse);
    c->has_null_byte |= !(unit & 0xff) || !(unit >> 8);
    c->has_illegal |= unit == 0xffff || unit == 0xfffe || !unit;
}

static INT tests_of(const BYTE *bytes, INT size)
{
    struct counts c = { 0 };
    WORD unit;
    INT tests = size % 2 ? IS_TEXT_UNICODE_ODD_LENGTH : 0;

    for (INT at = 0; at + 1 < size && c.units < MOST_UNITS; at += 2) {
        memcpy(&unit, bytes + at, sizeof(unit));
        if (!at)
            tests |= unit == 0xfeff   ? IS_TEXT_UNICODE_SIGNATURE
                     : unit == 0xfffe ? IS_TEXT_UNICODE_REVERSE_SIGNATURE
                                      : 0;
        count(&c, unit);
    }
    tests |= c.latin == c.units ? IS_TEXT_UNICODE_ASCII16 : 0;
    tests |= c.latin > c.units / 2 ? IS_TEXT_UNICODE_STATISTICS : 0;
    tests |= c.controls ? IS_TEXT_UNICODE_CONTROLS : 0;
    tests |= c.reverse_latin == c.units ? IS_TEXT_UNICODE_REVERSE_ASCII16 : 0;
    tests |= c.reverse_latin > c.units / 2 ? IS_TEXT_UNICODE_REVERSE_STATISTICS : 0;
    tests |= c.reverse_controls ? IS_TEXT_UNICODE_REVERSE_CONTROLS : 0;
    tests |= c.has_null_byte ? IS_TEXT_UNICODE_NULL_BYTES : 0;
    return tests | (c.has_illegal ? IS_TEXT_UNICODE_ILLEGAL_CHARS : 0);
}

/* *tests: which are asked for, then which of them hold. The order in which they decide: what is
 * against it, then what is for it. */
BOOL WINAPI IsTextUnicode(LPCVOID bytes, INT size, LPINT tests)
{
    INT hold = size < 2 ? 0 : tests_of(bytes, size);

    if (tests)
        hold = *tests &= hold;
    if (hold & (IS_TEXT_UNICODE_REVERSE_MASK | IS_TEXT_UNICODE_NOT_UNICODE_MASK))
        return FALSE;
    return (hold & (IS_TEXT_UNICODE_UNICODE_MASK | IS_TEXT_UNICODE_NOT_ASCII_MASK)) != 0;
}
