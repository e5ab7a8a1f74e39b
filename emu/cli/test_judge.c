/* SPDX-License-Identifier: MIT */
/* See test_judge.h. */
#include "emu/cli/test_judge.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/say.h"
#include "emu/host/host_trace.h"
#include "emu/scenario/expect.h"
#include "emu/trace/trace_json.h"
#include "emu/trace/trace_text.h"

#include <stdio.h>
#include <string.h>

struct lines {
    struct trace_line *items;
    size_t count, capacity;
};

static const struct trace_record *get(const void *arg, size_t i)
{
    return &((const struct lines *)arg)->items[i].record;
}

static void read_lines(const char *path, struct lines *ret)
{
    FILE *in = fopen(path, "r");
    auto_free char *text = NULL;
    size_t capacity = 0;
    ssize_t n;

    while (in && (n = getline(&text, &capacity, in)) > 0) {
        struct trace_line line;

        if (!trace_json_read(text, (size_t)n, &line))
            continue;
        if (line.kind == TRACE_LINE_RECORD) {
            array_add(ret, line);
            continue;
        }
        trace_line_fini(&line);
    }
    if (in)
        fclose(in);
}

static void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        trace_line_fini(&lines->items[i]);
    array_free(lines);
}

static void add_timeline(struct test_file *file, const struct lines *lines)
{
    struct trace_text_style style = { 0 };

    for (size_t i = 0; i < lines->count; i++)
        trace_text_add_record(&file->timeline, &lines->items[i].record, &style);
}

static const struct trace_record *get_recorded(const void *arg, size_t i)
{
    return trace_file_record(arg, i);
}

enum test_result test_judge_recorded(struct test_file *file, const char *trace_path)
{
    auto_free char *error = NULL;
    struct trace_file trace;

    if (!host_trace_load(trace_path, TRACE_FILE_WHOLE, &trace, &error)) {
        str_addf(&file->report, "%s\n", error);
        return TEST_NO_SENSE;
    }
    struct expect_run run = { .get = get_recorded,
                              .arg = &trace,
                              .count = trace.records.count,
                              .has_exit_code = true,
                              .exit_code = trace.verdict->exit_code };
    unsigned n_failed = expect_judge(&file->scenario, &run, &file->report);

    for (size_t i = 0; n_failed && i < trace.records.count; i++)
        trace_text_add_record(&file->timeline, trace_file_record(&trace, i),
                              &(struct trace_text_style){ 0 });
    trace_file_free(&trace);
    return n_failed ? TEST_FAILED : TEST_PASSED;
}

static bool expects_exit(const struct scenario *s)
{
    for (size_t i = 0; i < s->expectations.count; i++) {
        if (s->expectations.items[i].kind == EXPECT_EXIT)
            return true;
    }
    return false;
}

/* The trace is ours, and gone when somebody reads this. */
static char *without_trace(const char *output, const char *trace_path)
{
    auto_free char *said = str_printf("; its trace up to there is in %s", trace_path);
    const char *at = strstr(output, said);

    return at ? str_printf("%.*s%s", (int)(at - output), output, at + strlen(said))
              : mem_strdup(output);
}

enum test_result test_judge_program(struct test_file *file, const char *trace_path, int exit_code,
                                    const struct str *output)
{
    struct lines lines = { 0 };

    read_lines(trace_path, &lines);
    struct expect_run run = { .get = get,
                              .arg = &lines,
                              .count = lines.count,
                              .has_exit_code = true,
                              .exit_code = exit_code };
    unsigned n_failed = expect_judge(&file->scenario, &run, &file->report);
    bool is_harness = exit_code >= EXIT_BAD_USAGE && exit_code <= EXIT_HARNESS_FAILED;

    /* A fault that never happened has been told, with its name. */
    bool is_told = exit_code == EXIT_UNFIRED && n_failed;
    if (exit_code && !is_told && !expects_exit(&file->scenario)) {
        str_addf(&file->report, "the exit code is %d%s\n", exit_code,
                 exit_code == EXIT_CHECK_FAILED ? ": a check was not passed" : "");
        n_failed++;
    }
    if (n_failed && output->length) {
        auto_free char *printed = without_trace(output->text, trace_path);

        str_addf(&file->report, "it printed:\n%s\n", printed);
    }
    if (n_failed)
        add_timeline(file, &lines);
    lines_free(&lines);
    if (is_harness && n_failed)
        return exit_code == EXIT_HARNESS_FAILED ? TEST_BROKEN : TEST_NO_SENSE;
    return n_failed ? TEST_FAILED : TEST_PASSED;
}
