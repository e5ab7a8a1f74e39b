/* SPDX-License-Identifier: MIT */
/* Symbolic links, junctions and mounted folders of volumes: what they are and where they lead. All
 * of them are kept as reparse points (streams/side.h), the same on every kind of volume. A symbolic
 * link of Linux that lies on a volume is one, too, with a relative target.
 *
 * Paths are as path_find gives them: volume, view, text in its own case. */
#pragma once

#include "fakes/windows/links/link_data.h"
#include "fakes/windows/path.h"

#include <sys/types.h>

/* The link at a path with this stat; false: it is none. To be freed when true. */
bool link_read(const struct win_path *path, const struct stat *st, struct link_data *ret_data);
/* Makes the file or empty directory a link: negative errno. */
int link_write(const struct win_path *path, const struct link_data *data);

/* The data of whatever reparse point is there: their size, or -ENOENT. The caller frees. */
ssize_t link_read_raw(const struct win_path *path, const struct stat *st, void **ret_data);

/* The tag of whatever reparse point is there, 0: none. */
DWORD link_tag(const struct win_path *path, const struct stat *st);
/* Whether it counts as a directory: a symbolic link of Linux does when its target is one. */
bool link_is_directory(const struct win_path *path, const struct stat *st);

/* Whether any reparse point may lie on the volume, or at this folder or below it: false saves
 * questions. */
bool link_may_be_below(const struct win_path *path, const char *folder);

/* If what lies at the first `length` bytes of path->text is a link, the path means what the link
 * leads to from now on (not looked up), while it still prints as before; *ret_entered says so.
 * `st`: of the link, NULL: of no symbolic link of Linux. ERROR_CANT_ACCESS_FILE: a reparse point of
 * which nobody knows what to do with it. */
DWORD link_enter(struct win_path *path, size_t length, const struct stat *st, bool *ret_entered);

/* The volume that is mounted here; NULL: none. Of "\??\Volume{...}\". */
struct volume *link_mounted_volume(const struct link_data *data);

#define LINK_LIMIT 63 /* Learn: "Reparse Points": at most 63 on a path */
