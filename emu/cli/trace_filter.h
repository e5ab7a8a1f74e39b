/* SPDX-License-Identifier: MIT */
/* Which records of a trace a command is about: --who, --kind, --from, --to. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/trace.h"

#include <stdint.h>

struct trace_filter {
    ARRAY(const char *) who; /* patterns with * and ?, any case; none: everybody */
    unsigned kinds;          /* a bit for each kind; 0: all */
    int64_t from_ns, to_ns;
};

#define TRACE_FILTER_ALL   \
    {                      \
        .to_ns = INT64_MAX \
    }

/* Each says what is wrong with a bad value and answers false then. */
bool trace_filter_set_who(struct trace_filter *filter, const char *value);
bool trace_filter_set_kinds(struct trace_filter *filter, const char *value);
bool trace_filter_set_time(int64_t *ret_ns, const char *option, const char *value);
void trace_filter_fini(struct trace_filter *filter);

/* arg: a struct trace_filter. */
bool trace_filter_takes(const struct trace_record *record, const void *arg);
