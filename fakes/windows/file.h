/* SPDX-License-Identifier: MIT */
/* Open files, for those functions that take a handle or must know what is open. */
#pragma once

#include "fakes/windows/handle.h"
#include "fakes/windows/path.h"
#include "fakes/windows/storage.h"

/* Whether some open handle forbids `access` (FILE_SHARE_... bits) to the file that has this stat.
 * For deleting and renaming: FILE_SHARE_DELETE. */
bool file_is_denied(const struct win_path *path, const struct stat *st, DWORD access);

struct file {
    struct object object;
    struct win_path path;
    struct storage_file storage;
    DWORD access, share, flags;
    bool is_directory, is_device;
    bool is_stream;       /* a pipe or terminal: no positions */
    bool is_standard;     /* of GetStdHandle: its descriptor stays open */
    bool has_archive_bit; /* nothing more to do for it */
    dev_t device;         /* with ino: which file it is */
    ino_t ino;
    struct list link;     /* in open_files */
    pthread_mutex_t lock; /* of position */
    int64_t position;
};

extern const struct object_class file_class;

static inline bool file_wants_write(const struct file *file)
{
    return file->access & (FILE_WRITE_DATA | FILE_APPEND_DATA);
}
