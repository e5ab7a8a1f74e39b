/* SPDX-License-Identifier: MIT */
/* Further names of a file, and symbolic links (emu/port/volume.h). */
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_port_state.h"
#include "provider_sim/cow/cow_view_change.h"

#include <errno.h>

static int link_locked(struct cow_port *p, unsigned view, const char *path, const char *further)
{
    char name[COW_NAME_SIZE];
    struct cow_node *node, *dir;
    struct stat st;
    int error = cow_view_check_change(p->cow, view);

    if (error)
        return error;
    error = cow_path_find(p->cow, view, path, false, &node);

    if (error)
        return error;
    error = cow_volume_stat(p->cow, view, node, &st);
    if (!error && S_ISDIR(st.st_mode))
        error = -EPERM;
    if (!error)
        error = cow_path_split(p->cow, view, further, &dir, name);
    if (!error) {
        error = cow_view_link(p->cow, view, node, dir, name);
        cow_node_unref(p->cow, dir);
    }
    cow_node_unref(p->cow, node);
    return error;
}

int cow_port_link(struct volume *v, unsigned view, const char *path, const char *further)
{
    struct cow_port *p = cow_port_of(v);

    return volume_told(v, view, further, true,
                       LOCKED_CHANGE(p, link_locked(p, view, path, further)));
}

static int readlink_locked(struct cow_port *p, unsigned view, const char *path, char *buffer,
                           size_t size)
{
    struct cow_node *node;
    int error = cow_path_find(p->cow, view, path, false, &node);

    if (error)
        return error;
    int length = cow_volume_readlink(p->cow, view, node, buffer, size);
    cow_node_unref(p->cow, node);
    return length;
}

ssize_t cow_port_readlink(struct volume *v, unsigned view, const char *path, char *buffer,
                          size_t size)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, readlink_locked(p, view, path, buffer, size));
}
