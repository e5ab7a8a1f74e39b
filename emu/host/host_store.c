/* SPDX-License-Identifier: MIT */
/* A node holds an O_PATH descriptor, and one for reading and writing once that is needed. The
 * latter are expensive in number, so only the last N_OPEN used ones stay open. Descriptors reach
 * what O_PATH cannot do through /proc/self/fd. */
#include "emu/host/host_store.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/host/host_store_lock.h"
#include "emu/port/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define N_OPEN    128
#define LOCK_NAME "vssemu.lock"

struct store_node {
    int path_fd;
    int data_fd;      /* -1: not open */
    bool is_writable; /* data_fd */
    mode_t type;
    size_t place; /* in the store's open files, while data_fd is open */
};

struct host_store {
    struct store store;
    int root_fd;
    int lock_fd;
    struct store_node *open_files[N_OPEN];
    size_t next_place;
};

static struct host_store *from(struct store *s)
{
    return container_of(s, struct host_store, store);
}

#define PROC_PATH_SIZE 32

static const char *proc_path(int fd, char buffer[PROC_PATH_SIZE])
{
    snprintf(buffer, PROC_PATH_SIZE, "/proc/self/fd/%d", fd);
    return buffer;
}

#define PROC_PATH(fd) proc_path((fd), (char[PROC_PATH_SIZE]){ 0 })

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

static int node_from_fd(int take_path_fd, struct store_node **ret_node)
{
    auto_close int fd = take_path_fd;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return -errno;
    struct store_node *node = mem_new(struct store_node);

    node->path_fd = take_fd(&fd);
    node->data_fd = -1;
    node->type = st.st_mode & S_IFMT;
    *ret_node = node;
    return 0;
}

static void close_data(struct host_store *h, struct store_node *node)
{
    if (node->data_fd < 0)
        return;
    close(node->data_fd);
    node->data_fd = -1;
    h->open_files[node->place] = NULL;
}

/* Takes the place of the file opened longest ago. */
static void keep_open(struct host_store *h, struct store_node *node, int data_fd, bool is_writable)
{
    size_t place = h->next_place++ % N_OPEN;

    if (h->open_files[place])
        close_data(h, h->open_files[place]);
    h->open_files[place] = node;
    node->place = place;
    node->data_fd = data_fd;
    node->is_writable = is_writable;
}

static int open_data(int path_fd, int flags)
{
    int fd = open(PROC_PATH(path_fd), flags | O_CLOEXEC | O_NOATIME);

    if (fd < 0 && errno == EPERM) /* O_NOATIME is for owners */
        fd = open(PROC_PATH(path_fd), flags | O_CLOEXEC);
    return answer(fd);
}

/* Answers a descriptor that stays the node's. */
static int data_fd(struct host_store *h, struct store_node *node, bool to_write)
{
    if (node->type != S_IFREG)
        return node->type == S_IFDIR ? -EISDIR : -EINVAL;
    if (node->data_fd >= 0 && (node->is_writable || !to_write))
        return node->data_fd;
    close_data(h, node);
    int fd = open_data(node->path_fd, O_RDWR);
    bool is_writable = fd >= 0;

    if (!is_writable && !to_write)
        fd = open_data(node->path_fd, O_RDONLY);
    if (fd >= 0)
        keep_open(h, node, fd, is_writable);
    return fd;
}

static struct store_node *host_root(struct store *s)
{
    struct store_node *node = mem_new(struct store_node);

    node->path_fd = fcntl(from(s)->root_fd, F_DUPFD_CLOEXEC, 0);
    node->data_fd = -1;
    node->type = S_IFDIR;
    return node;
}

static void host_unref(struct store *s, struct store_node *node)
{
    close_data(from(s), node);
    close(node->path_fd);
    free(node);
}

static int host_lookup(struct store *s, struct store_node *dir, const char *name,
                       struct store_node **ret_node)
{
    int error = check_name(name);

    (void)s;
    return error ? error
                 : node_from_fd(openat(dir->path_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC),
                                ret_node);
}

static int host_stat(struct store *s, struct store_node *node, struct stat *ret_stat)
{
    (void)s;
    return answer(fstat(node->path_fd, ret_stat));
}

/* ---- contents ---- */

static ssize_t host_read(struct store *s, struct store_node *node, void *buffer, size_t size,
                         off_t offset)
{
    int fd = data_fd(from(s), node, false);

    return fd < 0 ? fd : answer_size(pread(fd, buffer, size, offset));
}

static ssize_t host_write(struct store *s, struct store_node *node, const void *buffer, size_t size,
                          off_t offset)
{
    int fd = data_fd(from(s), node, true);

    return fd < 0 ? fd : answer_size(pwrite(fd, buffer, size, offset));
}

static int host_truncate(struct store *s, struct store_node *node, off_t size)
{
    int fd = data_fd(from(s), node, true);

    return fd < 0 ? fd : answer(ftruncate(fd, size));
}

static int host_sync(struct store *s, struct store_node *node)
{
    if (!node)
        return answer(syncfs(from(s)->root_fd));
    if (node->type == S_IFREG) {
        int fd = data_fd(from(s), node, false);
        return fd < 0 ? fd : answer(fsync(fd));
    }
    auto_close int fd = open(PROC_PATH(node->path_fd), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd < 0 ? -errno : answer(fsync(fd));
}

static int host_statfs(struct store *s, struct statvfs *ret_statvfs)
{
    return answer(fstatvfs(from(s)->root_fd, ret_statvfs));
}

static int host_list(struct store *s, struct store_node *node,
                     int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    int fd = openat(node->path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int result = 0;

    (void)s;
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
static int set_owner_and_mode(struct store_node *dir, struct store_node *node, mode_t mode,
                              uid_t uid, gid_t gid)
{
    struct stat parent, st;

    if (fstat(dir->path_fd, &parent) < 0 || fstat(node->path_fd, &st) < 0)
        return -errno;
    if (parent.st_mode & S_ISGID) {
        gid = (gid_t)-1;
        mode |= S_ISDIR(mode) ? S_ISGID : 0u;
    }
    bool is_others =
        (uid != (uid_t)-1 && uid != st.st_uid) || (gid != (gid_t)-1 && gid != st.st_gid);

    if (is_others && fchownat(node->path_fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if ((is_others || (mode & 07777) != (st.st_mode & 07777)) &&
        chmod(PROC_PATH(node->path_fd), mode & 07777) < 0)
        return -errno;
    return 0;
}

static int make(struct host_store *h, struct store_node *dir, const char *name, mode_t mode,
                struct store_node **ret_node)
{
    int fd = -1;

    if (S_ISREG(mode)) {
        fd = openat(dir->path_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    mode & 07777);
    } else if ((S_ISDIR(mode) ? mkdirat(dir->path_fd, name, mode & 07777)
                              : mknodat(dir->path_fd, name, mode, 0)) < 0) {
        return -errno;
    } else {
        return host_lookup(&h->store, dir, name, ret_node);
    }
    if (fd < 0)
        return -errno;
    int error = host_lookup(&h->store, dir, name, ret_node);
    if (error)
        close(fd);
    else
        keep_open(h, *ret_node, fd, true);
    return error;
}

static int host_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                       uid_t uid, gid_t gid, struct store_node **ret_node)
{
    struct store_node *node;
    int error = check_name(name);

    if (!error)
        error = make(from(s), dir, name, mode, &node);
    if (error)
        return error;
    error = set_owner_and_mode(dir, node, mode, uid, gid);
    if (error) {
        unlinkat(dir->path_fd, name, S_ISDIR(mode) ? AT_REMOVEDIR : 0);
        host_unref(s, node);
        return error;
    }
    *ret_node = node;
    return 0;
}

static int host_symlink(struct store *s, struct store_node *dir, const char *name,
                        const char *target, struct store_node **ret_node)
{
    int error = check_name(name);

    if (!error)
        error = answer(symlinkat(target, dir->path_fd, name));
    return error ? error : host_lookup(s, dir, name, ret_node);
}

static int host_readlink(struct store *s, struct store_node *node, char *buffer, size_t size)
{
    (void)s;
    return (int)answer_size(readlinkat(node->path_fd, "", buffer, size));
}

static int host_link(struct store *s, struct store_node *node, struct store_node *dir,
                     const char *name)
{
    int error = check_name(name);

    (void)s;
    return error ? error
                 : answer(linkat(AT_FDCWD, PROC_PATH(node->path_fd), dir->path_fd, name,
                                 AT_SYMLINK_FOLLOW));
}

static int host_unlink(struct store *s, struct store_node *dir, const char *name)
{
    (void)s;
    return answer(unlinkat(dir->path_fd, name, 0));
}

static int host_rmdir(struct store *s, struct store_node *dir, const char *name)
{
    (void)s;
    return answer(unlinkat(dir->path_fd, name, AT_REMOVEDIR));
}

static int host_rename(struct store *s, struct store_node *from_dir, const char *from_name,
                       struct store_node *to_dir, const char *to_name, bool replace)
{
    int error = check_name(to_name);

    (void)s;
    return error ? error
                 : answer(renameat2(from_dir->path_fd, from_name, to_dir->path_fd, to_name,
                                    replace ? 0 : RENAME_NOREPLACE));
}

/* ---- attributes ---- */

static int host_chmod(struct store *s, struct store_node *node, mode_t mode)
{
    (void)s;
    if (node->type == S_IFLNK)
        return -EOPNOTSUPP;
    return answer(chmod(PROC_PATH(node->path_fd), mode & 07777));
}

static int host_chown(struct store *s, struct store_node *node, uid_t uid, gid_t gid)
{
    (void)s;
    return answer(fchownat(node->path_fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
}

static int host_set_times(struct store *s, struct store_node *node, const struct timespec times[2])
{
    (void)s;
    return answer(utimensat(node->path_fd, "", times, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
}

/* The kernel offers no way to a symbolic link's attributes through a handle. */
static int host_set_xattr(struct store *s, struct store_node *node, const char *name,
                          const void *value, size_t size, int flags)
{
    (void)s;
    return node->type == S_IFLNK
               ? -EOPNOTSUPP
               : answer(setxattr(PROC_PATH(node->path_fd), name, value, size, flags));
}

static ssize_t host_get_xattr(struct store *s, struct store_node *node, const char *name,
                              void *value, size_t size)
{
    (void)s;
    return node->type == S_IFLNK
               ? -ENODATA
               : answer_size(getxattr(PROC_PATH(node->path_fd), name, value, size));
}

static ssize_t host_list_xattr(struct store *s, struct store_node *node, char *names, size_t size)
{
    (void)s;
    return node->type == S_IFLNK ? 0
                                 : answer_size(listxattr(PROC_PATH(node->path_fd), names, size));
}

static int host_remove_xattr(struct store *s, struct store_node *node, const char *name)
{
    (void)s;
    return node->type == S_IFLNK ? -ENODATA : answer(removexattr(PROC_PATH(node->path_fd), name));
}

/* ---- the store ---- */

static int host_lock(struct store *s, pid_t *ret_owner_pid)
{
    struct host_store *h = from(s);

    if (h->lock_fd >= 0)
        return 0;
    int fd = host_store_take_lock(h->root_fd, ret_owner_pid);
    if (fd < 0)
        return fd;
    h->lock_fd = fd;
    return 0;
}

static void host_free(struct store *s)
{
    struct host_store *h = from(s);

    if (h->lock_fd >= 0)
        close(h->lock_fd);
    close(h->root_fd);
    free(h);
}

static const struct store_ops host_ops = {
    .root = host_root,
    .lookup = host_lookup,
    .unref = host_unref,
    .stat = host_stat,
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
    .lock = host_lock,
    .free = host_free,
};

int host_store_open(const char *directory, struct store **ret_store)
{
    auto_close int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (faccessat(fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) < 0)
        return -errno;
    struct host_store *h = mem_new(struct host_store);

    h->store.ops = &host_ops;
    h->root_fd = take_fd(&fd);
    h->lock_fd = -1;
    *ret_store = &h->store;
    return 0;
}
