/* SPDX-License-Identifier: MIT */
/* FormatMessage (Learn: "FormatMessageW"): system texts and callers' strings, with insertions.
 * Module messages are the system's: libvssapi has one table. */
#include "fakes/windows/message.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_INSERTS 99

struct inserts {
    bool are_wide;          /* what %1 without a format is */
    const DWORD_PTR *array; /* FORMAT_MESSAGE_ARGUMENT_ARRAY */
    va_list *list;
    DWORD_PTR read[N_INSERTS]; /* of the list, as far as it was read */
    unsigned n_read;
};

static DWORD_PTR insert(struct inserts *inserts, unsigned number)
{
    if (inserts->array)
        return inserts->array[number - 1];
    while (inserts->list && inserts->n_read < number)
        inserts->read[inserts->n_read++] = va_arg(*inserts->list, DWORD_PTR);
    return inserts->list ? inserts->read[number - 1] : 0;
}

static void add_text(struct str *out, const char *options, DWORD_PTR value, bool is_wide)
{
    auto_free char *converted = is_wide ? utf8_from_utf16((const uint16_t *)value) : NULL;
    const char *text = is_wide ? converted : (const char *)value;
    int width = atoi(*options == '-' ? options + 1 : options);
    const char *dot = strchr(options, '.');
    int precision = dot ? atoi(dot + 1) : -1;

    str_addf(out, "%*.*s", *options == '-' ? -width : width, precision, text ? text : "(null)");
}

/* "!...!" behind a number: a printf format of one conversion, 32 bits unless it says 64. */
static void add_formatted(struct str *out, const char *format, size_t length, DWORD_PTR value,
                          bool default_wide)
{
    char options[16] = "", spec[32];
    size_t n = 0;

    while (n < length && n < sizeof(options) - 1 && strchr("-+ #.0123456789", format[n])) {
        options[n] = format[n];
        n++;
    }
    const char *size = format + n;
    size_t rest = length - n;
    bool is_64 = rest > 3 && (strncmp(size, "I64", 3) == 0 || strncmp(size, "ll", 2) == 0);
    bool is_narrow = rest && *size == 'h', is_long = rest && (*size == 'l' || *size == 'w');
    char type = length ? format[length - 1] : 's';

    if (rest > 2 && strncmp(size, "ll", 2) == 0)
        is_64 = true;
    if (type == 's' || type == 'S') {
        bool is_wide = type == 's' ? default_wide : !default_wide;
        add_text(out, options, value, is_narrow ? false : is_long ? true : is_wide);
    } else if (type == 'c' || type == 'C') {
        str_addf(out, "%c", (int)value);
    } else if (type == 'p') {
        str_addf(out, "%016llX", (unsigned long long)value);
    } else if (strchr("diuxXo", type)) {
        unsigned long long number = is_64 ? value : (uint32_t)value;
        if (!is_64 && (type == 'd' || type == 'i'))
            number = (unsigned long long)(long long)(int32_t)value;
        snprintf(spec, sizeof(spec), "%%%sll%c", options, type);
        char text[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof(text), spec, number);
#pragma GCC diagnostic pop
        str_add(out, text);
    }
}

/* Behind "%" and a digit; answers where the text goes on. */
static const char *add_insert(struct str *out, const char *at, struct inserts *inserts)
{
    unsigned number = (unsigned)(*at++ - '0');

    if (isdigit((unsigned char)*at))
        number = number * 10 + (unsigned)(*at++ - '0');
    const char *end = *at == '!' ? strchr(at + 1, '!') : NULL;
    DWORD_PTR value = insert(inserts, number);
    if (!end) {
        add_text(out, "", value, inserts->are_wide);
        return at;
    }
    add_formatted(out, at + 1, (size_t)(end - at - 1), value, inserts->are_wide);
    return end + 1;
}

/* The caller frees. ignore: insertions stay as they are. */
static char *format_text(const char *text, bool ignore, struct inserts *inserts)
{
    struct str out = { 0 };

    while (*text) {
        char next = text[1];

        if (*text == '\n') {
            str_add(&out, out.length && out.text[out.length - 1] == '\r' ? "\n" : "\r\n");
            text++;
        } else if (*text != '%' || !next) {
            str_add_char(&out, *text++);
        } else if (next == '0') {
            break;
        } else if (next >= '1' && next <= '9' && !ignore) {
            text = add_insert(&out, text + 1, inserts);
        } else if (ignore && next >= '1' && next <= '9') {
            str_add_bytes(&out, text, 2);
            text += 2;
        } else {
            str_add(&out, next == 'n'   ? "\r\n"
                          : next == 'r' ? "\r"
                          : next == 't' ? "\t"
                                        : (char[]){ next, 0 });
            text += 2;
        }
    }
    return str_take(&out);
}

/* With a width, line ends become blanks. */
static void join_lines(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (*from != '\r' && *from != '\n')
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    *to = 0;
}

/* The finished text, or NULL with the last error set. source: UTF-8, for FROM_STRING. */
static char *make_message(DWORD flags, const char *source, DWORD code, struct inserts *inserts)
{
    auto_free char *system = NULL;
    bool ignore = flags & FORMAT_MESSAGE_IGNORE_INSERTS;

    if (!(flags & FORMAT_MESSAGE_FROM_STRING)) {
        const char *text = message_of_code(code);
        if (!(flags & (FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_HMODULE))) {
            SetLastError(ERROR_INVALID_PARAMETER);
            return NULL;
        }
        if (!text) {
            SetLastError(ERROR_MR_MID_NOT_FOUND);
            return NULL;
        }
        source = system = str_printf("%s\r\n", text);
    }
    if (!source) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    char *message = format_text(source, ignore, inserts);
    if (flags & FORMAT_MESSAGE_MAX_WIDTH_MASK)
        join_lines(message);
    return message;
}

static void set_arguments(struct inserts *inserts, DWORD flags, va_list *arguments)
{
    if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
        inserts->array = (const DWORD_PTR *)arguments;
    else
        inserts->list = arguments;
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD code, DWORD language, LPWSTR buffer,
                            DWORD size, va_list *arguments)
{
    struct inserts inserts = { .are_wide = true };
    auto_free char *format = flags & FORMAT_MESSAGE_FROM_STRING ? utf8_from_utf16(source) : NULL;

    (void)language;
    set_arguments(&inserts, flags, arguments);
    auto_free char *message = make_message(flags, format, code, &inserts);
    if (!message)
        return 0;
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        uint16_t *wide = utf16_from_utf8(message);
        size_t length = utf16_length(wide), least = size > length + 1 ? size : length + 1;
        *(WCHAR **)(void *)buffer = mem_realloc(wide, least * sizeof(WCHAR));
        return (DWORD)length;
    }
    DWORD length = wide_fill(message, buffer, size);
    if (length < size)
        return length;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return 0;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD code, DWORD language, LPSTR buffer,
                            DWORD size, va_list *arguments)
{
    struct inserts inserts = { .are_wide = false };
    const char *format = flags & FORMAT_MESSAGE_FROM_STRING ? source : NULL;

    (void)language;
    set_arguments(&inserts, flags, arguments);
    auto_free char *message = make_message(flags, format, code, &inserts);
    if (!message)
        return 0;
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        size_t length = strlen(message), least = size > length + 1 ? size : length + 1;
        char *text = mem_alloc(least);
        memcpy(text, message, length);
        *(char **)(void *)buffer = text;
        return (DWORD)length;
    }
    DWORD length = narrow_fill(message, buffer, size);
    if (length < size)
        return length;
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return 0;
}
