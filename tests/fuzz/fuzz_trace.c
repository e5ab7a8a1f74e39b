/* SPDX-License-Identifier: MIT */
/* Recorded traces: read, or refused with a line; one that is read is the same as itself, its
 * records are numbered in order, and it can be shown, drawn and counted. */
#include "tests/fuzz/fuzz.h"

#include "emu/trace/trace_diff.h"
#include "emu/trace/trace_lanes.h"
#include "emu/trace/trace_stats.h"
#include "emu/trace/trace_text.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct trace_file *file)
{
    static const struct trace_text_style plain = { 0 };
    static const struct trace_lanes_options ascii = { .is_ascii = true };
    struct trace_stats stats;
    struct str out = { 0 };

    for (size_t i = 0; i < file->records.count; i++) {
        const struct trace_file_record *record = &file->records.items[i];
        struct trace_line again;

        if (file->header->version > 1 && record->line.n != i + 1)
            fuzz_fail("the records of a trace are numbered", "");
        trace_text_add_record(&out, &record->line.record, &plain);
        str_free(&out);
        trace_json_add_record(&out, &record->line.record);
        if (!trace_json_read(out.text, out.length, &again))
            fuzz_fail("a record that is written again is read again", out.text);
        trace_line_fini(&again);
        str_free(&out);
    }
    for (unsigned mode = TRACE_DIFF_ALL; mode <= TRACE_DIFF_ORDER; mode++) {
        const struct trace_diff_options options = { .mode = (enum trace_diff_mode)mode,
                                                    .name_a = "a",
                                                    .name_b = "b" };

        if (!trace_diff(file, file, &options, &out))
            fuzz_fail("a trace is the same as itself", out.text);
    }
    trace_lanes_add(&out, file, &ascii);
    trace_stats_collect(file, &stats);
    trace_stats_add_text(&out, &stats);
    trace_stats_free(&stats);
    str_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (unsigned flags = TRACE_FILE_WHOLE; flags <= (TRACE_FILE_PART | TRACE_FILE_EDITED);
         flags++) {
        struct trace_file file;
        char *error = NULL;

        if (trace_file_parse((const char *)data, size, "line ", flags, &file, &error)) {
            check(&file);
            trace_file_free(&file);
            continue;
        }
        fuzz_check_error(error);
        free(error);
    }
    return 0;
}
