/* SPDX-License-Identifier: MIT */
/* The launcher's end of the trace: lines that come through the pipe are kept in the trace file and
 * shown to people. The pump outlives the program, so what a crashed program said is all there. */
#pragma once

#include "emu/base/str.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/run_report.h"
#include "emu/trace/trace_json.h"

struct trace_pump {
    int pipe_fd;    /* reading end, non-blocking; -1 when all has been read */
    int write_fd;   /* the program's end, until it is handed over; else -1 */
    int file_fd;    /* the trace file, -1 if none is kept */
    FILE *protocol; /* lines for people, NULL if not wanted */
    bool has_colours;
    struct str partial; /* the beginning of a line whose end has not come yet */
    uint64_t n_records;
    uint64_t chain;         /* check of the last record, 0: there is none */
    bool is_finished_said;  /* a record told that the built-in requester has finished */
    int requester_code;     /* what it failed with, 0: it did not */
    const char *trace_path; /* for messages */
    bool has_failed;        /* the trace file could not be written; said once */
    struct run_report report;
};

/* Opens the trace file, writes its header and makes the pipe. Answers 0, or an exit code after
 * saying what is wrong. */
int trace_pump_open(const struct launch_plan *plan, const char *program_path,
                    struct trace_pump *ret_pump);
/* The program is started again: a new pipe for the same file, behind the note that says so, at its
 * time. False: there is none. */
bool trace_pump_go_on(struct trace_pump *pump, const struct trace_record *note);
/* The program has its end now. */
void trace_pump_handed_over(struct trace_pump *pump);
/* Takes what is in the pipe, without waiting. */
void trace_pump_read(struct trace_pump *pump);
/* Takes the rest and writes the verdict (its n_records is filled in here). Frees everything. */
void trace_pump_close(struct trace_pump *pump, const struct trace_verdict *verdict);
