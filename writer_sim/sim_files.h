/* SPDX-License-Identifier: MIT */
/* The files of a simulated writer: Windows paths of the world to places on its volumes, walking
 * file sets, copying, deleting, and fingerprints of contents. Everything goes through
 * port/volume.h. */
#pragma once

#include "emu/port/volume.h"
#include "emu/port/world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* %SystemRoot% and the other variables of a Windows machine, with their usual values; unknown ones
 * stay. The caller frees. */
char *sim_expand(const char *windows_path);

/* Finds the volume of an absolute path ("C:\x", "\\?\Volume{...}\x"), variables expanded, and the
 * path on it ("x/y", which the caller frees). False when the world has no such volume. */
bool sim_locate(struct world_ports *ports, const char *windows_path, struct volume **ret_volume,
                char **ret_path);
/* The path as names are really written, for Windows does not tell cases apart; elements that do not
 * exist stay as they are. The caller frees. */
char *sim_real_path(struct volume *volume, unsigned view, const char *path);
/* "C:\x\y" for messages; the caller frees. */
char *sim_windows_path(const struct volume *volume, const char *path);

/* Calls each(arg, path, stat) for every regular file of a file set, by name; stops when it answers
 * nonzero, and answers that, or a negative errno value; 0 also when the directory does not exist.
 * What Windows keeps for itself (System Volume Information) is left out. */
typedef int sim_each_file(void *arg, const char *path, const struct stat *st);
int sim_walk(struct volume *volume, unsigned view, const char *directory, const char *pattern,
             bool recursive, sim_each_file *each, void *arg);

/* All directories of a path on the origin that are missing. 0 or a negative errno value. */
int sim_make_directories(struct volume *volume, const char *path);
int sim_copy_file(struct volume *from, unsigned view, const char *from_path, struct volume *to,
                  const char *to_path);

/* A fingerprint of a whole file, or of ranges of it ("offset:length, ..."; NULL: all). */
int sim_fingerprint(struct volume *volume, unsigned view, const char *path, const char *ranges,
                    uint64_t *ret_fingerprint);
