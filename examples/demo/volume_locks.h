/* SPDX-License-Identifier: MIT */
/* The locks of volume_vfs.c and the shared index of the write-ahead log, in this process. SQLite:
 * "File Locking And Concurrency" describes the levels of xLock, "WAL-mode File Format" the locks
 * of the index. Connections to one file share a node, found by the file's name. */
#pragma once

#include <sqlite3.h>
#include <windows.h>

#define VOLUME_MAX_NAME 1024

struct volume_node;

struct volume_file {
    sqlite3_file base;
    HANDLE handle;
    struct volume_node *node;
    int level; /* SQLITE_LOCK_... */
    int is_mapped;
    unsigned shm_shared, shm_exclusive; /* masks of its own locks */
    int is_delete_on_close;
    char name[VOLUME_MAX_NAME];
};

void volume_locks_init(void); /* once, before anything else */

/* Joins the node of that name; 0 when there is no memory. volume_node_leave gives up all locks. */
int volume_node_join(struct volume_file *f, const char *name);
void volume_node_leave(struct volume_file *f);

/* Methods of sqlite3_io_methods. */
int volume_lock(sqlite3_file *base, int level);
int volume_unlock(sqlite3_file *base, int level);
int volume_check_reserved(sqlite3_file *base, int *is_reserved);
int volume_shm_map(sqlite3_file *base, int index, int size, int extend, void volatile **region);
int volume_shm_lock(sqlite3_file *base, int offset, int n, int flags);
void volume_shm_barrier(sqlite3_file *base);
int volume_shm_unmap(sqlite3_file *base, int is_delete);
