/* SPDX-License-Identifier: MIT */
/* Windows paths. A path with a drive letter or \\?\ is the world's and means a file of a volume, in
 * its current state or in a snapshot; any other path is the host's. */
#pragma once

#include "emu/include/vssemu_types.h"
#include "emu/port/volume.h"

#include <stdbool.h>

enum path_kind {
    PATH_HOST,     /* text: a host path */
    PATH_FILE,     /* text: relative to the root of the volume, as the port wants it */
    PATH_DEVICE,   /* the volume itself: \\.\C: */
    PATH_DISK,     /* \\.\PhysicalDrive0 */
    PATH_NULL,     /* NUL */
    PATH_CONSOLE,  /* CON, CONIN$, CONOUT$; text has the name */
    PATH_NO_DEVICE /* AUX, COM1 and so on: names that are reserved for what is not there */
};

struct win_path {
    enum path_kind kind;
    struct volume *volume;
    unsigned view; /* VOLUME_ORIGIN or the number of a snapshot */
    char *text;
    char *prefix;  /* what stands before the relative path: "C:\", for printing */
    size_t hidden; /* how much of text is not shown: of a share that begins below the root, of what
                      a link leads to */
    char *stream;  /* of an alternate stream, "file:stream"; else NULL */
    bool has_trailing_slash;
};

void path_free(struct win_path *path);
struct win_path path_copy(const struct win_path *path);
#define auto_path __attribute__((cleanup(path_free))) struct win_path

#define PATH_WILDCARDS 1u /* the last element may hold wildcards */
#define PATH_STREAMS   2u /* it may name a stream, "file:stream" or "file:stream:$DATA" */

/* What a path means; does not look whether it exists. An error code: ERROR_PATH_NOT_FOUND (no such
 * drive or volume, empty, too long), ERROR_INVALID_NAME, ERROR_BAD_NETPATH, ERROR_BAD_NET_NAME,
 * ERROR_FILE_NOT_FOUND (no such device), ERROR_INVALID_PARAMETER (NULL). Always to be freed. */
DWORD path_parse(const WCHAR *text, unsigned flags, struct win_path *ret_path);

/* The same for a whole path in UTF-8: one without a drive is the host's. */
DWORD path_parse_utf8(const char *text, unsigned flags, struct win_path *ret_path);

/* Looks it up and gives path->text the case that the names have. ret_stat may be NULL. Symbolic
 * links, junctions and mounted folders on the way are followed (links/link.h): volume, view and
 * text are where the file is, while the path prints as it was given. A link that the path itself
 * names is what is found. ERROR_CANT_RESOLVE_FILENAME: more than LINK_LIMIT links.
 * ERROR_FILE_NOT_FOUND: only the last element is missing (the rest has its case);
 * ERROR_PATH_NOT_FOUND: more. A trailing slash behind a file: ERROR_INVALID_NAME. */
DWORD path_find(struct win_path *path, struct stat *ret_stat);
/* The same, but what a link that the path names leads to: what is opened. ERROR_CANT_ACCESS_FILE: a
 * reparse point that nobody can open. */
DWORD path_find_target(struct win_path *path, struct stat *ret_stat);

/* Both, for a name without wildcards. Always to be freed. */
DWORD path_parse_and_find(const WCHAR *text, struct win_path *ret_path, struct stat *ret_stat);
/* The same for one that may name a stream. */
DWORD path_parse_and_find_stream(const WCHAR *text, struct win_path *ret_path,
                                 struct stat *ret_stat);

/* The whole path as Windows writes it, "C:\dir\file", or the host path. The caller frees. */
char *path_to_text(const struct win_path *path);

/* path_reserved.c: whether it is NUL, CON, COM1 and so on; fills in kind and text then. */
bool path_reserved_name(const char *text, struct win_path *ret_path);
/* path_disk.c: the same for \\.\PhysicalDrive0. */
bool path_disk_name(const char *text, struct win_path *ret_path);

/* ---- path_exposed.c: names that snapshots were given ---- */

/* False: nothing is exposed as this drive, or as the device (its name stands behind \\?\; text
 * moves behind it). path->text is the root of what it shows, then. */
bool path_exposed_drive(int letter, struct win_path *path);
bool path_exposed_device(const char **text, struct win_path *path);
/* text behind the two slashes of "\\MACHINE\share\..."; moves behind the share's name and puts the
 * share's root into path->text. ERROR_BAD_NETPATH: not this machine; ERROR_BAD_NET_NAME: no such
 * share. */
DWORD path_exposed_share(const char **text, struct win_path *path);
/* A path that leads through a folder at which a snapshot is mounted means the snapshot. */
void path_enter_exposed_folder(struct win_path *path);
/* Exposed drives, a bit each: 'A' is bit 0. */
unsigned path_exposed_drives(void);

/* The volume of a drive letter or of a snapshot, perhaps one that was given up; NULL: none. */
struct volume *path_volume_of_letter(int letter);
struct volume *path_volume_of_snapshot(unsigned device, unsigned *ret_view);
/* Its place in the world, from 0: \Device\HarddiskVolume(n+1). */
size_t path_volume_index(const struct volume *volume);

/* Where relative paths begin when code under test has called SetCurrentDirectory with a path of the
 * world; NULL: the host's working directory. The caller frees. */
char *path_current_directory(void);
void path_set_current_directory(const struct win_path *path);
