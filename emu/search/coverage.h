/* SPDX-License-Identifier: MIT */
/* What runs have met: each pair of a writer's state and an event, with each fault that happened
 * there or none; each call into a provider, operation of a volume and public call likewise. Fed
 * with the records of traces; steers the search, and tells what a suite has never met. Counts are
 * added when shards are joined, so that the order of joining does not matter. */
#pragma once

#include "emu/base/str.h"
#include "emu/port/faults.h"

#include <stdint.h>

struct coverage;
struct trace_record;

/* A cell: who, in which state (of writers alone, otherwise 0), at which place, with which fault
 * (N_FAULT_ACTIONS: none). */
struct coverage_cell {
    enum fault_actor actor;
    unsigned state, point, action;
};

struct coverage *coverage_new(void);
void coverage_free(struct coverage *coverage);

/* Between runs: faults that are told of without anybody having met them are forgotten. */
void coverage_begin_run(struct coverage *coverage);
void coverage_record(struct coverage *coverage, const struct trace_record *record);

/* How many cells have been met that had not been met when this was called last. */
unsigned coverage_take_new(struct coverage *coverage);
/* Of all cells that the rules allow. *ret_possible is the same in every run. */
void coverage_count(const struct coverage *coverage, unsigned *ret_met, unsigned *ret_possible);
uint32_t coverage_get(const struct coverage *coverage, const struct coverage_cell *cell);
/* Calls each with every cell that the rules allow, in a fixed order. */
void coverage_each(const struct coverage *coverage,
                   void (*each)(void *arg, const struct coverage_cell *cell, uint32_t count),
                   void *arg);

/* Lines "COUNT writer STABLE Freeze hang", cells that were met. */
void coverage_write(const struct coverage *coverage, struct str *out);
/* Adds what such lines say. False: *ret_error names the line; the caller frees. */
bool coverage_add_text(struct coverage *coverage, const char *text, char **ret_error);
/* "writer WAITING_FOR_THAW Thaw hang" */
void coverage_cell_text(const struct coverage_cell *cell, struct str *out);
