/* SPDX-License-Identifier: MIT */
/* What a run leaves behind besides its trace: the rules of the documentation that were broken
 * (docs/findings.md) and the Application log. Collected from the records of the trace, so that it
 * survives the program. */
#pragma once

#include "emu/base/array.h"
#include "emu/cli/launch_plan.h"
#include "emu/port/trace.h"
#include "emu/proto/event_ids.h"
#include "emu/proto/finding_rules.h"

#include <jansson.h>

struct seen_finding {
    enum finding_rule rule;
    char *who, *call, *object; /* "" for none */
    int64_t at_ns;             /* the first time */
    unsigned count;
};

struct log_entry {
    char *source, *text; /* text: description, operation and context, a line each */
    char *level, *log;   /* of an entry of the program's own; NULL: as emu/proto/event_ids says */
    unsigned number;
    int64_t at_ns;
    bool has_result;
    HRESULT result;
};

struct run_report {
    ARRAY(struct seen_finding) findings;
    json_t *index; /* where a finding is in the array; NULL while there is none */
    ARRAY(struct log_entry) log;
    json_t *faults;    /* by text: true, it has happened; else why it has not. NULL: no record */
    char *last_fault;  /* text of the one that happened last; NULL: none */
    int64_t latest_ns; /* of all records */
};

void run_report_take(struct run_report *report, const struct trace_record *record);
/* Prints and writes what the plan asks for; answers the run's exit code: the program's,
 * EXIT_UNFIRED or EXIT_FINDINGS. Frees the report. */
int run_report_end(struct run_report *report, const struct launch_plan *plan, int exit_code);
