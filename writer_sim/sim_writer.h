/* SPDX-License-Identifier: MIT */
/* What simulated writers share: the writer of vssemu_writer.h run inside the service, notes in the
 * trace, and failures on request. */
#pragma once

#include "emu/include/vssemu_writer.h"
#include "emu/port/world.h"

struct sim_writer {
    struct world_ports *ports; /* borrowed */
    struct vssemu_writer *writer;
    char *who; /* "writer Name", for the trace */
};

/* Makes, initialises and subscribes it. ops and self as in vssemu_writer_new; ops and ports outlive
 * it. On failure nothing is left. */
HRESULT sim_writer_init(struct sim_writer *sim, struct world_ports *ports,
                        const struct vssemu_writer_ops *ops, void *self,
                        const struct vssemu_writer_identity *identity);
void sim_writer_fini(struct sim_writer *sim);

/* In PostSnapshot: the number of the snapshot of a volume, VOLUME_ORIGIN when there is none. */
unsigned sim_writer_snapshot_of(const struct sim_writer *sim, const struct volume *volume);

/* A note in the trace under the writer's name. */
void sim_writer_note(const struct sim_writer *sim, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports failure of the running handler: VSS_E_WRITERERROR_NONRETRYABLE, or one of the retryable
 * codes, drawn from the world's random numbers. Answers the code. */
HRESULT sim_writer_fail(const struct sim_writer *sim, bool retryable);
