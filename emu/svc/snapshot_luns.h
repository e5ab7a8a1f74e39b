/* SPDX-License-Identifier: MIT */
/* What moves whole disks: bringing in the snapshots of another machine, and copying snapshots back
 * onto disks. Only hardware providers do it. Learn:
 * "Importing Transportable Shadow Copied Volumes", "IVssBackupComponents::ImportSnapshots",
 * "IVssBackupComponentsEx3::AddSnapshotToRecoverySet", "IVssBackupComponentsEx3::RecoverSet". */
#pragma once

#include "emu/svc/operation.h"

struct backup;

/* VSS_E_NONTRANSPORTABLE_BCD: the session's document knows no set that could be brought in. The
 * operation's result is VSS_E_NO_SNAPSHOTS_IMPORTED where no provider takes the disks. */
HRESULT snapshot_luns_import(struct backup *backup, struct operation **ret_operation);

/* Codes as on the page of AddSnapshotToRecoverySet. destination NULL: where it came from. */
HRESULT snapshot_luns_choose(struct backup *backup, const VSS_ID *snapshot_id,
                             const char *destination);
/* flags: VSS_RECOVERY_*. */
HRESULT snapshot_luns_recover(struct backup *backup, DWORD flags, struct operation **ret_operation);
