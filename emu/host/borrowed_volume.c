/* SPDX-License-Identifier: MIT */
/* See borrowed_volume.h. */
#include "emu/host/borrowed_volume.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_files.h"
#include "emu/host/host_image.h"
#include "emu/host/volume_ask.h"
#include "emu/port/volume_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_FOLDER "System Volume Information" /* of the copy-on-write */

/* ---- what only the other process can do ---- */

static void say_once(const struct volume *v, const char *what)
{
    static bool is_said;

    if (!__atomic_exchange_n(&is_said, true, __ATOMIC_RELAXED))
        fprintf(stderr, "vssemu: volume %c: belongs to the process that started this one: %s\n",
                v->letter, what);
}

static void refuse_control(struct volume *v, struct volume_done *done)
{
    say_once(v, "snapshots of it are made there");
    done->fn(done, -EOPNOTSUPP);
}

static void borrowed_flush(struct volume *v, struct volume_done *done)
{
    done->fn(done, volume_flush_mount(host_volume_from(v)->root_fd));
}

static void borrowed_hold(struct volume *v, struct volume_done *done)
{
    refuse_control(v, done);
}

static void borrowed_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    (void)number;
    refuse_control(v, done);
}

static void borrowed_release(struct volume *v, struct volume_done *done)
{
    (void)v;
    done->fn(done, 0);
}

static int borrowed_dismount(struct volume *v, bool force)
{
    (void)v, (void)force;
    return -EOPNOTSUPP;
}

static unsigned borrowed_next_number(struct volume *v)
{
    (void)v;
    return 1;
}

/* ---- files of a directory ---- */

/* Of an image, which is reached through the directory that it lies in, all but itself. */
static bool is_hidden(const struct volume *v, const char *path)
{
    size_t n = strlen(SYSTEM_FOLDER);

    if (v->image)
        return *path && strcmp(path, v->image) != 0;
    return strncmp(path, SYSTEM_FOLDER, n) == 0 && (!path[n] || path[n] == '/');
}

static int refuse_change(struct volume *v)
{
    say_once(v, "without a mount (vssemu run --mount) it can only be read here");
    return -EROFS;
}

static int read_only_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
                          struct volume_file **ret_file)
{
    if (view != VOLUME_ORIGIN || is_hidden(v, path))
        return -ENOENT;
    if ((flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC))
        return refuse_change(v);
    return host_open(v, view, path, flags, mode, ret_file);
}

static int read_only_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat)
{
    return view != VOLUME_ORIGIN || is_hidden(v, path) ? -ENOENT
                                                       : host_stat(v, view, path, ret_stat);
}

struct shown {
    const struct volume *volume;
    int (*each)(void *arg, const char *name, const struct stat *st);
    void *arg;
};

static int show(void *arg, const char *name, const struct stat *st)
{
    const struct shown *shown = arg;

    return is_hidden(shown->volume, name) ? 0 : shown->each(shown->arg, name, st);
}

static int read_only_list(struct volume *v, unsigned view, const char *path,
                          int (*each)(void *arg, const char *name, const struct stat *st),
                          void *arg)
{
    struct shown shown = { v, each, arg };

    if (view != VOLUME_ORIGIN || is_hidden(v, path))
        return -ENOENT;
    return *path ? host_list(v, view, path, each, arg) : host_list(v, view, path, show, &shown);
}

static int read_only_mkdir(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    (void)view, (void)path, (void)mode;
    return refuse_change(v);
}

static int read_only_remove(struct volume *v, unsigned view, const char *path)
{
    (void)view, (void)path;
    return refuse_change(v);
}

static int read_only_link(struct volume *v, unsigned view, const char *path, const char *further)
{
    (void)view, (void)path, (void)further;
    return refuse_change(v);
}

static ssize_t read_only_readlink(struct volume *v, unsigned view, const char *path, char *buffer,
                                  size_t size)
{
    return view != VOLUME_ORIGIN || is_hidden(v, path) ? -ENOENT
                                                       : host_readlink(v, view, path, buffer, size);
}

static int read_only_rename(struct volume *v, unsigned view, const char *from, const char *to,
                            bool replace)
{
    (void)view, (void)from, (void)to, (void)replace;
    return refuse_change(v);
}

static int read_only_set_times(struct volume *v, unsigned view, const char *path,
                               const struct timespec times[2])
{
    (void)view, (void)path, (void)times;
    return refuse_change(v);
}

/* ---- life ---- */

static void borrowed_free(struct volume *v)
{
    struct host_volume *h = host_volume_from(v);

    volume_tell_name(v, NULL, false);
    close(h->root_fd);
    free((char *)h->volume.mount_path);
    free((char *)h->volume.image);
    free(h);
}

#define CONTROL                                                                                 \
    .flush = borrowed_flush, .hold = borrowed_hold, .commit = borrowed_commit,                  \
    .release = borrowed_release, .delete_snapshot = borrowed_commit, .revert = borrowed_commit, \
    .open_snapshot = borrowed_commit, .seal_snapshot = borrowed_commit,                         \
    .dismount = borrowed_dismount, .next_number = borrowed_next_number, .free = borrowed_free,  \
    .close = host_close, .read = host_read, .write = host_write, .truncate = host_truncate,     \
    .sync = host_sync, .stat_file = host_stat_file, .descriptor = host_descriptor

static const struct volume_ops mounted_ops = {
    CONTROL,
    .open = host_open,
    .stat = host_stat,
    .list = host_list,
    .mkdir = host_mkdir,
    .rmdir = host_rmdir,
    .unlink = host_unlink,
    .rename = host_rename,
    .set_times = host_set_times,
    .chmod = host_chmod,
    .link = host_link,
    .readlink = host_readlink,
};

static const struct volume_ops directory_ops = {
    CONTROL,
    .open = read_only_open,
    .stat = read_only_stat,
    .list = read_only_list,
    .mkdir = read_only_mkdir,
    .rmdir = read_only_remove,
    .unlink = read_only_remove,
    .rename = read_only_rename,
    .set_times = read_only_set_times,
    .chmod = read_only_mkdir,
    .link = read_only_link,
    .readlink = read_only_readlink,
};

/* Malloc memory: of the mount, the directory, or that of an image. */
static char *root_of(const char *mount_path, const char *directory, bool is_image)
{
    const char *slash = is_image && !mount_path ? strrchr(directory, '/') : NULL;

    if (!is_image || mount_path)
        return mem_strdup(mount_path ? mount_path : directory);
    return slash ? str_printf("%.*s/", (int)(slash - directory), directory) : mem_strdup(".");
}

int borrowed_volume_new(char letter, const char *mount_path, const char *directory,
                        struct volume **ret_volume)
{
    bool is_image = directory && host_image_is(directory);
    auto_free char *image = is_image ? host_image_real(directory) : NULL;
    auto_free char *path = root_of(mount_path, is_image ? image : directory, is_image);
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (root < 0)
        return -errno;
    struct host_volume *h = mem_new(struct host_volume);

    h->volume.ops = mount_path ? &mounted_ops : &directory_ops;
    h->volume.letter = letter;
    h->volume.is_borrowed = true;
    volume_guid_name(letter, h->volume.guid_name);
    h->volume.mount_path = mem_strdup(mount_path);
    h->volume.image = is_image ? mem_strdup(basename(image)) : NULL;
    h->root_fd = root;
    h->control_fd = -1;
    *ret_volume = &h->volume;
    return 0;
}
