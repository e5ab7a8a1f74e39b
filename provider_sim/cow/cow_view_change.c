/* SPDX-License-Identifier: MIT */
/* A snapshot that is open for recovery is changed like a file system: what POSIX says of each call,
 * done by the steps of cow_amend. Here: open and sealed, attributes, contents; the names are
 * cow_view_names.c's. */
#include "provider_sim/cow/cow_view_change.h"

#include "provider_sim/cow/cow_amend.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

/* ---- open and sealed ---- */

int cow_volume_open_snapshot(struct cow_volume *v, unsigned number)
{
    cow_deletion_finish(v);
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    if (!s || s->is_lost)
        return s ? -ENXIO : -ENOENT;
    if (s->is_open)
        return 0;
    s->is_open = true;
    cow_journal_open(v, s);
    return cow_amend_end(v);
}

int cow_volume_seal_snapshot(struct cow_volume *v, unsigned number)
{
    cow_deletion_finish(v);
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    if (!s)
        return -ENOENT;
    if (!s->is_open || s->is_lost)
        return 0;
    s->is_open = false;
    cow_journal_sealed(v, s);
    int error = s->is_logged ? cow_journal_settle(v, NULL) : cow_amend_end(v);

    if (!error) /* what its writers have replaced */
        cow_journal_trim(v);
    return error;
}

int cow_view_check_change(struct cow_volume *v, unsigned view)
{
    struct cow_snapshot *s;

    return view == VOLUME_ORIGIN ? 0 : cow_amend_begin(v, view, &s);
}

/* ---- attributes ---- */

struct attributes {
    struct cow_snapshot *s;
    struct stat st;
};

static int begin_attributes(struct cow_volume *v, unsigned view, struct cow_node *node,
                            struct attributes *ret)
{
    int error = cow_amend_begin(v, view, &ret->s);

    return error ? error : cow_volume_stat(v, ret->s->number, node, &ret->st);
}

static int end_attributes(struct cow_volume *v, struct cow_node *node, struct attributes *a)
{
    a->st.st_ctim = v->cs.store->ops->now(v->cs.store);
    int error = cow_amend_stat(v, a->s, node, &a->st);

    return error ? error : cow_amend_end(v);
}

int cow_view_chmod(struct cow_volume *v, unsigned view, struct cow_node *node, mode_t mode)
{
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_chmod(v, node, mode);
    int error = begin_attributes(v, view, node, &a);

    if (error)
        return error;
    a.st.st_mode = (a.st.st_mode & S_IFMT) | (mode & 07777);
    return end_attributes(v, node, &a);
}

int cow_view_chown(struct cow_volume *v, unsigned view, struct cow_node *node, uid_t uid, gid_t gid)
{
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_chown(v, node, uid, gid);
    int error = begin_attributes(v, view, node, &a);

    if (error)
        return error;
    a.st.st_uid = uid == (uid_t)-1 ? a.st.st_uid : uid;
    a.st.st_gid = gid == (gid_t)-1 ? a.st.st_gid : gid;
    return end_attributes(v, node, &a);
}

static void set_time(struct timespec *time, const struct timespec *wanted, struct timespec now)
{
    if (wanted->tv_nsec != UTIME_OMIT)
        *time = wanted->tv_nsec == UTIME_NOW ? now : *wanted;
}

int cow_view_set_times(struct cow_volume *v, unsigned view, struct cow_node *node,
                       const struct timespec times[2])
{
    struct timespec now = v->cs.store->ops->now(v->cs.store);
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_set_times(v, node, times);
    int error = begin_attributes(v, view, node, &a);

    if (error)
        return error;
    set_time(&a.st.st_atim, &times[0], now);
    set_time(&a.st.st_mtim, &times[1], now);
    return end_attributes(v, node, &a);
}

/* ---- extended attributes ---- */

static struct cow_xattr *find_xattr(struct cow_xattrs *xattrs, const char *name)
{
    for (size_t i = 0; i < xattrs->list.count; i++) {
        if (strcmp(xattrs->list.items[i].name, name) == 0)
            return &xattrs->list.items[i];
    }
    return NULL;
}

static int begin_xattrs(struct cow_volume *v, unsigned view, struct cow_node *node,
                        struct attributes *a, struct cow_xattrs *ret_xattrs)
{
    int error = begin_attributes(v, view, node, a);

    *ret_xattrs = (struct cow_xattrs){ 0 };
    if (!error)
        error = cow_amend_get_xattrs(v, a->s, node, ret_xattrs);
    return error;
}

static int end_xattrs(struct cow_volume *v, struct cow_node *node, struct attributes *a,
                      struct cow_xattrs *xattrs)
{
    int error = cow_amend_xattrs(v, a->s, node, xattrs);

    return error ? error : end_attributes(v, node, a);
}

int cow_view_set_xattr(struct cow_volume *v, unsigned view, struct cow_node *node, const char *name,
                       const void *value, size_t size, int flags)
{
    struct cow_xattrs xattrs;
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_set_xattr(v, node, name, value, size, flags);
    int error = begin_xattrs(v, view, node, &a, &xattrs);
    struct cow_xattr *found = find_xattr(&xattrs, name);

    if (!error && found && (flags & XATTR_CREATE))
        error = -EEXIST;
    if (!error && !found && (flags & XATTR_REPLACE))
        error = -ENODATA;
    if (error) {
        cow_xattrs_free(&xattrs);
        return error;
    }
    if (!found) {
        array_add(&xattrs.list, ((struct cow_xattr){ .name = mem_strdup(name) }));
        found = &xattrs.list.items[xattrs.list.count - 1];
    }
    free(found->value);
    found->value = mem_copy(value, size);
    found->size = size;
    return end_xattrs(v, node, &a, &xattrs);
}

int cow_view_remove_xattr(struct cow_volume *v, unsigned view, struct cow_node *node,
                          const char *name)
{
    struct cow_xattrs xattrs;
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_remove_xattr(v, node, name);
    int error = begin_xattrs(v, view, node, &a, &xattrs);
    struct cow_xattr *found = find_xattr(&xattrs, name);

    if (error || !found) {
        cow_xattrs_free(&xattrs);
        return error ? error : -ENODATA;
    }
    free(found->name);
    free(found->value);
    array_remove(&xattrs.list, (size_t)(found - xattrs.list.items));
    return end_xattrs(v, node, &a, &xattrs);
}

/* ---- contents ---- */

/* Bytes from..to - 1 of one block. bytes NULL: zeroes. */
static int write_piece(struct cow_volume *v, struct attributes *a, struct cow_node *node,
                       const char *bytes, off_t from, off_t to)
{
    uint64_t block = (uint64_t)from / COW_BLOCK_SIZE;
    size_t within = (size_t)((uint64_t)from % COW_BLOCK_SIZE), size = (size_t)(to - from);

    if (size == COW_BLOCK_SIZE)
        return cow_amend_block(v, a->s, node, block, bytes);
    char *buffer = mem_alloc(COW_BLOCK_SIZE);
    ssize_t n =
        cow_volume_read(v, a->s->number, node, buffer, COW_BLOCK_SIZE, from - (off_t)within);
    int error = n < 0 ? (int)n : 0;

    if (!error) {
        memset(buffer + n, 0, COW_BLOCK_SIZE - (size_t)n);
        if (bytes)
            memcpy(buffer + within, bytes, size);
        else
            memset(buffer + within, 0, size);
        error = cow_amend_block(v, a->s, node, block, buffer);
    }
    free(buffer);
    return error;
}

static int write_range(struct cow_volume *v, struct attributes *a, struct cow_node *node,
                       const char *bytes, off_t from, off_t to)
{
    unsigned number = a->s->number;
    int error = 0;

    for (off_t at = from, next; at < to && !error; at = next) {
        next = (at / (off_t)COW_BLOCK_SIZE + 1) * (off_t)COW_BLOCK_SIZE;
        next = next < to ? next : to;
        error = write_piece(v, a, node, bytes ? bytes + (at - from) : NULL, at, next);
        a->s = cow_snapshot_find(v, number); /* making room may have taken it */
        if (!error && (!a->s || a->s->is_lost))
            error = -ENXIO;
    }
    return error;
}

/* Behind the end stands what another state of the file has: the snapshot sees zeroes. */
static int set_size(struct cow_volume *v, struct attributes *a, struct cow_node *node, off_t size)
{
    off_t end = a->st.st_size;
    int error = cow_amend_stat(v, a->s, node, &a->st); /* an older snapshot keeps its own first */

    if (!error && size > end)
        error = write_range(v, a, node, NULL, end, size);
    if (error)
        return error;
    a->st.st_size = size;
    a->st.st_blocks = (blkcnt_t)((size + 511) / 512);
    a->st.st_mtim = v->cs.store->ops->now(v->cs.store);
    return 0;
}

ssize_t cow_view_write(struct cow_volume *v, unsigned view, struct cow_node *node,
                       const void *buffer, size_t size, off_t offset)
{
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_write(v, node, buffer, size, offset);
    if (!S_ISREG(node->type))
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    int error = begin_attributes(v, view, node, &a);

    if (error || !size)
        return error;
    if (offset < 0 || offset > INT64_MAX - (off_t)size)
        return -EFBIG;
    off_t end = a.st.st_size, to = offset + (off_t)size;

    error = set_size(v, &a, node, offset > end ? offset : end);
    if (!error)
        error = write_range(v, &a, node, buffer, offset, to);
    if (error)
        return error;
    if (to > a.st.st_size) {
        a.st.st_size = to;
        a.st.st_blocks = (blkcnt_t)((to + 511) / 512);
    }
    error = end_attributes(v, node, &a);
    return error ? error : (ssize_t)size;
}

int cow_view_truncate(struct cow_volume *v, unsigned view, struct cow_node *node, off_t size)
{
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_truncate(v, node, size);
    if (size < 0 || !S_ISREG(node->type))
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    int error = begin_attributes(v, view, node, &a);

    if (!error)
        error = set_size(v, &a, node, size);
    return error ? error : end_attributes(v, node, &a);
}

int cow_view_fallocate(struct cow_volume *v, unsigned view, struct cow_node *node, int mode,
                       off_t offset, off_t size)
{
    const int clears = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE;
    struct attributes a;

    if (view == VOLUME_ORIGIN)
        return cow_volume_fallocate(v, node, mode, offset, size);
    if (!S_ISREG(node->type) || offset < 0 || size <= 0)
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    if (size > INT64_MAX - offset)
        return -EFBIG;
    if (mode & ~(clears | FALLOC_FL_KEEP_SIZE))
        return -EOPNOTSUPP;
    int error = begin_attributes(v, view, node, &a);

    if (error)
        return error;
    off_t end = offset + size, old_end = a.st.st_size;
    off_t new_end = mode & FALLOC_FL_KEEP_SIZE || end < old_end ? old_end : end;

    error = set_size(v, &a, node, new_end);
    if (!error && (mode & clears) && offset < old_end)
        error = write_range(v, &a, node, NULL, offset, end < old_end ? end : old_end);
    return error ? error : end_attributes(v, node, &a);
}
