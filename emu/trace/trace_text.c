/* SPDX-License-Identifier: MIT */
/* See trace_text.h. The widths fit the longest names of the protocol. A longer "who" is cut,
 * anything else that is longer shifts the rest of its line and loses nothing. */
#include "emu/trace/trace_text.h"

#include "emu/base/cleanup.h"
#include "emu/com/hresult.h"

#include <inttypes.h>
#include <string.h>

#define TIME_WIDTH   11
#define WHO_WIDTH    22
#define WHAT_WIDTH   24
#define STATE_WIDTH  56
#define RESULT_WIDTH 20

#define COLOUR_DIM   "\033[2m"
#define COLOUR_BOLD  "\033[1m"
#define COLOUR_RED   "\033[31m"
#define COLOUR_GREEN "\033[32m"
#define COLOUR_END   "\033[0m"

/* Columns on the screen, taking each UTF-8 sequence as one. */
static size_t columns_of(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* The first line only. */
static void add_clean(struct str *out, const char *text)
{
    for (; *text && *text != '\n'; text++)
        str_add_char(out, (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text);
}

/* One column, filled up with blanks to its width. The blanks of a line's end go in the end. */
static void add_column(struct str *out, const char *text, size_t width, const char *colour)
{
    if (*text && colour)
        str_add(out, colour);
    add_clean(out, text);
    if (*text && colour)
        str_add(out, COLOUR_END);
    for (size_t n = columns_of(text); n < width; n++)
        str_add_char(out, ' ');
    str_add_char(out, ' ');
}

/* Bytes of the first n columns. */
static int bytes_of(const char *text, size_t n)
{
    int i = 0;

    for (; text[i]; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && n-- == 0)
            break;
    }
    return i;
}

/* Who it was; the trace itself has the whole name. */
static void add_who(struct str *out, const char *who)
{
    auto_free char *cut = NULL;

    if (columns_of(who) > WHO_WIDTH)
        who = cut = str_printf("%.*s\u2026", bytes_of(who, WHO_WIDTH - 1), who);
    add_column(out, who, WHO_WIDTH, NULL);
}

static void end_line(struct str *out)
{
    while (out->length && out->text[out->length - 1] == ' ')
        out->text[--out->length] = 0;
    str_add_char(out, '\n');
}

static char *states_of(const struct trace_record *record)
{
    if (record->call || record->object)
        return str_printf("%s%s%s", record->call ? record->call : "",
                          record->call && record->object ? ": " : "",
                          record->object ? record->object : "");
    if (!record->before || !record->after || str_is_equal(record->before, record->after))
        return str_printf("%s", record->after    ? record->after
                                : record->before ? record->before
                                                 : "");
    return str_printf("%s -> %s", record->before, record->after);
}

void trace_text_add_heading(struct str *out, const struct trace_text_style *style)
{
    const char *colour = style->has_colours ? COLOUR_BOLD : NULL;

    str_addf(out, "%*s ", TIME_WIDTH, "seconds");
    add_column(out, "who", WHO_WIDTH, colour);
    add_column(out, "event", WHAT_WIDTH, colour);
    add_column(out, "state before -> after", STATE_WIDTH, colour);
    add_column(out, "result", RESULT_WIDTH, colour);
    end_line(out);
}

/* A list of threads, each on a line of its own. */
static void add_further_lines(struct str *out, const char *text)
{
    const char *line = text ? strchr(text, '\n') : NULL;

    for (; line && line[1]; line = strchr(line + 1, '\n')) {
        str_addf(out, "%*s", TIME_WIDTH + 1, "");
        add_clean(out, line + 1);
        end_line(out);
    }
}

void trace_text_add_record(struct str *out, const struct trace_record *record,
                           const struct trace_text_style *style)
{
    bool colours = style->has_colours;
    bool is_bad = record->has_result && FAILED(record->result);
    char *states = states_of(record);

    str_addf(out, "%*" PRId64 ".%06" PRId64 " ", TIME_WIDTH - 7, record->at_ns / 1000000000,
             record->at_ns % 1000000000 / 1000);
    add_who(out, record->who ? record->who : "");
    add_column(out, record->what ? record->what : "", WHAT_WIDTH, colours ? COLOUR_BOLD : NULL);
    add_column(out, states, STATE_WIDTH, colours && strstr(states, "FAILED") ? COLOUR_RED : NULL);
    add_column(out, record->has_result ? HRESULT_NAME(record->result) : "", RESULT_WIDTH,
               !colours ? NULL
               : is_bad ? COLOUR_RED
                        : COLOUR_GREEN);
    if (record->detail)
        add_column(out, record->detail, 0, colours ? COLOUR_DIM : NULL);
    end_line(out);
    if (record->kind != TRACE_LOG)
        add_further_lines(out, record->detail);
    free(states);
}
