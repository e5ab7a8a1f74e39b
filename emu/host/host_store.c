/* SPDX-License-Identifier: MIT */
/* System calls on the descriptors of nodes, whose number is host_nodes' affair. What O_PATH cannot
 * do goes through /proc/self/fd. */
#include "emu/host/host_store.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/host/host_image.h"
#include "emu/host/host_nodes.h"
#include "emu/host/host_store_lock.h"
#include "emu/host/host_store_state.h"
#include "emu/host/host_store_time.h"
#include "emu/port/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SYSTEM_FOLDER "System Volume Information"

static struct host_store *from(struct store *s)
{
    return host_store_from(s);
}

/* What a system call answered, as the port wants it. */
static int answer(int result)
{
    return result < 0 ? -errno : result;
}

static ssize_t answer_size(ssize_t result)
{
    return result < 0 ? -errno : result;
}

static int check_name(const char *name)
{
    return !*name || !strcmp(name, ".") || !strcmp(name, "..") || strchr(name, '/') ? -EINVAL : 0;
}

/* ---- nodes ---- */

static int fd_of(struct store *s, struct store_node *node)
{
    return host_node_fd(&from(s)->nodes, node);
}

static int data_fd_of(struct store *s, struct store_node *node, bool to_write)
{
    return host_node_data_fd(&from(s)->nodes, node, to_write);
}

static struct store_node *host_root(struct store *s)
{
    struct store_node *node;
    int fd = fcntl(from(s)->root_fd, F_DUPFD_CLOEXEC, 0);

    check_equal(host_node_new(&from(s)->nodes, fd, NULL, NULL, &node), 0);
    return node;
}

static void host_unref(struct store *s, struct store_node *node)
{
    host_node_unref(&from(s)->nodes, node);
}

static int host_lookup(struct store *s, struct store_node *dir, const char *name,
                       struct store_node **ret_node)
{
    int error = check_name(name);
    int dir_fd = error ? error : fd_of(s, dir);

    if (dir_fd < 0)
        return dir_fd;
    return host_node_new(&from(s)->nodes, openat(dir_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC),
                         dir, name, ret_node);
}

static int host_stat(struct store *s, struct store_node *node, struct stat *ret_stat)
{
    int fd = fd_of(s, node);

    return fd < 0 ? fd : answer(fstat(fd, ret_stat));
}

static int host_stat_name(struct store *s, struct store_node *dir, const char *name,
                          struct stat *ret_stat)
{
    int error = check_name(name);
    int dir_fd = error ? error : fd_of(s, dir);

    return dir_fd < 0 ? dir_fd : answer(fstatat(dir_fd, name, ret_stat, AT_SYMLINK_NOFOLLOW));
}

/* ---- contents ---- */

static ssize_t host_read(struct store *s, struct store_node *node, void *buffer, size_t size,
                         off_t offset)
{
    int fd = data_fd_of(s, node, false);

    return fd < 0 ? fd : answer_size(pread(fd, buffer, size, offset));
}

static ssize_t host_write(struct store *s, struct store_node *node, const void *buffer, size_t size,
                          off_t offset)
{
    int fd = data_fd_of(s, node, true);

    return fd < 0 ? fd : answer_size(pwrite(fd, buffer, size, offset));
}

static int host_truncate(struct store *s, struct store_node *node, off_t size)
{
    int fd = data_fd_of(s, node, true);

    return fd < 0 ? fd : answer(ftruncate(fd, size));
}

static int host_allocate(struct store *s, struct store_node *node, off_t offset, off_t size)
{
    int fd = data_fd_of(s, node, true);

    return fd < 0 ? fd : answer(fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, size));
}

static int host_fallocate(struct store *s, struct store_node *node, int mode, off_t offset,
                          off_t size)
{
    int fd = data_fd_of(s, node, true);

    return fd < 0 ? fd : answer(fallocate(fd, mode, offset, size));
}

/* The descriptor's position is nobody's: all reading and writing says where. */
static off_t host_seek(struct store *s, struct store_node *node, off_t offset, int whence)
{
    int fd = data_fd_of(s, node, false);

    return fd < 0 ? fd : answer_size(lseek(fd, offset, whence));
}

static int host_sync(struct store *s, struct store_node *node)
{
    if (!node)
        return answer(syncfs(from(s)->root_fd));
    if (node->type == S_IFREG) {
        int fd = data_fd_of(s, node, false);
        return fd < 0 ? fd : answer(fsync(fd));
    }
    int path_fd = fd_of(s, node);
    if (path_fd < 0)
        return path_fd;
    auto_close int fd = open(HOST_PROC_PATH(path_fd), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd < 0 ? -errno : answer(fsync(fd));
}

static int host_statfs(struct store *s, struct statvfs *ret_statvfs)
{
    return answer(fstatvfs(from(s)->root_fd, ret_statvfs));
}

static int host_list(struct store *s, struct store_node *node,
                     int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    int path_fd = fd_of(s, node);
    if (path_fd < 0)
        return path_fd;
    int fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int result = 0;

    if (!dir)
        return -errno;
    while (!result) {
        errno = 0;
        struct dirent *entry = readdir(dir);

        if (!entry) {
            result = -errno;
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = each(arg, entry->d_name, entry->d_ino, (mode_t)DTTOIF(entry->d_type));
    }
    closedir(dir);
    return result;
}

/* ---- names ---- */

/* Modes are what the caller says, whatever the umask; owners too where this process may set them.
 * The group of a set-group-id directory is inherited, as the kernel has done already. */
static int set_owner_and_mode(int dir_fd, int fd, mode_t mode, uid_t uid, gid_t gid)
{
    struct stat parent, st;

    if (fstat(dir_fd, &parent) < 0 || fstat(fd, &st) < 0)
        return -errno;
    if (parent.st_mode & S_ISGID) {
        gid = (gid_t)-1;
        mode |= S_ISDIR(mode) ? S_ISGID : 0u;
    }
    bool is_others =
        (uid != (uid_t)-1 && uid != st.st_uid) || (gid != (gid_t)-1 && gid != st.st_gid);

    if (is_others && fchownat(fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if ((is_others || (mode & 07777) != (st.st_mode & 07777)) &&
        chmod(HOST_PROC_PATH(fd), mode & 07777) < 0)
        return -errno;
    return 0;
}

/* Answers a descriptor of a new regular file, -1 for other kinds, or a negative errno value. */
static int make(int dir_fd, const char *name, mode_t mode, dev_t device, int *ret_fd)
{
    *ret_fd = -1;
    if (S_ISREG(mode)) {
        *ret_fd =
            openat(dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 07777);
        return answer(*ret_fd < 0 ? -1 : 0);
    }
    return answer(S_ISDIR(mode) ? mkdirat(dir_fd, name, mode & 07777)
                                : mknodat(dir_fd, name, mode, device));
}

/* What belongs to the snapshots is the folder's owner's, where root works for a user. */
static void take_system_owner(struct host_store *h, const struct store_node *dir, uid_t *uid,
                              gid_t *gid)
{
    struct stat st;

    if (*uid != (uid_t)-1 || geteuid() != 0 || dir->ino != h->system_ino ||
        fstatat(h->root_fd, SYSTEM_FOLDER, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_uid == 0)
        return;
    *uid = st.st_uid;
    *gid = st.st_gid;
}

static int host_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                       dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node)
{
    auto_close int fd = -1;
    struct store_node *node;
    int error = check_name(name);
    int dir_fd = error ? error : fd_of(s, dir);

    error = dir_fd < 0 ? dir_fd : make(dir_fd, name, mode, device, &fd);
    if (!error)
        error = host_lookup(s, dir, name, &node);
    if (error)
        return error;
    take_system_owner(from(s), dir, &uid, &gid);
    error = set_owner_and_mode(dir_fd, node->path_fd, mode, uid, gid);
    if (error) {
        unlinkat(dir_fd, name, S_ISDIR(mode) ? AT_REMOVEDIR : 0);
        host_unref(s, node);
        return error;
    }
    if (fd >= 0)
        host_node_keep_data(&from(s)->nodes, node, take_fd(&fd), true);
    *ret_node = node;
    return 0;
}

static int host_symlink(struct store *s, struct store_node *dir, const char *name,
                        const char *target, struct store_node **ret_node)
{
    int error = check_name(name);
    int dir_fd = error ? error : fd_of(s, dir);

    error = dir_fd < 0 ? dir_fd : answer(symlinkat(target, dir_fd, name));
    return error ? error : host_lookup(s, dir, name, ret_node);
}

static int host_readlink(struct store *s, struct store_node *node, char *buffer, size_t size)
{
    int fd = fd_of(s, node);

    return fd < 0 ? fd : (int)answer_size(readlinkat(fd, "", buffer, size));
}

static int host_link(struct store *s, struct store_node *node, struct store_node *dir,
                     const char *name)
{
    int error = check_name(name);
    int fd = error ? error : fd_of(s, node);
    int dir_fd = fd < 0 ? fd : host_node_second_fd(&from(s)->nodes, dir);

    return dir_fd < 0
               ? dir_fd
               : answer(linkat(AT_FDCWD, HOST_PROC_PATH(fd), dir_fd, name, AT_SYMLINK_FOLLOW));
}

static int remove_name(struct store *s, struct store_node *dir, const char *name, int flags)
{
    struct host_nodes *nodes = &from(s)->nodes;
    int fd = fd_of(s, dir);
    int error = fd < 0 ? fd : host_nodes_hold(nodes, dir, name);

    if (!error)
        error = answer(unlinkat(fd, name, flags));
    if (!error)
        host_nodes_forget(nodes, dir, name);
    return error;
}

static int host_unlink(struct store *s, struct store_node *dir, const char *name)
{
    return remove_name(s, dir, name, 0);
}

static int host_rmdir(struct store *s, struct store_node *dir, const char *name)
{
    return remove_name(s, dir, name, AT_REMOVEDIR);
}

static int host_rename(struct store *s, struct store_node *from_dir, const char *from_name,
                       struct store_node *to_dir, const char *to_name, enum store_rename how)
{
    static const unsigned flags[] = { RENAME_NOREPLACE, 0, RENAME_EXCHANGE };
    struct host_nodes *nodes = &from(s)->nodes;
    int error = check_name(to_name);
    int from_fd = error ? error : fd_of(s, from_dir);
    int to_fd = from_fd < 0 ? from_fd : host_node_second_fd(nodes, to_dir);

    error = to_fd < 0                      ? to_fd
            : how == STORE_RENAME_EXCHANGE ? 0
                                           : host_nodes_hold(nodes, to_dir, to_name);
    if (!error)
        error = answer(renameat2(from_fd, from_name, to_fd, to_name, flags[how]));
    if (error || (from_dir->ino == to_dir->ino && strcmp(from_name, to_name) == 0))
        return error;
    if (how == STORE_RENAME_EXCHANGE) {
        host_nodes_after_exchange(nodes, from_dir, from_name, to_dir, to_name);
        return 0;
    }
    host_nodes_forget(nodes, to_dir, to_name);
    host_nodes_after_rename(nodes, from_dir, from_name, to_dir, to_name);
    return 0;
}

/* ---- attributes ---- */

static int host_chmod(struct store *s, struct store_node *node, mode_t mode)
{
    int fd = node->type == S_IFLNK ? -EOPNOTSUPP : fd_of(s, node);

    return fd < 0 ? fd : answer(chmod(HOST_PROC_PATH(fd), mode & 07777));
}

static int host_chown(struct store *s, struct store_node *node, uid_t uid, gid_t gid)
{
    int fd = fd_of(s, node);

    return fd < 0 ? fd : answer(fchownat(fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
}

static int host_set_times(struct store *s, struct store_node *node, const struct timespec times[2])
{
    int fd = fd_of(s, node);

    return fd < 0 ? fd : answer(utimensat(fd, "", times, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
}

/* The kernel offers no way to a symbolic link's attributes through a handle. */
static int host_set_xattr(struct store *s, struct store_node *node, const char *name,
                          const void *value, size_t size, int flags)
{
    int fd = node->type == S_IFLNK ? -EOPNOTSUPP : fd_of(s, node);

    return fd < 0 ? fd : answer(setxattr(HOST_PROC_PATH(fd), name, value, size, flags));
}

static ssize_t host_get_xattr(struct store *s, struct store_node *node, const char *name,
                              void *value, size_t size)
{
    int fd = node->type == S_IFLNK ? -ENODATA : fd_of(s, node);

    return fd < 0 ? fd : answer_size(getxattr(HOST_PROC_PATH(fd), name, value, size));
}

static ssize_t host_list_xattr(struct store *s, struct store_node *node, char *names, size_t size)
{
    if (node->type == S_IFLNK)
        return 0;
    int fd = fd_of(s, node);

    return fd < 0 ? fd : answer_size(listxattr(HOST_PROC_PATH(fd), names, size));
}

static int host_remove_xattr(struct store *s, struct store_node *node, const char *name)
{
    int fd = node->type == S_IFLNK ? -ENODATA : fd_of(s, node);

    return fd < 0 ? fd : answer(removexattr(HOST_PROC_PATH(fd), name));
}

/* ---- the store ---- */

static void host_free(struct store *s)
{
    struct host_store *h = from(s);

    if (h->lock_fd >= 0)
        close(h->lock_fd);
    close(h->root_fd);
    host_image_end(h);
    host_nodes_free(&h->nodes);
    free(h);
}

static const struct store_ops host_ops = {
    .root = host_root,
    .lookup = host_lookup,
    .unref = host_unref,
    .stat = host_stat,
    .stat_name = host_stat_name,
    .list = host_list,
    .read = host_read,
    .write = host_write,
    .truncate = host_truncate,
    .sync = host_sync,
    .statfs = host_statfs,
    .create = host_create,
    .symlink = host_symlink,
    .readlink = host_readlink,
    .link = host_link,
    .unlink = host_unlink,
    .rmdir = host_rmdir,
    .rename = host_rename,
    .chmod = host_chmod,
    .chown = host_chown,
    .set_times = host_set_times,
    .set_xattr = host_set_xattr,
    .get_xattr = host_get_xattr,
    .list_xattr = host_list_xattr,
    .remove_xattr = host_remove_xattr,
    .allocate = host_allocate,
    .fallocate = host_fallocate,
    .seek = host_seek,
    .now = host_store_now,
    .settle = host_store_settle,
    .life = host_store_life,
    .lock = host_store_lock,
    .lock_to_read = host_store_lock_to_read,
    .free = host_free,
};

static int open_directory(const char *directory, int access, size_t n_descriptors,
                          struct store **ret_store)
{
    auto_close int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (faccessat(fd, ".", access, AT_EACCESS) < 0)
        return -errno;
    struct host_store *h = mem_new(struct host_store);

    h->store.ops = &host_ops;
    h->root_fd = take_fd(&fd);
    h->lock_fd = -1;
    h->image_fd = -1;
    host_nodes_init(&h->nodes, n_descriptors);
    *ret_store = &h->store;
    return 0;
}

int host_store_open(const char *directory, struct store **ret_store)
{
    if (host_image_is(directory))
        return host_image_open(directory, ret_store);
    return host_store_open_frugal(directory, 0, ret_store);
}

int host_store_open_to_read(const char *directory, struct store **ret_store)
{
    if (host_image_is(directory))
        return host_image_open_to_read(directory, ret_store);
    return open_directory(directory, R_OK | X_OK, 0, ret_store);
}

int host_store_open_frugal(const char *directory, size_t n_descriptors, struct store **ret_store)
{
    return open_directory(directory, R_OK | W_OK | X_OK, n_descriptors, ret_store);
}
