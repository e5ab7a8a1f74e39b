/* SPDX-License-Identifier: MIT */
/* A world from a scenario: machine, volumes with their trees, writers, registry, snapshots that are
 * there, faults. What a scenario does (its steps) is scenario_run.h's. */
#pragma once

#include "emu/scenario/scenario.h"
#include "emu/setup/world.h"

/* Puts machine, volumes, the system provider, registry and writers into a world that is new but for
 * what its options said (clock, seed, schedule): volumes whose letters are there already stay as
 * they are. The calling thread lives in the world. False: *ret_error gets a sentence; the caller
 * frees. */
bool world_add_scenario(struct vssemu_world *world, const struct scenario *scenario,
                        char **ret_error);
/* Then what runs code and calls: providers, the snapshots that are there, and at last the
 * faults. */
bool world_begin_scenario(struct vssemu_world *world, const struct scenario *scenario,
                          char **ret_error);

/* Puts what `expect:` asks about files into the trace, where it is judged. At the end. */
void world_look_at_files(struct vssemu_world *world, const struct scenario *scenario);
/* The number at the end of a device's name is the view's; VOLUME_ORIGIN: there is none. */
unsigned world_view_of(const char *device);
