/* SPDX-License-Identifier: MIT */
/* Two traces held against each other: the first difference in words, with what came before it, and
 * what else differs. */
#pragma once

#include "emu/trace/trace_file.h"

enum trace_diff_mode {
    TRACE_DIFF_ALL,   /* record by record, to the byte */
    TRACE_DIFF_STEPS, /* record by record, without times, identifiers and arguments */
    /* Each participant by itself: its calls, events, states and what they answered, without times;
     * what stands between those of others does not matter. */
    TRACE_DIFF_ORDER
};

/* Whose records count; NULL: everybody's. */
typedef bool trace_diff_filter(const struct trace_record *record, const void *arg);

struct trace_diff_options {
    enum trace_diff_mode mode;
    unsigned n_context; /* records that are shown before the first difference */
    trace_diff_filter *filter;
    const void *filter_arg;
    const char *name_a, *name_b; /* in the text */
    bool ignores_verdict;
};

/* Adds text to out (NULL: none is wanted). Answers whether there is no difference. */
bool trace_diff(const struct trace_file *a, const struct trace_file *b,
                const struct trace_diff_options *options, struct str *out);

/* The participants of a trace in the order in which they come up; texts are the file's. */
struct trace_names {
    ARRAY(const char *) items;
};
void trace_names_collect(struct trace_names *names, const struct trace_file *file);
#define trace_names_free(names) array_free(&(names)->items)
