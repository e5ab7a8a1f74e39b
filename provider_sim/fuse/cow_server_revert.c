/* SPDX-License-Identifier: MIT */
/* What the kernel may know is what was there before and, as missing names are remembered, too, what
 * is there afterwards: the names of every directory that it has looked up. It is told so twice:
 * when the work begins, so that what is read from then on is asked for, and when it is over. */
#include "provider_sim/fuse/cow_server_revert.h"

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/cow/cow_work.h"
#include "provider_sim/fuse/cow_fuse.h"
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
    struct cow_fuse *fuse; /* NULL: nothing is mounted (any more) */
    struct fuse_session *session;
    struct cow_work *work; /* NULL: it is over */
    int error;
    bool is_telling;   /* the thread is there */
    bool is_told_last; /* and this is the second time */
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

static void add_inodes_of(struct server_revert *revert, struct cow_fuse *fuse,
                          const struct hash *inodes)
{
    for (size_t i = 0; i < inodes->n_buckets; i++) {
        for (struct hash_link *link = inodes->buckets[i]; link; link = link->next) {
            const struct fuse_inode *inode = container_of(link, struct fuse_inode, link);

            if (inode->node && inode->view == VOLUME_ORIGIN)
                array_add(&revert->inodes, fuse_nodes_number(&fuse->nodes, inode));
        }
    }
}

static void add_inodes(struct server_revert *revert, struct cow_fuse *fuse)
{
    array_add(&revert->inodes, fuse_nodes_number(&fuse->nodes, &fuse->nodes.root));
    add_inodes_of(revert, fuse, &fuse->nodes.inodes);
    add_inodes_of(revert, fuse, &fuse->nodes.stale);
}

/* ---- telling it ---- */

/* What it does not know it does not mind. A name waits for who is changing its directory, a page
 * for who is writing it. Pages first: a name whose file goes with all of them keeps everybody out
 * of its directory as long. */
static void *tell_kernel(void *arg)
{
    struct server_revert *revert = arg;
    const uint64_t one = 1;

    for (size_t i = 0; i < revert->inodes.count; i++)
        fuse_lowlevel_notify_inval_inode(revert->session, revert->inodes.items[i], 0, 0);
    for (size_t i = 0; i < revert->names.count; i++) {
        const struct known_name *name = &revert->names.items[i];

        fuse_lowlevel_notify_inval_entry(revert->session, name->dir, name->name,
                                         strlen(name->name));
    }
    while (write(revert->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
    return NULL;
}

static void forget_known(struct server_revert *revert)
{
    for (size_t i = 0; i < revert->names.count; i++)
        free(revert->names.items[i].name);
    array_free(&revert->names);
    array_free(&revert->inodes);
}

static void begin_telling(struct server_revert *revert)
{
    add_names(revert, revert->fuse);
    add_inodes(revert, revert->fuse);
    revert->is_telling = pthread_create(&revert->thread, NULL, tell_kernel, revert) == 0;
}

static void end_telling(struct server_revert *revert)
{
    uint64_t n;

    if (!revert->is_telling)
        return;
    pthread_join(revert->thread, NULL);
    revert->is_telling = false;
    while (read(revert->fd, &n, sizeof(n)) < 0 && errno == EINTR)
        ;
    forget_known(revert);
}

/* ---- the work ---- */

int server_revert_begin(struct cow_volume *volume, struct cow_fuse *fuse, unsigned number,
                        struct server_revert **ret_revert)
{
    struct server_revert *revert = mem_new(struct server_revert);
    int error = 0;

    *revert = (struct server_revert){ .fuse = fuse, .fd = -1 };
    if (fuse) {
        revert->session = fuse->session;
        revert->fd = eventfd(0, EFD_CLOEXEC);
        error = revert->fd < 0 ? -errno : 0;
    }
    if (!error)
        error = cow_volume_begin_revert(volume, number, &revert->work);
    if (error) {
        server_revert_end(revert);
        return error;
    }
    if (fuse) {
        cow_fuse_begin_revert(fuse, number);
        cow_fuse_retire_files(fuse);
        begin_telling(revert);
    }
    *ret_revert = revert;
    return 0;
}

/* The names that are there now are told when the thread has told what was there before. */
static void tell_last(struct server_revert *revert)
{
    revert->is_told_last = true;
    if (revert->fuse)
        begin_telling(revert);
}

/* The kernel asks for everything anew before anything changes; but who waits with a change may keep
 * it from taking in what it is told. */
bool server_revert_has_steps(const struct server_revert *revert)
{
    if (!revert->work || !revert->is_telling)
        return revert->work;
    return !list_is_empty(&revert->fuse->waiting);
}

bool server_revert_step(struct server_revert *revert)
{
    if (!server_revert_has_steps(revert))
        return revert->work;
    if (cow_work_step(revert->work))
        return true;
    revert->error = cow_work_end(revert->work);
    revert->work = NULL;
    if (revert->fuse)
        cow_fuse_end_revert(revert->fuse);
    if (!revert->is_telling)
        tell_last(revert);
    return false;
}

int server_revert_fd(const struct server_revert *revert)
{
    return revert->is_telling ? revert->fd : -1;
}

void server_revert_heard(struct server_revert *revert)
{
    end_telling(revert);
    if (!revert->work && !revert->is_told_last)
        tell_last(revert);
}

bool server_revert_is_over(const struct server_revert *revert)
{
    return !revert->work && !revert->is_telling;
}

void server_revert_unmounting(struct server_revert *revert)
{
    if (!revert->fuse)
        return;
    cow_fuse_end_revert(revert->fuse);
    end_telling(revert);
    revert->fuse = NULL;
}

int server_revert_end(struct server_revert *revert)
{
    int error = revert->error;

    if (revert->fuse)
        cow_fuse_end_dropping(revert->fuse);
    forget_known(revert);
    if (revert->fd >= 0)
        close(revert->fd);
    free(revert);
    return error;
}
