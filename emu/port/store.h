/* SPDX-License-Identifier: MIT */
/* Port: where a volume's files really lie. provider_sim/cow keeps both the current data and the
 * diff area in a store. emu/host/host_store is a directory of the host; fakes/world/memstore is
 * memory, and later counts, fails or drops writes on request.
 *
 * A node is a file, directory or symbolic link, named by its number (as st_ino) and held by
 * reference; a held node can be read and written even after its last name is gone. Names are
 * single path elements. Errors are negative errno values. Not thread-safe: the caller serialises
 * changes of one store, reads of different nodes may run in parallel. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

struct store;
struct store_node;

/* When the new name is there: -EEXIST; it is replaced; the two change places. The first two stand
 * for false and true. */
enum store_rename { STORE_RENAME_NEW, STORE_RENAME_REPLACE, STORE_RENAME_EXCHANGE };

struct store_ops {
    struct store_node *(*root)(struct store *s); /* a new reference */
    int (*lookup)(struct store *s, struct store_node *dir, const char *name,
                  struct store_node **ret_node);
    void (*unref)(struct store *s, struct store_node *node);

    int (*stat)(struct store *s, struct store_node *node, struct stat *ret_stat);
    /* The same of what stands under a name, which costs less than looking it up. NULL: no less. */
    int (*stat_name)(struct store *s, struct store_node *dir, const char *name,
                     struct stat *ret_stat);
    /* Entries in the order of the store; "." and ".." are left out. */
    int (*list)(struct store *s, struct store_node *dir,
                int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg);
    ssize_t (*read)(struct store *s, struct store_node *node, void *buffer, size_t size,
                    off_t offset);
    ssize_t (*write)(struct store *s, struct store_node *node, const void *buffer, size_t size,
                     off_t offset);
    int (*truncate)(struct store *s, struct store_node *node, off_t size);
    int (*sync)(struct store *s, struct store_node *node); /* NULL node: everything */
    int (*statfs)(struct store *s, struct statvfs *ret_statvfs);

    /* mode holds the type: all but symbolic links. device: of a device node, else 0. */
    int (*create)(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                  dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node);
    int (*symlink)(struct store *s, struct store_node *dir, const char *name, const char *target,
                   struct store_node **ret_node);
    int (*readlink)(struct store *s, struct store_node *node, char *buffer, size_t size);
    int (*link)(struct store *s, struct store_node *node, struct store_node *dir, const char *name);
    int (*unlink)(struct store *s, struct store_node *dir, const char *name);
    int (*rmdir)(struct store *s, struct store_node *dir, const char *name);
    /* Both names of an exchange are there (-ENOENT); -EINVAL: the store has no such thing. */
    int (*rename)(struct store *s, struct store_node *from_dir, const char *from,
                  struct store_node *to_dir, const char *to, enum store_rename how);
    int (*chmod)(struct store *s, struct store_node *node, mode_t mode);
    int (*chown)(struct store *s, struct store_node *node, uid_t uid, gid_t gid);
    int (*set_times)(struct store *s, struct store_node *node, const struct timespec times[2]);
    int (*set_xattr)(struct store *s, struct store_node *node, const char *name, const void *value,
                     size_t size, int flags);
    ssize_t (*get_xattr)(struct store *s, struct store_node *node, const char *name, void *value,
                         size_t size);
    ssize_t (*list_xattr)(struct store *s, struct store_node *node, char *names, size_t size);
    int (*remove_xattr)(struct store *s, struct store_node *node, const char *name);

    /* Room for bytes offset..offset + size - 1, so that writing them later needs none; the file's
     * size stays. NULL: the store has nothing to gain by it. */
    int (*allocate)(struct store *s, struct store_node *node, off_t offset, off_t size);
    /* fallocate(2) of a regular file; mode: its flags. -EOPNOTSUPP: not so. NULL: never. */
    int (*fallocate)(struct store *s, struct store_node *node, int mode, off_t offset, off_t size);
    /* Where from offset on data or a hole begins (whence: SEEK_DATA, SEEK_HOLE), as lseek(2).
     * NULL: the store knows no holes. */
    off_t (*seek)(struct store *s, struct store_node *node, off_t offset, int whence);

    /* ---- time and survival, for who must find out later what has happened meanwhile ---- */

    /* Not earlier than the change time of anything changed so far, and earlier than that of
     * anything changed from the next `settle` on. A store without a clock answers a time later
     * than any. */
    struct timespec (*now)(struct store *s);
    /* Waits until whatever changes from then on gets a change time later than `now` was when it
     * was called; answers that time. Some milliseconds on a host. */
    struct timespec (*settle)(struct store *s);
    /* Names the time within which nothing written is lost, synced or not: one running of the
     * machine. Answers when it began. */
    struct timespec (*life)(struct store *s, unsigned char ret_life[16]);

    /* One owner at a time: -EBUSY when another process (or world) has it; *ret_owner_pid (may be
     * NULL) then tells whom, 0 if unknown. */
    int (*lock)(struct store *s, pid_t *ret_owner_pid);
    /* The same for any number of those who only read: nobody becomes the owner meanwhile. Changes
     * nothing: where nobody has ever been the owner there is nothing to lock. NULL: no need. */
    int (*lock_to_read)(struct store *s, pid_t *ret_owner_pid);
    void (*free)(struct store *s);
};

struct store {
    const struct store_ops *ops;
    const char *image; /* the only name in the root: a file that is a disk; NULL: all is files */
};
