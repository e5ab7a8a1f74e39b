/* SPDX-License-Identifier: MIT */
/* Changes. Each request is a struct change that borrows the request's memory. If the volume is
 * held, or the origin being reverted, a copy that owns its memory waits in the queue and the kernel
 * waits for the answer. */
#include "provider_sim/fuse/cow_fuse_state.h"
#include "provider_sim/fuse/fuse_wire.h"

#include "emu/port/volume_wire.h"

#include "emu/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct change {
    struct list waiting;
    fuse_req_t req;
    /* Does it and answers the request; -EAGAIN and no answer while the volume is held. */
    int (*run)(struct cow_fuse *fuse, struct change *c);
    fuse_ino_t ino;       /* the object, or the directory of `name` */
    fuse_ino_t other_ino; /* the directory of `other_name` */
    const char *name;
    const char *other_name; /* of a rename; target of a symbolic link */
    const void *bytes;
    size_t size;
    off_t offset;
    mode_t mode;
    dev_t device;   /* of a device node */
    unsigned flags; /* of a rename, of setxattr, what setattr sets */
    struct stat attributes;
    struct fuse_file_info file; /* of create */
    bool with_open;
    bool kills_suid; /* of a write, or of a new size */
};

/* ---- the queue ---- */

static int run(struct cow_fuse *fuse, struct change *c)
{
    const struct fuse_inode *inode = fuse_nodes_find(&fuse->nodes, c->ino);

    if (fuse->reverts_to && inode->view == VOLUME_ORIGIN && !inode->is_stale)
        return -EAGAIN;
    return c->run(fuse, c);
}

static void start(fuse_req_t req, struct change change)
{
    struct cow_fuse *fuse = cow_fuse_of(req);

    change.req = req;
    change.kills_suid = fuse_wire_kills_suid(fuse->request.mem, fuse->request.size);
    if (run(fuse, &change) != -EAGAIN)
        return;
    struct change *kept = mem_copy(&change, sizeof(change));

    kept->name = mem_strdup(change.name);
    kept->other_name = mem_strdup(change.other_name);
    kept->bytes = change.bytes ? mem_copy(change.bytes, change.size) : NULL;
    list_append(&fuse->waiting, &kept->waiting);
}

void cow_fuse_resume(struct cow_fuse *fuse)
{
    while (!list_is_empty(&fuse->waiting)) {
        struct change *c = container_of(fuse->waiting.next, struct change, waiting);

        if (run(fuse, c) == -EAGAIN)
            return; /* held again; the order stays */
        list_remove(&c->waiting);
        free((char *)c->name);
        free((char *)c->other_name);
        free((void *)c->bytes);
        free(c);
    }
}

static int reply_error(struct change *c, int error)
{
    if (error != -EAGAIN)
        fuse_reply_err(c->req, -error);
    return error;
}

/* Objects that may be changed: those of the origin and of a snapshot that is open for recovery. */
static int find_node(struct cow_fuse *fuse, fuse_ino_t ino, unsigned *ret_view,
                     struct cow_node **ret_node)
{
    struct fuse_inode *inode = fuse_nodes_find(&fuse->nodes, ino);

    *ret_node = inode->node;
    *ret_view = inode->view;
    if (inode->is_stale)
        return -ESTALE;
    return inode->node ? cow_view_check_change(fuse->volume, inode->view) : -EROFS;
}

/* A directory and a name in it; the name of the snapshots' directory is taken. */
static int find_dir(struct cow_fuse *fuse, fuse_ino_t ino, const char *name, unsigned *ret_view,
                    struct cow_node **ret_dir)
{
    int error = find_node(fuse, ino, ret_view, ret_dir);

    if (!error && ino == FUSE_ROOT_ID && strcmp(name, VOLUME_SNAPSHOT_DIRECTORY) == 0)
        error = -EACCES;
    return error;
}

/* ---- contents and attributes ---- */

/* As the kernel does for local files: set-group-id stays where the group may not execute. */
static int kill_suid(struct cow_fuse *fuse, unsigned view, struct cow_node *node)
{
    struct stat st;
    int error = cow_volume_stat(fuse->volume, view, node, &st);

    if (error)
        return error;
    mode_t killed = S_ISUID | (st.st_mode & S_IXGRP ? S_ISGID : 0u);

    return st.st_mode & killed ? cow_view_chmod(fuse->volume, view, node, st.st_mode & ~killed) : 0;
}

static int run_write(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *node;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error && c->kills_suid)
        error = kill_suid(fuse, view, node);
    if (error)
        return reply_error(c, error);
    ssize_t n = cow_view_write(fuse->volume, view, node, c->bytes, c->size, c->offset);
    if (n < 0)
        return reply_error(c, (int)n);
    fuse_reply_write(c->req, (size_t)n);
    return 0;
}

/* Of an inode that is new after the revert nothing is from before it. */
static bool drops_pages_of(const struct cow_fuse *fuse, const struct fuse_inode *inode)
{
    bool is_dropping = fuse->has_writeback ? fuse->reverts_to != 0 : fuse->drops_pages;

    return is_dropping && inode->view == VOLUME_ORIGIN && !inode->is_stale;
}

static void on_write(fuse_req_t req, fuse_ino_t ino, const char *bytes, size_t size, off_t offset,
                     struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);

    if (fi->writepage && drops_pages_of(fuse, fuse_nodes_find(&fuse->nodes, ino))) {
        fuse_reply_write(req, size);
        return;
    }
    start(req, (struct change){
                   .run = run_write, .ino = ino, .bytes = bytes, .size = size, .offset = offset });
}

/* The kernel leaves it to us to take rights away where the caller may not keep them. */
static int run_fallocate(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *node;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error && fuse_req_ctx(c->req)->uid != 0)
        error = kill_suid(fuse, view, node);
    if (!error)
        error =
            cow_view_fallocate(fuse->volume, view, node, (int)c->flags, c->offset, (off_t)c->size);
    return reply_error(c, error);
}

static void on_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
                         struct fuse_file_info *fi)
{
    (void)fi;
    start(req, (struct change){ .run = run_fallocate,
                                .ino = ino,
                                .flags = (unsigned)mode,
                                .offset = offset,
                                .size = (size_t)length });
}

static struct timespec wanted_time(unsigned flags, unsigned set, unsigned set_now,
                                   struct timespec time)
{
    if (flags & set_now)
        return (struct timespec){ .tv_nsec = UTIME_NOW };
    return flags & set ? time : (struct timespec){ .tv_nsec = UTIME_OMIT };
}

static int set_attributes(struct cow_fuse *fuse, unsigned view, struct cow_node *node,
                          const struct change *c)
{
    const struct stat *st = &c->attributes;
    const struct timespec times[2] = {
        wanted_time(c->flags, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW, st->st_atim),
        wanted_time(c->flags, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW, st->st_mtim),
    };
    int error = 0;

    if (c->flags & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
        error = cow_view_chown(fuse->volume, view, node,
                               c->flags & FUSE_SET_ATTR_UID ? st->st_uid : (uid_t)-1,
                               c->flags & FUSE_SET_ATTR_GID ? st->st_gid : (gid_t)-1);
    if (!error && (c->flags & FUSE_SET_ATTR_MODE))
        error = cow_view_chmod(fuse->volume, view, node, st->st_mode);
    if (!error && (c->flags & FUSE_SET_ATTR_SIZE))
        error = cow_view_truncate(fuse->volume, view, node, st->st_size);
    if (!error && (times[0].tv_nsec != UTIME_OMIT || times[1].tv_nsec != UTIME_OMIT))
        error = cow_view_set_times(fuse->volume, view, node, times);
    return error;
}

static int run_setattr(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *node;
    struct stat st;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error && c->kills_suid)
        error = kill_suid(fuse, view, node);
    if (!error)
        error = set_attributes(fuse, view, node, c);
    if (!error)
        error = cow_fuse_attributes(fuse, fuse_nodes_find(&fuse->nodes, c->ino), &st);
    if (error)
        return reply_error(c, error);
    fuse_reply_attr(c->req, &st, FUSE_TRUE_FOR_S);
    return 0;
}

static void on_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attributes, int to_set,
                       struct fuse_file_info *fi)
{
    (void)fi;
    start(req, (struct change){ .run = run_setattr,
                                .ino = ino,
                                .attributes = *attributes,
                                .flags = (unsigned)to_set });
}

static int run_setxattr(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *node;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error)
        error =
            cow_view_set_xattr(fuse->volume, view, node, c->name, c->bytes, c->size, (int)c->flags);
    return reply_error(c, error);
}

static void on_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name, const char *value,
                        size_t size, int flags)
{
    start(req, (struct change){ .run = run_setxattr,
                                .ino = ino,
                                .name = name,
                                .bytes = value,
                                .size = size,
                                .flags = (unsigned)flags });
}

static int run_removexattr(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *node;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error)
        error = cow_view_remove_xattr(fuse->volume, view, node, c->name);
    return reply_error(c, error);
}

static void on_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
    start(req, (struct change){ .run = run_removexattr, .ino = ino, .name = name });
}

/* ---- new names ---- */

/* Tells the kernel of a node that has a new name; takes its reference. */
static int reply_node(struct cow_fuse *fuse, struct change *c, unsigned view,
                      struct cow_node *take_node)
{
    struct fuse_entry_param entry;
    int error = cow_fuse_entry(fuse, take_node, view, &entry);

    if (error)
        return reply_error(c, error);
    c->file.keep_cache = 1;
    if (c->with_open)
        fuse_reply_create(c->req, &entry, &c->file);
    else
        fuse_reply_entry(c->req, &entry);
    return 0;
}

static int run_create(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    const struct fuse_ctx *caller = fuse_req_ctx(c->req);
    struct cow_node *dir, *made;
    int error = find_dir(fuse, c->ino, c->name, &view, &dir);

    if (!error && c->other_name)
        error = cow_view_symlink(fuse->volume, view, dir, c->name, c->other_name, caller->uid,
                                 caller->gid, &made);
    else if (!error)
        error = cow_view_create(fuse->volume, view, dir, c->name, c->mode, c->device, caller->uid,
                                caller->gid, &made);
    return error ? reply_error(c, error) : reply_node(fuse, c, view, made);
}

static void on_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
                      struct fuse_file_info *fi)
{
    start(req, (struct change){ .run = run_create,
                                .ino = parent,
                                .name = name,
                                .mode = S_IFREG | (mode & 07777),
                                .file = *fi,
                                .with_open = true });
}

static void on_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t device)
{
    start(req,
          (struct change){
              .run = run_create, .ino = parent, .name = name, .mode = mode, .device = device });
}

static void on_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
    start(req,
          (struct change){
              .run = run_create, .ino = parent, .name = name, .mode = S_IFDIR | (mode & 07777) });
}

static void on_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name)
{
    start(req,
          (struct change){ .run = run_create, .ino = parent, .name = name, .other_name = target });
}

static int run_link(struct cow_fuse *fuse, struct change *c)
{
    unsigned view, other_view;
    struct cow_node *node, *dir;
    int error = find_node(fuse, c->ino, &view, &node);

    if (!error)
        error = find_dir(fuse, c->other_ino, c->name, &other_view, &dir);
    if (!error && view != other_view)
        error = -EXDEV;
    if (!error)
        error = cow_view_link(fuse->volume, view, node, dir, c->name);
    return error ? reply_error(c, error) : reply_node(fuse, c, view, cow_node_ref(node));
}

static void on_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t new_parent, const char *new_name)
{
    start(req, (struct change){
                   .run = run_link, .ino = ino, .other_ino = new_parent, .name = new_name });
}

static int run_lookup(struct cow_fuse *fuse, struct change *c)
{
    (void)fuse;
    return cow_fuse_answer_lookup(c->req, c->ino, c->name);
}

void cow_fuse_look_up_later(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    start(req, (struct change){ .run = run_lookup, .ino = parent, .name = name });
}

/* ---- names that go ---- */

static int run_unlink(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *dir;
    int error = find_dir(fuse, c->ino, c->name, &view, &dir);

    if (!error)
        error = cow_view_unlink(fuse->volume, view, dir, c->name);
    return reply_error(c, error);
}

static void on_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    start(req, (struct change){ .run = run_unlink, .ino = parent, .name = name });
}

static int run_rmdir(struct cow_fuse *fuse, struct change *c)
{
    unsigned view;
    struct cow_node *dir;
    int error = find_dir(fuse, c->ino, c->name, &view, &dir);

    if (!error)
        error = cow_view_rmdir(fuse->volume, view, dir, c->name);
    return reply_error(c, error);
}

static void on_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    start(req, (struct change){ .run = run_rmdir, .ino = parent, .name = name });
}

static int run_rename(struct cow_fuse *fuse, struct change *c)
{
    static const enum store_rename ways[] = { [0] = STORE_RENAME_REPLACE,
                                              [RENAME_NOREPLACE] = STORE_RENAME_NEW,
                                              [RENAME_EXCHANGE] = STORE_RENAME_EXCHANGE };
    unsigned view, other_view;
    struct cow_node *from_dir, *to_dir;
    int error = find_dir(fuse, c->ino, c->name, &view, &from_dir);

    if (!error)
        error = find_dir(fuse, c->other_ino, c->other_name, &other_view, &to_dir);
    if (!error && view != other_view)
        error = -EXDEV;
    if (!error && c->flags > RENAME_EXCHANGE)
        error = -EINVAL;
    if (!error)
        error = cow_view_rename(fuse->volume, view, from_dir, c->name, to_dir, c->other_name,
                                ways[c->flags]);
    return reply_error(c, error);
}

static void on_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                      const char *new_name, unsigned flags)
{
    start(req, (struct change){ .run = run_rename,
                                .ino = parent,
                                .name = name,
                                .other_ino = new_parent,
                                .other_name = new_name,
                                .flags = flags });
}

void cow_fuse_change_operations(struct fuse_lowlevel_ops *ops)
{
    ops->write = on_write;
    ops->fallocate = on_fallocate;
    ops->setattr = on_setattr;
    ops->setxattr = on_setxattr;
    ops->removexattr = on_removexattr;
    ops->create = on_create;
    ops->mknod = on_mknod;
    ops->mkdir = on_mkdir;
    ops->symlink = on_symlink;
    ops->link = on_link;
    ops->unlink = on_unlink;
    ops->rmdir = on_rmdir;
    ops->rename = on_rename;
}
