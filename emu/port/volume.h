/* SPDX-License-Identifier: MIT */
/* Port: a volume of the world, for the service (flush, hold, commit, release) and for those who
 * reach its files (fakes/windows, simulated writers). Three things fill it: provider_sim/cow in
 * this process, over a directory or over memory; and emu/host/host_volume, which speaks to the
 * launcher's server and reaches files through the mount.
 *
 * Errors are negative errno values. Paths are UTF-8, relative to the volume's root, separated by
 * '/', "" for the root itself; the port never follows ".." or a symbolic link out of the volume
 * (-EXDEV). stat, list, link and readlink mean a symbolic link itself; open, chmod and set_times
 * follow it.
 * Names are matched exactly: case folding is the caller's. */
#pragma once

#include "emu/port/diff_area.h"
#include "emu/port/volume_kept.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct volume;
struct volume_file;
struct volume_front;

/* Where fakes/windows keeps alternate streams and the like, in the root of a volume: whoever lists
 * a root for code under test leaves it out. */
#define VOLUME_SIDE_FOLDER ".vssemu"

/* Which state of the volume is meant: the current one, or snapshot number N (N > 0). */
#define VOLUME_ORIGIN 0u

/* Completion of a control operation; error is 0 or negative. May be called before the operation's
 * function returns. Called inside the service. */
struct volume_done {
    void (*fn)(struct volume_done *done, int error);
};

struct volume_ops {
    /* ---- for the service; called inside it, never concurrently for one volume ---- */

    /* Writes out what is dirty, so that it is in the copy. */
    void (*flush)(struct volume *v, struct volume_done *done);
    /* From completion on, every change waits; reads go on. */
    void (*hold)(struct volume *v, struct volume_done *done);
    /* The point in time: makes the snapshot `number`. Costs the same whatever the volume holds. */
    void (*commit)(struct volume *v, unsigned number, struct volume_done *done);
    /* Changes that waited go on. Releasing a volume that is not held does nothing. */
    void (*release)(struct volume *v, struct volume_done *done);
    void (*delete_snapshot)(struct volume *v, unsigned number, struct volume_done *done);
    /* Snapshot `number` can be changed like the current state, until it is sealed: its writers
     * bring their files into order there. Nothing else sees what they change. -ENOENT, -ENXIO.
     * Sealing one that is not open, or lost, does nothing. */
    void (*open_snapshot)(struct volume *v, unsigned number, struct volume_done *done);
    void (*seal_snapshot)(struct volume *v, unsigned number, struct volume_done *done);
    /* Puts the current state back to what snapshot `number` has; every snapshot stays as it is.
     * -ENOENT, -EIO (the snapshot is lost), -EOPNOTSUPP. */
    void (*revert)(struct volume *v, unsigned number, struct volume_done *done);
    /* Locks the volume for a revert: -EBUSY while files of its current state are open, unless
     * force is set: then those files are cut off (-ESTALE from now on). -EOPNOTSUPP. */
    int (*dismount)(struct volume *v, bool force);
    /* The next unused snapshot number of this volume; never repeats in the volume's life. */
    unsigned (*next_number)(struct volume *v);
    /* The area in which the old state of what changes is kept for the snapshots (port/diff_area.h).
     * All three NULL: whoever keeps it takes no orders. */
    void (*limit_diff_area)(struct volume *v, const struct diff_area_limits *limits);
    void (*use_of_diff_area)(struct volume *v, struct diff_area_use *ret_use);
    /* One that went offline for the sake of its snapshots: its open files are cut off. */
    void (*put_online)(struct volume *v);

    /* ---- for the provider; from any thread, at most one at a time ---- */

    /* From its return on the snapshot outlives this process, also one that is killed, and the next
     * one finds it with what `kept` says; again: it says something else now. -ENOENT; -ENXIO: it is
     * lost. Both NULL: nothing outlives the process. */
    int (*keep)(struct volume *v, unsigned number, const struct volume_kept *kept);
    /* The i-th of the snapshots that are kept, oldest first; false: there are not so many. */
    bool (*kept)(struct volume *v, size_t i, struct volume_kept *ret_kept);
    /* Of the volume itself, apart from its snapshots: bytes that the next process finds, too, old
     * or new whatever happens. -ENOSYS: nothing outlives the process. Both NULL likewise. */
    int (*keep_settings)(struct volume *v, const void *bytes, size_t size);
    /* How many bytes, of VOLUME_SETTINGS_MAX at most; 0: none. -EBADMSG: they are damaged. */
    ssize_t (*kept_settings)(struct volume *v, void *buffer);
    /* By what other volumes' snapshots may name this one: the same in every process, unlike any
     * other volume's. With salt (16 bytes that the world has drawn) it gets one if it has none yet;
     * NULL: -ENOENT then. As `keep`, NULL where that is. */
    int (*identify)(struct volume *v, const unsigned char *salt, unsigned char ret_id[16]);
    /* The process is about to end: what is kept is left in order, what was given up and told to who
     * watches the area is forgotten, and snapshots that are not kept are deleted. NULL: nothing to
     * do. */
    void (*leave)(struct volume *v);
    /* Whether the snapshot is open for changes; from any thread. NULL: none ever is. */
    bool (*is_open)(struct volume *v, unsigned number);

    /* ---- files; callable from any thread, outside the service; changes block while held ---- */

    /* flags as for open(2): O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY. */
    int (*open)(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
                struct volume_file **ret_file);
    void (*close)(struct volume_file *file);
    ssize_t (*read)(struct volume_file *file, void *buffer, size_t size, off_t offset);
    ssize_t (*write)(struct volume_file *file, const void *buffer, size_t size, off_t offset);
    int (*truncate)(struct volume_file *file, off_t size);
    int (*sync)(struct volume_file *file);
    int (*stat_file)(struct volume_file *file, struct stat *ret_stat);
    /* The host's descriptor, for another process; the file's own. NULL: other processes reach no
     * file of the volume. */
    int (*descriptor)(struct volume_file *file);

    int (*stat)(struct volume *v, unsigned view, const char *path, struct stat *ret_stat);
    /* Calls each(arg, name, stat) for every entry but "." and "..", in an order that a seed
     * repeats (by name); stops when each answers nonzero and returns that. */
    int (*list)(struct volume *v, unsigned view, const char *path,
                int (*each)(void *arg, const char *name, const struct stat *st), void *arg);
    /* -EROFS: the view is a snapshot that is not open (open_snapshot); as of open and write. */
    int (*mkdir)(struct volume *v, unsigned view, const char *path, mode_t mode);
    int (*rmdir)(struct volume *v, unsigned view, const char *path);
    int (*unlink)(struct volume *v, unsigned view, const char *path);
    /* Replaces the target if it exists and replace is set; otherwise -EEXIST. */
    int (*rename)(struct volume *v, unsigned view, const char *from, const char *to, bool replace);
    int (*set_times)(struct volume *v, unsigned view, const char *path,
                     const struct timespec times[2]);
    int (*chmod)(struct volume *v, unsigned view, const char *path, mode_t mode);

    /* A further name for a file. -EEXIST; -EPERM: it is a directory. */
    int (*link)(struct volume *v, unsigned view, const char *path, const char *further);
    /* The text of a symbolic link: its length, without a zero, at most size. -EINVAL: none. */
    ssize_t (*readlink)(struct volume *v, unsigned view, const char *path, char *buffer,
                        size_t size);

    void (*free)(struct volume *v);
};

/* A snapshot whose device has another number than itself, or which has none (volume_device.h). */
struct volume_alias {
    unsigned view, device;
};

struct volume {
    const struct volume_ops *ops;
    char letter;        /* 'C', or 0 for a volume without one */
    char guid_name[64]; /* "\\?\Volume{...}\", UTF-8 */
    char label[33];
    int64_t size;           /* bytes, as programs are told; 0: a terabyte */
    const char *mount_path; /* where the origin is mounted on the host, NULL if nowhere */
    bool is_borrowed;       /* it is another process's, which changes it, too */
    bool is_fleeting;       /* it ends with this process: nothing on it need be kept */
    const char *image; /* the file of the root that is the volume's bytes; NULL: there is none */
    struct volume_front *front; /* of who stands in front of it (fakes/world); NULL: nobody */
    const struct volume_alias *aliases; /* the provider's */
    size_t n_aliases;
    /* See volume_watch_names. */
    void (*name_changed)(struct volume *v, const char *path, bool exists);
    /* See volume_watch_diff_area. */
    diff_area_listener *area_changed;
    void *area_owner;
};

static inline bool volume_can_change(struct volume *v, unsigned view)
{
    return view == VOLUME_ORIGIN || (v->ops->is_open && v->ops->is_open(v, view));
}

/* What programs are told: half of a volume is free. */
#define VOLUME_USUAL_SIZE (INT64_C(1) << 40)

static inline int64_t volume_size(const struct volume *v)
{
    return v->size ? v->size : VOLUME_USUAL_SIZE;
}

/* From now on `fn` hears what becomes of the volume's snapshots by itself. One listener, before
 * anybody changes a file; NULL: none any more. */
static inline void volume_watch_diff_area(struct volume *v, diff_area_listener *fn, void *owner)
{
    v->area_owner = owner;
    __atomic_store_n(&v->area_changed, fn, __ATOMIC_RELEASE);
}

/* For who fills the port. */
static inline void volume_tell_diff_area(struct volume *v, enum diff_area_event event,
                                         unsigned number)
{
    diff_area_listener *fn = __atomic_load_n(&v->area_changed, __ATOMIC_ACQUIRE);

    if (fn)
        fn(v->area_owner, v, event, number);
}

/* From now on `fn` hears of each name that appears on the volume or goes, changed by whoever in
 * this process, through the port; with path NULL: all of them may have changed, or the volume
 * goes. After the change, on the thread that made it, no lock of the volume held. One listener;
 * the same may be set again. */
typedef void volume_name_listener(struct volume *v, const char *path, bool exists);

static inline void volume_watch_names(struct volume *v, volume_name_listener *fn)
{
    __atomic_store_n(&v->name_changed, fn, __ATOMIC_RELEASE);
}

/* For who fills the port. */
static inline void volume_tell_name(struct volume *v, const char *path, bool exists)
{
    volume_name_listener *fn = __atomic_load_n(&v->name_changed, __ATOMIC_ACQUIRE);

    if (fn)
        fn(v, path, exists);
}

/* The same for a call that answered `error`, which is passed on. Names of a snapshot have no
 * listener of their own. */
static inline int volume_told(struct volume *v, unsigned view, const char *path, bool exists,
                              int error)
{
    if (!error)
        volume_tell_name(v, view == VOLUME_ORIGIN ? path : NULL, exists);
    return error;
}
