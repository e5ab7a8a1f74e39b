/* SPDX-License-Identifier: MIT */
/* The system provider: IVssSoftwareSnapshotProvider, IVssProviderCreateSnapshotSet and
 * IVssProviderNotifications over the volumes of a world. It makes, lists and deletes snapshots;
 * flush, hold and release are the service's.
 *
 * Like any provider it is called from a thread outside the service: CommitSnapshots, AbortSnapshots
 * and DeleteSnapshots enter it themselves (port sched) and wait for the volumes. All other methods
 * return at once and may be called inside and outside.
 *
 * Persistent snapshots stay until they are deleted, also when the process ends, in whatever way:
 * their volume keeps them (port volume, `keep`) once their set is finished. What travels
 * (transportable) and plexes are refused: VSS_E_UNSUPPORTED_CONTEXT. Of client-accessible ones 64
 * stay on a volume: the oldest makes room. A volume that fails is told to the trace as an entry of
 * the Application log, and to the caller as VSS_E_PROVIDER_VETO (or VSS_E_INSUFFICIENT_STORAGE). */
#pragma once

#include "emu/include/vsprov.h"
#include "emu/port/diff_areas.h"

#include <stdbool.h>

struct world_ports;

/* Reads world->volumes at each call; world must outlive the provider. The other faces come by
 * QueryInterface. provider_id is what the snapshots' properties name. */
void soft_provider_new(struct world_ports *world, const VSS_ID *provider_id,
                       IVssSoftwareSnapshotProvider **ret_provider);

/* Whoever calls from inside the service (tasks, simulated worlds) says so once; the provider then
 * neither enters nor leaves, and every volume of the world must complete its control operations at
 * once, as cow_port's do. */
void soft_provider_called_inside(IVssSoftwareSnapshotProvider *provider, bool is_inside);

/* After the last volume is there, inside the service: snapshots that earlier processes have left
 * are found again; those that cannot be read any more are deleted, with an entry in the log. */
void soft_provider_find_kept(IVssSoftwareSnapshotProvider *provider);

/* Whether what is made from now on ends with this process even if it is persistent. */
void soft_provider_set_passing(IVssSoftwareSnapshotProvider *provider, bool is_passing);

/* The diff areas of the world's volumes; the provider's, as long as it lives. */
struct diff_areas *soft_provider_diff_areas(IVssSoftwareSnapshotProvider *provider);
