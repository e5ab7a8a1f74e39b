/* SPDX-License-Identifier: MIT */
/* What cow_recover.c, cow_recover_tree.c and cow_recover_names.c share while a volume is opened.
 * Nobody else includes it. */
#pragma once

#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/cow_salvage.h"

#define COW_NOBODY UINT32_MAX

struct recovery {
    struct cow_volume *v;
    struct cow_found found;
    struct cow_salvage salvage; /* read if something is damaged */
    struct timespec settled;    /* what changed before is the owner's */
    bool is_by_witness;         /* the witness knows of later changes */
    unsigned lose_after;        /* snapshots newer than this are lost; COW_NOBODY: none */
};

/* Snapshots newer than this one are lost. Only noted. */
static inline void cow_recovery_lose(struct recovery *r, unsigned after)
{
    if (after < r->lose_after)
        r->lose_after = after;
}

/* ---- cow_recover_tree.c ---- */

/* Whether somebody else has changed this. */
bool cow_recovery_is_foreign(const struct recovery *r, const struct stat *st);
/* Walks the directory: what is foreign, what is new, where the nodes are that the log knows. */
int cow_recovery_walk(struct recovery *r);

/* ---- cow_recover_names.c ---- */

/* The catalogue does not say whether there is a log, or may not say it. What lies there names the
 * snapshots that are lost; true: there are some, and all is done. */
int cow_recover_unknown(struct recovery *r, bool *ret_is_done);
/* After the log has been read: who is named elsewhere, if something is damaged. */
int cow_recovery_look_for_names(struct recovery *r);
/* They are lost, and told about; with a new log if the old one is damaged. */
void cow_recovery_tell_names(struct recovery *r);
