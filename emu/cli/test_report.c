/* SPDX-License-Identifier: MIT */
/* See test_report.h. */
#include "emu/cli/test_report.h"

#include "emu/base/cleanup.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t test_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *word(const struct test_file *file)
{
    switch (file->result) {
    case TEST_PASSED:
        return "ok";
    case TEST_FAILED:
        return "FAIL";
    case TEST_NO_SENSE:
        return "ERROR";
    default:
        return "BROKEN";
    }
}

/* Each line of a text behind a prefix. */
static void print_lines(const char *prefix, const struct str *text)
{
    for (const char *at = text->text; at && *at;) {
        size_t n = strcspn(at, "\n");

        printf("%s%.*s\n", prefix, (int)n, at);
        at += n + (at[n] == '\n');
    }
}

/* Where the first failure stands: "line 7: ..." of a report, "FILE:2:1: ..." of a file. */
static unsigned line_of(const struct test_file *file)
{
    const char *report = file->report.text ? file->report.text : "";
    size_t n = strlen(file->path);
    unsigned line = 0;

    if (sscanf(report, "line %u:", &line) == 1)
        return line;
    if (strncmp(report, file->path, n) == 0 && sscanf(report + n, ":%u:", &line) == 1)
        return line;
    return 1;
}

static void tell_github(const struct test_file *file)
{
    size_t n = file->report.text ? strcspn(file->report.text, "\n") : 0;

    printf("::error file=%s,line=%u::%s: %.*s\n", file->path, line_of(file), file->name, (int)n,
           file->report.text ? file->report.text : "");
}

/* For a shell: a quote within is left and entered again. */
static void add_quoted(struct str *out, const char *text)
{
    str_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            str_add(out, "'\\''");
        else
            str_add_char(out, *text);
    }
    str_add_char(out, '\'');
}

static void print_repeat(const char *margin, const struct test_file *file)
{
    size_t n;
    const char *const *checks = scenario_checks(&file->scenario, &n);
    auto_str struct str out = { 0 };

    for (size_t i = 0; i < n; i++) {
        str_add(&out, " --check ");
        add_quoted(&out, checks[i]);
    }
    printf("%srepeat: vssemu run --world %s --verbose%s\n", margin, file->path,
           out.length ? out.text : "");
}

static void tell_tap(const struct test_report *report, const struct test_file *file, size_t number)
{
    (void)report;
    printf("%s %zu - %s\n", file->result == TEST_PASSED ? "ok" : "not ok", number, file->name);
    if (file->result == TEST_PASSED)
        return;
    print_lines("# ", &file->report);
    print_repeat("# ", file);
}

static void tell_person(const struct test_report *report, const struct test_file *file)
{
    const char *on = "", *off = report->style->has_colours ? "\033[0m" : "";

    if (file->result == TEST_PASSED && !report->style->is_verbose)
        return;
    if (report->style->has_colours)
        on = file->result == TEST_PASSED ? "\033[32m" : "\033[1;31m";
    printf("%s%-6s%s%s%s%s  (%.1f ms)\n", on, word(file), off, file->name,
           file->scenario.about ? ": " : "", file->scenario.about ? file->scenario.about : "",
           (double)file->took_us / 1000);
    if (file->result == TEST_PASSED)
        return;
    print_lines("    ", &file->report);
    if (file->timeline.length)
        printf("    what happened:\n");
    print_lines("      ", &file->timeline);
    print_repeat("    ", file);
}

/* ---- JUnit ---- */

static void add_xml(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            fprintf(out, "&#%d;", *text);
        else if ((unsigned char)*text >= ' ' || *text == '\n')
            fputc(*text, out);
    }
}

static size_t count(const struct test_files *files, enum test_result result)
{
    size_t n = 0;

    for (size_t i = 0; i < files->count; i++)
        n += files->items[i].result == result;
    return n;
}

static void add_case(FILE *out, const struct test_file *file)
{
    bool is_failure = file->result == TEST_FAILED;

    fprintf(out, "  <testcase classname=\"vssemu\" name=\"");
    add_xml(out, file->name);
    fprintf(out, "\" file=\"");
    add_xml(out, file->path);
    fprintf(out, "\" time=\"%.6f\"", (double)file->took_us / 1e6);
    if (file->result == TEST_PASSED) {
        fprintf(out, "/>\n");
        return;
    }
    fprintf(out, ">\n    <%s>", is_failure ? "failure" : "error");
    add_xml(out, file->report.text);
    add_xml(out, file->timeline.text);
    fprintf(out, "</%s>\n  </testcase>\n", is_failure ? "failure" : "error");
}

static bool write_junit(const struct test_report *report)
{
    const struct test_files *files = report->files;
    FILE *out = fopen(report->style->junit_path, "w");

    if (!out) {
        say("--junit %s cannot be written: %s", report->style->junit_path, strerror(errno));
        return false;
    }
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"vssemu\" tests=\"%zu\" "
            "failures=\"%zu\" errors=\"%zu\" time=\"%.6f\">\n",
            files->count, count(files, TEST_FAILED),
            count(files, TEST_NO_SENSE) + count(files, TEST_BROKEN),
            (double)(test_now_us() - report->began_us) / 1e6);
    for (size_t i = 0; i < files->count; i++)
        add_case(out, &files->items[i]);
    fprintf(out, "</testsuite>\n");
    /* What failed before the last bytes has told its reason to nobody. */
    int error = fflush(out) != 0 ? errno : ferror(out) ? EIO : 0;

    if (fclose(out) != 0 && !error)
        error = errno;
    if (error)
        say("--junit %s cannot be written: %s", report->style->junit_path, strerror(error));
    return !error;
}

/* ---- the whole ---- */

bool test_report_begin(struct test_report *report, const struct test_style *style,
                       const struct test_files *files)
{
    *report = (struct test_report){ .style = style, .files = files, .began_us = test_now_us() };
    if (style->is_tap)
        printf("TAP version 13\n1..%zu\n", files->count);
    return !style->junit_path || write_junit(report);
}

void test_report_go_on(struct test_report *report)
{
    while (report->n_told < report->files->count) {
        const struct test_file *file = &report->files->items[report->n_told];

        if (file->result <= TEST_RUNNING)
            return;
        report->n_told++;
        if (report->style->is_tap)
            tell_tap(report, file, report->n_told);
        else
            tell_person(report, file);
        if (report->style->is_github && file->result != TEST_PASSED)
            tell_github(file);
        fflush(stdout);
    }
}

int test_report_end(struct test_report *report)
{
    const struct test_files *files = report->files;
    size_t n_passed = count(files, TEST_PASSED), n_failed = count(files, TEST_FAILED);
    size_t n_wrong = count(files, TEST_NO_SENSE), n_broken = count(files, TEST_BROKEN);

    test_report_go_on(report);
    if (!report->style->is_tap)
        printf("%zu scenarios: %zu passed, %zu failed, %zu not run (%.2f s)\n", files->count,
               n_passed, n_failed, n_wrong + n_broken,
               (double)(test_now_us() - report->began_us) / 1e6);
    if (report->style->junit_path && !write_junit(report))
        return EXIT_BAD_USAGE;
    if (n_broken)
        return EXIT_HARNESS_FAILED;
    if (n_wrong)
        return EXIT_BAD_USAGE;
    return n_failed ? 1 : 0;
}
