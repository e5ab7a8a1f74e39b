/* SPDX-License-Identifier: MIT */
/* World files: a scenario as YAML (docs/world-file.md), read and written. */
#pragma once

#include "emu/base/str.h"
#include "emu/scenario/scenario.h"

/* name stands in messages and is the file's path. *ret is untouched on failure, which gives
 * *ret_error "FILE:LINE:COLUMN: ..." (the caller frees). The structure that ret points to is the
 * caller's and uninitialised before; scenario_fini frees what is in it. */
bool scenario_read(const char *text, size_t size, const char *name, struct scenario *ret,
                   char **ret_error);
/* Steps alone, one a line, as below `steps: |`; lines that are empty or begin with # are passed
 * over. *ret is an empty scenario but for them. On failure *ret_error is "line N: ...". */
bool scenario_read_steps(const char *text, struct scenario *ret, char **ret_error);
/* scenario_read for a file of the host; relative paths in it are relative to its directory. */
bool scenario_read_file(const char *path, struct scenario *ret, char **ret_error);

/* The shortest YAML that scenario_read makes the same scenario of. */
void scenario_write(const struct scenario *scenario, struct str *out);
