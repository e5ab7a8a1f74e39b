/* SPDX-License-Identifier: MIT */
#include "fakes/windows/crt/format.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum size { SIZE_NONE, SIZE_BYTE, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_LONG_DOUBLE, SIZE_WIDE };

/* One %-specification. */
struct directive {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    enum size size;
    unsigned type;
};

struct reader {
    const void *format;
    bool is_wide;
    size_t at;
    va_list args;
};

static unsigned unit_at(const struct reader *r, size_t i)
{
    return r->is_wide ? ((const wchar_t *)r->format)[i] : ((const unsigned char *)r->format)[i];
}

static unsigned peek(const struct reader *r)
{
    return unit_at(r, r->at);
}

static bool accept(struct reader *r, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i < n; i++)
        if (unit_at(r, r->at + i) != (unsigned char)word[i])
            return false;
    r->at += n;
    return true;
}

static void add_unit(struct crt_text *t, unsigned unit)
{
    if (t->is_wide)
        array_add(&t->wide, (wchar_t)unit);
    else
        str_add_char(&t->narrow, (char)unit);
}

static void add_repeated(struct crt_text *t, char c, int n)
{
    while (n-- > 0)
        add_unit(t, (unsigned char)c);
}

static void add_ascii(struct crt_text *t, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_unit(t, (unsigned char)s[i]);
}

static int read_number(struct reader *r)
{
    int n = 0;

    while (peek(r) >= '0' && peek(r) <= '9') {
        if (n < 100000)
            n = n * 10 + (int)(peek(r) - '0');
        r->at++;
    }
    return n;
}

static void read_flags(struct reader *r, struct directive *d)
{
    for (;; r->at++) {
        switch (peek(r)) {
        case '-':
            d->left = true;
            break;
        case '+':
            d->plus = true;
            break;
        case ' ':
            d->space = true;
            break;
        case '#':
            d->alternate = true;
            break;
        case '0':
            d->zero = true;
            break;
        default:
            return;
        }
    }
}

static void read_width_and_precision(struct reader *r, struct directive *d)
{
    if (accept(r, "*")) {
        d->width = va_arg(r->args, int);
        if (d->width < 0) {
            d->left = true;
            d->width = -d->width;
        }
    } else {
        d->width = read_number(r);
    }
    d->precision = -1;
    if (!accept(r, "."))
        return;
    if (accept(r, "*"))
        d->precision = va_arg(r->args, int);
    else
        d->precision = read_number(r);
}

static void read_size(struct reader *r, struct directive *d)
{
    static const struct {
        const char *word;
        enum size size;
    } sizes[] = {
        { "hh", SIZE_BYTE }, { "h", SIZE_SHORT },  { "ll", SIZE_64 },         { "l", SIZE_LONG },
        { "I64", SIZE_64 },  { "I32", SIZE_LONG }, { "I", SIZE_64 },          { "j", SIZE_64 },
        { "t", SIZE_64 },    { "z", SIZE_64 },     { "L", SIZE_LONG_DOUBLE }, { "w", SIZE_WIDE },
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (accept(r, sizes[i].word)) {
            d->size = sizes[i].size;
            return;
        }
    }
}

/* Pads text of n units, which add() adds, to the width. */
static void add_padding(struct crt_text *t, const struct directive *d, size_t n, bool is_before)
{
    if (d->width > 0 && n < (size_t)d->width && is_before != d->left)
        add_repeated(t, is_before && d->zero ? '0' : ' ', d->width - (int)n);
}

/* ---- numbers ---- */

static uint64_t read_integer(struct reader *r, const struct directive *d, bool is_signed)
{
    if (d->size == SIZE_64)
        return va_arg(r->args, uint64_t);
    unsigned value = va_arg(r->args, unsigned);
    switch (d->size) {
    case SIZE_BYTE:
        return is_signed ? (uint64_t)(int8_t)value : (uint8_t)value;
    case SIZE_SHORT:
        return is_signed ? (uint64_t)(int16_t)value : (uint16_t)value;
    default:
        return is_signed ? (uint64_t)(int64_t)(int32_t)value : value;
    }
}

/* Writes value's digits before end, answers how many; none for 0. */
static size_t digits_before(char *end, uint64_t value, unsigned base, bool is_upper)
{
    const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char *p = end;

    for (; value; value /= base)
        *--p = digits[value % base];
    return (size_t)(end - p);
}

static void add_number(struct crt_text *t, struct directive *d, const char *prefix, uint64_t value,
                       unsigned base, bool is_upper)
{
    char digits[72];
    char *end = digits + sizeof(digits);
    size_t n = digits_before(end, value, base, is_upper);
    size_t n_prefix = strlen(prefix);
    size_t n_zeros = 0;

    if (d->precision >= 0)
        n_zeros = (size_t)d->precision > n ? (size_t)d->precision - n : 0;
    else if (n == 0)
        n_zeros = 1;
    if (d->alternate && base == 8 && n_zeros == 0)
        n_zeros = 1;
    size_t total = n_prefix + n_zeros + n;
    if (d->zero && !d->left && d->precision < 0 && d->width > 0 && total < (size_t)d->width) {
        n_zeros += (size_t)d->width - total;
        total = (size_t)d->width;
    }
    d->zero = false;
    add_padding(t, d, total, true);
    add_ascii(t, prefix, n_prefix);
    add_repeated(t, '0', (int)n_zeros);
    add_ascii(t, end - n, n);
    add_padding(t, d, total, false);
}

static void format_signed(struct crt_text *t, struct reader *r, struct directive *d)
{
    int64_t value = (int64_t)read_integer(r, d, true);
    const char *sign = value < 0 ? "-" : d->plus ? "+" : d->space ? " " : "";

    add_number(t, d, sign, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, false);
}

static void format_unsigned(struct crt_text *t, struct reader *r, struct directive *d)
{
    unsigned base = d->type == 'o' ? 8 : d->type == 'u' ? 10 : 16;
    uint64_t value = read_integer(r, d, false);
    const char *prefix = "";

    if (d->alternate && base == 16 && value)
        prefix = d->type == 'X' ? "0X" : "0x";
    add_number(t, d, prefix, value, base, d->type == 'X');
}

static void format_pointer(struct crt_text *t, struct reader *r, struct directive *d)
{
    d->precision = 16;
    add_number(t, d, "", (uintptr_t)va_arg(r->args, void *), 16, true);
}

static void format_double(struct crt_text *t, struct reader *r, struct directive *d)
{
    char spec[16];
    auto_free char *text = NULL;

    snprintf(spec, sizeof(spec), "%%%s%s%s%s%s*.*%s%c", d->left ? "-" : "", d->plus ? "+" : "",
             d->space ? " " : "", d->alternate ? "#" : "", d->zero ? "0" : "",
             d->size == SIZE_LONG_DOUBLE ? "L" : "", (int)d->type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (d->size == SIZE_LONG_DOUBLE)
        text = str_printf(spec, d->width, d->precision, va_arg(r->args, long double));
    else
        text = str_printf(spec, d->width, d->precision, va_arg(r->args, double));
#pragma GCC diagnostic pop
    add_ascii(t, text, strlen(text));
}

/* ---- text ---- */

static bool is_wide_argument(const struct crt_text *t, const struct directive *d)
{
    if (d->size == SIZE_SHORT)
        return false;
    if (d->size == SIZE_LONG || d->size == SIZE_WIDE)
        return true;
    return t->is_wide == (d->type == 's' || d->type == 'c');
}

static void add_wide(struct crt_text *t, const struct directive *d, const wchar_t *s, size_t n)
{
    auto_free char *bytes = t->is_wide ? NULL : utf8_from_utf16_n(s, n);
    size_t total = bytes ? strlen(bytes) : n;

    add_padding(t, d, total, true);
    for (size_t i = 0; i < total; i++)
        add_unit(t, bytes ? (unsigned char)bytes[i] : s[i]);
    add_padding(t, d, total, false);
}

static void add_narrow(struct crt_text *t, const struct directive *d, const char *s, size_t n)
{
    auto_free char *copy = str_printf("%.*s", (int)n, s);
    auto_free wchar_t *units = t->is_wide ? utf16_from_utf8(copy) : NULL;
    size_t total = units ? utf16_length(units) : n;

    add_padding(t, d, total, true);
    for (size_t i = 0; i < total; i++)
        add_unit(t, units ? units[i] : (unsigned char)s[i]);
    add_padding(t, d, total, false);
}

static void format_string(struct crt_text *t, struct reader *r, const struct directive *d)
{
    const void *s = va_arg(r->args, const void *);
    size_t limit = d->precision < 0 ? SIZE_MAX : (size_t)d->precision, n = 0;

    if (!s) {
        add_narrow(t, d, "(null)", limit < 6 ? limit : 6);
    } else if (is_wide_argument(t, d)) {
        while (n < limit && ((const wchar_t *)s)[n])
            n++;
        add_wide(t, d, s, n);
    } else {
        while (n < limit && ((const char *)s)[n])
            n++;
        add_narrow(t, d, s, n);
    }
}

static void format_char(struct crt_text *t, struct reader *r, const struct directive *d)
{
    int value = va_arg(r->args, int);
    wchar_t wide = (wchar_t)value;

    if (is_wide_argument(t, d) != t->is_wide && wide > 0x7f && t->is_wide)
        wide = 0xfffd; /* one byte is no character of UTF-8 */
    if (!is_wide_argument(t, d) && !t->is_wide) {
        add_padding(t, d, 1, true);
        add_unit(t, (unsigned char)value);
        add_padding(t, d, 1, false);
    } else {
        add_wide(t, d, &wide, 1);
    }
}

/* Answers whether the letter means something. */
static bool format_directive(struct crt_text *t, struct reader *r, struct directive *d)
{
    switch (d->type) {
    case 'd':
    case 'i':
        format_signed(t, r, d);
        return true;
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        format_unsigned(t, r, d);
        return true;
    case 'p':
        format_pointer(t, r, d);
        return true;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        format_double(t, r, d);
        return true;
    case 's':
    case 'S':
        format_string(t, r, d);
        return true;
    case 'c':
    case 'C':
        format_char(t, r, d);
        return true;
    case 'n': /* switched off, as on Windows */
        (void)va_arg(r->args, void *);
        return true;
    default:
        return false;
    }
}

void crt_format(struct crt_text *t, const void *format, va_list args)
{
    struct reader r = { .format = format, .is_wide = t->is_wide };

    va_copy(r.args, args);
    while (peek(&r)) {
        if (!accept(&r, "%")) {
            add_unit(t, peek(&r));
            r.at++;
            continue;
        }
        struct directive d = { 0 };
        read_flags(&r, &d);
        read_width_and_precision(&r, &d);
        read_size(&r, &d);
        d.type = peek(&r);
        if (!d.type)
            break;
        r.at++;
        if (!format_directive(t, &r, &d))
            add_unit(t, d.type); /* %% and letters without a meaning */
    }
    va_end(r.args);
}

size_t crt_text_length(const struct crt_text *t)
{
    return t->is_wide ? t->wide.count : t->narrow.length;
}

void crt_text_free(struct crt_text *t)
{
    array_free(&t->wide);
    str_free(&t->narrow);
}
