/* SPDX-License-Identifier: MIT */
/* What the kernel may know is what was there before and, as missing names are remembered, too, what
 * is there afterwards: the names of every directory that it has looked up. */
#include "provider_sim/fuse/cow_server_revert.h"

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/fuse/cow_fuse_state.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct known_name {
    uint64_t dir;
    char *name;
};

struct server_revert {
    struct fuse_session *session;
    pthread_t thread;
    int fd;
    uint64_t dir; /* while its names are listed */
    ARRAY(uint64_t) inodes;
    ARRAY(struct known_name) names;
};

/* ---- what the kernel knows ---- */

static int add_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct server_revert *revert = arg;

    (void)ino;
    (void)type;
    array_add(&revert->names, ((struct known_name){ revert->dir, mem_strdup(name) }));
    return 0;
}

/* Of what is no directory there are none. */
static void add_names_of(struct server_revert *revert, struct cow_fuse *fuse,
                         const struct fuse_inode *inode)
{
    revert->dir = fuse_nodes_number(&fuse->nodes, inode);
    cow_volume_list(fuse->volume, VOLUME_ORIGIN, inode->node, add_name, revert);
}

static void add_names(struct server_revert *revert, struct cow_fuse *fuse)
{
    add_names_of(revert, fuse, &fuse->nodes.root);
    for (size_t i = 0; i < fuse->nodes.inodes.n_buckets; i++) {
        for (struct hash_link *link = fuse->nodes.inodes.buckets[i]; link; link = link->next) {
            const struct fuse_inode *inode = container_of(link, struct fuse_inode, link);

            if (inode->node && inode->view == VOLUME_ORIGIN)
                add_names_of(revert, fuse, inode);
        }
    }
}

static void add_inodes(struct server_revert *revert, struct cow_fuse *fuse)
{
    array_add(&revert->inodes, fuse_nodes_number(&fuse->nodes, &fuse->nodes.root));
    for (size_t i = 0; i < fuse->nodes.inodes.n_buckets; i++) {
        for (struct hash_link *link = fuse->nodes.inodes.buckets[i]; link; link = link->next) {
            const struct fuse_inode *inode = container_of(link, struct fuse_inode, link);

            if (inode->node && inode->view == VOLUME_ORIGIN)
                array_add(&revert->inodes, fuse_nodes_number(&fuse->nodes, inode));
        }
    }
}

/* ---- telling it ---- */

/* What it does not know it does not mind. */
static void *tell_kernel(void *arg)
{
    struct server_revert *revert = arg;
    const uint64_t one = 1;

    for (size_t i = 0; i < revert->names.count; i++) {
        const struct known_name *name = &revert->names.items[i];

        fuse_lowlevel_notify_inval_entry(revert->session, name->dir, name->name,
                                         strlen(name->name));
    }
    for (size_t i = 0; i < revert->inodes.count; i++)
        fuse_lowlevel_notify_inval_inode(revert->session, revert->inodes.items[i], 0, 0);
    while (write(revert->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
    return NULL;
}

static void revert_free(struct server_revert *revert)
{
    for (size_t i = 0; i < revert->names.count; i++)
        free(revert->names.items[i].name);
    array_free(&revert->names);
    array_free(&revert->inodes);
    if (revert->fd >= 0)
        close(revert->fd);
    free(revert);
}

int server_revert_begin(struct cow_volume *volume, struct cow_fuse *fuse, unsigned number,
                        struct server_revert **ret_revert)
{
    struct server_revert *revert;

    *ret_revert = NULL;
    if (!fuse)
        return cow_volume_revert(volume, number);
    revert = mem_new(struct server_revert);
    revert->session = fuse->session;
    revert->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (revert->fd < 0) {
        free(revert);
        return -errno;
    }
    add_names(revert, fuse);
    int error = cow_volume_revert(volume, number);

    add_names(revert, fuse);
    add_inodes(revert, fuse);
    if (error == -ENOENT || error == -ENXIO || error == -EAGAIN || error == -EBUSY ||
        pthread_create(&revert->thread, NULL, tell_kernel, revert) != 0) {
        revert_free(revert); /* nothing was changed, or nobody can be told */
        return error ? error : -EAGAIN;
    }
    *ret_revert = revert;
    return error;
}

int server_revert_fd(const struct server_revert *revert)
{
    return revert->fd;
}

void server_revert_end(struct server_revert *revert)
{
    pthread_join(revert->thread, NULL);
    revert_free(revert);
}
