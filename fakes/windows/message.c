/* SPDX-License-Identifier: MIT */
/* FormatMessage (Learn: "FormatMessageW"): system texts and callers' strings, inserts, escapes and
 * widths. The work is done in UTF-16; inserts are formatted by the C library's printf, whose
 * conversions are the same. Module messages are the system's: libvssapi has one table. */
#include "fakes/windows/message.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/crt/format.h"
#include "fakes/windows/last_error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define N_INSERTS  99
#define MAX_FORMAT 32

struct composer {
    struct crt_text out;
    bool are_wide; /* what %1 without a format is */
    bool has_width;
    const DWORD_PTR *array; /* FORMAT_MESSAGE_ARGUMENT_ARRAY */
    va_list *list;
    DWORD_PTR read[N_INSERTS + 2]; /* of the list, as far as it was read */
    unsigned n_read;
};

static DWORD_PTR insert(struct composer *c, unsigned number)
{
    if (c->array)
        return c->array[number - 1];
    while (c->n_read < number && c->n_read < N_INSERTS + 2)
        c->read[c->n_read++] = va_arg(*c->list, DWORD_PTR);
    return c->read[number - 1];
}

static void add(struct composer *c, WCHAR unit)
{
    array_add(&c->out.wide, unit);
}

static void add_ascii(struct composer *c, const char *text)
{
    for (; *text; text++)
        add(c, (WCHAR)*text);
}

static void print(struct crt_text *out, const WCHAR *format, ...)
{
    va_list args;

    va_start(args, format);
    crt_format(out, format, args);
    va_end(args);
}

/* A printf format of one conversion, from what stands between the exclamation marks, without them.
 * In FormatMessageA a bare %s is narrow, which the wide printf calls %hs. */
static void make_format(const struct composer *c, const WCHAR *from, size_t n, WCHAR *format)
{
    WCHAR type = n ? from[n - 1] : 's', size = n > 1 ? from[n - 2] : 0;
    size_t at = 0;

    format[at++] = '%';
    for (size_t i = 0; i + 1 < n; i++)
        format[at++] = from[i];
    bool is_sized = size == 'h' || size == 'l' || size == 'w';
    if (!c->are_wide && !is_sized && strchr("sScC", (char)type)) {
        format[at++] = type == 's' || type == 'c' ? 'h' : 'l';
        type = type == 'S' ? 's' : type == 'C' ? 'c' : type;
    }
    format[at++] = type;
    format[at] = 0;
}

/* Behind "%" and its number, at; answers where the text goes on, NULL if a format does not end.
 * Each star of a format takes an insert that stands before the value's. */
static const WCHAR *add_insert(struct composer *c, const WCHAR *at, unsigned number)
{
    const WCHAR *end = at;
    WCHAR format[MAX_FORMAT + 3];
    unsigned n_stars = 0;

    if (*at == '!') {
        for (end = ++at; *end && *end != '!'; end++)
            n_stars += *end == '*';
        if (!*end || end - at >= MAX_FORMAT - 2)
            return NULL;
    }
    make_format(c, at, (size_t)(end - at), format);
    if (n_stars > 1)
        print(&c->out, format, (int)insert(c, number), (int)insert(c, number + 1),
              insert(c, number + 2));
    else if (n_stars)
        print(&c->out, format, (int)insert(c, number), insert(c, number + 1));
    else
        print(&c->out, format, insert(c, number));
    return *end == '!' ? end + 1 : end;
}

/* A line end of the text: with a width no more than a blank. */
static const WCHAR *add_line_end(struct composer *c, const WCHAR *at)
{
    add_ascii(c, c->has_width ? " " : "\r\n");
    return at + (at[0] == '\r' && at[1] == '\n' ? 2 : 1);
}

/* An escape that begins at a "%"; answers where the text goes on, NULL for an error. */
static const WCHAR *add_escape(struct composer *c, const WCHAR *at, bool ignore)
{
    WCHAR next = at[1];

    if (!next)
        return NULL;
    if (next >= '1' && next <= '9' && !ignore) {
        unsigned number = next - '0';
        at += 2;
        if (*at >= '0' && *at <= '9')
            number = number * 10 + (unsigned)(*at++ - '0');
        return c->list || c->array ? add_insert(c, at, number) : NULL;
    }
    if (next == 'n')
        add_ascii(c, "\r\n");
    else if (next == 'r' || next == 't')
        add(c, next == 'r' ? '\r' : '\t');
    else if (ignore && (next == '%' || (next >= '1' && next <= '9')))
        add(c, '%'), add(c, next);
    else
        add(c, next);
    return at + 2;
}

static bool compose(struct composer *c, const WCHAR *at, bool ignore)
{
    while (at && *at) {
        if (*at == '\r' || *at == '\n') {
            at = add_line_end(c, at);
        } else if (*at == '%' && at[1] == '0') {
            break;
        } else if (*at == '%') {
            at = add_escape(c, at, ignore);
        } else {
            add(c, *at++);
        }
    }
    if (!at)
        SetLastError(ERROR_INVALID_PARAMETER);
    return at != NULL;
}

/* Breaks lines at the last blank before they grow longer than width. */
static void wrap(struct composer *c, size_t width)
{
    struct crt_text wrapped = { .is_wide = true };
    size_t line = 0, blank = 0; /* where in wrapped the line begins, and its last blank is */

    for (size_t i = 0; i < c->out.wide.count; i++) {
        WCHAR unit = c->out.wide.items[i];
        array_add(&wrapped.wide, unit);
        size_t end = wrapped.wide.count;
        if (unit == '\n')
            line = blank = end;
        else if (unit == ' ')
            blank = end;
        if (unit == ' ' || end - line <= width || blank <= line)
            continue;
        array_add(&wrapped.wide, (WCHAR)0);
        memmove(wrapped.wide.items + blank + 1, wrapped.wide.items + blank,
                (end - blank) * sizeof(WCHAR));
        wrapped.wide.items[blank - 1] = '\r';
        wrapped.wide.items[blank] = '\n';
        line = blank = blank + 1;
    }
    crt_text_free(&c->out);
    c->out = wrapped;
}

/* The text to work on; NULL with the last error set. The caller frees. */
static WCHAR *source_text(DWORD flags, LPCVOID source, DWORD code, bool is_wide)
{
    if (flags & FORMAT_MESSAGE_FROM_STRING) {
        auto_free char *utf8 = is_wide  ? utf8_from_utf16(source)
                               : source ? mem_strdup(source)
                                        : NULL;
        if (!utf8)
            SetLastError(ERROR_INVALID_PARAMETER);
        return (WCHAR *)utf16_from_utf8(utf8);
    }
    if (!(flags & (FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_HMODULE))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    const char *text = message_of_code(code);
    if (!text) {
        SetLastError(ERROR_MR_MID_NOT_FOUND);
        return NULL;
    }
    auto_free char *line = str_printf("%s\r\n", text);
    return (WCHAR *)utf16_from_utf8(line);
}

/* The finished text, or NULL with the last error set. The caller frees. */
static WCHAR *make_message(DWORD flags, LPCVOID source, DWORD code, va_list *arguments,
                           bool is_wide)
{
    auto_free WCHAR *text = source_text(flags, source, code, is_wide);
    struct composer c = { .out.is_wide = true, .are_wide = is_wide };
    DWORD width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK;

    if (!text)
        return NULL;
    c.has_width = width != 0;
    if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
        c.array = (const DWORD_PTR *)arguments;
    else
        c.list = arguments;
    bool is_good = compose(&c, text, flags & FORMAT_MESSAGE_IGNORE_INSERTS);
    if (is_good && !c.out.wide.count) {
        SetLastError(ERROR_NO_WORK_DONE);
        is_good = false;
    }
    if (is_good && width && width != FORMAT_MESSAGE_MAX_WIDTH_MASK)
        wrap(&c, width);
    add(&c, 0);
    if (is_good)
        return c.out.wide.items; /* an array's items are one block of malloc */
    crt_text_free(&c.out);
    return NULL;
}

/* Gives n units of the size unit, with the zero, to the caller's buffer or to one of its own. */
static DWORD give(DWORD flags, const void *text, size_t n, size_t unit, void *buffer, DWORD size)
{
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        void *made = mem_alloc((n > size ? n : size) * unit);
        memcpy(made, text, n * unit);
        *(void **)buffer = made;
        return (DWORD)n - 1;
    }
    if (n > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    memcpy(buffer, text, n * unit);
    return (DWORD)n - 1;
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD code, DWORD language, LPWSTR buffer,
                            DWORD size, va_list *arguments)
{
    (void)language;
    if (!buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    auto_free WCHAR *message = make_message(flags, source, code, arguments, true);
    return message ? give(flags, message, utf16_length((uint16_t *)message) + 1, sizeof(WCHAR),
                          buffer, size)
                   : 0;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD code, DWORD language, LPSTR buffer,
                            DWORD size, va_list *arguments)
{
    (void)language;
    if (!buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    auto_free WCHAR *message = make_message(flags, source, code, arguments, false);
    auto_free char *narrow = utf8_from_utf16((uint16_t *)message);
    return narrow ? give(flags, narrow, strlen(narrow) + 1, 1, buffer, size) : 0;
}
