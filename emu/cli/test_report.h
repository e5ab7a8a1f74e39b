/* SPDX-License-Identifier: MIT */
/* How vssemu test tells what came of the scenarios, in the order of their names: for people, as
 * TAP, as a JUnit file, as annotations. */
#pragma once

#include "emu/cli/test_files.h"

struct test_style {
    bool is_tap, is_github, is_verbose;
    bool has_colours;       /* for a terminal */
    const char *junit_path; /* NULL: none */
};

struct test_report {
    const struct test_style *style;
    const struct test_files *files;
    size_t n_told; /* of the files, those that have been reported */
    int64_t began_us;
};

/* False: the JUnit file cannot be written; says so. */
bool test_report_begin(struct test_report *report, const struct test_style *style,
                       const struct test_files *files);
/* Some file has its result: tells what can be told in order. */
void test_report_go_on(struct test_report *report);
/* Answers the exit code. */
int test_report_end(struct test_report *report);

int64_t test_now_us(void); /* of the host, for durations */
