/* SPDX-License-Identifier: MIT */
/* See fold.h. Rules of the wildcards: Learn: "FsRtlIsNameInExpression"; Win32 turns its two
 * wildcards into five of the file system's first. */
#include "fakes/windows/fold.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
/* Lower case letters first..last have their capitals at `distance` below; step 2: every second
 * letter, a capital standing before each small one. */
static const struct fold_range {
    uint16_t first, last;
    uint16_t distance;
    uint16_t step;
} ranges[] = {
    { 0x00E0, 0x00F6, 32, 1 }, { 0x00F8, 0x00FE, 32, 1 }, { 0x0101, 0x012F, 1, 2 },
    { 0x0133, 0x0137, 1, 2 },  { 0x013A, 0x0148, 1, 2 },  { 0x014B, 0x0177, 1, 2 },
    { 0x017A, 0x017E, 1, 2 },  { 0x01CE, 0x01DC, 1, 2 },  { 0x01DF, 0x01EF, 1, 2 },
    { 0x01F9, 0x021F, 1, 2 },  { 0x0223, 0x0233, 1, 2 },  { 0x03AC, 0x03AC, 38, 1 },
    { 0x03AD, 0x03AF, 37, 1 }, { 0x03B1, 0x03C1, 32, 1 }, { 0x03C3, 0x03CB, 32, 1 },
    { 0x03CC, 0x03CC, 64, 1 }, { 0x03CD, 0x03CE, 63, 1 }, { 0x0430, 0x044F, 32, 1 },
    { 0x0450, 0x045F, 80, 1 }, { 0x0461, 0x0481, 1, 2 },  { 0x048B, 0x04BF, 1, 2 },
    { 0x04C2, 0x04CE, 1, 2 },  { 0x04D1, 0x0513, 1, 2 },  { 0x0561, 0x0586, 48, 1 },
    { 0x1E01, 0x1E95, 1, 2 },  { 0x1EA1, 0x1EFF, 1, 2 },  { 0x2170, 0x217F, 16, 1 },
    { 0x24D0, 0x24E9, 26, 1 }, { 0xFF41, 0xFF5A, 32, 1 },
};
/* clang-format on */

uint32_t fold_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    if (c == 0xFF)
        return 0x178;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && c >= ranges[i].first; i++) {
        if (c <= ranges[i].last)
            return (c - ranges[i].first) % ranges[i].step ? c : c - ranges[i].distance;
    }
    return c;
}

uint32_t fold_next(const char **text)
{
    const unsigned char *s = (const unsigned char *)*text;
    unsigned n = s[0] < 0xC0 ? 0 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : s[0] < 0xF8 ? 3 : 0;
    uint32_t c = n ? s[0] & (0x3Fu >> n) : s[0];

    for (unsigned i = 1; i <= n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            (*text)++;
            return s[0];
        }
        c = c << 6 | (s[i] & 0x3F);
    }
    *text += n + 1;
    return c;
}

int fold_compare(const char *a, const char *b)
{
    for (;;) {
        if (!*a || !*b)
            return (unsigned char)*a - (unsigned char)*b;
        uint32_t x = fold_upper(fold_next(&a)), y = fold_upper(fold_next(&b));
        if (x != y)
            return x < y ? -1 : 1;
    }
}

/* The file system's wildcards. None of these can be in a name. */
#define ANY             '*'
#define ANY_TO_LAST_DOT '<'
#define ONE_OR_END      '>'
#define DOT_OR_END      '"'

struct pattern {
    uint32_t *items;
    size_t count;
};

/* What FindFirstFile makes of "*", "?" and "." before it asks the file system. */
static struct pattern compile(const char *text)
{
    struct pattern p = { mem_alloc((strlen(text) + 1) * sizeof(uint32_t)), 0 };

    if (strcmp(text, "*.*") == 0)
        text = "*";
    while (*text) {
        uint32_t c = fold_upper(fold_next(&text));
        uint32_t *before = p.count ? &p.items[p.count - 1] : NULL;

        if (c == '?')
            c = ONE_OR_END;
        if (before && *before == '.' && (c == ONE_OR_END || c == ANY))
            *before = DOT_OR_END;
        if (before && *before == ANY && c == '.')
            *before = ANY_TO_LAST_DOT;
        if (c == '.' && !*text && before && *before == ANY_TO_LAST_DOT)
            continue; /* "*." is every name without a dot */
        p.items[p.count++] = c;
    }
    return p;
}

/* Goes on to states that need no character. next: the coming character, 0 at the end. */
static void close_over(const struct pattern *p, bool *states, uint32_t next)
{
    for (size_t j = 0; j < p->count; j++) {
        uint32_t c = p->items[j];

        if (states[j] && (c == ANY || c == ANY_TO_LAST_DOT || (c == DOT_OR_END && !next) ||
                          (c == ONE_OR_END && (!next || next == '.'))))
            states[j + 1] = true;
    }
}

static void step(const struct pattern *p, const bool *from, bool *to, uint32_t c, bool is_last_dot)
{
    memset(to, 0, p->count + 1);
    for (size_t j = 0; j < p->count; j++) {
        uint32_t want = p->items[j];

        if (!from[j])
            continue;
        if (want == ANY || (want == ANY_TO_LAST_DOT && !is_last_dot))
            to[j] = true;
        else if (want == c || (want == ONE_OR_END && c != '.') || (want == DOT_OR_END && c == '.'))
            to[j + 1] = true;
    }
}

bool fold_matches(const char *name, const char *pattern)
{
    struct pattern p = compile(pattern);
    auto_free uint32_t *items = p.items;
    auto_free bool *states = mem_alloc(p.count + 1);
    auto_free bool *next_states = mem_alloc(p.count + 1);
    const char *last_dot = strrchr(name, '.');

    (void)items; /* for clang, which does not count its end as a use */
    states[0] = true;
    while (*name) {
        bool is_last_dot = name == last_dot;
        uint32_t c = fold_upper(fold_next(&name));

        close_over(&p, states, c);
        step(&p, states, next_states, c, is_last_dot);
        bool *swap = states;
        states = next_states;
        next_states = swap;
    }
    close_over(&p, states, 0);
    return states[p.count];
}
