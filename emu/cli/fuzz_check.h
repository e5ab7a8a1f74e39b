/* SPDX-License-Identifier: MIT */
/* The command of `vssemu fuzz --check`: a program of the user's, in real time, that says whether
 * files are whole. */
#pragma once

#include <stdbool.h>

#define FUZZ_CHECK_VARIABLE "VSSEMU_CHECK_DIR"

/* Runs it by sh -c, with the directory in the variable and for each word {} of it; is_quiet: what
 * it prints goes nowhere. Its exit code, 128 + the signal that ended it, or -1: it cannot run. */
int fuzz_check(const char *command, const char *directory, bool is_quiet);
