/* SPDX-License-Identifier: MIT */
/* The kernel resolves paths beneath a handle (openat2, Linux 5.6). */
#include "emu/host/host_beneath.h"

#include "emu/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* For a kernel or tool without openat2: element by element, no symbolic link and no "..". */
static int open_element_by_element(int dir, const char *path, int flags, mode_t mode)
{
    auto_close int at = fcntl(dir, F_DUPFD_CLOEXEC, 0);
    char name[256];

    while (at >= 0) {
        size_t length = strcspn(path, "/");

        if (length >= sizeof(name))
            return -ENAMETOOLONG;
        memcpy(name, path, length);
        name[length] = 0;
        path += length;
        path += strspn(path, "/");
        if (strcmp(name, "..") == 0)
            return -EXDEV;
        int next = openat(at, length ? name : ".",
                          (*path ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC,
                          *path ? 0 : mode);
        if (next < 0 || !*path)
            return next < 0 ? -errno : next;
        close(at);
        at = next;
    }
    return -errno;
}

int host_open_beneath(int dir, const char *path, int flags, mode_t mode)
{
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = flags & O_CREAT ? mode & 07777 : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };

    path += strspn(path, "/");
    int fd = (int)syscall(SYS_openat2, dir, *path ? path : ".", &how, sizeof(how));
    if (fd < 0 && errno == ENOSYS)
        return open_element_by_element(dir, path, flags, mode);
    return fd < 0 ? -errno : fd;
}
