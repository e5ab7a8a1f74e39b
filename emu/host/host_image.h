/* SPDX-License-Identifier: MIT */
/* A volume that is one file, an image of a disk: for programs that read a snapshot's device as a
 * whole. Its root holds the file and nothing else. What snapshots need lies beside it, in the
 * folder FILE.vssemu, which is to the file what its own directory is to a volume of files. */
#pragma once

#include <stdbool.h>

struct store;

/* Whether it can be one: a regular file of whole sectors of 512 bytes, one at least. */
bool host_image_is(const char *path);
/* The file itself, whatever links lead to it: it has one name and one store. What is no image: path
 * as it is. malloc memory. */
char *host_image_real(const char *path);
/* Opens the store over it; makes the folder if need be. Errors as of host_store_open. */
int host_image_open(const char *path, struct store **ret_store);
/* The same for who only reads: no folder is made. */
int host_image_open_to_read(const char *path, struct store **ret_store);
/* The directory that keeps what belongs to the volume's snapshots: that of the file, or, where path
 * is no regular file, path itself. malloc memory. */
char *host_image_folder(const char *path);
