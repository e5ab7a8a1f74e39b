/* SPDX-License-Identifier: MIT */
/* Looking into a snapshot: `vssemu volume show`. */
#pragma once

#include <stdbool.h>

struct volume_directory;
struct volume_snapshot;

/* Prints what a folder holds, or writes a file's contents to standard output; as JSON an array of
 * what the folder holds, or what is known of the file. path: with '/', "" for the root. Says what
 * is wrong and answers the exit code. */
int volume_show_path(struct volume_directory *d, const struct volume_snapshot *snapshot,
                     const char *path, bool is_json);
