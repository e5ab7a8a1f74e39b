/* SPDX-License-Identifier: MIT */
/* The parts of volumes that are reached by POSIX calls below one directory: host_volume.c (mounted
 * by the launcher) and borrowed_volume.c. The functions are those of port/volume.h. */
#pragma once

#include "emu/base/list.h"
#include "emu/port/volume.h"

struct host_talk;

struct host_volume {
    struct volume volume;
    struct sched *sched;
    struct sched_thread *thread;
    int root_fd;
    int control_fd;
    struct host_talk *talk; /* over it (host_talk.h); NULL: of a borrowed volume */
    unsigned next_number;
    struct list requests; /* of struct control_request; guarded by the service */
    bool is_busy;         /* with a request that stands in the list no more */
    bool is_ending;
    unsigned n_deleted;     /* snapshots so far; atomic */
    unsigned n_open;        /* files of the current state, since the last dismount; atomic */
    unsigned n_dismounts;   /* so far; atomic */
    unsigned open_snapshot; /* for changes, 0: none; of a volume it is one at a time; atomic */
};

struct volume_file {
    struct host_volume *volume;
    int fd;
    unsigned view;
    unsigned n_deleted;   /* when the view was last known to be there */
    unsigned n_dismounts; /* when it was opened: cut off by later ones */
};

static inline struct host_volume *host_volume_from(struct volume *v)
{
    return container_of(v, struct host_volume, volume);
}

int host_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
              struct volume_file **ret_file);
void host_close(struct volume_file *file);
ssize_t host_read(struct volume_file *file, void *buffer, size_t size, off_t offset);
ssize_t host_write(struct volume_file *file, const void *buffer, size_t size, off_t offset);
int host_truncate(struct volume_file *file, off_t size);
int host_sync(struct volume_file *file);
int host_stat_file(struct volume_file *file, struct stat *ret_stat);
int host_descriptor(struct volume_file *file);
int host_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat);
int host_list(struct volume *v, unsigned view, const char *path,
              int (*each)(void *arg, const char *name, const struct stat *st), void *arg);
int host_mkdir(struct volume *v, unsigned view, const char *path, mode_t mode);
int host_rmdir(struct volume *v, unsigned view, const char *path);
int host_unlink(struct volume *v, unsigned view, const char *path);
int host_rename(struct volume *v, unsigned view, const char *from_path, const char *to_path,
                bool replace);
int host_set_times(struct volume *v, unsigned view, const char *path,
                   const struct timespec times[2]);
int host_chmod(struct volume *v, unsigned view, const char *path, mode_t mode);
int host_link(struct volume *v, unsigned view, const char *path, const char *further);
ssize_t host_readlink(struct volume *v, unsigned view, const char *path, char *buffer, size_t size);
