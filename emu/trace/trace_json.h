/* SPDX-License-Identifier: MIT */
/* The trace on disk: one JSON object to a line, as docs/trace-format.md describes. The first line
 * is a header, then come records, the last line is the verdict. The program under test writes
 * records (trace_sink), the launcher adds header and verdict; readers are the launcher (to print
 * lines for people) and tests. A number of seconds or a path of the host never stands in a line,
 * so two runs with one seed can be compared byte by byte. */
#pragma once

#include "emu/base/str.h"
#include "emu/port/trace.h"

#include <stdint.h>

/* Written. Read are also 2, whose lines have no check and which lacks what writers say of their
 * components, and 1, whose header and records lack what a replay needs. */
#define TRACE_FORMAT_VERSION 3
#define TRACE_FIRST_CHECKED  3 /* the first version whose lines have a check (trace_check.h) */

struct trace_header {
    int version;       /* of one that was read */
    const char *clock; /* "real" or "virtual" */
    uint64_t seed;
    const char *world; /* JSON: all that decides the run (emu/setup/description); NULL: not told */
    const char *const *program; /* with its arguments, as given */
    size_t n_program;
};

/* How a run ended. */
enum trace_ending {
    TRACE_ENDED_BY_EXIT,   /* the program left with exit_code */
    TRACE_ENDED_BY_SIGNAL, /* it crashed or was killed; exit_code is 128 + signal */
    TRACE_ENDED_BY_HARNESS /* it could not be started, or vssemu itself failed: 120 to 123 */
};

struct trace_verdict {
    enum trace_ending ending;
    int exit_code;
    const char *signal;  /* "SIGSEGV", NULL unless ending is TRACE_ENDED_BY_SIGNAL */
    const char *message; /* what vssemu said about it, NULL if nothing */
    uint64_t n_records;
};

/* Each adds one line, with its newline, to out. Bytes that are not UTF-8 become U+FFFD. */
void trace_json_add_header(struct str *out, const struct trace_header *header);
void trace_json_add_record(struct str *out, const struct trace_record *record);
void trace_json_add_verdict(struct str *out, const struct trace_verdict *verdict);

enum trace_line_kind { TRACE_LINE_HEADER, TRACE_LINE_RECORD, TRACE_LINE_VERDICT };

/* A line read back; only the member that kind names is filled in. Texts live until the next
 * trace_line_fini of the same line. */
struct trace_line {
    enum trace_line_kind kind;
    struct trace_header header;
    struct trace_record record;
    struct trace_verdict verdict;
    uint64_t n;   /* a record's number in its file, from 1; 0: it has none */
    void *memory; /* what the texts lie in */
};

/* Reads one line (without or with its newline) of length bytes. Answers false, and leaves
 * *ret_line alone, when it is no line of a trace. */
bool trace_json_read(const char *text, size_t length, struct trace_line *ret_line);
/* The same; on failure *ret_why is a sentence without a full stop, which the caller frees. */
bool trace_json_read_or_say(const char *text, size_t length, struct trace_line *ret_line,
                            char **ret_why);
void trace_line_fini(struct trace_line *line);

/* An argument of a record, or NULL. One that was read is a text, a number, a truth or texts; an id
 * is its text. */
const struct trace_arg *trace_record_arg(const struct trace_record *record, const char *name);
const char *trace_record_text(const struct trace_record *record, const char *name);
/* otherwise: what an argument that is not there stands for. */
int64_t trace_record_number(const struct trace_record *record, const char *name, int64_t otherwise);

/* "call", "event", "provider", ...: the word of a kind in a line. */
const char *trace_kind_name(enum trace_kind kind);
bool trace_kind_named(const char *name, enum trace_kind *ret_kind);
const char *trace_ending_name(enum trace_ending ending); /* "exit", "signal", "harness" */
