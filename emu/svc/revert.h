/* SPDX-License-Identifier: MIT */
/* Putting a volume back to what a snapshot has. Learn: "IVssBackupComponents::RevertToSnapshot",
 * "IVssBackupComponents::QueryRevertStatus". The provider does it; the service locks the volume,
 * and asks the provider again and again until it is through. */
#pragma once

#include "emu/svc/operation.h"

#include <stdbool.h>

struct service;
struct snapshot;

/* Starts. force: open files of the volume are cut off. Codes: those of RevertToSnapshot. */
HRESULT revert_start(struct service *service, struct snapshot *snapshot, bool force);
/* The revert that runs on the volume; VSS_E_OBJECT_NOT_FOUND: none does, or no such volume. The
 * caller owns the reference. */
HRESULT revert_query(struct service *service, const char *volume_name,
                     struct operation **ret_operation);
