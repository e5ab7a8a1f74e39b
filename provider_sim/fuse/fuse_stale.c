/* SPDX-License-Identifier: MIT */
/* Files after a revert on a mount with a writeback cache. The kernel then holds that it alone
 * changes files: it believes its own size and times of an inode that it knows, whatever it is told.
 * So the files get new inodes, which it meets when it looks up their names, and who has an old one
 * open gets ESTALE for whatever he asks, as on a volume that was dismounted under him. */
#include "provider_sim/fuse/cow_fuse_state.h"

#include "emu/base/array.h"

#include <errno.h>

/* What has lost its last name is nobody's business but of those who have it open. */
static bool may_be_reverted(struct cow_fuse *fuse, const struct fuse_inode *inode)
{
    struct stat st;

    return inode->node && inode->view == VOLUME_ORIGIN &&
           cow_volume_stat(fuse->volume, VOLUME_ORIGIN, inode->node, &st) == 0 &&
           S_ISREG(st.st_mode) && st.st_nlink > 0;
}

void cow_fuse_retire_files(struct cow_fuse *fuse)
{
    ARRAY(struct fuse_inode *) files = { 0 };

    if (!fuse->has_writeback)
        return;
    for (size_t i = 0; i < fuse->nodes.inodes.n_buckets; i++) {
        for (struct hash_link *link = fuse->nodes.inodes.buckets[i]; link; link = link->next) {
            struct fuse_inode *inode = container_of(link, struct fuse_inode, link);

            if (may_be_reverted(fuse, inode))
                array_add(&files, inode);
        }
    }
    for (size_t i = 0; i < files.count; i++)
        fuse_nodes_retire(&fuse->nodes, files.items[i]);
    array_free(&files);
}

struct fuse_inode *cow_fuse_fresh(fuse_req_t req, fuse_ino_t ino)
{
    struct fuse_inode *inode = fuse_nodes_find(&cow_fuse_of(req)->nodes, ino);

    if (!inode->is_stale)
        return inode;
    fuse_reply_err(req, ESTALE);
    return NULL;
}
