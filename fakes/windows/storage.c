/* SPDX-License-Identifier: MIT */
/* See storage.h. */
#include "fakes/windows/storage.h"

#include "emu/base/mem.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/streams/side.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_host(const struct win_path *path)
{
    return !path->volume;
}

static int from_posix(int result)
{
    return result < 0 ? -errno : result;
}

/* What a stream lies in. */
static struct win_path place_of(const struct win_path *path)
{
    char entry[NAME_MAX + 2];

    snprintf(entry, sizeof(entry), ":%s", path->stream);
    return side_path(path, entry);
}

void storage_merge(const struct win_path *path, struct stat *st)
{
    struct stat file;

    if (!path->stream || path->volume->ops->stat(path->volume, path->view, path->text, &file) != 0)
        return;
    st->st_mode = S_ISDIR(file.st_mode) ? st->st_mode : file.st_mode;
    st->st_nlink = S_ISDIR(file.st_mode) ? 1 : file.st_nlink;
    st->st_atim = file.st_atim;
    st->st_mtim = file.st_mtim;
    st->st_ctim = file.st_ctim;
}

bool storage_can_change(const struct win_path *path)
{
    return is_host(path) || volume_can_change(path->volume, path->view);
}

int storage_stat(const struct win_path *path, struct stat *ret_stat)
{
    if (is_host(path))
        return from_posix(stat(path->text, ret_stat));
    if (path->stream) {
        auto_path place = place_of(path);
        int error = storage_stat(&place, ret_stat);
        if (!error)
            storage_merge(path, ret_stat);
        return error;
    }
    return path->volume->ops->stat(path->volume, path->view, path->text, ret_stat);
}

static int is_real_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int list_host(const char *path,
                     int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, is_real_entry, by_bytes), result = 0;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (n < 0 || fd < 0)
        result = -errno;
    for (int i = 0; i < n; i++) {
        struct stat st;

        if (!result && fstatat(fd, entries[i]->d_name, &st, 0) == 0)
            result = each(arg, entries[i]->d_name, &st);
        free(entries[i]);
    }
    free(entries);
    if (fd >= 0)
        close(fd);
    return result;
}

struct root_walk {
    int (*each)(void *arg, const char *name, const struct stat *st);
    void *arg;
};

static int pass_visible(void *arg, const char *name, const struct stat *st)
{
    struct root_walk *walk = arg;

    return strcmp(name, SIDE_FOLDER) == 0 ? 0 : walk->each(walk->arg, name, st);
}

int storage_list(const struct win_path *path,
                 int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    struct root_walk walk = { each, arg };

    if (is_host(path))
        return list_host(path->text, each, arg);
    if (!*path->text)
        return path->volume->ops->list(path->volume, path->view, "", pass_visible, &walk);
    return path->volume->ops->list(path->volume, path->view, path->text, each, arg);
}

/* What a call on a volume answered, told to those who listen. */
static int told(const struct win_path *path, int error, DWORD action, DWORD kind)
{
    if (!error)
        changes_tell(path, action, kind);
    return error;
}

int storage_mkdir(const struct win_path *path)
{
    if (is_host(path))
        return from_posix(mkdir(path->text, 0777));
    return told(path, path->volume->ops->mkdir(path->volume, path->view, path->text, 0755),
                FILE_ACTION_ADDED, FILE_NOTIFY_CHANGE_DIR_NAME);
}

int storage_rmdir(const struct win_path *path)
{
    if (is_host(path))
        return from_posix(rmdir(path->text));
    int error = path->volume->ops->rmdir(path->volume, path->view, path->text);
    if (!error)
        side_forget(path);
    return told(path, error, FILE_ACTION_REMOVED, FILE_NOTIFY_CHANGE_DIR_NAME);
}

int storage_unlink(const struct win_path *path)
{
    if (is_host(path))
        return from_posix(unlink(path->text));
    if (path->stream) {
        auto_path place = place_of(path);
        return storage_unlink(&place);
    }
    int error = path->volume->ops->unlink(path->volume, path->view, path->text);
    if (!error)
        side_forget(path);
    return told(path, error, FILE_ACTION_REMOVED, FILE_NOTIFY_CHANGE_FILE_NAME);
}

int storage_link(const struct win_path *path, const struct win_path *further)
{
    if (path->volume != further->volume || path->view != further->view)
        return -EXDEV;
    if (is_host(path))
        return from_posix(link(path->text, further->text));
    int error = path->volume->ops->link(path->volume, path->view, path->text, further->text);
    if (!error)
        side_linked(path, further);
    return told(further, error, FILE_ACTION_ADDED, FILE_NOTIFY_CHANGE_FILE_NAME);
}

static void tell_renamed(const struct win_path *from, const struct win_path *to)
{
    struct stat st;

    side_renamed(from, to);
    changes_tell_renamed(from, to, storage_stat(to, &st) == 0 && S_ISDIR(st.st_mode));
}

int storage_rename(const struct win_path *from, const struct win_path *to, bool replace)
{
    if (from->volume != to->volume || from->view != to->view)
        return -EXDEV;
    if (is_host(from))
        return from_posix(
            renameat2(AT_FDCWD, from->text, AT_FDCWD, to->text, replace ? 0 : RENAME_NOREPLACE));
    int error = from->volume->ops->rename(from->volume, from->view, from->text, to->text, replace);
    if (!error)
        tell_renamed(from, to);
    return error;
}

/* What has no path has no attributes and no times either. */
static bool is_pipe(const struct win_path *path)
{
    return is_host(path) && !path->text;
}

int storage_chmod(const struct win_path *path, mode_t mode)
{
    if (is_pipe(path))
        return 0;
    if (is_host(path))
        return from_posix(chmod(path->text, mode & 07777));
    return told(path, path->volume->ops->chmod(path->volume, path->view, path->text, mode & 07777),
                FILE_ACTION_MODIFIED, FILE_NOTIFY_CHANGE_ATTRIBUTES);
}

int storage_set_times(const struct win_path *path, const struct timespec times[2])
{
    if (is_pipe(path))
        return 0;
    if (is_host(path))
        return from_posix(utimensat(AT_FDCWD, path->text, times, 0));
    return told(path, path->volume->ops->set_times(path->volume, path->view, path->text, times),
                FILE_ACTION_MODIFIED,
                FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_LAST_ACCESS);
}

int storage_open(const struct win_path *path, int flags, mode_t mode, struct storage_file *ret_file)
{
    *ret_file = (struct storage_file){ .volume = path->volume, .fd = -1 };
    if (is_host(path)) {
        ret_file->fd = open(path->text, (flags & ~O_NOFOLLOW) | O_CLOEXEC | O_NOCTTY, mode);
        return ret_file->fd < 0 ? -errno : 0;
    }
    if (flags & O_NOFOLLOW && storage_stat(path, &ret_file->link) == 0 &&
        S_ISLNK(ret_file->link.st_mode)) {
        ret_file->is_link = true;
        return 0;
    }
    flags &= ~O_NOFOLLOW;
    if (path->stream) {
        auto_path place = place_of(path);
        int error = flags & O_CREAT ? side_make_folder(path) : 0;
        return error ? error : storage_open(&place, flags, 0644, ret_file);
    }
    int error =
        path->volume->ops->open(path->volume, path->view, path->text, flags, mode, &ret_file->file);
    if (!error && flags & O_CREAT && flags & O_EXCL)
        changes_tell(path, FILE_ACTION_ADDED, FILE_NOTIFY_CHANGE_FILE_NAME);
    return error;
}

void storage_close(struct storage_file *file)
{
    if (file->file)
        file->volume->ops->close(file->file);
    if (file->fd >= 0)
        close(file->fd);
    *file = (struct storage_file){ .fd = -1 };
}

ssize_t storage_read(struct storage_file *file, void *buffer, size_t size, off_t offset)
{
    if (file->is_link)
        return 0;
    if (file->file)
        return file->volume->ops->read(file->file, buffer, size, offset);
    ssize_t n = pread(file->fd, buffer, size, offset);
    if (n < 0 && errno == ESPIPE)
        n = read(file->fd, buffer, size);
    return n < 0 ? -errno : n;
}

static ssize_t write_once(struct storage_file *file, const void *buffer, size_t size, off_t offset)
{
    if (file->is_link)
        return -EACCES;
    if (file->file)
        return file->volume->ops->write(file->file, buffer, size, offset);
    ssize_t n = pwrite(file->fd, buffer, size, offset);
    if (n < 0 && errno == ESPIPE)
        n = write(file->fd, buffer, size);
    return n < 0 ? -errno : n;
}

ssize_t storage_write(struct storage_file *file, const void *buffer, size_t size, off_t offset)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n =
            write_once(file, (const char *)buffer + done, size - done, offset + (off_t)done);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return done ? (ssize_t)done : n ? n : -EIO;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

int storage_truncate(struct storage_file *file, off_t size)
{
    if (file->is_link)
        return -EACCES;
    if (file->file)
        return file->volume->ops->truncate(file->file, size);
    return from_posix(ftruncate(file->fd, size));
}

int storage_sync(struct storage_file *file)
{
    if (file->is_link)
        return 0;
    if (file->file)
        return file->volume->ops->sync(file->file);
    int result = from_posix(fsync(file->fd));
    return result == -EINVAL || result == -EROFS ? 0 : result; /* a pipe or terminal */
}

int storage_stat_file(struct storage_file *file, struct stat *ret_stat)
{
    if (file->is_link) {
        *ret_stat = file->link;
        return 0;
    }
    if (file->file)
        return file->volume->ops->stat_file(file->file, ret_stat);
    return from_posix(fstat(file->fd, ret_stat));
}
