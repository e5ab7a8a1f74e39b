/* SPDX-License-Identifier: MIT */
/* See deadly_store.h. */
#include "tests/cow/deadly_store.h"

#include "emu/port/store.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const struct store_ops *real;
static struct store_ops deadly;
static uint64_t count, end; /* 0: it never ends */
static bool is_killing;

static int change(void)
{
    count++;
    if (end && count == end && is_killing)
        kill(getpid(), SIGKILL);
    return end && count >= end ? -EIO : 0;
}

static ssize_t deadly_write(struct store *s, struct store_node *node, const void *buffer,
                            size_t size, off_t offset)
{
    int error = change();

    return error ? error : real->write(s, node, buffer, size, offset);
}

static int deadly_truncate(struct store *s, struct store_node *node, off_t size)
{
    int error = change();

    return error ? error : real->truncate(s, node, size);
}

static int deadly_fallocate(struct store *s, struct store_node *node, int mode, off_t offset,
                            off_t size)
{
    int error = change();

    return error ? error : real->fallocate(s, node, mode, offset, size);
}

static int deadly_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                         dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node)
{
    int error = change();

    return error ? error : real->create(s, dir, name, mode, device, uid, gid, ret_node);
}

static int deadly_link(struct store *s, struct store_node *node, struct store_node *dir,
                       const char *name)
{
    int error = change();

    return error ? error : real->link(s, node, dir, name);
}

static int deadly_unlink(struct store *s, struct store_node *dir, const char *name)
{
    int error = change();

    return error ? error : real->unlink(s, dir, name);
}

static int deadly_rmdir(struct store *s, struct store_node *dir, const char *name)
{
    int error = change();

    return error ? error : real->rmdir(s, dir, name);
}

static int deadly_rename(struct store *s, struct store_node *from_dir, const char *from,
                         struct store_node *to_dir, const char *to, enum store_rename how)
{
    int error = change();

    return error ? error : real->rename(s, from_dir, from, to_dir, to, how);
}

void deadly_take(struct store *s)
{
    if (s->ops == &deadly)
        return;
    real = s->ops;
    deadly = *s->ops;
    deadly.write = deadly_write;
    deadly.truncate = deadly_truncate;
    deadly.fallocate = deadly_fallocate;
    deadly.create = deadly_create;
    deadly.link = deadly_link;
    deadly.unlink = deadly_unlink;
    deadly.rmdir = deadly_rmdir;
    deadly.rename = deadly_rename;
    s->ops = &deadly;
}

void deadly_before(uint64_t n, bool is_real)
{
    count = 0;
    end = n;
    is_killing = is_real;
}

uint64_t deadly_count(void)
{
    return count;
}
