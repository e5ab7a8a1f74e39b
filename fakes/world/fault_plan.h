/* SPDX-License-Identifier: MIT */
/* Port faults: the faults of a world, and how often each of their places has been met. What fired
 * is in the trace (kind note, what "fault"). */
#pragma once

#include "fakes/world/fault.h"

#include <stddef.h>

struct trace;
struct fault_plan;

/* trace (may be NULL) gets what fires. */
struct fault_plan *fault_plan_new(struct trace *trace);
void fault_plan_free(struct fault_plan *plan);
struct faults *fault_plan_port(struct fault_plan *plan);

/* Takes the fault's name. From one thread at a time; others may be meeting places meanwhile.
 * Faults of a place are looked through in the order in which they were added; the first that is due
 * happens. */
void fault_plan_add(struct fault_plan *plan, const struct fault *take_fault);

/* Those with a time are nobody's place: whoever has the clock tells that fault i happens now. */
void fault_plan_fire_timed(struct fault_plan *plan, size_t i);

/* From now on nothing goes wrong any more: the run ends. */
void fault_plan_lift(struct fault_plan *plan);

size_t fault_plan_count(const struct fault_plan *plan);
const struct fault *fault_plan_get(const struct fault_plan *plan, size_t i);
/* How often fault i has happened, and how often its place was met. */
unsigned fault_plan_fired(const struct fault_plan *plan, size_t i);
unsigned fault_plan_met(const struct fault_plan *plan, size_t i);
/* Why fault i has not happened: "its place was met 0 times: no writer is called Sqk; there are:
 * Sql". NULL: it has. The caller frees. */
char *fault_plan_unfired(const struct fault_plan *plan, size_t i);
