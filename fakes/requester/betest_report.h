/* SPDX-License-Identifier: MIT */
/* What the requester says, and what it will answer in the end. One report to a run: lines go to
 * one stream, failures also raise the exit code. Lines are for people, exit codes for scripts. */
#pragma once

#include "fakes/requester/betest.h"
#include "fakes/requester/betest_com.h"

#include <stdint.h>

struct betest_report {
    FILE *out;
    bool verbose;
    bool is_terminal;       /* progress is only shown to people who watch */
    bool is_progress_shown; /* a line without its end stands on the terminal */
    enum betest_exit worst;
};

void report_begin(struct betest_report *r, const struct betest_options *options);

#define REPORT_FORMAT(n) __attribute__((format(printf, (n), (n) + 1)))
void report_line(struct betest_report *r, const char *format, ...) REPORT_FORMAT(2);
/* Only with /V. */
void report_detail(struct betest_report *r, const char *format, ...) REPORT_FORMAT(2);
/* "FAILED: ...", and the run ends with at least this code. */
void report_failure(struct betest_report *r, enum betest_exit code, const char *format, ...)
    REPORT_FORMAT(3);
/* BETEST_VSS_FAILED: a call that answered hr, the code in words, and what usually helps. */
void report_call_failed(struct betest_report *r, const char *call, HRESULT hr);
/* Overwritten by the next line; nothing where nobody watches. */
void report_progress(struct betest_report *r, const char *what, size_t done, size_t total);

/* "VSS_E_BAD_STATE (0x80042301)"; the caller frees. */
char *report_code(HRESULT hr);
/* "file not found (Windows error 2)"; the caller frees. */
char *report_windows_error(uint32_t error);
/* "stable", "failed at freeze". */
const char *report_writer_state(VSS_WRITER_STATE state);
