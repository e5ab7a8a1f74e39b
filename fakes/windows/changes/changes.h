/* SPDX-License-Identifier: MIT */
/* What changes in directories of volumes, for those who have asked to hear of it (Learn: "Obtaining
 * Directory Change Notifications"). Changes made by this process through the functions of Windows
 * are told; those of others on a mounted volume, and of simulated writers, are not. */
#pragma once

#include "emu/include/vssemu_types.h"
#include "fakes/windows/path.h"

#include <stdbool.h>

struct file;
struct change_watch;

/* Something has happened to the file or directory: FILE_ACTION_..., and of which
 * FILE_NOTIFY_CHANGE_... it is. Costs nothing while nobody listens. */
void changes_tell(const struct win_path *path, DWORD action, DWORD kind);
/* It has another name. */
void changes_tell_renamed(const struct win_path *from, const struct win_path *to,
                          bool is_directory);

/* ---- who listens ---- */

/* With the lock of changes held, after each change that the watch is for. */
typedef void change_heard(void *argument);

/* From now on changes in the directory are gathered, of the first call's kinds; `limit` bytes of
 * records at most, 0: none are gathered. heard may be NULL. */
struct change_watch *change_watch_new(const struct win_path *directory, bool has_subtree,
                                      DWORD kinds, DWORD limit, change_heard *heard,
                                      void *argument);
void change_watch_free(struct change_watch *watch); /* NULL: nothing */

/* Waits until something was gathered and gives it, as FILE_NOTIFY_INFORMATION.
 * ERROR_NOTIFY_ENUM_DIR: there was more than there is room for; it is forgotten.
 * ERROR_OPERATION_ABORTED: *is_cancelled, which changes_wake makes it look at.
 * ERROR_NOTIFY_CLEANUP: nobody needs it any more (change_watch_end). */
DWORD change_watch_take(struct change_watch *watch, void *buffer, DWORD size,
                        const bool *is_cancelled, size_t *ret_n);
void changes_wake(void);
/* Ends the waits. */
void change_watch_end(struct change_watch *watch);

void changes_lock(void);
void changes_unlock(void);

/* ---- directory_changes.c: ReadDirectoryChanges ---- */

/* A call that runs on a thread of its own (overlapped/io_request.c). */
DWORD directory_changes_read(struct file *file, void *buffer, DWORD size, const bool *is_cancelled,
                             size_t *ret_n);
/* The last handle of a directory is about to close: what waits on it ends. */
void directory_changes_end(struct file *file);
