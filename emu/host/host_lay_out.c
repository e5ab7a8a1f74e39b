/* SPDX-License-Identifier: MIT */
#include "emu/host/host_lay_out.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PIECE 65536

/* Raw calls: those of the world's threads take its time. */
static int make_directory(const char *path)
{
    return syscall(SYS_mkdirat, AT_FDCWD, path, 0777) == 0 || errno == EEXIST ? 0 : -errno;
}

/* All directories of the path but its last element. */
static int make_above(const char *path)
{
    auto_free char *part = mem_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int error = make_directory(part);

        if (error)
            return error;
        *slash = '/';
    }
    return 0;
}

static int write_all(int fd, const char *bytes, ssize_t size)
{
    while (size > 0) {
        ssize_t n = syscall(SYS_write, fd, bytes, (size_t)size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        bytes += n;
        size -= n;
    }
    return 0;
}

static int copy(struct volume *v, struct volume_file *file, int fd)
{
    auto_free char *piece = mem_alloc(PIECE);
    off_t at = 0;

    for (;;) {
        ssize_t n = v->ops->read(file, piece, PIECE, at);
        int error = n < 0 ? (int)n : write_all(fd, piece, n);

        if (error || !n)
            return error;
        at += n;
    }
}

int host_lay_out_directory(const char *directory)
{
    int error = make_above(directory);

    return error ? error : make_directory(directory);
}

int host_lay_out(struct volume *v, unsigned view, const char *path, const char *directory)
{
    auto_free char *to = str_printf("%s/%s", directory, path);
    struct volume_file *file;
    int error = make_above(to);

    if (!error)
        error = v->ops->open(v, view, path, O_RDONLY, 0, &file);
    if (error)
        return error;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    error = fd < 0 ? -errno : copy(v, file, fd);
    if (fd >= 0)
        syscall(SYS_close, fd);
    v->ops->close(file);
    return error;
}
