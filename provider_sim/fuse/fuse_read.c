/* SPDX-License-Identifier: MIT */
/* Questions of the kernel: they are answered at once, also while the volume is held, but for a name
 * that a revert has yet to make again. */
#include "provider_sim/fuse/cow_fuse_state.h"

#include "emu/base/array.h"
#include "emu/port/volume_wire.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SNAPSHOTS_INO (UINT64_MAX - 1)

/* ---- attributes ---- */

/* Inode numbers of snapshots must not be taken for those of the origin. */
static ino_t ino_in_view(uint64_t ino, unsigned view)
{
    return (ino_t)(ino ^ (uint64_t)view << 44);
}

static void snapshots_stat(struct cow_fuse *fuse, struct stat *ret_stat)
{
    struct stat root;

    *ret_stat = (struct stat){ .st_ino = SNAPSHOTS_INO, .st_mode = S_IFDIR | 0555, .st_nlink = 2 };
    if (cow_volume_stat(fuse->volume, VOLUME_ORIGIN, fuse->nodes.root.node, &root) == 0) {
        ret_stat->st_uid = root.st_uid;
        ret_stat->st_gid = root.st_gid;
        ret_stat->st_mtim = ret_stat->st_ctim = ret_stat->st_atim = root.st_ctim;
    }
}

int cow_fuse_attributes(struct cow_fuse *fuse, const struct fuse_inode *inode,
                        struct stat *ret_stat)
{
    if (!inode->node) {
        snapshots_stat(fuse, ret_stat);
        return 0;
    }
    int error = cow_volume_stat(fuse->volume, cow_fuse_view(fuse, inode), inode->node, ret_stat);
    if (!error)
        ret_stat->st_ino = ino_in_view(ret_stat->st_ino, inode->view);
    return error;
}

int cow_fuse_entry(struct cow_fuse *fuse, struct cow_node *take_node, unsigned view,
                   struct fuse_entry_param *ret_entry)
{
    struct fuse_inode *inode = fuse_nodes_look_up(&fuse->nodes, take_node, view);
    uint64_t number = fuse_nodes_number(&fuse->nodes, inode);

    *ret_entry = (struct fuse_entry_param){ .ino = number,
                                            .attr_timeout = FUSE_TRUE_FOR_S,
                                            .entry_timeout = FUSE_TRUE_FOR_S };
    int error = cow_fuse_attributes(fuse, inode, &ret_entry->attr);
    if (error)
        fuse_nodes_forget(&fuse->nodes, number, 1);
    return error;
}

static void on_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);
    struct stat st;

    (void)fi;
    if (!inode)
        return;
    int error = cow_fuse_attributes(fuse, inode, &st);
    if (error)
        fuse_reply_err(req, -error);
    else
        fuse_reply_attr(req, &st, FUSE_TRUE_FOR_S);
}

/* ---- names ---- */

/* "HarddiskVolumeShadowCopy5" -> 5, if there is such a snapshot. */
static unsigned snapshot_named(struct cow_fuse *fuse, const char *name)
{
    char text[64];
    unsigned number;

    for (size_t i = 0; (number = cow_volume_snapshot(fuse->volume, i, NULL)) != 0; i++) {
        snprintf(text, sizeof(text), VOLUME_SNAPSHOT_NAME, number);
        if (strcmp(text, name) == 0)
            return number;
    }
    return 0;
}

/* A snapshot of an image is a file, as the volume is. */
static int snapshot_node(struct cow_fuse *fuse, unsigned number, struct cow_node **ret_node)
{
    const char *image = cow_volume_image(fuse->volume);

    *ret_node = cow_volume_root(fuse->volume);
    if (!image)
        return 0;
    struct cow_node *root = *ret_node;
    int error = cow_volume_lookup(fuse->volume, number, root, image, ret_node);

    cow_node_unref(fuse->volume, root);
    return error;
}

/* The snapshots and their directory come and go behind the kernel's back: no time-outs. */
static int look_up_snapshot(struct cow_fuse *fuse, const char *name, struct fuse_entry_param *entry)
{
    unsigned number = snapshot_named(fuse, name);
    struct cow_node *node;
    int error = number ? snapshot_node(fuse, number, &node) : -ENOENT;

    if (!error)
        error = cow_fuse_entry(fuse, node, number, entry);
    entry->entry_timeout = 0;
    return error;
}

static void look_up_snapshots(struct cow_fuse *fuse, struct fuse_entry_param *entry)
{
    *entry =
        (struct fuse_entry_param){ .ino = fuse_nodes_number(&fuse->nodes, &fuse->nodes.snapshots) };
    snapshots_stat(fuse, &entry->attr);
}

/* -EAGAIN: the object that the snapshot knows by this name is not there; another one will be. */
static int look_up_node(struct cow_fuse *fuse, const struct fuse_inode *dir, const char *name,
                        struct cow_node **ret_node)
{
    unsigned view = cow_fuse_view(fuse, dir);
    struct cow_node *now = NULL;
    int error = cow_volume_lookup(fuse->volume, view, dir->node, name, ret_node);

    if (error || view == dir->view)
        return error;
    cow_volume_lookup(fuse->volume, VOLUME_ORIGIN, dir->node, name, &now);
    bool is_there = now == *ret_node;

    cow_node_unref(fuse->volume, now);
    if (is_there)
        return 0;
    cow_node_unref(fuse->volume, *ret_node);
    return -EAGAIN;
}

static int look_up(struct cow_fuse *fuse, const struct fuse_inode *dir, const char *name,
                   struct fuse_entry_param *entry)
{
    struct cow_node *node;

    if (!dir->node)
        return look_up_snapshot(fuse, name, entry);
    if (dir == &fuse->nodes.root && strcmp(name, VOLUME_SNAPSHOT_DIRECTORY) == 0) {
        look_up_snapshots(fuse, entry);
        return 0;
    }
    int error = look_up_node(fuse, dir, name, &node);
    return error ? error : cow_fuse_entry(fuse, node, dir->view, entry);
}

int cow_fuse_answer_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *dir = fuse_nodes_find(&fuse->nodes, parent);
    struct fuse_entry_param entry = { 0 };
    int error = look_up(fuse, dir, name, &entry);

    if (error == -EAGAIN && fuse->reverts_to)
        return error;
    if (error == -ENOENT && dir->node) {
        /* The kernel may remember for as long that there is nothing. */
        entry = (struct fuse_entry_param){ .entry_timeout = FUSE_TRUE_FOR_S };
        error = 0;
    }
    if (error)
        fuse_reply_err(req, -error);
    else
        fuse_reply_entry(req, &entry);
    return 0;
}

static void on_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    if (cow_fuse_answer_lookup(req, parent, name) == -EAGAIN)
        cow_fuse_look_up_later(req, parent, name);
}

static void on_forget(fuse_req_t req, fuse_ino_t ino, uint64_t n_lookups)
{
    fuse_nodes_forget(&cow_fuse_of(req)->nodes, ino, n_lookups);
    fuse_reply_none(req);
}

static void on_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
    for (size_t i = 0; i < count; i++)
        fuse_nodes_forget(&cow_fuse_of(req)->nodes, forgets[i].ino, forgets[i].nlookup);
    fuse_reply_none(req);
}

static void on_readlink(fuse_req_t req, fuse_ino_t ino)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = fuse_nodes_find(&fuse->nodes, ino);
    char target[PATH_MAX];
    int n = cow_volume_readlink(fuse->volume, cow_fuse_view(fuse, inode), inode->node, target,
                                sizeof(target) - 1);

    if (n < 0) {
        fuse_reply_err(req, -n);
        return;
    }
    target[n] = 0;
    fuse_reply_readlink(req, target);
}

/* ---- files ---- */

/* Opening decides nothing: rights are the kernel's to check (default_permissions), and files are
 * reached through their inodes. What is cached stays true from one opening to the next. */
static void on_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    if (!inode)
        return;
    int error = inode->view != VOLUME_ORIGIN && (fi->flags & O_ACCMODE) != O_RDONLY
                    ? cow_view_check_change(fuse->volume, inode->view)
                    : 0;

    if (error) {
        fuse_reply_err(req, -error);
        return;
    }
    fi->keep_cache = 1;
    fuse_reply_open(req, fi);
}

static void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                    struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    (void)fi;
    if (!inode)
        return;
    if (size > fuse->read_buffer_size) {
        free(fuse->read_buffer);
        fuse->read_buffer = mem_alloc_pages(size);
        fuse->read_buffer_size = size;
    }
    ssize_t n = cow_volume_read(fuse->volume, cow_fuse_view(fuse, inode), inode->node,
                                fuse->read_buffer, size, offset);
    if (n < 0)
        fuse_reply_err(req, (int)-n);
    else
        fuse_reply_buf(req, fuse->read_buffer, (size_t)n);
}

static void on_lseek(fuse_req_t req, fuse_ino_t ino, off_t offset, int whence,
                     struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    (void)fi;
    if (!inode)
        return;
    off_t at =
        cow_volume_seek(fuse->volume, cow_fuse_view(fuse, inode), inode->node, offset, whence);
    if (at < 0)
        fuse_reply_err(req, (int)-at);
    else
        fuse_reply_lseek(req, at);
}

static void on_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    (void)ino;
    (void)fi;
    fuse_reply_err(req, 0);
}

static void on_fsync(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *inode = cow_fuse_fresh(req, ino);

    (void)datasync;
    (void)fi;
    if (!inode)
        return;
    fuse_reply_err(req,
                   inode->view || !inode->node ? 0 : -cow_volume_sync(fuse->volume, inode->node));
}

static void on_statfs(fuse_req_t req, fuse_ino_t ino)
{
    struct statvfs st;
    int error = cow_volume_statfs(cow_fuse_of(req)->volume, &st);

    (void)ino;
    if (error)
        fuse_reply_err(req, -error);
    else
        fuse_reply_statfs(req, &st);
}

/* ---- directories ---- */

struct entry {
    char *name;
    ino_t ino;
    mode_t type;
};

/* What a directory held when its reading began, or began again. */
struct listing {
    ARRAY(struct entry) entries;
};

static int add_entry(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct listing *l = arg;

    array_add(&l->entries, ((struct entry){ mem_strdup(name), ino, type }));
    return 0;
}

static void listing_clear(struct listing *l)
{
    for (size_t i = 0; i < l->entries.count; i++)
        free(l->entries.items[i].name);
    array_free(&l->entries);
}

static int listing_fill(struct cow_fuse *fuse, const struct fuse_inode *dir, struct listing *l)
{
    uint64_t ino = dir->node ? cow_node_ino(dir->node) : SNAPSHOTS_INO;
    unsigned number;

    listing_clear(l);
    add_entry(l, ".", (ino_t)ino, S_IFDIR);
    add_entry(l, "..", (ino_t)ino, S_IFDIR);
    if (dir->node)
        return cow_volume_list(fuse->volume, cow_fuse_view(fuse, dir), dir->node, add_entry, l);
    for (size_t i = 0; (number = cow_volume_snapshot(fuse->volume, i, NULL)) != 0; i++) {
        char name[64];

        snprintf(name, sizeof(name), VOLUME_SNAPSHOT_NAME, number);
        add_entry(l, name, (ino_t)cow_node_ino(fuse->nodes.root.node),
                  cow_volume_image(fuse->volume) ? S_IFREG : S_IFDIR);
    }
    return 0;
}

static void on_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *dir = fuse_nodes_find(&fuse->nodes, ino);
    struct listing *l = mem_new(struct listing);

    fi->fh = (uint64_t)(uintptr_t)l;
    /* Snapshots come and go behind the kernel's back; whatever else it has read stays true. */
    fi->cache_readdir = fi->keep_cache = dir->node != NULL;
    if (fuse_reply_open(req, fi) < 0)
        free(l);
}

static void on_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    struct listing *l = (struct listing *)(uintptr_t)fi->fh;

    (void)ino;
    listing_clear(l);
    free(l);
    fuse_reply_err(req, 0);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Adds an entry with all that a lookup would tell; answers its size, 0 to leave it out. */
static size_t add_plus(fuse_req_t req, struct fuse_inode *dir, const struct entry *e, char *buffer,
                       size_t room, off_t next)
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_entry_param entry = { .attr = { .st_ino = ino_in_view(e->ino, dir->view),
                                                .st_mode = e->type } };

    if (fuse_add_direntry_plus(req, NULL, 0, e->name, NULL, 0) > room)
        return room + 1;
    int error = is_dots(e->name) ? 0 : look_up(fuse, dir, e->name, &entry);

    if (error && error != -EAGAIN) /* then the name alone: it will be looked up */
        return 0;
    return fuse_add_direntry_plus(req, buffer, room, e->name, &entry, next);
}

static size_t add_plain(fuse_req_t req, struct fuse_inode *dir, const struct entry *e, char *buffer,
                        size_t room, off_t next)
{
    struct stat st = { .st_ino = ino_in_view(e->ino, dir->view), .st_mode = e->type };

    return fuse_add_direntry(req, buffer, room, e->name, &st, next);
}

static void
reply_entries(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, struct fuse_file_info *fi,
              size_t (*add)(fuse_req_t req, struct fuse_inode *dir, const struct entry *e,
                            char *buffer, size_t room, off_t next))
{
    struct cow_fuse *fuse = cow_fuse_of(req);
    struct fuse_inode *dir = fuse_nodes_find(&fuse->nodes, ino);
    struct listing *l = (struct listing *)(uintptr_t)fi->fh;
    int error = offset == 0 ? listing_fill(fuse, dir, l) : 0;

    if (error) {
        fuse_reply_err(req, -error);
        return;
    }
    char *buffer = mem_alloc(size);
    size_t used = 0;

    for (size_t i = (size_t)offset; i < l->entries.count; i++) {
        size_t n = add(req, dir, &l->entries.items[i], buffer + used, size - used, (off_t)i + 1);

        if (n > size - used)
            break;
        used += n;
    }
    fuse_reply_buf(req, buffer, used);
    free(buffer);
}

static void on_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                       struct fuse_file_info *fi)
{
    reply_entries(req, ino, size, offset, fi, add_plain);
}

static void on_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                           struct fuse_file_info *fi)
{
    reply_entries(req, ino, size, offset, fi, add_plus);
}

void cow_fuse_read_operations(struct fuse_lowlevel_ops *ops)
{
    ops->lookup = on_lookup;
    ops->forget = on_forget;
    ops->forget_multi = on_forget_multi;
    ops->getattr = on_getattr;
    ops->readlink = on_readlink;
    ops->open = on_open;
    ops->read = on_read;
    ops->lseek = on_lseek;
    ops->release = on_release;
    ops->fsync = on_fsync;
    ops->opendir = on_opendir;
    ops->readdir = on_readdir;
    ops->readdirplus = on_readdirplus;
    ops->releasedir = on_releasedir;
    ops->fsyncdir = on_fsync;
    ops->statfs = on_statfs;
}
