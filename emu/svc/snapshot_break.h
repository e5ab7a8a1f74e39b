/* SPDX-License-Identifier: MIT */
/* A set of hardware snapshots leaves the service: its volumes become ordinary ones, its ids are
 * unknown from then on. Learn: "Breaking Shadow Copies", "IVssBackupComponents::BreakSnapshotSet",
 * "IVssBackupComponentsEx2::BreakSnapshotSetEx". */
#pragma once

#include "emu/svc/operation.h"

struct backup;

/* VSS_E_OBJECT_NOT_FOUND: the session sees no such set; VSS_E_PROVIDER_VETO: a software provider
 * made one of its snapshots. */
HRESULT snapshot_break(struct backup *backup, const VSS_ID *set_id);
/* The same at a later step. flags: VSS_BREAKEX_FLAG_*; E_INVALIDARG for bits nobody knows and for
 * flags that exclude each other. Its result may be VSS_E_BREAK_REVERT_ID_FAILED: the set stays. */
HRESULT snapshot_break_later(struct backup *backup, const VSS_ID *set_id, DWORD flags,
                             struct operation **ret_operation);
