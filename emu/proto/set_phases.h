/* SPDX-License-Identifier: MIT */
/* What happens inside DoSnapshotSet, in order: who is asked to do what, inside which time window.
 * emu/svc/phase_runner walks this table. */
#pragma once

#include "emu/proto/writer_rules.h"

#include <stdbool.h>

enum phase_actor { ACTOR_WRITERS, ACTOR_PROVIDERS, ACTOR_VOLUMES };

enum provider_call {
    END_PREPARE_SNAPSHOTS,
    PRE_COMMIT_SNAPSHOTS,
    COMMIT_SNAPSHOTS,
    POST_COMMIT_SNAPSHOTS,
    PRE_FINAL_COMMIT_SNAPSHOTS,
    POST_FINAL_COMMIT_SNAPSHOTS,
    ABORT_SNAPSHOTS,
    N_PROVIDER_CALLS
};

enum volume_call { FLUSH_AND_HOLD, RELEASE_WRITES };

/* How the members of a phase are asked. */
enum phase_order {
    ALL_AT_ONCE,
    BY_LEVEL,  /* writers of a level together; front end, back end, system; then the next */
    ONE_BY_ONE /* one after another, in the reverse of the freeze order */
};

/* The window that a phase lies in. Learn: "Shadow Copy Creation for Providers". */
enum phase_window {
    NO_WINDOW,
    FREEZE_WINDOW, /* of each writer: 60 s or what it said at Initialize */
    HOLD_WINDOW    /* of all volumes together: 10 s */
};

struct set_phase {
    enum phase_actor actor;
    int what; /* enum writer_event, provider_call or volume_call */
    enum phase_order order;
    enum phase_window window;
    const char *page; /* where it is documented */
};

/* Ends with a row whose page is NULL. */
extern const struct set_phase snapshot_phases[];

#define HOLD_WINDOW_MS   10000
#define HANDLER_LIMIT_MS 600000 /* Unsure: no page; our choice for every handler but Freeze */

/* Whether the copies are there, since every provider has answered PostCommitSnapshots. */
bool set_phase_is_past_commit(const struct set_phase *phase);

/* What becomes of a set whose volume answers a flush or a hold with an error (an errno, negative):
 * one that is gone, a hold for which the machine has no memory, and any other that was not ready in
 * time. Unsure of the first two: reports name a symptom, no page has them. */
HRESULT volume_failure(bool is_flush, int error);

const char *provider_call_name(enum provider_call call);

/* Position of a level in the freeze order, 0 first. Learn: "VSS_APPLICATION_LEVEL enumeration". */
unsigned freeze_rank(VSS_APPLICATION_LEVEL level);
#define N_FREEZE_RANKS 4u
