/* SPDX-License-Identifier: MIT */
/* A volume with snapshots over a store: what both ways to its files share, the port in a process
 * (cow_port) and the FUSE server (provider_sim/fuse). Node-based, no paths, no waiting, no threads:
 * the caller serialises all calls. Errors are negative errno values.
 *
 * How a snapshot comes to be without copying: it is a new number ("epoch"). Before an object
 * changes, its old state is preserved once for the newest snapshot: blocks of 16 KiB go into the
 * diff area, attributes and directory entries become records in memory, and a file that loses its
 * last name moves to the folder of orphans instead of dying. Snapshot k sees the earliest record of
 * epoch k or later, and what has no such record as it is now. What was born after the newest
 * snapshot needs no preserving.
 *
 * The origin never fails because of a snapshot: where preserving fails, the snapshots that needed
 * it are lost (-ENXIO from then on) and the change goes on. The exception is ordered: see
 * protects_snapshots in emu/port/diff_area.h.
 *
 * While held, every change answers -EAGAIN; the caller waits or queues. */
#pragma once

#include "emu/port/store.h"
#include "emu/port/volume.h"

struct statvfs;
struct store;
struct cow_volume;
struct cow_node; /* a file, directory or symbolic link; counted references, one per object */

/* What a snapshot is to its maker. */
struct cow_snapshot_info {
    bool is_persistent;   /* it outlives the process */
    unsigned char id[16]; /* as its maker calls it */
    int64_t created;      /* 100 ns since 1601 UTC */
    const void *properties;
    size_t properties_size; /* at most COW_PROPERTIES_MAX */
};

#define COW_PROPERTIES_MAX 65536u
#define COW_SNAPSHOTS_MAX  512u /* of a volume; Learn: "Usage Conventions" */

/* Finds the persistent snapshots of earlier owners again (docs/diff-area-format.md, "Recovery").
 * Takes take_store, also on failure. -EBUSY: the store has another owner. -EPROTONOSUPPORT: its
 * catalogue is of a later version. */
int cow_volume_open(struct store *take_store, struct cow_volume **ret_volume);
/* The same for who only reads: nothing on disk is changed, nor need it be possible; what an owner
 * would do about what is found there is done in memory. Nothing that changes the volume may be
 * called. */
int cow_volume_open_to_read(struct store *take_store, struct cow_volume **ret_volume);
/* All node references must have been given back. Snapshots that are not persistent end with it. */
void cow_volume_free(struct cow_volume *v);
/* The owner is about to end: the next one finds in order what is persistent, the rest goes; with
 * is_told also what is lost. The volume can still be used. */
void cow_volume_leave(struct cow_volume *v, bool is_told);
/* Snapshots outlast a loss of power, too, from now on: two syncs for each first change. */
int cow_volume_set_durable(struct cow_volume *v, bool is_durable);
bool cow_volume_is_durable(const struct cow_volume *v);

/* What the volume's provider wants to know again of it, apart from snapshots: synced; the old or
 * the new is there. At most VOLUME_SETTINGS_MAX bytes. */
int cow_volume_keep_settings(struct cow_volume *v, const void *bytes, size_t size);
/* As of port volume, kept_settings. */
ssize_t cow_volume_settings(struct cow_volume *v, void *buffer);

/* What tells this volume from every other, in every process: drawn from the salt (16 bytes) and
 * the moment when it is first asked for, written and synced. salt NULL: -ENOENT if it has none
 * yet. */
int cow_volume_identify(struct cow_volume *v, const unsigned char *salt, unsigned char ret_id[16]);

/* The name of the one file in the root of a volume that is an image; NULL: it is none. */
const char *cow_volume_image(const struct cow_volume *v);

/* To be called while nobody waits for an answer: preserves what a program that writes in order will
 * change next, as much as it wrote last, so that its next write need not wait for that. Never
 * called, it is not missed. */
void cow_volume_between(struct cow_volume *v);
/* To be called when all that was asked for has been done: what changes in the directory from now
 * until the next change of the volume's own is somebody else's, and the next owner notices it, if
 * this one ends in order before that next change. Costs a look at the clock after a change, else
 * nothing; never called, the end (cow_volume_free) is the moment. */
void cow_volume_rest(struct cow_volume *v);

/* ---- the provider's side ---- */

void cow_volume_hold(struct cow_volume *v);
void cow_volume_release(struct cow_volume *v);
bool cow_volume_is_held(const struct cow_volume *v);
unsigned cow_volume_next_number(const struct cow_volume *v);
/* -EINVAL: the number is not new; -EMLINK: there are as many as a volume may have. Costs the same
 * whatever the volume holds. */
int cow_volume_commit(struct cow_volume *v, unsigned number);
/* The same with what is known of it (NULL: nothing, not persistent); what is persistent is also
 * synced. On failure there is no snapshot. */
int cow_volume_commit_as(struct cow_volume *v, unsigned number,
                         const struct cow_snapshot_info *info);
/* One that is there becomes persistent, or is known as something else; synced. -ENOENT; -ENXIO: it
 * is lost. On failure it stays what it was. Costs what was preserved since its commit, if that is
 * not in a log yet. */
int cow_volume_keep(struct cow_volume *v, unsigned number, const struct cow_snapshot_info *info);
int cow_volume_delete_snapshot(struct cow_volume *v, unsigned number); /* -ENOENT */
/* Puts the origin back to what the snapshot has: names, contents, attributes. All snapshots stay
 * as they are. -ENOENT, -ENXIO (it is lost), -EBUSY (open for recovery), -EAGAIN while held; after
 * another error some of the origin may be as it was. */
int cow_volume_revert(struct cow_volume *v, unsigned number);
/* Told while a snapshot is deleted, the origin reverted, or every block checked: how far it is, of
 * how much (in steps of its own; both from 0 on). NULL: nobody. fn must not call the volume. */
typedef void cow_progress_listener(void *arg, uint64_t done, uint64_t total);
void cow_volume_watch_progress(struct cow_volume *v, cow_progress_listener *fn, void *arg);
/* Snapshots in ascending order: number of the i-th, 0 behind the last. */
unsigned cow_volume_snapshot(const struct cow_volume *v, size_t i, bool *ret_is_lost);
/* The first whose number is above this one; 0: there is none. */
unsigned cow_volume_snapshot_after(const struct cow_volume *v, unsigned number, bool *ret_is_lost);
/* Valid until the next call about snapshots; NULL: there is none of this number. */
const struct cow_snapshot_info *cow_volume_snapshot_info(const struct cow_volume *v,
                                                         unsigned number);
/* Room that snapshots take in the diff area now, in bytes. */
uint64_t cow_volume_diff_bytes(const struct cow_volume *v);

/* ---- the diff area's limits (cow_area.c) ---- */

void cow_volume_limit_area(struct cow_volume *v, const struct diff_area_limits *limits);
/* All but free and total. */
void cow_volume_area_use(const struct cow_volume *v, struct diff_area_use *ret_use);
/* What has become of snapshots by themselves, oldest news first; false: nothing more. */
bool cow_volume_has_news(const struct cow_volume *v); /* from any thread, without the lock */
bool cow_volume_take_news(struct cow_volume *v, enum diff_area_event *ret_event,
                          unsigned *ret_number);
bool cow_volume_is_offline(const struct cow_volume *v);
void cow_volume_put_online(struct cow_volume *v);

/* ---- nodes; a view is VOLUME_ORIGIN or a snapshot's number ---- */

struct cow_node *cow_volume_root(struct cow_volume *v); /* a new reference */
struct cow_node *cow_node_ref(struct cow_node *node);
void cow_node_unref(struct cow_volume *v, struct cow_node *node);
uint64_t cow_node_ino(const struct cow_node *node);

/* -ESTALE: no such snapshot any more. -ENXIO: it is lost, or (the origin) the volume is offline.
 * All reading functions answer so. */
int cow_volume_lookup(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                      struct cow_node **ret_node);
int cow_volume_stat(struct cow_volume *v, unsigned view, struct cow_node *node,
                    struct stat *ret_stat);
/* Every entry but "." and ".."; each must not call the volume. Stops when it answers nonzero. */
int cow_volume_list(struct cow_volume *v, unsigned view, struct cow_node *dir,
                    int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg);
ssize_t cow_volume_read(struct cow_volume *v, unsigned view, struct cow_node *node, void *buffer,
                        size_t size, off_t offset);
/* As lseek(2) with SEEK_DATA or SEEK_HOLE: -ENXIO behind the end, or where no data follows. */
off_t cow_volume_seek(struct cow_volume *v, unsigned view, struct cow_node *node, off_t offset,
                      int whence);
int cow_volume_readlink(struct cow_volume *v, unsigned view, struct cow_node *node, char *buffer,
                        size_t size);
/* Size 0 asks for the size, as getxattr(2). */
ssize_t cow_volume_get_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                             const char *name, void *value, size_t size);
ssize_t cow_volume_list_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                              char *names, size_t size);

int cow_volume_statfs(struct cow_volume *v, struct statvfs *ret_statvfs);

/* ---- changes of the origin ---- */

ssize_t cow_volume_write(struct cow_volume *v, struct cow_node *node, const void *buffer,
                         size_t size, off_t offset);
int cow_volume_truncate(struct cow_volume *v, struct cow_node *node, off_t size);
/* As fallocate(2): room, a hole (FALLOC_FL_PUNCH_HOLE) or zeroes (FALLOC_FL_ZERO_RANGE).
 * -EOPNOTSUPP: the store cannot, or another mode. */
int cow_volume_fallocate(struct cow_volume *v, struct cow_node *node, int mode, off_t offset,
                         off_t size);
int cow_volume_sync(struct cow_volume *v, struct cow_node *node); /* NULL: everything */
/* mode holds the type; device: of a device node, else 0; uid and gid -1: those of this process. */
int cow_volume_create(struct cow_volume *v, struct cow_node *dir, const char *name, mode_t mode,
                      dev_t device, uid_t uid, gid_t gid, struct cow_node **ret_node);
int cow_volume_symlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                       const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node);
int cow_volume_link(struct cow_volume *v, struct cow_node *node, struct cow_node *dir,
                    const char *name);
int cow_volume_unlink(struct cow_volume *v, struct cow_node *dir, const char *name);
int cow_volume_rmdir(struct cow_volume *v, struct cow_node *dir, const char *name);
int cow_volume_rename(struct cow_volume *v, struct cow_node *from_dir, const char *from,
                      struct cow_node *to_dir, const char *to, enum store_rename how);
int cow_volume_chmod(struct cow_volume *v, struct cow_node *node, mode_t mode);
int cow_volume_chown(struct cow_volume *v, struct cow_node *node, uid_t uid, gid_t gid);
int cow_volume_set_times(struct cow_volume *v, struct cow_node *node,
                         const struct timespec times[2]);
int cow_volume_set_xattr(struct cow_volume *v, struct cow_node *node, const char *name,
                         const void *value, size_t size, int flags);
int cow_volume_remove_xattr(struct cow_volume *v, struct cow_node *node, const char *name);
