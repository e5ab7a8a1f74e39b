/* SPDX-License-Identifier: MIT */
/* A volume's place in the plan of faults: stands in front of whatever volume there is and asks port
 * faults (FAULT_VOLUME, by name "C:", or the GUID name of one without a letter) at each operation.
 * Without a plan everything passes on at once.
 *
 * Where a block of a snapshot is read, the snapshots vanish and the volume stays (Windows: when the
 * storage for what changes has no room, all of a volume's snapshots are deleted).
 *
 * A volume that has vanished answers -ENODEV to the service and -ENXIO to whoever reaches for its
 * files and snapshots. A full one answers -ENOSPC to what would need room: a snapshot, a new name,
 * a longer file. */
#pragma once

#include "emu/port/faults.h"

#include <stdint.h>

struct volume;
struct world_ports;

/* Who wants to know what is read of snapshots. */
struct volume_watcher {
    /* A file of a view (path as in port/volume.h) was read up to `end`. Any thread. */
    void (*read)(struct volume_watcher *watcher, const struct volume *volume, unsigned view,
                 const char *path, uint64_t end);
};

/* Once, before anybody uses the volume. ports->faults may change at any time. Freed with the
 * volume. */
void volume_faults_put(struct volume *volume, struct world_ports *ports);
/* From now on, for files that are opened then. */
void volume_faults_watch(struct volume *volume, struct volume_watcher *watcher);
/* A planned fault with a time: vanish or fill. Inside the service. */
void volume_faults_happen(struct volume *volume, enum fault_action action);
/* Faults are over: what is late or hangs is done now. Inside the service. */
void volume_faults_lift(struct volume *volume);
/* "C:", or the GUID name. */
const char *volume_faults_name(const struct volume *volume, char buffer[3]);
