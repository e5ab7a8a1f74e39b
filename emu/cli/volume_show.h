/* SPDX-License-Identifier: MIT */
/* Looking into a snapshot: `vssemu volume show`. */
#pragma once

struct volume_directory;
struct volume_snapshot;

/* Prints what a folder holds, or writes a file's contents to standard output. path: with '/', ""
 * for the root. Says what is wrong and answers the exit code. */
int volume_show_path(struct volume_directory *d, const struct volume_snapshot *snapshot,
                     const char *path);
