/* SPDX-License-Identifier: MIT */
/* Judges a program's run by the trace that it has left. */
#pragma once

#include "emu/cli/test_files.h"

/* The trace of a run that was made before. */
enum test_result test_judge_recorded(struct test_file *file, const char *trace_path);
/* exit_code: of vssemu run, 120 to 123 if the run could not be; output: what it printed, for the
 * report of one that failed. */
enum test_result test_judge_program(struct test_file *file, const char *trace_path, int exit_code,
                                    const struct str *output);
