/* SPDX-License-Identifier: MIT */
/* What a snapshot has is amended while it is open for recovery: its writers bring their files into
 * order there. Neither the origin nor another snapshot sees anything of it. The operations that
 * callers know are in cow_view_change.h; these are their steps, one for each kind of record.
 * Included by the files of cow_volume only. Errors are negative errno values; then nothing has
 * changed, or (the log cannot be written) all snapshots are lost. */
#pragma once

#include "provider_sim/cow/cow_journal.h"

/* The open snapshot `view`. -EROFS: it is not open; -ESTALE, -ENXIO as for reading. */
int cow_amend_begin(struct cow_volume *v, unsigned view, struct cow_snapshot **ret_snapshot);

/* The attributes that the snapshot has of the node from now on. */
int cow_amend_stat(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                   const struct stat *st);
/* takes the attributes, also on failure */
int cow_amend_xattrs(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                     struct cow_xattrs *take_xattrs);
/* What the snapshot has: a copy. */
int cow_amend_get_xattrs(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                         struct cow_xattrs *ret_xattrs);
/* The name means `target` from now on; NULL: nothing. */
int cow_amend_entry(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *dir,
                    const char *name, struct cow_node *target);
/* A whole block; NULL: zeroes. The node's attributes must have been amended before. */
int cow_amend_block(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node,
                    uint64_t block, const void *bytes);
/* The amendments so far are in the log. */
int cow_amend_end(struct cow_volume *v);

/* A new object that only the snapshot has: it lies among the orphans, empty. target: of a symbolic
 * link, else NULL. The answer is a reference; an entry must pin it. */
int cow_amend_make(struct cow_volume *v, struct cow_snapshot *s, mode_t mode, dev_t device,
                   const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node);
