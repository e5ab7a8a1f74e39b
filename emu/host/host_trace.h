/* SPDX-License-Identifier: MIT */
/* Reads a recorded trace from a file of the host. */
#pragma once

#include "emu/trace/trace_file.h"

/* flags and *ret_error as in trace_file.h. A pipe does as well; "-" is standard input. */
bool host_trace_load(const char *path, unsigned flags, struct trace_file *ret, char **ret_error);
/* Lines of traces without header and verdict, as they stand there. */
bool host_trace_text(const char *path, struct str *ret_text, char **ret_error);
