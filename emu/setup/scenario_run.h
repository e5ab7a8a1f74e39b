/* SPDX-License-Identifier: MIT */
/* Runs scenarios in which no program of a user takes part: a world is made, the steps are played on
 * this thread, the world is judged by its trace and thrown away. No text is parsed but the steps,
 * no file is read but those that the scenario names. */
#pragma once

#include "emu/scenario/scenario.h"

struct fault_hit;
struct trace_record;
struct vssemu_world;

struct scenario_run {
    struct vssemu_world *world;
    char *failure; /* "line 7: DoSnapshotSet gave ...": a step did not end as it should; NULL: all
                      did. Owned */
    unsigned n_leaked; /* COM objects, once the run has ended */
};

/* Makes the world, plays the steps to their end or to the first that fails, releases what the
 * requester holds, lifts the faults and waits until the writers have heard of it. The calling
 * thread lives in the world until scenario_run_end. False: no world can be made of it;
 * *ret_error says why (the caller frees), and there is nothing to end. */
bool scenario_run_begin(const struct scenario *scenario, struct scenario_run *ret_run,
                        char **ret_error);
/* The same, and the files of snapshots and restored volumes are laid out below this directory
 * (look.h); NULL: nowhere. */
bool scenario_run_begin_looked(const struct scenario *scenario, const char *look_into,
                               struct scenario_run *ret_run, char **ret_error);
/* What happened, in order; valid until the end. */
size_t scenario_run_count(const struct scenario_run *run);
const struct trace_record *scenario_run_record(const struct scenario_run *run, size_t i);
void scenario_run_end(struct scenario_run *run);

/* The requester of this process never calls CoInitializeSecurity. */
void scenario_lack_security(void);
/* The steps alone, in the world of the calling thread. False: *ret_error names line and step. */
bool scenario_play_steps(struct vssemu_world *world, const struct scenario *scenario,
                         char **ret_error);
