/* SPDX-License-Identifier: MIT */
/* See trace_file.h. */
#include "emu/trace/trace_file.h"

#include "emu/base/cleanup.h"
#include "emu/port/sched.h"
#include "emu/trace/trace_check.h"

#include <inttypes.h>
#include <string.h>

#define REAL_CLOCK_TOLERANCE_NS SCHED_SECOND

/* What is wrong with a line, where it stands; NULL: nothing. The caller frees. */
struct reader {
    struct trace_file *file;
    unsigned number;   /* of the line */
    int64_t latest_ns; /* of the records so far */
    uint64_t chain;    /* check of the record before, 0 before the first */
    bool is_part, is_edited;
};

/* Whether the line is what was written, behind what was written before it. */
static char *check_line(struct reader *reader, const struct trace_file_record *line, int version)
{
    uint64_t check;
    size_t body;
    bool has_check = trace_check_split(line->text, line->length, &body, &check);

    if (reader->is_edited)
        return NULL;
    if (version < TRACE_FIRST_CHECKED)
        return has_check
                   ? str_printf("the line has a check, which lines of version %d have not: the "
                                "header was changed (--edited reads it all the same)",
                                version)
                   : NULL;
    if (!has_check)
        return str_printf("the line does not end with its check: it was changed (--edited reads it "
                          "all the same)");
    if (check != trace_check_of(line->text, body, reader->chain))
        return str_printf("the line is not what was written here: its check does not fit (--edited "
                          "reads it all the same)");
    if (line->line.kind != TRACE_LINE_HEADER)
        reader->chain = check;
    return NULL;
}

static char *take_record(struct reader *reader, struct trace_file_record *record)
{
    struct trace_file *file = reader->file;
    int64_t at_ns = record->line.record.at_ns;
    bool is_virtual = str_is_equal(file->header->clock, "virtual");
    uint64_t n = file->records.count + 1;

    if (file->header->version > 1 && !record->line.n)
        return str_printf("a record without its number \"n\"");
    if (record->line.n && record->line.n < n)
        return str_printf("record %" PRIu64 " stands here again, or in the wrong place: %" PRIu64
                          " is due",
                          record->line.n, n);
    if (record->line.n > n)
        return str_printf("record %" PRIu64 " is missing: this one is number %" PRIu64, n,
                          record->line.n);
    char *why = check_line(reader, record, file->header->version);
    if (why)
        return why;
    if (at_ns < reader->latest_ns - (is_virtual ? 0 : REAL_CLOCK_TOLERANCE_NS))
        return str_printf("the time goes back, from %" PRId64 " to %" PRId64
                          " ns: lines were moved",
                          reader->latest_ns, at_ns);
    if (at_ns > reader->latest_ns)
        reader->latest_ns = at_ns;
    array_add(&file->records, *record);
    return NULL;
}

static char *take_verdict(struct reader *reader, struct trace_file_record *record)
{
    struct trace_file *file = reader->file;
    const struct trace_line *line = &record->line;

    if (line->verdict.n_records != file->records.count)
        return str_printf("the verdict counts %" PRIu64 " records, the file has %zu: lines are %s",
                          line->verdict.n_records, file->records.count,
                          line->verdict.n_records > file->records.count ? "missing" : "added");
    char *why = check_line(reader, record, file->header->version);
    if (why)
        return why;
    file->verdict_line = *line;
    file->verdict = &file->verdict_line.verdict;
    return NULL;
}

/* Takes line, unless it answers what is wrong. */
static char *take(struct reader *reader, struct trace_file_record *record)
{
    struct trace_file *file = reader->file;
    bool is_header = record->line.kind == TRACE_LINE_HEADER;

    if (file->verdict)
        return str_printf("something stands behind the verdict, which is the last line");
    if (!file->header && !is_header)
        return str_printf("the header is missing: a trace begins with {\"vssemu_trace\":%d,...}",
                          TRACE_FORMAT_VERSION);
    if (file->header && is_header)
        return str_printf("a second header: the first line of a trace alone is one");
    if (is_header) {
        char *why = check_line(reader, record, record->line.header.version);
        if (why)
            return why;
        file->header_line = record->line;
        file->header = &file->header_line.header;
        return NULL;
    }
    if (record->line.kind == TRACE_LINE_VERDICT)
        return take_verdict(reader, record);
    return take_record(reader, record);
}

static char *take_line(struct reader *reader, const char *text, size_t length)
{
    struct trace_file_record record = { .number = reader->number, .text = text, .length = length };
    char *why;

    if (!trace_json_read_or_say(text, length, &record.line, &why))
        return why;
    trace_check_split(text, length, &record.body, &(uint64_t){ 0 });
    why = take(reader, &record);
    if (why)
        trace_line_fini(&record.line);
    return why;
}

static char *take_lines(struct reader *reader)
{
    const char *at = reader->file->text, *end = at + reader->file->size;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));

        reader->number++;
        if (!newline)
            return reader->is_part ? NULL : str_printf("the line is cut off: no newline ends it");
        char *why = take_line(reader, at, (size_t)(newline - at));
        if (why)
            return why;
        at = newline + 1;
    }
    reader->number++;
    if (!reader->file->header)
        return str_printf("the file is empty");
    if (!reader->file->verdict && !reader->is_part)
        return str_printf("the trace ends without its verdict: it was cut off, or vssemu was "
                          "killed (--part reads what is there)");
    return NULL;
}

bool trace_file_take(char *take_text, size_t size, const char *name, unsigned flags,
                     struct trace_file *ret, char **ret_error)
{
    struct reader reader = { .file = ret,
                             .is_part = flags & TRACE_FILE_PART,
                             .is_edited = flags & TRACE_FILE_EDITED };

    *ret = (struct trace_file){ .name = mem_strdup(name), .text = take_text, .size = size };
    auto_free char *why = take_lines(&reader);
    if (!why)
        return true;
    *ret_error = str_printf("%s:%u: %s", name, reader.number, why);
    trace_file_free(ret);
    return false;
}

bool trace_file_parse(const char *text, size_t size, const char *name, unsigned flags,
                      struct trace_file *ret, char **ret_error)
{
    char *copy = mem_alloc(size + 1);

    memcpy(copy, text, size);
    return trace_file_take(copy, size, name, flags, ret, ret_error);
}

void trace_file_free(struct trace_file *file)
{
    for (size_t i = 0; i < file->records.count; i++)
        trace_line_fini(&file->records.items[i].line);
    array_free(&file->records);
    trace_line_fini(&file->header_line);
    trace_line_fini(&file->verdict_line);
    free(file->text);
    free(file->name);
    *file = (struct trace_file){ 0 };
}
