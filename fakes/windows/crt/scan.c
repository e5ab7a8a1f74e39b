/* SPDX-License-Identifier: MIT */
#include "fakes/windows/crt/scan.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/crt/wide.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NO_MORE (-1)

enum size { SIZE_NONE, SIZE_BYTE, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_LONG_DOUBLE, SIZE_WIDE };
/* PASSED: nothing was converted, but nothing is wrong. */
enum outcome { STORED, SKIPPED, PASSED, MISMATCH, SOURCE_ENDED };

/* One %-specification. set: where the characters between the brackets of %[ begin. */
struct field {
    bool is_suppressed;
    size_t width; /* SIZE_MAX: none given */
    enum size size;
    int type;
    size_t set, set_end;
    bool is_inverted;
};

struct scanner {
    struct scan_source *source;
    const void *format;
    size_t at;
    bool is_checked;
    va_list args;
};

/* ---- source and format ---- */

static int unit_of(const void *text, size_t i, bool is_wide)
{
    return is_wide ? ((const wchar_t *)text)[i] : ((const unsigned char *)text)[i];
}

static int next_unit(struct scan_source *s)
{
    int c;

    if (s->text) {
        c = s->at < s->limit ? unit_of(s->text, s->at, s->is_wide) : 0;
        c = c ? c : NO_MORE;
    } else if (s->is_wide) {
        wint_t wide = w16_fgetwc(s->stream);
        c = wide == CRT_WEOF ? NO_MORE : (int)wide;
    } else {
        c = fgetc(s->stream);
    }
    if (c != NO_MORE)
        s->at++;
    return c;
}

static void give_back(struct scan_source *s, int c)
{
    if (c == NO_MORE)
        return;
    s->at--;
    if (!s->text && s->is_wide)
        w16_ungetwc((wint_t)c, s->stream);
    else if (!s->text)
        ungetc(c, s->stream);
}

static int format_unit(const struct scanner *s, size_t i)
{
    return unit_of(s->format, i, s->source->is_wide);
}

static bool accept(struct scanner *s, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i < n; i++)
        if (format_unit(s, s->at + i) != (unsigned char)word[i])
            return false;
    s->at += n;
    return true;
}

static bool is_blank(const struct scanner *s, int c)
{
    if (c == NO_MORE)
        return false;
    return s->source->is_wide ? w16_iswspace((wint_t)c) : c == ' ' || (c >= '\t' && c <= '\r');
}

/* Answers the first unit that is no white space, given back. */
static int skip_blanks(struct scanner *s)
{
    int c = next_unit(s->source);

    while (is_blank(s, c))
        c = next_unit(s->source);
    give_back(s->source, c);
    return c;
}

static void read_size(struct scanner *s, struct field *f)
{
    static const struct {
        const char *word;
        enum size size;
    } sizes[] = {
        { "hh", SIZE_BYTE }, { "h", SIZE_SHORT },  { "ll", SIZE_64 },         { "l", SIZE_LONG },
        { "I64", SIZE_64 },  { "I32", SIZE_NONE }, { "I", SIZE_64 },          { "j", SIZE_64 },
        { "t", SIZE_64 },    { "z", SIZE_64 },     { "L", SIZE_LONG_DOUBLE }, { "w", SIZE_WIDE },
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (accept(s, sizes[i].word)) {
            f->size = sizes[i].size;
            return;
        }
    }
}

/* Behind "[": a bracket that comes first belongs to the set. */
static void read_set(struct scanner *s, struct field *f)
{
    f->is_inverted = accept(s, "^");
    f->set = s->at;
    if (format_unit(s, s->at) == ']')
        s->at++;
    while (format_unit(s, s->at) && format_unit(s, s->at) != ']')
        s->at++;
    f->set_end = s->at;
    if (format_unit(s, s->at))
        s->at++;
}

static bool is_in_set(const struct scanner *s, const struct field *f, int c)
{
    bool is_found = false;

    for (size_t i = f->set; i < f->set_end && !is_found; i++) {
        int first = format_unit(s, i), last = first;
        if (i + 2 < f->set_end && format_unit(s, i + 1) == '-') {
            last = format_unit(s, i + 2);
            i += 2;
        }
        is_found = first <= last ? c >= first && c <= last : c >= last && c <= first;
    }
    return is_found != f->is_inverted;
}

static struct field read_field(struct scanner *s)
{
    struct field f = { .width = SIZE_MAX };

    f.is_suppressed = accept(s, "*");
    for (int c = format_unit(s, s->at); c >= '0' && c <= '9'; c = format_unit(s, ++s->at)) {
        f.width = f.width == SIZE_MAX ? 0 : f.width;
        if (f.width < 1000000)
            f.width = f.width * 10 + (size_t)(c - '0');
    }
    f.width = f.width ? f.width : SIZE_MAX;
    read_size(s, &f);
    f.type = format_unit(s, s->at);
    if (f.type)
        s->at++;
    if (f.type == '[')
        read_set(s, &f);
    return f;
}

/* ---- numbers ---- */

static int digit_of(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 99;
}

static void store_integer(struct scanner *s, const struct field *f, uint64_t value)
{
    void *to = va_arg(s->args, void *);

    if (f->type == 'p' || f->size == SIZE_64)
        *(uint64_t *)to = value;
    else if (f->size == SIZE_BYTE)
        *(uint8_t *)to = (uint8_t)value;
    else if (f->size == SIZE_SHORT)
        *(uint16_t *)to = (uint16_t)value;
    else
        *(uint32_t *)to = (uint32_t)value; /* %ld too: a LONG */
}

static enum outcome scan_integer(struct scanner *s, const struct field *f)
{
    int base = f->type == 'd' || f->type == 'u' ? 10 : f->type == 'o' ? 8 : f->type == 'i' ? 0 : 16;
    size_t room = f->width;
    uint64_t value = 0;
    bool is_negative, has_digits = false;

    if (skip_blanks(s) == NO_MORE)
        return SOURCE_ENDED;
    int c = next_unit(s->source);
    is_negative = c == '-';
    if ((c == '-' || c == '+') && --room)
        c = next_unit(s->source);
    if (c == '0' && room && (base == 0 || base == 16)) {
        has_digits = true;
        c = --room ? next_unit(s->source) : NO_MORE;
        if ((c == 'x' || c == 'X') && room) {
            base = 16;
            has_digits = false;
            c = --room ? next_unit(s->source) : NO_MORE;
        } else if (base == 0) {
            base = 8;
        }
    }
    base = base ? base : 10;
    for (; room && digit_of(c) < base; c = --room ? next_unit(s->source) : NO_MORE) {
        value = value * (uint64_t)base + (uint64_t)digit_of(c);
        has_digits = true;
    }
    if (room)
        give_back(s->source, c);
    if (!has_digits)
        return MISMATCH;
    if (!f->is_suppressed)
        store_integer(s, f, is_negative ? 0 - value : value);
    return f->is_suppressed ? SKIPPED : STORED;
}

/* A number of %f as far as it has been read. */
struct floating {
    char text[512];
    size_t n;
    bool is_hex, has_point, has_exponent, has_digit;
};

static bool floating_takes(const struct floating *f, int c)
{
    const char last = f->n ? f->text[f->n - 1] : 0;
    const bool is_signed = f->n && (f->text[0] == '-' || f->text[0] == '+');

    if (c == '-' || c == '+')
        return !f->n || (f->has_exponent && strchr(f->is_hex ? "pP" : "eE", last));
    if (c == '.')
        return !f->has_point && !f->has_exponent;
    if (c == 'x' || c == 'X')
        return !f->is_hex && last == '0' && f->n == (is_signed ? 2u : 1u);
    if (f->is_hex && !f->has_exponent)
        return digit_of(c) < 16 || ((c == 'p' || c == 'P') && f->has_digit);
    if (c == 'e' || c == 'E')
        return f->has_digit && !f->has_exponent;
    return c >= '0' && c <= '9';
}

static void floating_add(struct floating *f, int c)
{
    if (c == 'x' || c == 'X') {
        f->is_hex = true;
        f->has_digit = false;
    } else if (c == '.') {
        f->has_point = true;
    } else if (c == 'p' || c == 'P' || (!f->is_hex && (c == 'e' || c == 'E'))) {
        f->has_exponent = true;
    } else if (c != '-' && c != '+') {
        f->has_digit = true;
    }
    f->text[f->n++] = (char)c;
}

/* The longest beginning that could be a number: sign, digits, a point, an exponent. False when it
 * is cut off or has no digit. */
static bool read_floating(struct scanner *s, size_t width, struct floating *f)
{
    while (f->n < width && f->n + 1 < sizeof(f->text)) {
        int c = next_unit(s->source);
        if (c == NO_MORE || !floating_takes(f, c)) {
            give_back(s->source, c);
            break;
        }
        floating_add(f, c);
    }
    f->text[f->n] = 0;
    char last = f->n ? f->text[f->n - 1] : 0;
    return f->has_digit && (last == '.' || digit_of(last) < (f->is_hex ? 16 : 10));
}

static enum outcome scan_floating(struct scanner *s, const struct field *f)
{
    struct floating read = { .n = 0 };
    const char *text = read.text;

    if (skip_blanks(s) == NO_MORE)
        return SOURCE_ENDED;
    if (!read_floating(s, f->width, &read))
        return MISMATCH;
    if (f->is_suppressed)
        return SKIPPED;
    void *to = va_arg(s->args, void *);
    if (f->size == SIZE_LONG_DOUBLE)
        *(long double *)to = strtold(text, NULL);
    else if (f->size == SIZE_LONG)
        *(double *)to = strtod(text, NULL);
    else
        *(float *)to = strtof(text, NULL);
    return STORED;
}

/* ---- text ---- */

struct units {
    ARRAY(wchar_t) wide; /* each unit of the source, also of a narrow one */
};

static bool is_wide_target(const struct scanner *s, const struct field *f)
{
    if (f->size == SIZE_SHORT)
        return false;
    if (f->size == SIZE_LONG || f->size == SIZE_WIDE)
        return true;
    return s->source->is_wide == (f->type == 's' || f->type == 'c' || f->type == '[');
}

/* Stores what was read, with a zero unless it is a %c. Answers false when there is no room. */
static bool store_text(struct scanner *s, const struct field *f, const struct units *read)
{
    const bool to_wide = is_wide_target(s, f), from_wide = s->source->is_wide;
    const bool is_characters = f->type == 'c' || f->type == 'C';
    size_t n = read->wide.count;
    void *to = va_arg(s->args, void *);
    size_t size = s->is_checked ? va_arg(s->args, unsigned) : SIZE_MAX;
    auto_free char *narrow = mem_alloc(n + 1);

    for (size_t i = 0; i < n; i++)
        narrow[i] = (char)read->wide.items[i];
    narrow[n] = 0;
    auto_free char *utf8 = from_wide ? utf8_from_utf16_n(read->wide.items, n) : NULL;
    auto_free wchar_t *utf16 = from_wide ? NULL : utf16_from_utf8(narrow);
    const wchar_t *wide = from_wide ? read->wide.items : utf16;
    const char *bytes = from_wide ? utf8 : narrow;
    size_t length = to_wide == from_wide ? n : to_wide ? utf16_length(wide) : strlen(bytes);
    bool fits = length + (is_characters ? 0 : 1) <= size;

    if (size && to_wide) {
        if (fits && length)
            memcpy(to, wide, length * sizeof(wchar_t));
        if (!fits || !is_characters)
            ((wchar_t *)to)[fits ? length : 0] = 0;
    } else if (size) {
        if (fits)
            memcpy(to, bytes, length);
        if (!fits || !is_characters)
            ((char *)to)[fits ? length : 0] = 0;
    }
    if (!fits)
        errno = ENOMEM;
    return fits;
}

static bool belongs(const struct scanner *s, const struct field *f, int c)
{
    if (c == NO_MORE || f->type == 'c' || f->type == 'C')
        return c != NO_MORE;
    return f->type == '[' ? is_in_set(s, f, c) : !is_blank(s, c);
}

static enum outcome scan_text(struct scanner *s, const struct field *f)
{
    const bool is_characters = f->type == 'c' || f->type == 'C';
    size_t room = is_characters && f->width == SIZE_MAX ? 1 : f->width;
    struct units read = { 0 };
    enum outcome outcome = f->is_suppressed ? SKIPPED : STORED;

    if (f->type == 's' || f->type == 'S')
        skip_blanks(s);
    int c = next_unit(s->source);
    bool has_ended = c == NO_MORE;
    for (; belongs(s, f, c); c = next_unit(s->source)) {
        array_add(&read.wide, (wchar_t)c);
        if (!--room)
            break;
    }
    if (room)
        give_back(s->source, c);
    if (has_ended)
        outcome = SOURCE_ENDED;
    else if (!read.wide.count)
        outcome = MISMATCH;
    else if (!f->is_suppressed && !store_text(s, f, &read))
        outcome = MISMATCH;
    array_free(&read.wide);
    return outcome;
}

/* ---- all together ---- */

static enum outcome scan_field(struct scanner *s)
{
    struct field f = read_field(s);

    switch (f.type) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
    case 'p':
        return scan_integer(s, &f);
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
    case 'a':
        return scan_floating(s, &f);
    case 's':
    case 'S':
    case 'c':
    case 'C':
    case '[':
        return scan_text(s, &f);
    case 'n':
        if (!f.is_suppressed)
            store_integer(s, &f, s->source->at);
        return PASSED;
    default: { /* %% and letters without a meaning stand for themselves */
        int c = next_unit(s->source);
        if (c == f.type)
            return PASSED;
        give_back(s->source, c);
        return c == NO_MORE ? SOURCE_ENDED : MISMATCH;
    }
    }
}

int crt_scan(struct scan_source *source, bool is_checked, const void *format, va_list args)
{
    struct scanner s = { .source = source, .format = format, .is_checked = is_checked };
    enum outcome outcome = PASSED;
    bool has_converted = false;
    int n_stored = 0;

    va_copy(s.args, args);
    while (format_unit(&s, s.at) && outcome <= PASSED) {
        int c = format_unit(&s, s.at);
        if (is_blank(&s, c)) {
            skip_blanks(&s);
            s.at++;
        } else if (accept(&s, "%")) {
            outcome = scan_field(&s);
            n_stored += outcome == STORED;
            has_converted = has_converted || outcome <= SKIPPED;
        } else {
            int found = next_unit(source);
            if (found != c) {
                give_back(source, found);
                outcome = found == NO_MORE && !has_converted ? SOURCE_ENDED : MISMATCH;
            }
            s.at++;
        }
    }
    va_end(s.args);
    return outcome == SOURCE_ENDED && !has_converted ? EOF : n_stored;
}
