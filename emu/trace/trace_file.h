/* SPDX-License-Identifier: MIT */
/* A recorded trace, read whole and checked: every line is what was written, records stand in the
 * order in which they were written and none is missing. What is not so is told with its line:
 *
 *   run.jsonl:12: record 11 is missing: this one is number 12
 */
#pragma once

#include "emu/base/array.h"
#include "emu/trace/trace_json.h"

struct trace_file_record {
    struct trace_line line; /* its record */
    unsigned number;        /* of the line in the file, from 1 */
    const char *text;       /* the line without its newline, in the file's text */
    size_t length;
    size_t body; /* of length: as far as its check, or its last brace */
};

struct trace_file {
    char *name; /* for messages */
    char *text; /* owned */
    size_t size;
    struct trace_line header_line, verdict_line;
    const struct trace_header *header;
    const struct trace_verdict *verdict; /* NULL: there is none (only when that is allowed) */
    ARRAY(struct trace_file_record) records;
};

enum trace_file_flags {
    TRACE_FILE_WHOLE = 0,
    TRACE_FILE_PART = 1,  /* may end anywhere: its launcher was killed, or still writes */
    TRACE_FILE_EDITED = 2 /* changed on purpose: checks of lines may be wrong, or not be there */
};

/* *ret_error, a sentence with file and line, is the caller's to free. The first copies text, the
 * second takes it. A trace of the real clock may step back by a second: records of several threads.
 * emu/host/host_trace reads files. */
bool trace_file_parse(const char *text, size_t size, const char *name, unsigned flags,
                      struct trace_file *ret, char **ret_error);
bool trace_file_take(char *take_text, size_t size, const char *name, unsigned flags,
                     struct trace_file *ret, char **ret_error);
void trace_file_free(struct trace_file *file);

static inline const struct trace_record *trace_file_record(const struct trace_file *file, size_t i)
{
    return &file->records.items[i].line.record;
}
