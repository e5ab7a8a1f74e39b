/* SPDX-License-Identifier: MIT */
/* vssemu test: finds scenarios, has them played (test_slots), judges and reports (test_report). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/cli/test_files.h"
#include "emu/cli/test_judge.h"
#include "emu/cli/test_report.h"
#include "emu/cli/test_slots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_options {
    struct test_style style;
    struct scenario_texts filters;
    unsigned n_jobs;      /* 0: one for each processor */
    const char *recorded; /* a trace; NULL: scenarios are played */
};

static bool set_recorded(void *target, const char *value)
{
    ((struct test_options *)target)->recorded = value;
    return true;
}

static bool set_jobs(void *target, const char *value)
{
    char *end;
    unsigned long n = strtoul(value, &end, 10);

    if (*end || end == value || !n || n > 1024) {
        say("--jobs takes a number from 1 to 1024, not %s", value);
        return false;
    }
    ((struct test_options *)target)->n_jobs = (unsigned)n;
    return true;
}

static bool set_filter(void *target, const char *value)
{
    scenario_texts_add(&((struct test_options *)target)->filters, value);
    return true;
}

static bool set_tap(void *target, const char *value)
{
    (void)value;
    ((struct test_options *)target)->style.is_tap = true;
    return true;
}

static bool set_junit(void *target, const char *value)
{
    ((struct test_options *)target)->style.junit_path = value;
    return true;
}

static bool set_github(void *target, const char *value)
{
    (void)value;
    ((struct test_options *)target)->style.is_github = true;
    return true;
}

static bool set_verbose(void *target, const char *value)
{
    (void)value;
    ((struct test_options *)target)->style.is_verbose = true;
    return true;
}

static const struct option_row test_rows[] = {
    { "jobs", "N", "so many scenarios at a time (one for each processor)", set_jobs },
    { "filter", "PATTERN", "only scenarios whose name or path matches, with * and ?", set_filter },
    { "recorded", "TRACE.jsonl",
      "plays nothing: judges this trace by the one scenario that is named", set_recorded },
    { "tap", NULL, "report in the Test Anything Protocol", set_tap },
    { "junit", "FILE.xml", "also write a JUnit report", set_junit },
    { "github", NULL, "also print annotations for GitHub's log", set_github },
    { "verbose", NULL, "name those that passed, too", set_verbose },
    { NULL, NULL, NULL, NULL },
};

static bool find(const struct test_options *options, int argc, char **argv,
                 struct test_files *ret_files)
{
    static char here[] = ".";
    char *all[] = { here };

    if (!argc) {
        argv = all;
        argc = 1;
    }
    for (int i = 0; i < argc; i++) {
        if (!test_files_add(ret_files, argv[i]))
            return false;
    }
    test_files_sort(ret_files);
    test_files_filter(ret_files, &options->filters);
    return true;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct test_options options = { .style.has_colours = isatty(STDOUT_FILENO) };
    struct test_files files = { 0 };
    int first = command_parse(command, argc, argv, &options);
    int code = EXIT_BAD_USAGE;

    if (!options.n_jobs)
        options.n_jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    if (first >= 0 && find(&options, argc - first, argv + first, &files)) {
        struct test_report report;

        if (options.recorded && files.count != 1) {
            say("--recorded takes one scenario, and %zu were found", files.count);
        } else if (!files.count) {
            say("there is no scenario: *.yaml in the directories that are named, or files");
        } else if (test_report_begin(&report, &options.style, &files)) {
            if (options.recorded && files.items[0].result == TEST_WAITING)
                files.items[0].result = test_judge_recorded(&files.items[0], options.recorded);
            else
                test_slots_run(&files, options.n_jobs, &report);
            code = test_report_end(&report);
        }
    }
    test_files_free(&files);
    scenario_texts_free(&options.filters);
    return code;
}

const struct command cmd_test = {
    .name = "test",
    .summary = "plays scenarios and judges them",
    .usage = "[OPTIONS] [DIRECTORY|FILE.yaml]...",
    .options = test_rows,
    .more = "A scenario is a world file with `steps:` or `program:` and `expect:` "
            "(docs/world-file.md).\n"
            "Directories are searched for *.yaml, also below. Scenarios without a program of yours "
            "are\n"
            "played by a few processes one after the other; each program has a process of its own. "
            "One\n"
            "that crashes or never ends fails alone.\n"
            "\n"
            "Exit codes: 0 all as expected; 1 some were not; 120 a scenario or the command line "
            "makes\n"
            "no sense; 123 vssemu failed.\n",
    .run = run,
};
