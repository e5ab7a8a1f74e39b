/* SPDX-License-Identifier: MIT */
/* See trace_lanes.h. */
#include "emu/trace/trace_lanes.h"

#include "emu/base/cleanup.h"
#include "emu/com/hresult.h"

#include <inttypes.h>
#include <string.h>

#define TIME_COLUMNS 13
#define LANE_WIDEST  28
#define LANE_LEAST   12

#define COLOUR_RED  "\033[31m"
#define COLOUR_BOLD "\033[1m"
#define COLOUR_END  "\033[0m"

struct lane {
    const char *who;
    bool is_inside; /* the thick line */
};

struct lanes {
    const struct trace_lanes_options *options;
    struct str *out;
    ARRAY(struct lane) items;
    size_t width; /* of one */
};

static size_t columns_of(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* One cell, cut or filled up; and a blank. */
static void add_cell(struct lanes *lanes, const char *text, const char *colour)
{
    size_t room = lanes->width, n = columns_of(text);
    bool is_cut = n > room;

    if (colour && lanes->options->has_colours)
        str_add(lanes->out, colour);
    for (size_t done = 0; *text; text++) {
        bool begins = ((unsigned char)*text & 0xC0) != 0x80;

        if (begins && is_cut && done == room - 1)
            break;
        done += begins;
        str_add_char(lanes->out, (unsigned char)*text < 0x20 ? '?' : *text);
    }
    if (is_cut)
        str_add(lanes->out, lanes->options->is_ascii ? "~" : "\u2026");
    if (colour && lanes->options->has_colours)
        str_add(lanes->out, COLOUR_END);
    for (; n < room; n++)
        str_add_char(lanes->out, ' ');
    str_add_char(lanes->out, ' ');
}

static void end_line(struct str *out)
{
    while (out->length && out->text[out->length - 1] == ' ')
        out->text[--out->length] = 0;
    str_add_char(out, '\n');
}

static void add_idle(struct lanes *lanes, const struct lane *lane)
{
    if (lanes->options->is_ascii)
        add_cell(lanes, lane->is_inside ? "#" : "|", NULL);
    else
        add_cell(lanes, lane->is_inside ? "\u2503" : "\u2502", NULL);
}

static bool is_failure(const struct trace_record *record)
{
    return (record->has_result && FAILED(record->result)) || record->kind == TRACE_FINDING;
}

/* What happened, and where it led when that is worth the room. */
static char *text_of(const struct trace_record *record)
{
    bool is_start = str_is_equal(record->detail, "started");

    if (record->has_result && FAILED(record->result))
        return str_printf("%s! %s", record->what, HRESULT_NAME(record->result));
    if (record->kind == TRACE_FINDING)
        return str_printf("! %s", record->what);
    if (record->kind == TRACE_LOG)
        return str_printf("log %s", record->what);
    if (record->kind == TRACE_CALL && record->result == VSS_S_ASYNC_FINISHED)
        return str_printf("%s done", record->what);
    return str_printf("%s%s", record->what, is_start ? "..." : "");
}

static void move(struct lane *lane, const struct trace_record *record)
{
    if (record->kind == TRACE_CALL)
        lane->is_inside = str_is_equal(record->detail, "started");
    else if (record->kind == TRACE_EVENT || record->kind == TRACE_STATE)
        lane->is_inside = str_is_equal(record->after, "WAITING_FOR_THAW");
    else if (record->kind == TRACE_VOLUME)
        lane->is_inside = strcmp(record->what, "hold") == 0;
}

static void add_record(struct lanes *lanes, const struct trace_record *record)
{
    auto_free char *text = text_of(record);

    str_addf(lanes->out, "%*" PRId64 ".%06" PRId64 "  ", TIME_COLUMNS - 7,
             record->at_ns / 1000000000, record->at_ns % 1000000000 / 1000);
    for (size_t i = 0; i < lanes->items.count; i++) {
        struct lane *lane = &lanes->items.items[i];

        if (strcmp(lane->who, record->who) != 0) {
            add_idle(lanes, lane);
            continue;
        }
        add_cell(lanes, text, is_failure(record) ? COLOUR_RED : NULL);
        move(lane, record);
    }
    end_line(lanes->out);
}

static bool is_wanted(const struct lanes *lanes, const struct trace_record *record)
{
    return !lanes->options->filter || lanes->options->filter(record, lanes->options->filter_arg);
}

/* Who has a record that is shown; how wide their columns may be. */
static void set_up(struct lanes *lanes, const struct trace_file *file)
{
    struct trace_names names = { 0 };
    size_t widest = LANE_LEAST;

    trace_names_collect(&names, file);
    for (size_t i = 0; i < names.items.count; i++) {
        bool has_any = false;

        for (size_t k = 0; k < file->records.count && !has_any; k++)
            has_any = strcmp(trace_file_record(file, k)->who, names.items.items[i]) == 0 &&
                      is_wanted(lanes, trace_file_record(file, k));
        if (has_any)
            array_add(&lanes->items, ((struct lane){ .who = names.items.items[i] }));
    }
    for (size_t k = 0; k < file->records.count; k++) {
        auto_free char *text = text_of(trace_file_record(file, k));

        if (columns_of(text) > widest)
            widest = columns_of(text);
    }
    lanes->width = widest > LANE_WIDEST ? LANE_WIDEST : widest;
    unsigned screen = lanes->options->width;
    if (screen > TIME_COLUMNS + 2 && lanes->items.count) {
        size_t share = (screen - TIME_COLUMNS - 2) / lanes->items.count;

        if (share <= lanes->width)
            lanes->width = share > LANE_LEAST ? share - 1 : LANE_LEAST;
    }
    trace_names_free(&names);
}

void trace_lanes_add(struct str *out, const struct trace_file *file,
                     const struct trace_lanes_options *options)
{
    struct lanes lanes = { .options = options, .out = out };

    set_up(&lanes, file);
    str_addf(out, "%*s  ", TIME_COLUMNS, "seconds");
    for (size_t i = 0; i < lanes.items.count; i++)
        add_cell(&lanes, lanes.items.items[i].who, COLOUR_BOLD);
    end_line(out);
    for (size_t k = 0; k < file->records.count; k++) {
        if (is_wanted(&lanes, trace_file_record(file, k)))
            add_record(&lanes, trace_file_record(file, k));
    }
    array_free(&lanes.items);
}
