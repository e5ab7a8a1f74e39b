/* SPDX-License-Identifier: MIT */
/* Walks the table of snapshot phases (emu/proto/set_phases) for one DoSnapshotSet, and unwinds it
 * when something fails. */
#pragma once

struct backup;

/* Starts; ends the backup's pending operation when it is through. */
void phase_runner_start(struct backup *backup);
