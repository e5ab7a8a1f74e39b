/* SPDX-License-Identifier: MIT */
/* Port volume over a copy-on-write volume in this process: over a directory (host_store) or over
 * memory (memstore). Turns paths into nodes, and lets changes wait while the volume is held.
 * Control operations complete before they return. */
#pragma once

struct sched;
struct store;
struct volume;

/* Takes take_store, also on failure. -EBUSY: another world has the store. */
int cow_port_new(struct sched *sched, char letter, struct store *take_store,
                 struct volume **ret_volume);
