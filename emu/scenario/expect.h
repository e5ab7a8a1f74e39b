/* SPDX-License-Identifier: MIT */
/* Whether a run was as its scenario expects, judged by its trace alone: of a simulated cast, of a
 * program, of a recorded file. */
#pragma once

#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/scenario/scenario.h"

struct expect_run {
    const struct trace_record *(*get)(const void *arg, size_t i);
    const void *arg;
    size_t count;
    bool has_exit_code;
    int exit_code; /* of the program */
};

/* Adds a paragraph to *out for each expectation that is not met, with what was expected and what
 * came; answers how many there were. */
unsigned expect_judge(const struct scenario *scenario, const struct expect_run *run,
                      struct str *out);

/* Whether the planned fault of this text may be one that never happens (`unfired:`). */
bool expect_may_stay(const struct scenario *scenario, const char *fault);
