/* SPDX-License-Identifier: MIT */
/* Paths of port/volume.h on a copy-on-write volume. Symbolic links and ".." are followed inside the
 * volume; what would lead out of it is -EXDEV, a loop of links -ELOOP. Used by cow_port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cow_node;
struct cow_volume;

#define COW_NAME_SIZE 256

/* The node a path names, a new reference; follow: the last element too, if it is a link. */
int cow_path_find(struct cow_volume *v, unsigned view, const char *path, bool follow,
                  struct cow_node **ret_node);
/* The directory in which the last element stands or would stand, and that element.
 * -EINVAL: the path has no last element ("" or one that ends in ".."). */
int cow_path_split(struct cow_volume *v, unsigned view, const char *path, struct cow_node **ret_dir,
                   char ret_name[COW_NAME_SIZE]);
