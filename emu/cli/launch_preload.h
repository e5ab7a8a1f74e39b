/* SPDX-License-Identifier: MIT */
/* The virtual clock for programs that do not link libvssapi (fakes/preload). */
#pragma once

#include <stdbool.h>

struct launch_plan;

/* Puts libvssemu-time and what it must know into the environment that the next program inherits,
 * as far as the plan wants it; takes it out again. False: something is missing, which has been
 * said. */
bool launch_preload_begin(const struct launch_plan *plan, int trace_fd);
void launch_preload_end(const struct launch_plan *plan);
