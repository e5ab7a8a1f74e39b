/* SPDX-License-Identifier: MIT */
/* Open files, for those functions that take a handle or must know what is open. */
#pragma once

#include "fakes/windows/handle.h"
#include "fakes/windows/path.h"
#include "fakes/windows/storage.h"

struct change_watch;
struct completion_port;
struct file_listing;
struct file_node;

/* What GetDiskFreeSpace answers, and the grain of FILE_FLAG_NO_BUFFERING. */
#define FILE_SECTOR  512u
#define FILE_CLUSTER 4096u

struct file {
    struct object object;
    struct win_path path;
    struct storage_file storage;
    DWORD access, share, flags;
    bool is_directory, is_device;
    bool has_sectors;     /* of a device: they are the storage's */
    bool is_stream;       /* a pipe or terminal: no positions */
    bool is_pipe;         /* of CreatePipe: reading waits, its end is an error */
    bool is_standard;     /* of GetStdHandle: its descriptor stays open */
    bool has_archive_bit; /* nothing more to do for it */
    bool deletes_on_close;
    struct file_node *node; /* NULL: a device or stream */
    struct list node_link;  /* in node->files */
    unsigned n_pending;     /* overlapped calls; with the lock of objects */
    struct completion_port *port;
    ULONG_PTR completion_key;
    struct change_watch *changes; /* of ReadDirectoryChanges; changes/changes.h */
    struct file_listing *listing; /* of GetFileInformationByHandleEx; file_lists.c's */
    pthread_mutex_t lock;         /* of position */
    int64_t position;
    /* Another process has the same open file: the position is that of this descriptor, which is the
     * storage's. */
    bool has_shared_position;
    int shared_fd;
};

extern const struct object_class file_class;

/* What CreateFile takes, for callers inside: `access` may hold generic rights. */
struct file_request {
    DWORD access, share, disposition, flags; /* attributes are among the flags */
};

/* An error code, or a reference to the open file. *ret_existed (may be NULL): it was there, and
 * the disposition would have made it. */
DWORD file_open(LPCWSTR name, const struct file_request *request, struct file **ret_file,
                bool *ret_existed);

/* A new handle of a pipe's end, which the descriptor passes to. */
HANDLE file_new_pipe_end(int fd, DWORD access, const SECURITY_ATTRIBUTES *security);
/* Count 1, nothing open. */
struct file *file_new(void);

/* The stat of an open file; of a stream with its file's attributes and times. Negative errno. */
int file_stat(struct file *file, struct stat *ret_stat);
DWORD file_attributes(struct file *file, const struct stat *st);

static inline bool file_wants_write(const struct file *file)
{
    return file->access & (FILE_WRITE_DATA | FILE_APPEND_DATA);
}
