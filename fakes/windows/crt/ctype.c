/* SPDX-License-Identifier: MIT */
/* Classes and cases of 16-bit characters, by Unicode's data whatever the program's locale: what
 * Windows does in a program that has called setlocale(LC_ALL, ""). */
#include "fakes/windows/crt/ctype_rows.h"
#include "fakes/windows/crt/wide.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

/* Spread out once: looked up for every character of every comparison. */
static struct {
    uint16_t classes[0x10000], lower[0x10000], upper[0x10000];
} table;

static void spread(void)
{
    for (size_t i = 0; i < ctype_n_rows; i++) {
        size_t end = i + 1 < ctype_n_rows ? ctype_rows[i + 1].first : 0x10000;
        for (size_t c = ctype_rows[i].first; c < end; c++)
            table.classes[c] = ctype_rows[i].classes;
    }
    for (size_t c = 0; c < 0x10000; c++)
        table.lower[c] = table.upper[c] = (uint16_t)c;
    for (size_t i = 0; i < case_n_rows; i++) {
        const struct case_row *row = &case_rows[i];
        for (unsigned c = row->first; c <= row->last; c += row->step) {
            uint16_t lower = (uint16_t)((int)c + row->distance);
            table.lower[c] = lower;
            table.upper[lower] = (uint16_t)c;
        }
    }
}

/* No pthread_once: that would be a switch point for every character. On a virtual clock nobody
 * comes in between; on the real one a second thread waits for the fraction of a millisecond. */
static void know(void)
{
    static atomic_int state; /* 1: under way, 2: done */
    int nobody = 0;

    if (atomic_load_explicit(&state, memory_order_acquire) == 2)
        return;
    if (atomic_compare_exchange_strong(&state, &nobody, 1)) {
        spread();
        atomic_store_explicit(&state, 2, memory_order_release);
    }
    while (atomic_load_explicit(&state, memory_order_acquire) != 2)
        sched_yield();
}

void ctype_prepare(void)
{
    know();
}

unsigned ctype_of(uint16_t c)
{
    know();
    return table.classes[c];
}

uint16_t ctype_lower(uint16_t c)
{
    know();
    return table.lower[c];
}

uint16_t ctype_upper(uint16_t c)
{
    know();
    return table.upper[c];
}

static int is(wint_t c, unsigned classes)
{
    return c < 0x10000 ? (int)(ctype_of((uint16_t)c) & classes) : 0;
}

int w16_iswascii(wint_t c)
{
    return c < 0x80;
}
int w16_iswalnum(wint_t c)
{
    return is(c, CTYPE_ALPHA | CTYPE_DIGIT);
}
int w16_iswalpha(wint_t c)
{
    return is(c, CTYPE_ALPHA);
}
int w16_iswblank(wint_t c)
{
    return c == '\t' || is(c, CTYPE_BLANK);
}
int w16_iswcntrl(wint_t c)
{
    return is(c, CTYPE_CNTRL);
}
int w16_iswdigit(wint_t c)
{
    return is(c, CTYPE_DIGIT);
}
int w16_iswgraph(wint_t c)
{
    return is(c, CTYPE_ALPHA | CTYPE_DIGIT | CTYPE_PUNCT);
}
int w16_iswlower(wint_t c)
{
    return is(c, CTYPE_LOWER);
}
/* Of the blanks of Latin-1 only the space is printed (as with Wine). */
int w16_iswprint(wint_t c)
{
    return w16_iswgraph(c) || c == ' ' || (c > 0xff && is(c, CTYPE_BLANK));
}
int w16_iswpunct(wint_t c)
{
    return is(c, CTYPE_PUNCT);
}
int w16_iswspace(wint_t c)
{
    return is(c, CTYPE_SPACE);
}
int w16_iswupper(wint_t c)
{
    return is(c, CTYPE_UPPER);
}
int w16_iswxdigit(wint_t c)
{
    return is(c, CTYPE_XDIGIT);
}

wint_t w16_towlower(wint_t c)
{
    return c < 0x10000 ? ctype_lower((uint16_t)c) : c;
}

wint_t w16_towupper(wint_t c)
{
    return c < 0x10000 ? ctype_upper((uint16_t)c) : c;
}
