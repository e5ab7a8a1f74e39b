/* SPDX-License-Identifier: MIT */
/* Walks the table of snapshot phases (emu/proto/set_phases) for one DoSnapshotSet, and unwinds it
 * when something fails. */
#pragma once

#include "emu/proto/writer_rules.h"

#include <stdbool.h>

struct backup;

/* Starts; ends the backup's pending operation when it is through. */
void phase_runner_start(struct backup *backup);

/* Whether the runner has stopped behind service->pause_after. */
bool phase_runner_is_paused(const struct backup *backup);
/* Goes on, to stop again behind pause_after (N_WRITER_EVENTS: not any more). */
void phase_runner_resume(struct backup *backup, enum writer_event pause_after);
