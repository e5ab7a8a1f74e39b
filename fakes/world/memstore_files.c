/* SPDX-License-Identifier: MIT */
/* Contents and attributes of memory's files; see memstore_inside.h. */
#include "fakes/world/memstore_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---- contents and attributes ---- */

int mem_stat(struct store *s, struct store_node *node, struct stat *ret_stat)
{
    (void)s;
    *ret_stat = node->st;
    ret_stat->st_blocks = (node->st.st_size + 511) / 512;
    return 0;
}

ssize_t mem_read(struct store *s, struct store_node *node, void *buffer, size_t size, off_t offset)
{
    (void)s;
    if (!S_ISREG(node->st.st_mode) || offset < 0)
        return S_ISDIR(node->st.st_mode) ? -EISDIR : -EINVAL;
    if (offset >= node->st.st_size)
        return 0;
    if ((off_t)size > node->st.st_size - offset)
        size = (size_t)(node->st.st_size - offset);
    mem_data_read(node, buffer, size, (size_t)offset);
    return (ssize_t)size;
}

ssize_t mem_write(struct store *s, struct store_node *node, const void *buffer, size_t size,
                  off_t offset)
{
    int error = mem_fail(mem_from(s), node);

    if (error)
        return error;
    if (!S_ISREG(node->st.st_mode) || offset < 0)
        return S_ISDIR(node->st.st_mode) ? -EISDIR : -EINVAL;
    if (!size)
        return 0;
    if (mem_from(s)->is_full && offset + (off_t)size > node->st.st_size)
        return -ENOSPC;
    mem_data_write(node, buffer, size, (size_t)offset);
    if (offset + (off_t)size > node->st.st_size)
        node->st.st_size = offset + (off_t)size;
    mem_touch(mem_from(s), node, true);
    return (ssize_t)size;
}

int mem_truncate(struct store *s, struct store_node *node, off_t size)
{
    int error = mem_fail(mem_from(s), node);

    if (error)
        return error;
    if (!S_ISREG(node->st.st_mode) || size < 0)
        return S_ISDIR(node->st.st_mode) ? -EISDIR : -EINVAL;
    if (size < node->st.st_size)
        mem_data_cut(node, (size_t)size);
    node->st.st_size = size;
    mem_touch(mem_from(s), node, true);
    return 0;
}

/* Zeroes by the piece; what was never written stays without room. */
static void clear(struct store_node *node, off_t offset, off_t size)
{
    static const char zeroes[4096];

    while (size > 0) {
        size_t n = size < (off_t)sizeof(zeroes) ? (size_t)size : sizeof(zeroes);

        mem_data_write(node, zeroes, n, (size_t)offset);
        offset += (off_t)n;
        size -= (off_t)n;
    }
}

int mem_fallocate(struct store *s, struct store_node *node, int mode, off_t offset, off_t size)
{
    int error = mem_fail(mem_from(s), node);
    off_t end = offset + size;

    if (error)
        return error;
    if (!S_ISREG(node->st.st_mode) || offset < 0 || size <= 0)
        return S_ISDIR(node->st.st_mode) ? -EISDIR : -EINVAL;
    if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE) && offset < node->st.st_size)
        clear(node, offset, end < node->st.st_size ? size : node->st.st_size - offset);
    if (!(mode & FALLOC_FL_KEEP_SIZE) && end > node->st.st_size)
        node->st.st_size = end;
    mem_touch(mem_from(s), node, true);
    return 0;
}

#define HOLE_SIZE 4096

/* How many bytes of a hole there are at this place, to the end of its block or further: whatever is
 * zero by the block is a hole. */
static off_t hole_at(const struct store_node *node, off_t offset)
{
    static const char zeroes[HOLE_SIZE];
    char block[HOLE_SIZE];
    off_t missing = (off_t)mem_data_missing(node, (size_t)offset);

    if (missing)
        return missing;
    off_t start = offset / HOLE_SIZE * HOLE_SIZE;

    mem_data_read(node, block, sizeof(block), (size_t)start);
    return memcmp(block, zeroes, sizeof(block)) ? 0 : start + HOLE_SIZE - offset;
}

off_t mem_seek(struct store *s, struct store_node *node, off_t offset, int whence)
{
    (void)s;
    if (!S_ISREG(node->st.st_mode) || (whence != SEEK_DATA && whence != SEEK_HOLE))
        return -EINVAL;
    if (offset < 0 || offset >= node->st.st_size)
        return -ENXIO;
    while (offset < node->st.st_size) {
        off_t hole = hole_at(node, offset);

        if (!hole == (whence == SEEK_DATA))
            return offset;
        offset = hole ? offset + hole : (offset / HOLE_SIZE + 1) * HOLE_SIZE;
    }
    return whence == SEEK_HOLE ? node->st.st_size : -ENXIO;
}

int mem_sync(struct store *s, struct store_node *node)
{
    (void)s;
    (void)node;
    return 0;
}

/* Room that never ends: an eighth of an exabyte. */
int mem_statfs(struct store *s, struct statvfs *ret_statvfs)
{
    (void)s;
    *ret_statvfs = (struct statvfs){ .f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255 };
    ret_statvfs->f_blocks = ret_statvfs->f_bfree = ret_statvfs->f_bavail = UINT64_C(1) << 45;
    ret_statvfs->f_files = ret_statvfs->f_ffree = ret_statvfs->f_favail = UINT64_C(1) << 40;
    return 0;
}

int mem_chmod(struct store *s, struct store_node *node, mode_t mode)
{
    node->st.st_mode = (node->st.st_mode & S_IFMT) | (mode & 07777);
    mem_touch(mem_from(s), node, false);
    return 0;
}

int mem_chown(struct store *s, struct store_node *node, uid_t uid, gid_t gid)
{
    if (uid != (uid_t)-1)
        node->st.st_uid = uid;
    if (gid != (gid_t)-1)
        node->st.st_gid = gid;
    mem_touch(mem_from(s), node, false);
    return 0;
}

static void set_time(struct memstore *m, struct timespec *time, struct timespec wanted)
{
    if (wanted.tv_nsec == UTIME_NOW)
        *time = mem_now(m);
    else if (wanted.tv_nsec != UTIME_OMIT)
        *time = wanted;
}

int mem_set_times(struct store *s, struct store_node *node, const struct timespec times[2])
{
    set_time(mem_from(s), &node->st.st_atim, times[0]);
    set_time(mem_from(s), &node->st.st_mtim, times[1]);
    mem_touch(mem_from(s), node, false);
    return 0;
}

/* ---- extended attributes ---- */

static struct mem_xattr *xattr_find(struct store_node *node, const char *name)
{
    for (size_t i = 0; i < node->xattrs.count; i++) {
        if (strcmp(node->xattrs.items[i].name, name) == 0)
            return &node->xattrs.items[i];
    }
    return NULL;
}

int mem_set_xattr(struct store *s, struct store_node *node, const char *name, const void *value,
                  size_t size, int flags)
{
    struct mem_xattr *x = xattr_find(node, name);
    int error = mem_fail(mem_from(s), node);

    if (error)
        return error;
    if (x && (flags & XATTR_CREATE))
        return -EEXIST;
    if (!x && (flags & XATTR_REPLACE))
        return -ENODATA;
    if (!x) {
        x = array_push(&node->xattrs);
        x->name = mem_strdup(name);
    } else {
        free(x->value);
    }
    x->value = mem_copy(value, size);
    x->size = size;
    mem_touch(mem_from(s), node, false);
    return 0;
}

ssize_t mem_get_xattr(struct store *s, struct store_node *node, const char *name, void *value,
                      size_t size)
{
    struct mem_xattr *x = xattr_find(node, name);

    (void)s;
    if (!x)
        return -ENODATA;
    if (size && size < x->size)
        return -ERANGE;
    if (size)
        memcpy(value, x->value, x->size);
    return (ssize_t)x->size;
}

ssize_t mem_list_xattr(struct store *s, struct store_node *node, char *names, size_t size)
{
    size_t needed = 0;

    (void)s;
    for (size_t i = 0; i < node->xattrs.count; i++) {
        size_t length = strlen(node->xattrs.items[i].name) + 1;

        if (size && needed + length > size)
            return -ERANGE;
        if (size)
            memcpy(names + needed, node->xattrs.items[i].name, length);
        needed += length;
    }
    return (ssize_t)needed;
}

int mem_remove_xattr(struct store *s, struct store_node *node, const char *name)
{
    struct mem_xattr *x = xattr_find(node, name);

    if (!x)
        return -ENODATA;
    free(x->name);
    free(x->value);
    array_remove(&node->xattrs, (size_t)(x - node->xattrs.items));
    mem_touch(mem_from(s), node, false);
    return 0;
}

/* ---- time and survival ---- */

/* Without a clock change times count changes: nothing can be told from them. */
struct timespec mem_store_now(struct store *s)
{
    if (mem_from(s)->clock)
        return mem_now(mem_from(s));
    return (struct timespec){ .tv_sec = INT64_MAX / 2 };
}

struct timespec mem_life(struct store *s, unsigned char ret_life[16])
{
    const struct memstore *m = mem_from(s);

    memset(ret_life, 0, 16);
    memcpy(ret_life, &m->life, sizeof(m->life));
    return m->life_began;
}

void memstore_next_life(struct store *store)
{
    mem_from(store)->life++;
    mem_from(store)->life_began = mem_store_now(store);
}
