/* SPDX-License-Identifier: MIT */
/* Reads a recorded trace from a file of the host. */
#pragma once

#include "emu/trace/trace_file.h"

/* flags and *ret_error as in trace_file.h. A pipe does as well; "-" is standard input. */
bool host_trace_load(const char *path, unsigned flags, struct trace_file *ret, char **ret_error);
