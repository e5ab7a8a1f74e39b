/* SPDX-License-Identifier: MIT */
/* What the files of cow_fuse share: cow_fuse.c the mount, fuse_read.c questions, fuse_change.c
 * changes. */
#pragma once

#include "emu/base/list.h"
#include "provider_sim/cow/cow_view_change.h"
#include "provider_sim/fuse/fuse_nodes.h"

#include <fuse_lowlevel.h>

/* Nobody but us changes a volume, so what the kernel has learned stays true. */
#define FUSE_TRUE_FOR_S 86400.0

struct cow_fuse {
    struct cow_volume *volume;
    struct fuse_session *session;
    struct fuse_nodes nodes;
    struct list waiting;     /* changes that met a hold (fuse_change.c) */
    struct fuse_buf request; /* libfuse's buffer for requests */
    char *read_buffer;
    size_t read_buffer_size;
    bool has_writeback;
    pid_t server; /* told to who asks the root; 0: nobody is told */
    unsigned
        reverts_to;   /* the origin is read as this snapshot has it, changes wait; 0: no revert */
    bool drops_pages; /* what the kernel has kept back was written before the revert */
    bool accepts_killpriv; /* FUSE_INIT is being answered (cow_fuse.c) */
    unsigned n_asleep;     /* requests that are still to be waited for asleep */
    unsigned sleepy;       /* so many when the next one does not come in time again */
};

static inline struct cow_fuse *cow_fuse_of(fuse_req_t req)
{
    return fuse_req_userdata(req);
}

/* What an inode is read as. */
static inline unsigned cow_fuse_view(const struct cow_fuse *fuse, const struct fuse_inode *inode)
{
    return inode->view == VOLUME_ORIGIN ? fuse->reverts_to : inode->view;
}

/* ---- fuse_stale.c ---- */

/* With a writeback cache the kernel asks nobody for the size of a file that it knows: files that a
 * revert may change under its hands get new inodes. Without one it does nothing. */
void cow_fuse_retire_files(struct cow_fuse *fuse);
/* What is not stale: NULL, and the request is answered with ESTALE. */
struct fuse_inode *cow_fuse_fresh(fuse_req_t req, fuse_ino_t ino);

/* ---- fuse_read.c ---- */

void cow_fuse_read_operations(struct fuse_lowlevel_ops *ops);
/* Fills entry for a node, whose reference is taken. */
int cow_fuse_entry(struct cow_fuse *fuse, struct cow_node *take_node, unsigned view,
                   struct fuse_entry_param *ret_entry);
/* -EAGAIN, and no answer: the revert has not come so far. */
int cow_fuse_answer_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
int cow_fuse_attributes(struct cow_fuse *fuse, const struct fuse_inode *inode,
                        struct stat *ret_stat);

/* ---- fuse_xattr.c ---- */

void cow_fuse_xattr_operations(struct fuse_lowlevel_ops *ops);

/* ---- fuse_change.c ---- */

void cow_fuse_change_operations(struct fuse_lowlevel_ops *ops);
/* It is looked up, and the request answered, when the revert is over. */
void cow_fuse_look_up_later(fuse_req_t req, fuse_ino_t parent, const char *name);
