/* SPDX-License-Identifier: MIT */
/* See host_view.h. */
#include "emu/host/host_view.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/host/host_beneath.h"
#include "emu/host/host_files.h"
#include "emu/port/volume.h"
#include "emu/port/volume_name.h"
#include "emu/port/volume_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static bool is_snapshot_directory(const char *path)
{
    size_t length = strlen(VOLUME_SNAPSHOT_DIRECTORY);

    path += strspn(path, "/");
    return strncmp(path, VOLUME_SNAPSHOT_DIRECTORY, length) == 0 &&
           (path[length] == 0 || path[length] == '/');
}

static int open_snapshot(const struct host_volume *h, unsigned view, int flags)
{
    char path[64];

    snprintf(path, sizeof(path), VOLUME_SNAPSHOT_DIRECTORY "/" VOLUME_SNAPSHOT_NAME, view);
    int fd = openat(h->root_fd, path, flags | O_CLOEXEC);

    return fd >= 0 ? fd : errno == ENOENT ? -ESTALE : -errno;
}

int host_view_root(const struct host_volume *h, unsigned view)
{
    return open_snapshot(h, view, h->volume.image ? O_PATH : O_PATH | O_DIRECTORY);
}

static int open_of_image(const struct host_volume *h, unsigned view, const char *path, int flags)
{
    auto_close int snapshot = host_view_root(h, view);

    path += strspn(path, "/");
    if (snapshot < 0)
        return snapshot;
    if (!*path)
        return host_open_beneath(h->root_fd, "", flags, 0);
    return strcmp(path, h->volume.image) ? -ENOENT : open_snapshot(h, view, flags & ~O_CREAT);
}

int host_view_open(const struct host_volume *h, unsigned view, const char *path, int flags,
                   mode_t mode)
{
    if (view == VOLUME_ORIGIN)
        return is_snapshot_directory(path) ? -ENOENT
                                           : host_open_beneath(h->root_fd, path, flags, mode);
    if (h->volume.image)
        return open_of_image(h, view, path, flags);
    auto_close int root = host_view_root(h, view);
    if (root < 0)
        return root;
    return host_open_beneath(root, path, flags, mode);
}

int host_view_parent(const struct host_volume *h, unsigned view, const char *path,
                     const char **ret_name)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
        return -EINVAL;
    if (view == VOLUME_ORIGIN ? is_snapshot_directory(path) : h->volume.image != NULL)
        return -EACCES;
    auto_free char *parent = slash ? mem_strdup(path) : mem_strdup("");
    if (slash)
        parent[slash - path] = 0;
    *ret_name = name;
    return host_view_open(h, view, parent, O_PATH | O_DIRECTORY, 0);
}
