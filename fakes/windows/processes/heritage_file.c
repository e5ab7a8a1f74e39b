/* SPDX-License-Identifier: MIT */
/* Files and pipes among what a child inherits. Both processes have one open file of the host, whose
 * position is the position of both. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/processes/heritage.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IS_STREAM    1u
#define IS_PIPE      2u
#define IS_DIRECTORY 4u

int file_descriptor(const struct file *file)
{
    const struct storage_file *storage = &file->storage;

    if (!storage->volume)
        return storage->fd;
    return file->path.view == VOLUME_ORIGIN && storage->volume->ops->descriptor
               ? storage->volume->ops->descriptor(storage->file)
               : -1;
}

/* From now on the position is the descriptor's. */
static void share_position(struct file *file, int fd)
{
    if (file->is_stream || file->is_directory || file->has_shared_position)
        return;
    pthread_mutex_lock(&file->lock);
    if (lseek(fd, file->position, SEEK_SET) >= 0) {
        file->shared_fd = fd;
        file->has_shared_position = true;
    }
    pthread_mutex_unlock(&file->lock);
}

bool heritage_add_file(struct heritage *heritage, HANDLE handle, DWORD access, struct file *file,
                       int fd)
{
    int own = file_descriptor(file);
    struct stat st;

    if (own < 0 || fstat(own, &st) != 0)
        return false;
    auto_free char *path = file->is_stream ? NULL : path_to_text(&file->path);
    unsigned bits = (file->is_stream ? IS_STREAM : 0) | (file->is_pipe ? IS_PIPE : 0) |
                    (file->is_directory ? IS_DIRECTORY : 0);

    share_position(file, own);
    if (fd < 0)
        fd = heritage_add_fd(heritage, own);
    str_addf(&heritage->text, "|%zu=f,%u,%d,%" PRIu64 ",%u,%u,%u,%s", (size_t)handle,
             (unsigned)access, fd, (uint64_t)st.st_ino, (unsigned)file->share,
             (unsigned)file->flags, bits, path && !strchr(path, '|') ? path : "");
    return true;
}

/* ---- in the child ---- */

bool heritage_is_fd(int fd, uint64_t inode)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || st.st_ino != inode)
        return false;
    if (fd > 2)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return true;
}

/* Its name, if this process can say it. */
static void name_file(struct file *file, const char *text)
{
    auto_free uint16_t *wide = utf16_from_utf8(text);

    if (*text && wide && path_parse_and_find((LPCWSTR)wide, &file->path, NULL) == ERROR_SUCCESS)
        return;
    path_free(&file->path);
    file->path = (struct win_path){ .kind = PATH_HOST,
                                    .text = str_printf("/proc/self/fd/%d", file->storage.fd) };
}

static void settle(struct file *file, const char *text)
{
    struct stat st;

    name_file(file, text);
    if (fstat(file->storage.fd, &st) == 0)
        file_node_enter(file, &st);
    file->has_archive_bit = true;
    if (file->is_directory)
        return;
    file->shared_fd = file->storage.fd;
    file->has_shared_position = true;
}

struct object *heritage_file(const char *text, DWORD access)
{
    unsigned share, flags, bits;
    uint64_t inode;
    int fd, n = 0;

    if (sscanf(text, "%d,%" SCNu64 ",%u,%u,%u,%n", &fd, &inode, &share, &flags, &bits, &n) < 5 ||
        !n || !heritage_is_fd(fd, inode))
        return NULL;
    struct file *file = file_new();
    file->storage.fd = fd;
    file->access = access;
    file->is_standard = fd <= 2;
    file->is_stream = bits & IS_STREAM;
    file->is_pipe = bits & IS_PIPE;
    file->is_directory = bits & IS_DIRECTORY;
    file->share = share;
    file->flags = flags;
    if (!file->is_stream)
        settle(file, text + n);
    return &file->object;
}
