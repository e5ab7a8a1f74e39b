/* SPDX-License-Identifier: MIT */
/* The system provider: IVssSoftwareSnapshotProvider, IVssProviderCreateSnapshotSet and
 * IVssProviderNotifications over the volumes of a world. It makes, lists and deletes snapshots;
 * flush, hold and release are the service's.
 *
 * Like any provider it is called from a thread outside the service: CommitSnapshots, AbortSnapshots,
 * DeleteSnapshots and the last Release enter it themselves (port sched) and wait for the volumes. */
#pragma once

#include "emu/include/vsprov.h"

#include <stdbool.h>

struct world_ports;

/* Reads world->volumes at each call; world must outlive the provider. The other faces come by
 * QueryInterface. provider_id is what the snapshots' properties name. */
void soft_provider_new(struct world_ports *world, const VSS_ID *provider_id,
                       IVssSoftwareSnapshotProvider **ret_provider);

/* Whoever calls from inside the service (tasks, simulated worlds) says so once; the provider then
 * neither enters nor leaves, and every volume of the world must complete its control operations at
 * once, as cow_port's do (a volume that does not gives VSS_E_PROVIDER_VETO). */
void soft_provider_called_inside(IVssSoftwareSnapshotProvider *provider, bool is_inside);
