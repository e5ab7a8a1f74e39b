/* SPDX-License-Identifier: MIT */
/* Changes of a view: of the origin, or of a snapshot that is open for recovery. Writers bring their
 * files into order in a new snapshot, between PreFinalCommitSnapshots and PostFinalCommitSnapshots
 * (Learn: "IVssProviderCreateSnapshotSet::PreFinalCommitSnapshots"); from then on it is read-only
 * again. Neither the origin nor another snapshot sees anything of such a change, and it does not
 * wait while the volume is held. What it writes takes room in the diff area.
 *
 * view VOLUME_ORIGIN: as the function of cow_volume.h. Errors are negative errno values; -EROFS:
 * the snapshot is not open; -ESTALE, -ENXIO as for reading. */
#pragma once

#include "provider_sim/cow/cow_volume.h"

/* -ENOENT; -ENXIO: it is lost. What is open when its owner is killed is lost. */
int cow_volume_open_snapshot(struct cow_volume *v, unsigned number);
/* Read-only again; a persistent one is synced. Does nothing to one that is not open or is lost. */
int cow_volume_seal_snapshot(struct cow_volume *v, unsigned number);

/* 0, or why the view cannot be changed; the origin can. */
int cow_view_check_change(struct cow_volume *v, unsigned view);

ssize_t cow_view_write(struct cow_volume *v, unsigned view, struct cow_node *node,
                       const void *buffer, size_t size, off_t offset);
int cow_view_truncate(struct cow_volume *v, unsigned view, struct cow_node *node, off_t size);
/* As cow_volume_fallocate: in a snapshot, room is always there, and a hole is zeroes. */
int cow_view_fallocate(struct cow_volume *v, unsigned view, struct cow_node *node, int mode,
                       off_t offset, off_t size);
int cow_view_create(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                    mode_t mode, dev_t device, uid_t uid, gid_t gid, struct cow_node **ret_node);
int cow_view_symlink(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                     const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node);
int cow_view_link(struct cow_volume *v, unsigned view, struct cow_node *node, struct cow_node *dir,
                  const char *name);
int cow_view_unlink(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name);
int cow_view_rmdir(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name);
/* -EINVAL: an exchange, in a snapshot. */
int cow_view_rename(struct cow_volume *v, unsigned view, struct cow_node *from_dir,
                    const char *from, struct cow_node *to_dir, const char *to,
                    enum store_rename how);
int cow_view_chmod(struct cow_volume *v, unsigned view, struct cow_node *node, mode_t mode);
int cow_view_chown(struct cow_volume *v, unsigned view, struct cow_node *node, uid_t uid,
                   gid_t gid);
int cow_view_set_times(struct cow_volume *v, unsigned view, struct cow_node *node,
                       const struct timespec times[2]);
int cow_view_set_xattr(struct cow_volume *v, unsigned view, struct cow_node *node, const char *name,
                       const void *value, size_t size, int flags);
int cow_view_remove_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                          const char *name);
