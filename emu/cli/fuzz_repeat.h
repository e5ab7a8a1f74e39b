/* SPDX-License-Identifier: MIT */
/* Whether what a search has found repeats when its user runs it: `vssemu run --world FOUND.yaml`
 * gives a program the same world, schedule and faults, but a process of its own. What reads freed
 * or uninitialised memory may do otherwise there. */
#pragma once

#include "emu/base/str.h"
#include "emu/scenario/scenario.h"
#include "emu/search/trial.h"

#include <stdbool.h>

/* What stands in the `about` of a failure that does not. */
#define FUZZ_REPEATS_NOT "does not repeat by itself (memory error?)"

/* "; " and the command, for a file of that name beside the reader. */
void fuzz_repeat_command(char *const *argv, const char *name, struct str *out);

/* Only those that a status tells can be asked: crash and exit-code. */
bool fuzz_can_repeat(const struct seek_verdict *verdict);
/* Runs the program in the scenario three times. False: one of them ended otherwise than verdict
 * says; *ret_how, which the caller frees, gets how ("code 0"). */
bool fuzz_repeats(char *const *argv, const struct scenario *scenario,
                  const struct seek_verdict *verdict, char **ret_how);
