/* SPDX-License-Identifier: MIT */
/* Files of volumes as files of the host, for programs that know nothing of this world. */
#pragma once

struct volume;

/* Writes what the file of the view holds to directory/path, making directories that are missing.
 * 0 or a negative errno. */
int host_lay_out(struct volume *volume, unsigned view, const char *path, const char *directory);
/* The directory alone, with those above it. */
int host_lay_out_directory(const char *directory);
