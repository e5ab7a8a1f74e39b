/* SPDX-License-Identifier: MIT */
/* See host_files.h. */
#include "emu/host/host_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/host/host_view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static int answer(int result)
{
    return result < 0 ? -errno : 0;
}

/* ---- files ---- */

int host_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
              struct volume_file **ret_file)
{
    struct host_volume *h = host_volume_from(v);
    unsigned n_deleted = __atomic_load_n(&h->n_deleted, __ATOMIC_ACQUIRE);
    unsigned n_dismounts = __atomic_load_n(&h->n_dismounts, __ATOMIC_ACQUIRE);
    int fd = host_view_open(h, view, path, flags, mode);

    if (fd < 0)
        return fd;
    *ret_file = mem_new(struct volume_file);
    **ret_file = (struct volume_file){ h, fd, view, n_deleted, n_dismounts };
    if (view == VOLUME_ORIGIN)
        __atomic_add_fetch(&h->n_open, 1, __ATOMIC_RELEASE);
    if (flags & O_CREAT)
        volume_tell_name(v, path, true);
    return 0;
}

static int check_cut(const struct volume_file *file)
{
    unsigned n_dismounts = __atomic_load_n(&file->volume->n_dismounts, __ATOMIC_ACQUIRE);

    return file->view == VOLUME_ORIGIN && file->n_dismounts != n_dismounts ? -ESTALE : 0;
}

void host_close(struct volume_file *file)
{
    if (file->view == VOLUME_ORIGIN && !check_cut(file))
        __atomic_sub_fetch(&file->volume->n_open, 1, __ATOMIC_RELEASE);
    close(file->fd);
    free(file);
}

/* The kernel may have kept what a snapshot that is gone would not give any more: after each
 * deletion it is asked for once. Two threads that find out at the same time do no harm. */
static int check_view(struct volume_file *file)
{
    unsigned n_deleted = __atomic_load_n(&file->volume->n_deleted, __ATOMIC_ACQUIRE);

    if (!file->view || __atomic_load_n(&file->n_deleted, __ATOMIC_RELAXED) == n_deleted)
        return 0;
    auto_close int root = host_view_root(file->volume, file->view);
    if (root < 0)
        return root;
    __atomic_store_n(&file->n_deleted, n_deleted, __ATOMIC_RELAXED);
    return 0;
}

ssize_t host_read(struct volume_file *file, void *buffer, size_t size, off_t offset)
{
    int error = file->view ? check_view(file) : check_cut(file);

    if (error)
        return error;
    ssize_t n = pread(file->fd, buffer, size, offset);

    return n < 0 ? -errno : n;
}

ssize_t host_write(struct volume_file *file, const void *buffer, size_t size, off_t offset)
{
    int error = check_cut(file);

    if (error)
        return error;
    ssize_t n = pwrite(file->fd, buffer, size, offset);

    return n < 0 ? -errno : n;
}

int host_truncate(struct volume_file *file, off_t size)
{
    return check_cut(file) ? -ESTALE : answer(ftruncate(file->fd, size));
}

int host_sync(struct volume_file *file)
{
    return check_cut(file) ? -ESTALE : answer(fsync(file->fd));
}

int host_stat_file(struct volume_file *file, struct stat *ret_stat)
{
    return check_cut(file) ? -ESTALE : answer(fstat(file->fd, ret_stat));
}

int host_descriptor(struct volume_file *file)
{
    return file->fd;
}

int host_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat)
{
    auto_close int fd = host_view_open(host_volume_from(v), view, path, O_PATH | O_NOFOLLOW, 0);

    return fd < 0 ? fd : answer(fstat(fd, ret_stat));
}

static int read_names(DIR *dir, struct name_list *list)
{
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(dir);

        if (!entry)
            return -errno;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            name_list_add(list, entry->d_name);
    }
}

static int stat_entry(struct volume *v, unsigned view, int dir, const char *name,
                      struct stat *ret_stat)
{
    if (view != VOLUME_ORIGIN && v->image)
        return host_stat(v, view, name, ret_stat);
    return answer(fstatat(dir, name, ret_stat, AT_SYMLINK_NOFOLLOW));
}

int host_list(struct volume *v, unsigned view, const char *path,
              int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    int fd = host_view_open(host_volume_from(v), view, path, O_RDONLY | O_DIRECTORY, 0);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct name_list list = { 0 };

    if (!dir)
        return fd < 0 ? fd : -errno;
    int result = read_names(dir, &list);

    name_list_sort(&list);
    for (size_t i = 0; i < list.names.count; i++) {
        struct stat st;

        if (result)
            break;
        int error = stat_entry(v, view, fd, list.names.items[i], &st);
        if (!error)
            result = each(arg, list.names.items[i], &st);
        else if (error != -ENOENT) /* a name that has vanished meanwhile is left out */
            result = error;
    }
    name_list_free(&list);
    closedir(dir);
    return result;
}

/* ---- names ---- */

int host_mkdir(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    const char *name;
    auto_close int dir = host_view_parent(host_volume_from(v), view, path, &name);

    if (dir < 0)
        return dir == -EINVAL ? -EEXIST : dir;
    return volume_told(v, view, path, true, answer(mkdirat(dir, name, mode)));
}

static int host_remove(struct volume *v, unsigned view, const char *path, int flags)
{
    const char *name;
    auto_close int dir = host_view_parent(host_volume_from(v), view, path, &name);

    return dir < 0 ? dir : volume_told(v, view, path, false, answer(unlinkat(dir, name, flags)));
}

int host_rmdir(struct volume *v, unsigned view, const char *path)
{
    return host_remove(v, view, path, AT_REMOVEDIR);
}

int host_unlink(struct volume *v, unsigned view, const char *path)
{
    return host_remove(v, view, path, 0);
}

int host_rename(struct volume *v, unsigned view, const char *from_path, const char *to_path,
                bool replace)
{
    const char *from_name, *to_name;
    auto_close int from_dir = host_view_parent(host_volume_from(v), view, from_path, &from_name);
    auto_close int to_dir =
        from_dir < 0 ? from_dir : host_view_parent(host_volume_from(v), view, to_path, &to_name);

    if (from_dir < 0 || to_dir < 0)
        return from_dir < 0 ? from_dir : to_dir;
    int error =
        answer(renameat2(from_dir, from_name, to_dir, to_name, replace ? 0 : RENAME_NOREPLACE));
    volume_told(v, view, from_path, false, error);
    return volume_told(v, view, to_path, true, error);
}

int host_set_times(struct volume *v, unsigned view, const char *path,
                   const struct timespec times[2])
{
    auto_close int fd = host_view_open(host_volume_from(v), view, path, O_PATH, 0);

    return fd < 0 ? fd : answer(utimensat(fd, "", times, AT_EMPTY_PATH));
}

int host_chmod(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    auto_close int fd = host_view_open(host_volume_from(v), view, path, O_PATH, 0);
    char proc[32];

    if (fd < 0)
        return fd;
    snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
    return answer(chmod(proc, mode & 07777));
}

int host_link(struct volume *v, unsigned view, const char *path, const char *further)
{
    const char *name, *further_name;
    auto_close int dir = host_view_parent(host_volume_from(v), view, path, &name);
    auto_close int further_dir =
        dir < 0 ? dir : host_view_parent(host_volume_from(v), view, further, &further_name);

    if (dir < 0 || further_dir < 0)
        return dir < 0 ? dir : further_dir;
    return volume_told(v, view, further, true,
                       answer(linkat(dir, name, further_dir, further_name, 0)));
}

ssize_t host_readlink(struct volume *v, unsigned view, const char *path, char *buffer, size_t size)
{
    auto_close int fd = host_view_open(host_volume_from(v), view, path, O_PATH | O_NOFOLLOW, 0);
    ssize_t n = fd < 0 ? fd : readlinkat(fd, "", buffer, size);

    return fd < 0 ? fd : n < 0 ? -(errno == ENOENT ? EINVAL : errno) : n;
}
