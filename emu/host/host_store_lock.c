/* SPDX-License-Identifier: MIT */
/* A file in `System Volume Information`, locked with flock and naming its owner. */
#include "emu/host/host_store_lock.h"

#include "emu/base/cleanup.h"
#include "emu/host/host_store_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_FOLDER "System Volume Information"
#define LOCK_NAME     "vssemu.lock"

static void write_owner(int lock_fd)
{
    char text[24];
    int length = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    if (ftruncate(lock_fd, 0) == 0 && pwrite(lock_fd, text, (size_t)length, 0) < 0)
        return; /* the number is a courtesy */
}

static pid_t read_owner(int lock_fd)
{
    char text[24] = { 0 };
    ssize_t n = pread(lock_fd, text, sizeof(text) - 1, 0);

    return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* What root makes in a user's directory is the user's: snapshots are not taken from who owns it. */
static void give_to_owner_of(int dir_fd, int fd)
{
    struct stat st;

    if (geteuid() == 0 && fstat(dir_fd, &st) == 0 && st.st_uid != 0 &&
        fchownat(fd, "", st.st_uid, st.st_gid, AT_EMPTY_PATH) < 0)
        return; /* a courtesy, too */
}

static int lock(int fd, int how, pid_t *ret_owner_pid)
{
    if (flock(fd, how | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return -errno;
    if (ret_owner_pid)
        *ret_owner_pid = read_owner(fd);
    return -EBUSY;
}

/* -1 with no error: nobody has ever been the owner, so there is nothing to lock. */
static int share_lock(int root_fd, pid_t *ret_owner_pid, int *ret_fd)
{
    auto_close int folder =
        openat(root_fd, SYSTEM_FOLDER, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? 0 : -errno;
    auto_close int fd = openat(folder, LOCK_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    int error = lock(fd, LOCK_SH, ret_owner_pid);
    if (!error)
        *ret_fd = take_fd(&fd);
    return error;
}

int host_store_lock_to_read(struct store *s, pid_t *ret_owner_pid)
{
    struct host_store *h = host_store_from(s);

    return h->lock_fd >= 0 ? 0 : share_lock(h->root_fd, ret_owner_pid, &h->lock_fd);
}

static int take_lock(int root_fd, pid_t *ret_owner_pid)
{
    bool is_new = mkdirat(root_fd, SYSTEM_FOLDER, 0700) == 0;

    if (!is_new && errno != EEXIST)
        return -errno;
    auto_close int folder =
        openat(root_fd, SYSTEM_FOLDER, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return -errno;
    if (is_new)
        give_to_owner_of(root_fd, folder);
    auto_close int fd = openat(folder, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    give_to_owner_of(folder, fd);
    int error = lock(fd, LOCK_EX, ret_owner_pid);
    if (error)
        return error;
    write_owner(fd);
    return take_fd(&fd);
}

int host_store_lock(struct store *s, pid_t *ret_owner_pid)
{
    struct host_store *h = host_store_from(s);
    struct stat st;

    if (h->lock_fd >= 0)
        return 0;
    int fd = take_lock(h->root_fd, ret_owner_pid);
    if (fd < 0)
        return fd;
    h->lock_fd = fd;
    h->system_ino =
        fstatat(h->root_fd, SYSTEM_FOLDER, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_ino;
    return 0;
}
