/* SPDX-License-Identifier: MIT */
/* What the open handles of one file have in common: who shares what, which bytes are locked, that
 * it is to be deleted, and where it is now that somebody has renamed it. A node exists while a
 * handle of this process is open on its file; nodes are found by the file's identity, so that
 * every name of a file means the same one. */
#pragma once

#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "fakes/windows/path.h"

#include <stdbool.h>
#include <sys/stat.h>

struct file;

struct file_node {
    struct hash_link link;
    dev_t device;
    ino_t ino;
    struct win_path path; /* as it is now */
    struct list files;    /* of struct file, by node_link */
    struct list locks;    /* of struct file_lock */
    /* For reading, writing, deleting: handles that have the access, and that share it. */
    int n_sharers, n_users[3], n_offers[3];
    bool is_directory;
    bool is_delete_pending;
};

/* Enters a file that was just opened: an error code (ERROR_SHARING_VIOLATION: it and another
 * exclude each other; ERROR_ACCESS_DENIED: the file is to be deleted). Afterwards file->node is
 * set. */
DWORD file_node_enter(struct file *file, const struct stat *st);

/* Takes a file out, with its locks. Its last one also deletes what was to be deleted: waits while
 * the volume is held. */
void file_node_leave(struct file *file);

/* Whether some open handle forbids `access` (FILE_SHARE_... bits) to the file that has this stat,
 * or it is to be deleted: ERROR_SUCCESS, ERROR_SHARING_VIOLATION, ERROR_ACCESS_DENIED. For
 * deleting and renaming: FILE_SHARE_DELETE; 0 asks for the second alone. */
DWORD file_node_check(const struct win_path *path, const struct stat *st, DWORD access);

/* Whether a handle is open on it, for whatever access. */
bool file_node_is_open(const struct win_path *path, const struct stat *st);

/* Deletes the file when its last handle closes, if it has any; false: it has none, the caller
 * deletes it. Learn: "DeleteFileW". */
bool file_node_delete_later(const struct win_path *path, const struct stat *st);
/* The same for the file behind a handle, and back. */
void file_node_set_delete(struct file *file, bool is_to_be_deleted);
bool file_node_is_delete_pending(struct file *file);

/* Whether a file below this directory is open. */
bool file_node_is_open_below(const struct win_path *directory);
/* Whether a file of the volume's current state is open. */
bool file_node_is_open_on(const struct volume *volume);
/* Whether an alternate stream of this file is open. Deviation: such a file is neither renamed nor
 * deleted, even when the stream's handles share deleting. */
bool file_node_has_open_stream(const struct win_path *path);
/* The file is at `to` now. */
void file_node_renamed(const struct win_path *path, const struct stat *st,
                       const struct win_path *to);

/* Where the file is: to be freed with path_free. */
struct win_path file_node_path(struct file *file);

/* ---- bytes (Learn: "LockFileEx") ---- */

/* ERROR_SUCCESS or, when another lock is in the way and `waits` is false, ERROR_LOCK_VIOLATION. */
DWORD file_node_lock(struct file *file, uint64_t start, uint64_t length, bool is_exclusive,
                     bool waits);
/* Waits until it has the lock or is cancelled (then ERROR_OPERATION_ABORTED), which
 * file_node_wake_lockers makes it look at. */
DWORD file_node_lock_until(struct file *file, uint64_t start, uint64_t length, bool is_exclusive,
                           const bool *is_cancelled);
void file_node_wake_lockers(void);
/* ERROR_NOT_LOCKED unless exactly this region was locked through this file. */
DWORD file_node_unlock(struct file *file, uint64_t start, uint64_t length);
/* ERROR_LOCK_VIOLATION when a lock of another file keeps this one from reading or writing. */
DWORD file_node_check_locks(struct file *file, uint64_t start, uint64_t length, bool writes);
