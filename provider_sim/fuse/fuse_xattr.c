/* SPDX-License-Identifier: MIT */
/* Questions about extended attributes. */
#include "provider_sim/fuse/cow_fuse_state.h"

#include "emu/base/mem.h"
#include "emu/port/volume_wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void reply_bytes(fuse_req_t req, ssize_t n, const void *bytes, size_t room)
{
    if (n < 0)
        fuse_reply_err(req, (int)-n);
    else if (!room)
        fuse_reply_xattr(req, (size_t)n);
    else
        fuse_reply_buf(req, bytes, (size_t)n);
}

static bool is_about_server(const struct cow_fuse *fuse, const struct fuse_inode *inode,
                            const char *name)
{
    return fuse->server && inode == &fuse->nodes.root && strcmp(name, VOLUME_SERVER_ATTRIBUTE) == 0;
}

static void tell_server(fuse_req_t req, pid_t server, size_t room)
{
    char digits[24];
    int n = snprintf(digits, sizeof(digits), "%ld", (long)server);

    reply_bytes(req, room && (size_t)n > room ? -ERANGE : n, digits, room);
}

static void on_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    if (!inode)
        return;
    if (is_about_server(fuse, inode, name)) {
        tell_server(req, fuse->server, size);
        return;
    }
    void *value = mem_alloc(size);
    ssize_t n = inode->node ? cow_volume_get_xattr(fuse->volume, cow_fuse_view(fuse, inode),
                                                   inode->node, name, value, size)
                            : -ENODATA;

    reply_bytes(req, n, value, size);
    free(value);
}

static void on_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    if (!inode)
        return;
    char *names = mem_alloc(size);
    ssize_t n = inode->node ? cow_volume_list_xattr(fuse->volume, cow_fuse_view(fuse, inode),
                                                    inode->node, names, size)
                            : 0;

    reply_bytes(req, n, names, size);
    free(names);
}

void cow_fuse_xattr_operations(struct fuse_lowlevel_ops *ops)
{
    ops->getxattr = on_getxattr;
    ops->listxattr = on_listxattr;
}
