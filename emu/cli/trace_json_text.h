/* SPDX-License-Identifier: MIT */
/* What the commands on traces say with --json, on standard output. */
#pragma once

#include "emu/cli/trace_filter.h"
#include "emu/trace/trace_file.h"
#include "emu/trace/trace_stats.h"

/* {"header": {...}, "records": [...], "verdict": {...}}: the lines as they are. */
void trace_json_text_show(const struct trace_file *file, const struct trace_filter *filter);
/* {"same": false, "records": [57, 61], "difference": "after 23 records ..."} */
void trace_json_text_diff(const struct trace_file *a, const struct trace_file *b, bool is_same,
                          const char *words);
/* {"end_ns": N, "kinds": {...}, "phases": [...], "handlers": [...], ...} */
void trace_json_text_stats(const struct trace_stats *stats);
