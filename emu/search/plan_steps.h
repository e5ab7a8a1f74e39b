/* SPDX-License-Identifier: MIT */
/* The steps of a requester that plans are made of: a row each, with what it takes besides, and its
 * text in a scenario. */
#pragma once

#include "emu/search/plan.h"

unsigned plan_step_count(void);
bool plan_step_takes_writer(unsigned row);
bool plan_step_takes_component(unsigned row);
/* Of the step's writer; at least 1. */
unsigned plan_step_n_components(const struct plan *plan, const struct plan_step *step);
/* 1: it takes none. */
unsigned plan_step_n_values(const struct plan *plan, unsigned row);

/* "A: AddComponent ..."; the caller frees. */
char *plan_step_text(const struct plan *plan, const struct plan_step *step);
/* The other way round, in a plan whose writers are known. False: none of ours. */
bool plan_step_parse(const struct plan *plan, const char *text, struct plan_step *ret_step);

/* The row of a step by its name ("PrepareForBackup"); plan_step_count() when there is none. */
unsigned plan_step_named(const char *name);
