/* SPDX-License-Identifier: MIT */
/* A trace as a picture: time goes down, each participant has a column. A thick line is a writer
 * that is frozen, a volume whose writes are held, a requester whose operation runs.
 *
 *       seconds  requester       writer Sql      volume C:
 *      0.000048  DoSnapshotSet   |               |
 *      0.000048  #               Freeze          |
 *      0.000050  #               #               hold
 */
#pragma once

#include "emu/trace/trace_diff.h"

struct trace_lanes_options {
    bool is_ascii; /* | and # instead of lines */
    bool has_colours;
    unsigned width; /* of the screen; 0: as wide as it gets */
    trace_diff_filter *filter;
    const void *filter_arg;
};

void trace_lanes_add(struct str *out, const struct trace_file *file,
                     const struct trace_lanes_options *options);
