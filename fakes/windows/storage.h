/* SPDX-License-Identifier: MIT */
/* Files behind a Windows path, wherever they are: in a volume of the world (through the volume
 * port) or on the host (POSIX). Errors are negative errno values; a change in a snapshot is
 * -EROFS.
 *
 * A path with a stream means what the stream lies in (streams/side.h); attributes and times are
 * its file's all the same. What belongs to a file goes and moves with it. */
#pragma once

#include "fakes/windows/path.h"

#include <sys/stat.h>

struct storage_file {
    struct volume *volume; /* NULL: the host's */
    struct volume_file *file;
    int fd;
    bool is_link; /* a symbolic link of Linux itself: no data */
    struct stat link;
};

/* False: a snapshot, unless it is open for its writers to recover. */
bool storage_can_change(const struct win_path *path);
int storage_stat(const struct win_path *path, struct stat *ret_stat);
/* Every entry but "." and "..", by name; stops when each answers nonzero and answers that. */
int storage_list(const struct win_path *path,
                 int (*each)(void *arg, const char *name, const struct stat *st), void *arg);
int storage_mkdir(const struct win_path *path);
int storage_rmdir(const struct win_path *path);
int storage_unlink(const struct win_path *path);
/* A further name for a file; what belongs to it has it, too (side_linked). */
int storage_link(const struct win_path *path, const struct win_path *further);
/* -EXDEV between volumes, or between the world and the host; -EEXIST unless replace. */
int storage_rename(const struct win_path *from, const struct win_path *to, bool replace);
int storage_chmod(const struct win_path *path, mode_t mode);
int storage_set_times(const struct win_path *path, const struct timespec times[2]);

/* flags as for open(2); with O_NOFOLLOW a symbolic link of Linux on a volume is opened itself. */
int storage_open(const struct win_path *path, int flags, mode_t mode,
                 struct storage_file *ret_file);
void storage_close(struct storage_file *file);
ssize_t storage_read(struct storage_file *file, void *buffer, size_t size, off_t offset);
ssize_t storage_write(struct storage_file *file, const void *buffer, size_t size, off_t offset);
int storage_truncate(struct storage_file *file, off_t size);
int storage_sync(struct storage_file *file);
/* The stat of what is open, a stream's included: storage_merge then makes it the file's. */
int storage_stat_file(struct storage_file *file, struct stat *ret_stat);
/* For a stream: puts the attributes and times of its file into the stat of what it lies in. */
void storage_merge(const struct win_path *path, struct stat *st);
