/* SPDX-License-Identifier: MIT */
/* What the kernel knows of a mounted volume: an inode for each object in each view, counted by its
 * lookups. The number that the kernel uses is the address of the inode. Used by cow_fuse. */
#pragma once

#include "emu/base/hash.h"

#include <stdbool.h>
#include <stdint.h>

struct cow_node;
struct cow_volume;

struct fuse_inode {
    struct hash_link link;
    struct cow_node *node; /* a reference; NULL: the directory of snapshots */
    unsigned view;
    bool is_stale; /* another inode is the object's now: who has this one open is told so */
    uint64_t n_lookups;
};

struct fuse_nodes {
    struct cow_volume *volume;
    struct hash inodes;
    struct hash stale;
    struct fuse_inode root;
    struct fuse_inode snapshots; /* ".vss" */
};

void fuse_nodes_init(struct fuse_nodes *nodes, struct cow_volume *volume);
/* Forgets everything, as an unmount does. */
void fuse_nodes_fini(struct fuse_nodes *nodes);

struct fuse_inode *fuse_nodes_find(struct fuse_nodes *nodes, uint64_t number);
uint64_t fuse_nodes_number(const struct fuse_nodes *nodes, const struct fuse_inode *inode);
/* The inode of an object, its reference taken, counted one lookup more. */
struct fuse_inode *fuse_nodes_look_up(struct fuse_nodes *nodes, struct cow_node *take_node,
                                      unsigned view);
/* The object gets another inode when it is looked up next. */
void fuse_nodes_retire(struct fuse_nodes *nodes, struct fuse_inode *inode);
void fuse_nodes_forget(struct fuse_nodes *nodes, uint64_t number, uint64_t n_lookups);
