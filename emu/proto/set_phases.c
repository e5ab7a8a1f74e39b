/* SPDX-License-Identifier: MIT */
/* See set_phases.h. The order is that of Learn: "The Shadow Copy Creation Process" and "Shadow Copy
 * Creation for Providers"; where the two differ (the last provider calls) the choice is explained
 * in docs/deviations.md. */
#include "emu/proto/set_phases.h"

#include <errno.h>
#include <stddef.h>

/* clang-format off */
const struct set_phase snapshot_phases[] = {
/*  who acts         is asked to                    how           inside          documented in */
  { ACTOR_WRITERS,   ON_PREPARE_SNAPSHOT,           ALL_AT_ONCE,  NO_WINDOW,      "CVssWriter::OnPrepareSnapshot" },
  { ACTOR_PROVIDERS, END_PREPARE_SNAPSHOTS,         ALL_AT_ONCE,  NO_WINDOW,      "IVssProviderCreateSnapshotSet::EndPrepareSnapshots" },
  { ACTOR_WRITERS,   ON_FREEZE,                     BY_LEVEL,     FREEZE_WINDOW,  "VSS_APPLICATION_LEVEL enumeration" },
  { ACTOR_PROVIDERS, PRE_COMMIT_SNAPSHOTS,          ALL_AT_ONCE,  FREEZE_WINDOW,  "IVssProviderCreateSnapshotSet::PreCommitSnapshots" },
  { ACTOR_VOLUMES,   FLUSH_AND_HOLD,                ALL_AT_ONCE,  HOLD_WINDOW,    "Shadow Copy Creation for Providers" },
  { ACTOR_PROVIDERS, COMMIT_SNAPSHOTS,              ALL_AT_ONCE,  HOLD_WINDOW,    "IVssProviderCreateSnapshotSet::CommitSnapshots" },
  { ACTOR_VOLUMES,   RELEASE_WRITES,                ALL_AT_ONCE,  FREEZE_WINDOW,  "Shadow Copy Creation for Providers" },
  { ACTOR_PROVIDERS, POST_COMMIT_SNAPSHOTS,         ALL_AT_ONCE,  FREEZE_WINDOW,  "IVssProviderCreateSnapshotSet::PostCommitSnapshots" },
  { ACTOR_WRITERS,   ON_THAW,                       ONE_BY_ONE,   NO_WINDOW,      "CVssWriter::OnThaw" },
  { ACTOR_PROVIDERS, PRE_FINAL_COMMIT_SNAPSHOTS,    ALL_AT_ONCE,  NO_WINDOW,      "IVssProviderCreateSnapshotSet::PreFinalCommitSnapshots" },
  { ACTOR_WRITERS,   ON_POST_SNAPSHOT,              ONE_BY_ONE,   NO_WINDOW,      "CVssWriter::OnPostSnapshot" },
  { ACTOR_PROVIDERS, POST_FINAL_COMMIT_SNAPSHOTS,   ALL_AT_ONCE,  NO_WINDOW,      "IVssProviderCreateSnapshotSet::PostFinalCommitSnapshots" },
  { 0, 0, 0, 0, NULL },
};

static const char *const provider_call_names[N_PROVIDER_CALLS] = {
    "EndPrepareSnapshots", "PreCommitSnapshots", "CommitSnapshots", "PostCommitSnapshots",
    "PreFinalCommitSnapshots", "PostFinalCommitSnapshots", "AbortSnapshots",
};
/* clang-format on */

bool set_phase_is_past_commit(const struct set_phase *phase)
{
    for (const struct set_phase *before = snapshot_phases; before < phase; before++) {
        if (before->actor == ACTOR_PROVIDERS && before->what == POST_COMMIT_SNAPSHOTS)
            return true;
    }
    return false;
}

HRESULT volume_failure(bool is_flush, int error)
{
    if (error == -ENODEV)
        return VSS_E_OBJECT_NOT_FOUND;
    if (error == -ENOMEM && !is_flush)
        return VSS_E_PROVIDER_VETO;
    return is_flush ? VSS_E_FLUSH_WRITES_TIMEOUT : VSS_E_HOLD_WRITES_TIMEOUT;
}

const char *provider_call_name(enum provider_call call)
{
    return provider_call_names[call];
}

unsigned freeze_rank(VSS_APPLICATION_LEVEL level)
{
    switch (level) {
    case VSS_APP_FRONT_END:
        return 0;
    case VSS_APP_BACK_END:
        return 1;
    case VSS_APP_SYSTEM:
        return 2;
    default:
        return 3;
    }
}
