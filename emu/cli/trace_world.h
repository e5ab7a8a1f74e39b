/* SPDX-License-Identifier: MIT */
/* The world of a run as the header of its trace tells it (docs/trace-format.md), and the way back
 * to a plan. It is the world's description (world_text.h) without what belongs to one process, and
 * with what only the launcher knows:
 *
 *   "mounted": true, "strict": true,
 *   "fresh": ["C:"]              volumes that had never had a snapshot
 *   "files": {"./app.xml": HASH} what the files named in it held; "program" is the program's own
 *
 * A text that begins with "./" is a path below the directory of the trace. */
#pragma once

#include "emu/cli/launch_plan.h"
#include "emu/trace/trace_json.h"

/* Copies the plan's volumes to where the header will say that they are: TRACE.volumes. False: says
 * what is wrong. */
bool trace_world_keep_volumes(const struct launch_plan *plan);
/* program_path may be NULL. The caller frees. */
char *trace_world_text(const struct launch_plan *plan, const char *program_path);

struct trace_world {
    struct launch_plan plan;
    char *world; /* what plan.recorded_world points to */
    char *directories[LAUNCH_MAX_VOLUMES];
    bool is_fresh[LAUNCH_MAX_VOLUMES];
    char **argv; /* what plan.argv points to */
};

/* The plan that runs it again, with absolute paths; trace_path is where the header was read.
 * False: says what is wrong. Files that hold something else now are told. */
bool trace_world_read(const struct trace_header *header, const char *trace_path,
                      struct trace_world *ret);
void trace_world_fini(struct trace_world *world);
