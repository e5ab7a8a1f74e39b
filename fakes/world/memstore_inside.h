/* SPDX-License-Identifier: MIT */
/* What the files of memstore share: memstore.c nodes, names and the store; memstore_files.c
 * contents and attributes. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"

struct clock;

struct mem_entry {
    char *name;
    struct store_node *node;
};

struct mem_xattr {
    char *name;
    void *value;
    size_t size;
};

struct store_node {
    struct stat st;
    unsigned refs;
    char *data; /* a file's first bytes (memstore_data.c), a link's target */
    size_t capacity;
    ARRAY(char *) pieces; /* its further bytes; NULL: a hole */
    bool is_below_failure;
    ARRAY(struct mem_entry) entries;
    ARRAY(struct mem_xattr) xattrs;
};

struct memstore {
    struct store store;
    struct clock *clock;
    int64_t changes;
    struct store_node *root;
    ino_t next_ino;
    ARRAY(ino_t) free_inos;
    uint64_t life;
    struct timespec life_began;
    bool is_locked;
    bool is_kept;
    bool is_full;
    char *fail_below;
    uint64_t fail_after;
    int fail_error;
};

static inline struct memstore *mem_from(struct store *s)
{
    return container_of(s, struct memstore, store);
}

struct timespec mem_now(struct memstore *m);
void mem_touch(struct memstore *m, struct store_node *node, bool is_content);
/* What a change of the node answers when it is to fail, else 0. */
int mem_fail(struct memstore *m, const struct store_node *node);

/* ---- memstore_data.c: bytes of a file; its size is the caller's affair ---- */

void mem_data_read(const struct store_node *node, char *buffer, size_t size, size_t offset);
void mem_data_write(struct store_node *node, const char *buffer, size_t size, size_t offset);
/* How many bytes from here on were never written, at most to the end of a piece. */
size_t mem_data_missing(const struct store_node *node, size_t offset);
void mem_data_cut(struct store_node *node, size_t size);
void mem_data_free(struct store_node *node);

/* ---- memstore_files.c: see port/store.h ---- */

int mem_stat(struct store *s, struct store_node *node, struct stat *ret_stat);
ssize_t mem_read(struct store *s, struct store_node *node, void *buffer, size_t size, off_t offset);
ssize_t mem_write(struct store *s, struct store_node *node, const void *buffer, size_t size,
                  off_t offset);
int mem_truncate(struct store *s, struct store_node *node, off_t size);
int mem_fallocate(struct store *s, struct store_node *node, int mode, off_t offset, off_t size);
off_t mem_seek(struct store *s, struct store_node *node, off_t offset, int whence);
int mem_sync(struct store *s, struct store_node *node);
int mem_statfs(struct store *s, struct statvfs *ret_statvfs);
int mem_chmod(struct store *s, struct store_node *node, mode_t mode);
int mem_chown(struct store *s, struct store_node *node, uid_t uid, gid_t gid);
int mem_set_times(struct store *s, struct store_node *node, const struct timespec times[2]);
int mem_set_xattr(struct store *s, struct store_node *node, const char *name, const void *value,
                  size_t size, int flags);
ssize_t mem_get_xattr(struct store *s, struct store_node *node, const char *name, void *value,
                      size_t size);
ssize_t mem_list_xattr(struct store *s, struct store_node *node, char *names, size_t size);
int mem_remove_xattr(struct store *s, struct store_node *node, const char *name);
struct timespec mem_store_now(struct store *s);
struct timespec mem_life(struct store *s, unsigned char ret_life[16]);
