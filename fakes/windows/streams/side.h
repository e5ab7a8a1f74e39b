/* SPDX-License-Identifier: MIT */
/* What NTFS keeps with a file besides its data and Linux has no place for: alternate streams, a
 * reparse point, a security descriptor, further attributes. They lie in files of a hidden folder at
 * the root of the volume, so that snapshots, mounts and file systems without extended attributes
 * have them like any file. The folder mirrors the volume: what belongs to dir/file is in
 * .vssemu/dir/file/, its streams as ":name", the rest as "::kind" (no name of Windows has a colon).
 *
 * Functions take the file's path as path_find gives it (volume, view, text in its own case) and
 * answer negative errno values. Files of the host have none of this: -ENOENT. */
#pragma once

#include "emu/base/name_list.h"
#include "fakes/windows/path.h"

#include <stdbool.h>
#include <sys/types.h>

#define SIDE_FOLDER   VOLUME_SIDE_FOLDER
#define SIDE_FLAGS    "::flags"
#define SIDE_SECURITY "::security"
#define SIDE_REPARSE  "::reparse"

/* The path is the hidden folder or something in it. */
bool side_is_hidden(const struct win_path *path);

/* Where an entry lies (NULL: the folder of the file); to be freed with path_free. */
struct win_path side_path(const struct win_path *file, const char *entry);
/* The folder is there afterwards. -EROFS in a snapshot. */
int side_make_folder(const struct win_path *file);

/* Every stream's name, without its colon, with the stat of what it lies in. */
int side_list_streams(const struct win_path *file,
                      int (*each)(void *arg, const char *name, const struct stat *st), void *arg);
/* The name as the stream was made with, looked for in any case; NULL: none. The caller frees. */
char *side_find_stream(const struct win_path *file, const char *name);

/* A whole small entry: its size, or -ENOENT. The caller frees. */
ssize_t side_read(const struct win_path *file, const char *entry, void **ret_data);
/* size 0 with data NULL removes it. */
int side_write(const struct win_path *file, const char *entry, const void *data, size_t size);

/* All names, in order. */
void side_stream_names(const struct win_path *file, struct name_list *names);

/* The file or directory is gone, is overwritten, has another name. */
void side_forget(const struct win_path *file);
void side_forget_streams(const struct win_path *file);
/* The file has a further name: what belongs to it is the same file under both. Deviation: what
 * begins to belong to it later belongs to the name by which it came. */
void side_linked(const struct win_path *file, const struct win_path *further);
void side_renamed(const struct win_path *from, const struct win_path *to);
