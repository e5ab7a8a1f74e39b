/* SPDX-License-Identifier: MIT */
/* See host_view.h. */
#include "emu/host/host_view.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/host/host_beneath.h"
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

int host_view_root(int root_fd, unsigned view)
{
    char path[64];

    snprintf(path, sizeof(path), VOLUME_SNAPSHOT_DIRECTORY "/" VOLUME_SNAPSHOT_NAME, view);
    int root = openat(root_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return root >= 0 ? root : errno == ENOENT ? -ESTALE : -errno;
}

int host_view_open(int root_fd, unsigned view, const char *path, int flags, mode_t mode)
{
    if (view == VOLUME_ORIGIN)
        return is_snapshot_directory(path) ? -ENOENT
                                           : host_open_beneath(root_fd, path, flags, mode);
    auto_close int root = host_view_root(root_fd, view);
    if (root < 0)
        return root;
    return host_open_beneath(root, path, flags, mode);
}

int host_view_parent(int root_fd, unsigned view, const char *path, const char **ret_name)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
        return -EINVAL;
    if (view == VOLUME_ORIGIN && is_snapshot_directory(path))
        return -EACCES;
    auto_free char *parent = slash ? mem_strdup(path) : mem_strdup("");
    if (slash)
        parent[slash - path] = 0;
    *ret_name = name;
    return host_view_open(root_fd, view, parent, O_PATH | O_DIRECTORY, 0);
}
