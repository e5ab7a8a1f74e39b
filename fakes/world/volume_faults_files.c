/* SPDX-License-Identifier: MIT */
/* Files of a volume that stands behind its faults. An open file is a record of ours that knows its
 * volume; whoever has it takes it for the volume's own. */
#include "fakes/world/volume_faults.h"
#include "fakes/world/volume_faults_i.h"

#include "emu/base/mem.h"
#include "emu/port/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define BLOCK 65536u

/* Behind the port's struct volume_file. */
struct front_file {
    struct volume *volume;
    struct volume_file *real;
    unsigned view;
    char *path; /* of a snapshot's file while somebody watches; NULL */
};

static struct front_file *of(struct volume_file *file)
{
    return (struct front_file *)(void *)file;
}

static const struct volume_ops *real_of(struct volume *v)
{
    return v->front->real;
}

static bool is_gone(struct volume *v)
{
    return atomic_load_explicit(&v->front->is_gone, memory_order_relaxed);
}

/* The same of a view of it. */
static bool is_lost(struct volume *v, unsigned view)
{
    return is_gone(v) ||
           (view && view <= atomic_load_explicit(&v->front->lost_up_to, memory_order_relaxed));
}

static bool is_full(struct volume *v)
{
    return atomic_load_explicit(&v->front->is_full, memory_order_relaxed);
}

/* How many of the bytes get through: all, or those of the blocks before the one that fails. */
static size_t pass(struct volume *v, enum fault_volume_point point, size_t size, int *ret_error)
{
    struct fault_hit hit;

    *ret_error = 0;
    for (size_t done = 0; v->front->ports->faults && done < size; done += BLOCK) {
        if (!volume_faults_meet(v, point, &hit))
            continue;
        if (hit.action == FAULT_FAIL)
            *ret_error = -hit.code;
        if (is_gone(v) || hit.action == FAULT_VANISH)
            *ret_error = -ENXIO;
        if (*ret_error)
            return done;
    }
    return size;
}

/* ---- open files ---- */

static int front_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
                      struct volume_file **ret_file)
{
    const struct volume_ops *real = real_of(v);
    struct volume_file *opened = NULL;
    struct stat st;
    int error;

    pass(v, AT_VOLUME_OPEN, 1, &error);
    if (error || is_lost(v, view))
        return error ? error : -ENXIO;
    if ((flags & O_CREAT) && is_full(v) && real->stat(v, view, path, &st) == -ENOENT)
        return -ENOSPC;
    error = real->open(v, view, path, flags, mode, &opened);
    if (error)
        return error;
    struct front_file *file = mem_new(struct front_file);

    *file = (struct front_file){ v, opened, view, NULL };
    if (v->front->watcher && view)
        file->path = mem_strdup(path);
    *ret_file = (struct volume_file *)(void *)file;
    return 0;
}

static void front_close(struct volume_file *file)
{
    struct front_file *f = of(file);

    real_of(f->volume)->close(f->real);
    free(f->path);
    free(f);
}

static void tell_read(const struct front_file *f, uint64_t end)
{
    struct volume_watcher *watcher = f->volume->front->watcher;

    if (f->path && watcher)
        watcher->read(watcher, f->volume, f->view, f->path, end);
}

static ssize_t front_read(struct volume_file *file, void *buffer, size_t size, off_t offset)
{
    struct front_file *f = of(file);
    int error;

    size = pass(f->volume, f->view ? AT_VOLUME_READ_COPY : AT_VOLUME_READ, size, &error);
    if (is_lost(f->volume, f->view))
        return -ENXIO;
    ssize_t n = error ? error : real_of(f->volume)->read(f->real, buffer, size, offset);

    if (f->path && n >= 0)
        tell_read(f, (uint64_t)offset + (uint64_t)n);
    return n;
}

static bool makes_longer(struct front_file *f, off_t end)
{
    struct stat st;

    return !real_of(f->volume)->stat_file(f->real, &st) && end > st.st_size;
}

static ssize_t front_write(struct volume_file *file, const void *buffer, size_t size, off_t offset)
{
    struct front_file *f = of(file);
    int error;

    size = pass(f->volume, AT_VOLUME_WRITE, size, &error);
    if (is_gone(f->volume))
        return -ENXIO;
    if (error && size) /* what came before the bad block is on the disk */
        real_of(f->volume)->write(f->real, buffer, size, offset);
    if (error)
        return error;
    if (is_full(f->volume) && makes_longer(f, offset + (off_t)size))
        return -ENOSPC;
    ssize_t n = real_of(f->volume)->write(f->real, buffer, size, offset);

    return is_gone(f->volume) ? -ENXIO : n; /* it may have waited for the end of a hold */
}

static int front_truncate(struct volume_file *file, off_t size)
{
    struct front_file *f = of(file);

    if (is_gone(f->volume))
        return -ENXIO;
    if (is_full(f->volume) && makes_longer(f, size))
        return -ENOSPC;
    return real_of(f->volume)->truncate(f->real, size);
}

static int front_sync(struct volume_file *file)
{
    struct front_file *f = of(file);

    return is_gone(f->volume) ? -ENXIO : real_of(f->volume)->sync(f->real);
}

static int front_stat_file(struct volume_file *file, struct stat *ret_stat)
{
    struct front_file *f = of(file);

    return is_lost(f->volume, f->view) ? -ENXIO : real_of(f->volume)->stat_file(f->real, ret_stat);
}

static int front_descriptor(struct volume_file *file)
{
    struct front_file *f = of(file);

    tell_read(f, UINT64_MAX); /* what goes past us counts as read */
    return real_of(f->volume)->descriptor(f->real);
}

/* ---- names ---- */

static int front_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat)
{
    if (view == VOLUME_ORIGIN && is_gone(v))
        return -ENXIO;
    int error = real_of(v)->stat(v, view, path, ret_stat);

    /* What never was, or was deleted, is not lost. */
    return error != -ESTALE && is_lost(v, view) ? -ENXIO : error;
}

static int front_list(struct volume *v, unsigned view, const char *path,
                      int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->list(v, view, path, each, arg);
}

static int front_mkdir(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    if (is_lost(v, view) || is_full(v))
        return is_lost(v, view) ? -ENXIO : -ENOSPC;
    return real_of(v)->mkdir(v, view, path, mode);
}

static int front_rmdir(struct volume *v, unsigned view, const char *path)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->rmdir(v, view, path);
}

static int front_unlink(struct volume *v, unsigned view, const char *path)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->unlink(v, view, path);
}

static int front_rename(struct volume *v, unsigned view, const char *from, const char *to,
                        bool replace)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->rename(v, view, from, to, replace);
}

static int front_set_times(struct volume *v, unsigned view, const char *path,
                           const struct timespec times[2])
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->set_times(v, view, path, times);
}

static int front_chmod(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->chmod(v, view, path, mode);
}

static int front_link(struct volume *v, unsigned view, const char *path, const char *further)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->link(v, view, path, further);
}

static ssize_t front_readlink(struct volume *v, unsigned view, const char *path, char *buffer,
                              size_t size)
{
    return is_lost(v, view) ? -ENXIO : real_of(v)->readlink(v, view, path, buffer, size);
}

/* ---- the rest ---- */

static void front_open_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    if (is_lost(v, number))
        done->fn(done, -ENXIO);
    else
        real_of(v)->open_snapshot(v, number, done);
}

static void front_seal_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    if (is_lost(v, number))
        done->fn(done, 0);
    else
        real_of(v)->seal_snapshot(v, number, done);
}

static bool front_is_open(struct volume *v, unsigned number)
{
    const struct volume_ops *real = real_of(v);

    return real->is_open && real->is_open(v, number);
}

static int front_dismount(struct volume *v, bool force)
{
    return is_gone(v) ? -ENODEV : real_of(v)->dismount(v, force);
}

static unsigned front_next_number(struct volume *v)
{
    return real_of(v)->next_number(v);
}

static int front_keep(struct volume *v, unsigned number, const struct volume_kept *kept)
{
    if (is_gone(v))
        return -ENODEV;
    return is_full(v) ? -ENOSPC : real_of(v)->keep(v, number, kept);
}

static bool front_kept(struct volume *v, size_t i, struct volume_kept *ret_kept)
{
    return real_of(v)->kept(v, i, ret_kept);
}

/* Needs no new room. */
static int front_keep_settings(struct volume *v, const void *bytes, size_t size)
{
    return is_gone(v) ? -ENODEV : real_of(v)->keep_settings(v, bytes, size);
}

static ssize_t front_kept_settings(struct volume *v, void *buffer)
{
    return real_of(v)->kept_settings(v, buffer);
}

static int front_identify(struct volume *v, const unsigned char *salt, unsigned char ret_id[16])
{
    return is_gone(v) ? -ENODEV : real_of(v)->identify(v, salt, ret_id);
}

static void front_leave(struct volume *v)
{
    real_of(v)->leave(v);
}

static void front_use_of_diff_area(struct volume *v, struct diff_area_use *ret_use)
{
    real_of(v)->use_of_diff_area(v, ret_use);
    if (is_full(v))
        ret_use->free = 0;
}

const struct volume_ops volume_faults_ops = {
    .flush = volume_faults_flush,
    .hold = volume_faults_hold,
    .commit = volume_faults_commit,
    .release = volume_faults_release,
    .delete_snapshot = volume_faults_delete,
    .open_snapshot = front_open_snapshot,
    .seal_snapshot = front_seal_snapshot,
    .is_open = front_is_open,
    .revert = volume_faults_revert,
    .dismount = front_dismount,
    .next_number = front_next_number,
    .keep = front_keep,
    .kept = front_kept,
    .keep_settings = front_keep_settings,
    .kept_settings = front_kept_settings,
    .identify = front_identify,
    .leave = front_leave,
    .use_of_diff_area = front_use_of_diff_area,
    .open = front_open,
    .close = front_close,
    .read = front_read,
    .write = front_write,
    .truncate = front_truncate,
    .sync = front_sync,
    .stat_file = front_stat_file,
    .descriptor = front_descriptor,
    .stat = front_stat,
    .list = front_list,
    .mkdir = front_mkdir,
    .rmdir = front_rmdir,
    .unlink = front_unlink,
    .rename = front_rename,
    .set_times = front_set_times,
    .chmod = front_chmod,
    .link = front_link,
    .readlink = front_readlink,
    .free = volume_faults_free,
};
