/* SPDX-License-Identifier: MIT */
/* The nodes of host_store: how a file of the directory is held while descriptors are scarce. A
 * volume may have a million files whose nodes somebody holds, a process some thousand descriptors.
 *
 * A node knows a name of its file and the node of that folder, so its O_PATH descriptor can be
 * closed and opened again; the least recently used ones are closed. A node whose known name is
 * gone keeps its descriptor, since nothing else leads to the file. Names change through the store
 * only (its owner has the volume's lock), and host_store says so here before each change. */
#pragma once

#include "emu/base/hash.h"
#include "emu/base/list.h"

#include <stdbool.h>
#include <sys/types.h>

#define HOST_NODES_N_FILES 128 /* open for reading and writing at a time */

struct store_node {
    struct hash_link by_name;  /* of its folder's inode number and its name, if it has one */
    struct list in_use;        /* among those with a descriptor */
    struct store_node *folder; /* a reference; NULL: the root, or the known name is gone */
    char *name;                /* owned; NULL with folder */
    ino_t ino;
    mode_t type;
    unsigned refs;    /* of callers and of nodes in this folder */
    int path_fd;      /* -1: closed to make room */
    int data_fd;      /* -1: not open */
    bool is_writable; /* data_fd */
    size_t place;     /* among the open files, while data_fd is open */
};

struct host_nodes {
    struct hash names;  /* of struct store_node */
    struct list in_use; /* most recently used first */
    size_t n_in_use;
    size_t limit;
    struct store_node *files[HOST_NODES_N_FILES];
    size_t next_file;
};

/* limit: how many O_PATH descriptors to keep; 0: half of what this process may have. */
void host_nodes_init(struct host_nodes *nodes, size_t limit);
void host_nodes_free(struct host_nodes *nodes);

/* Takes path_fd (-1: answers -errno). folder and name: where it was found; NULL: the root. */
int host_node_new(struct host_nodes *nodes, int path_fd, struct store_node *folder,
                  const char *name, struct store_node **ret_node);
void host_node_unref(struct host_nodes *nodes, struct store_node *node);

/* The node's O_PATH descriptor, which stays the node's: good until the next call of this function
 * (host_node_second_fd leaves it open). -ESTALE: its name means another file now. */
int host_node_fd(struct host_nodes *nodes, struct store_node *node);
int host_node_second_fd(struct host_nodes *nodes, struct store_node *node);

/* A descriptor for reading, or for both, of a regular file; it stays the node's. -EISDIR, -EINVAL
 * for other kinds. */
int host_node_data_fd(struct host_nodes *nodes, struct store_node *node, bool to_write);
/* Keeps data_fd, which the caller has opened, as the node's. */
void host_node_keep_data(struct host_nodes *nodes, struct store_node *node, int data_fd,
                         bool is_writable);

/* Before the name goes, or means something else: whoever is known by it gets a descriptor. When it
 * has gone: they are known by it no more, and keep their descriptors. */
int host_nodes_hold(struct host_nodes *nodes, struct store_node *folder, const char *name);
void host_nodes_forget(struct host_nodes *nodes, struct store_node *folder, const char *name);
/* After a rename: whoever was known by the old name is known by the new one. */
void host_nodes_after_rename(struct host_nodes *nodes, struct store_node *from_folder,
                             const char *from, struct store_node *to_folder, const char *to);
void host_nodes_after_exchange(struct host_nodes *nodes, struct store_node *a_folder, const char *a,
                               struct store_node *b_folder, const char *b);

/* What reaches through /proc what a system call cannot do with O_PATH. */
#define HOST_PROC_PATH_SIZE 32
const char *host_proc_path(int fd, char buffer[HOST_PROC_PATH_SIZE]);
#define HOST_PROC_PATH(fd) host_proc_path((fd), (char[HOST_PROC_PATH_SIZE]){ 0 })
