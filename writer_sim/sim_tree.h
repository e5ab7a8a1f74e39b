/* SPDX-License-Identifier: MIT */
/* Makes many directories and files on volumes, in time that grows with their number alone: every
 * directory is listed once, and names are found in an index without regard to case, as Windows
 * finds them. While a tree lives nobody else may change these volumes. */
#pragma once

#include "emu/port/volume.h"

#include <stddef.h>

struct sim_tree;

struct sim_tree *sim_tree_new(void);
void sim_tree_free(struct sim_tree *tree);

/* path: on the volume, "a/b"; "" is its root. What is there stays. 0 or a negative errno value. */
int sim_tree_directory(struct sim_tree *tree, struct volume *volume, const char *path);
/* The directory, and in it a file with this content unless it is there. */
int sim_tree_file(struct sim_tree *tree, struct volume *volume, const char *directory,
                  const char *name, const char *content);

/* How many were made. */
size_t sim_tree_n_directories(const struct sim_tree *tree);
size_t sim_tree_n_files(const struct sim_tree *tree);
