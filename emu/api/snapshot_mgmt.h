/* SPDX-License-Identifier: MIT */
/* IVssSnapshotMgmt and IVssSnapshotMgmt2: where programs that manage the storage of snapshots
 * begin. */
#pragma once

#include "emu/include/vsmgmt.h"

struct service;

/* For CoCreateInstance(CLSID_VssSnapshotMgmt), in the world of the calling thread. */
HRESULT snapshot_mgmt_create(REFIID iid, void **ret_object);

/* IVssDifferentialSoftwareSnapshotMgmt to 3 of the system provider (emu/api/diff_area_mgmt). */
void diff_area_mgmt_new(struct service *service, IUnknown **ret_face);
