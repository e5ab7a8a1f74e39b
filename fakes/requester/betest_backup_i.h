/* SPDX-License-Identifier: MIT */
/* What the parts of a backup share: betest_backup.c (its course), betest_snapshot.c (volumes and
 * shadow copies), betest_plan.c (which files) and betest_copy.c (copying them). Functions that
 * answer false have reported why. */
#pragma once

#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_history.h"
#include "fakes/requester/betest_session.h"
#include "fakes/requester/betest_types.h"

struct backup {
    struct session session;
    struct documents writers;    /* what each writer said, as XML */
    struct history *history;     /* of /Pre; NULL: none */
    struct volume_places places; /* the volumes of the set; device once it is made */
    ARRAY(VSS_ID) snapshots;     /* of each volume */
    VSS_ID set;                  /* of them */
    bool must_abort;             /* writers may wait for an event that will not come */
};

/* ---- betest_snapshot.c ---- */

LONG snapshot_context(const struct betest_options *options);
/* Every volume that some chosen component wants a snapshot of. */
void snapshot_note_volumes(struct backup *b);
/* Every volume of the machine that can be copied. */
bool snapshot_note_all_volumes(struct backup *b);
/* StartSnapshotSet, waiting for another requester's, and AddToSnapshotSet for what is noted. */
bool snapshot_start_set(struct backup *b);
/* The volumes of what writers have named in PrepareForBackup. */
bool snapshot_add_named_files(struct backup *b);
/* Persistent snapshots of a backup that came to nothing are taken back. */
void snapshot_take_back(struct backup *b);
/* DoSnapshotSet, with status and properties; nothing if no volume takes part. */
bool snapshot_make(struct backup *b);

/* ---- betest_plan.c ---- */

/* The type of backup that this component gets: a full one when its writer does not support the
 * type, or when there is nothing that it could build on. */
enum betest_type plan_type(const struct backup *b, const struct chosen_component *owner);

struct plan {
    struct file_list list; /* sorted, each file once */
    size_t n_unchanged;    /* differenced files that the earlier backup has */
    size_t n_partial;
    bool has_failed; /* something could not be listed or is missing; was reported */
};
/* What is to be copied of component i. handled: what partial and differenced files of its owner
 * have decided already; filled when i is the owner. */
void plan_component(struct backup *b, size_t i, struct text_index *handled, struct plan *ret);
void plan_free(struct plan *plan);

/* ---- betest_copy.c ---- */

/* Copies everything into the store; what fails is noted in the components. */
void copy_components(struct backup *b);
