/* SPDX-License-Identifier: MIT */
/* A check: a command of the user's that says, in real time, whether files are whole: of a search,
 * of one run (--check), of a scenario (expect: check). Where the files lie: emu/setup/look.h. */
#pragma once

#include "emu/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_CHECK_VARIABLE "VSSEMU_CHECK_DIR"
#define HOST_CHECK_LIMIT_MS 60000 /* unless somebody says otherwise */
#define HOST_CHECK_LATE     (-2)

/* Runs it by sh -c, with the directory in the variable and for each word {} of it; is_quiet: what
 * it prints goes nowhere. Its exit code, 128 + the signal that ended it, HOST_CHECK_LATE (it was
 * not over after limit_ms, and it and what it had started were killed), or -1: it cannot run. */
int host_check(const char *command, const char *directory, bool is_quiet, int64_t limit_ms);

/* "ended with 1", "was not over after 60s and was killed"; the caller frees. */
char *host_check_words(int code, int64_t limit_ms);

/* A new directory of the host's for what is laid out; the caller frees, and removes it with what is
 * in it (host_tree_remove). NULL: none can be made (errno). */
char *host_check_directory(void);

/* Every command about INTO/1, INTO/2 ... A line in *out for each no; answers how many there were.
 * *ret_n: how many directories. */
unsigned host_check_all(const char *const *commands, size_t n_commands, const char *into,
                        bool is_quiet, int64_t limit_ms, struct str *out, unsigned *ret_n);
