/* SPDX-License-Identifier: MIT */
/* The sets of --snapshot, looked at before anything starts. */
#pragma once

#include "emu/base/array.h"
#include "emu/setup/snapshot_spec.h"

#include <stdbool.h>

struct launch_plan;

struct snapshot_options {
    ARRAY(struct snapshot_spec) sets; /* in the order of the command line */
};

/* False: says what is wrong. */
bool snapshot_options_add(struct snapshot_options *options, const char *value);
/* The same, when all volumes of the plan are known. */
bool snapshot_options_make_sense(const struct snapshot_options *options,
                                 const struct launch_plan *plan);
void snapshot_options_fini(struct snapshot_options *options);
