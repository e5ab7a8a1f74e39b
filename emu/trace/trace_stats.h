/* SPDX-License-Identifier: MIT */
/* What a trace adds up to: how long each call of the requester and each phase took, how long each
 * writer was inside its handlers and frozen, how long volumes were held; counts of records, results
 * and findings. Times are the world's, in nanoseconds. */
#pragma once

#include "emu/trace/trace_file.h"

struct trace_span {
    const char *who, *what; /* texts of the file, or constants */
    unsigned count;
    int64_t total_ns, longest_ns;
};

struct trace_count {
    const char *text; /* of the file */
    int32_t result;   /* of a result */
    unsigned count;
};

struct trace_stats {
    int64_t end_ns; /* of the last record */
    unsigned kinds[8];
    ARRAY(struct trace_span)
    phases; /* calls with an operation; "prepare", "freeze", "hold", "thaw" */
    ARRAY(struct trace_span) handlers; /* of writers, one row for each event */
    ARRAY(struct trace_span) frozen;   /* of writers and volumes: until they were let go */
    ARRAY(struct trace_count) results;
    ARRAY(struct trace_count) findings; /* text: the rule */
    ARRAY(struct trace_count) failures; /* text: the writer that ended in a failed state */
};

void trace_stats_collect(const struct trace_file *file, struct trace_stats *ret);
void trace_stats_free(struct trace_stats *stats);
void trace_stats_add_text(struct str *out, const struct trace_stats *stats);
