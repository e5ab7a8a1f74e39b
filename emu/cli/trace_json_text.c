/* SPDX-License-Identifier: MIT */
#include "emu/cli/trace_json_text.h"

#include "emu/com/hresult.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The first and the last line as they stand in the file. */
static void print_line(const char *name, const char *text, const char *end)
{
    printf("\"%s\":%.*s", name, (int)(end - text), text);
}

void trace_json_text_show(const struct trace_file *file, const struct trace_filter *filter)
{
    const char *end = file->text + file->size;
    const char *header_end = memchr(file->text, '\n', file->size);
    const char *between = "";

    printf("{");
    print_line("header", file->text, header_end);
    printf(",\n\"records\":[");
    for (size_t i = 0; i < file->records.count; i++) {
        const struct trace_file_record *record = &file->records.items[i];

        if (!trace_filter_takes(&record->line.record, filter))
            continue;
        printf("%s\n%.*s", between, (int)record->length, record->text);
        between = ",";
    }
    printf("]");
    if (file->verdict) {
        const char *last = end - 1; /* its newline */

        while (last > file->text && last[-1] != '\n')
            last--;
        printf(",\n");
        print_line("verdict", last, end - 1);
    }
    printf("}\n");
}

static void print(json_t *take_root)
{
    json_dumpf(take_root, stdout, JSON_INDENT(1));
    printf("\n");
    json_decref(take_root);
}

void trace_json_text_diff(const struct trace_file *a, const struct trace_file *b, bool is_same,
                          const char *words)
{
    print(json_pack("{s:b, s:[I,I], s:s}", "same", is_same, "records", (json_int_t)a->records.count,
                    (json_int_t)b->records.count, "difference", words ? words : ""));
}

static json_t *spans(const struct trace_span *items, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:I, s:I}", "who", items[i].who,
                                              "what", items[i].what, "count", (int)items[i].count,
                                              "total_ns", (json_int_t)items[i].total_ns,
                                              "longest_ns", (json_int_t)items[i].longest_ns));
    return list;
}

static json_t *counts(const struct trace_count *items, size_t n, bool has_result)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *row = json_pack("{s:i}", "count", (int)items[i].count);

        if (items[i].text)
            json_object_set_new(row, "name", json_string(items[i].text));
        if (has_result)
            json_object_set_new(row, "result", json_string(HRESULT_NAME(items[i].result)));
        json_array_append_new(list, row);
    }
    return list;
}

void trace_json_text_stats(const struct trace_stats *stats)
{
    json_t *kinds = json_object();

    for (size_t i = 0; i < sizeof(stats->kinds) / sizeof(stats->kinds[0]); i++)
        json_object_set_new(kinds, trace_kind_name((enum trace_kind)i),
                            json_integer((json_int_t)stats->kinds[i]));
    print(json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "end_ns", (json_int_t)stats->end_ns,
                    "kinds", kinds, "phases", spans(stats->phases.items, stats->phases.count),
                    "handlers", spans(stats->handlers.items, stats->handlers.count), "frozen",
                    spans(stats->frozen.items, stats->frozen.count), "results",
                    counts(stats->results.items, stats->results.count, true), "failures",
                    counts(stats->failures.items, stats->failures.count, true), "findings",
                    counts(stats->findings.items, stats->findings.count, false)));
}
