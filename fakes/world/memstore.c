/* SPDX-License-Identifier: MIT */
/* Files are flat buffers, directories sorted arrays of names. Inode numbers are used again as soon
 * as they are free, as disk file systems do, so that nobody relies on them. */
#include "fakes/world/memstore_inside.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/port/clock.h"

#include <errno.h>
#include <string.h>

/* ---- nodes ---- */

struct timespec mem_now(struct memstore *m)
{
    int64_t ns = m->clock ? clock_unix_ns(m->clock) : ++m->changes * INT64_C(1000000000);

    return (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

void mem_touch(struct memstore *m, struct store_node *node, bool is_content)
{
    node->st.st_ctim = mem_now(m);
    if (is_content)
        node->st.st_mtim = node->st.st_ctim;
}

static struct store_node *node_new(struct memstore *m, mode_t mode, uid_t uid, gid_t gid)
{
    struct store_node *node = mem_new(struct store_node);

    node->st.st_ino = m->free_inos.count ? m->free_inos.items[--m->free_inos.count] : m->next_ino++;
    node->st.st_dev = 1;
    node->st.st_mode = mode;
    node->st.st_nlink = S_ISDIR(mode) ? 2 : 1;
    node->st.st_uid = uid == (uid_t)-1 ? 0 : uid;
    node->st.st_gid = gid == (gid_t)-1 ? 0 : gid;
    node->st.st_blksize = 4096;
    node->refs = 1;
    mem_touch(m, node, true);
    node->st.st_atim = node->st.st_mtim;
    return node;
}

static void node_settle(struct memstore *m, struct store_node *node)
{
    if (node->refs || node->st.st_nlink)
        return;
    array_add(&m->free_inos, node->st.st_ino);
    for (size_t i = 0; i < node->xattrs.count; i++) {
        free(node->xattrs.items[i].name);
        free(node->xattrs.items[i].value);
    }
    check_equal(node->entries.count, 0);
    array_free(&node->xattrs);
    array_free(&node->entries);
    mem_data_free(node);
    free(node);
}

static struct store_node *mem_root(struct store *s)
{
    mem_from(s)->root->refs++;
    return mem_from(s)->root;
}

static void mem_unref(struct store *s, struct store_node *node)
{
    node->refs--;
    node_settle(mem_from(s), node);
}

/* ---- directories ---- */

static bool find(const struct store_node *dir, const char *name, size_t *ret_index)
{
    size_t low = 0, high = dir->entries.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(dir->entries.items[middle].name, name);

        if (order == 0) {
            *ret_index = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return false;
}

static void insert(struct memstore *m, struct store_node *dir, const char *name,
                   struct store_node *node)
{
    size_t i;

    find(dir, name, &i);
    array_push(&dir->entries);
    memmove(&dir->entries.items[i + 1], &dir->entries.items[i],
            (dir->entries.count - 1 - i) * sizeof(dir->entries.items[0]));
    dir->entries.items[i] = (struct mem_entry){ mem_strdup(name), node };
    if (S_ISDIR(node->st.st_mode))
        dir->st.st_nlink++;
    node->is_below_failure =
        dir->is_below_failure || (dir == m->root && m->fail_below && !strcmp(name, m->fail_below));
    mem_touch(m, dir, true);
}

static void take_out(struct memstore *m, struct store_node *dir, size_t i)
{
    if (S_ISDIR(dir->entries.items[i].node->st.st_mode))
        dir->st.st_nlink--;
    free(dir->entries.items[i].name);
    array_remove(&dir->entries, i);
    mem_touch(m, dir, true);
}

int mem_fail(struct memstore *m, const struct store_node *node)
{
    if (!m->fail_error || (m->fail_below && !node->is_below_failure))
        return 0;
    if (m->fail_after) {
        m->fail_after--;
        return 0;
    }
    return -m->fail_error;
}

static int check_name(const char *name)
{
    if (!*name || !strcmp(name, ".") || !strcmp(name, "..") || strchr(name, '/'))
        return -EINVAL;
    return strlen(name) > 255 ? -ENAMETOOLONG : 0;
}

static int mem_lookup(struct store *s, struct store_node *dir, const char *name,
                      struct store_node **ret_node)
{
    size_t i;
    int error = check_name(name);

    (void)s;
    if (error)
        return error;
    if (!S_ISDIR(dir->st.st_mode))
        return -ENOTDIR;
    if (!find(dir, name, &i))
        return -ENOENT;
    *ret_node = dir->entries.items[i].node;
    (*ret_node)->refs++;
    return 0;
}

static int mem_stat_name(struct store *s, struct store_node *dir, const char *name,
                         struct stat *ret_stat)
{
    struct store_node *node;
    int error = mem_lookup(s, dir, name, &node);

    if (error)
        return error;
    node->refs--;
    return mem_stat(s, node, ret_stat);
}

static int mem_list(struct store *s, struct store_node *dir,
                    int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    int answer = 0;

    (void)s;
    if (!S_ISDIR(dir->st.st_mode))
        return -ENOTDIR;
    for (size_t i = 0; i < dir->entries.count && !answer; i++) {
        const struct mem_entry *e = &dir->entries.items[i];

        answer = each(arg, e->name, e->node->st.st_ino, e->node->st.st_mode & S_IFMT);
    }
    return answer;
}

/* May the name be made in this directory? */
static int check_new(struct memstore *m, struct store_node *dir, const char *name)
{
    size_t i;
    int error = check_name(name);

    if (!error)
        error = m->is_full ? -ENOSPC : mem_fail(m, dir);
    if (error)
        return error;
    if (!S_ISDIR(dir->st.st_mode))
        return -ENOTDIR;
    return find(dir, name, &i) ? -EEXIST : !dir->st.st_nlink ? -ENOENT : 0;
}

static int mem_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                      dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node)
{
    int error = check_new(mem_from(s), dir, name);

    if (error)
        return error;
    *ret_node = node_new(mem_from(s), mode, uid, gid);
    (*ret_node)->st.st_rdev = device;
    insert(mem_from(s), dir, name, *ret_node);
    return 0;
}

static int mem_symlink(struct store *s, struct store_node *dir, const char *name,
                       const char *target, struct store_node **ret_node)
{
    int error = check_new(mem_from(s), dir, name);

    if (error)
        return error;
    struct store_node *node = node_new(mem_from(s), S_IFLNK | 0777, 0, 0);

    node->data = mem_strdup(target);
    node->st.st_size = (off_t)strlen(target);
    insert(mem_from(s), dir, name, node);
    *ret_node = node;
    return 0;
}

static int mem_readlink(struct store *s, struct store_node *node, char *buffer, size_t size)
{
    size_t length = (size_t)node->st.st_size;

    (void)s;
    if (!S_ISLNK(node->st.st_mode))
        return -EINVAL;
    if (length > size)
        length = size;
    memcpy(buffer, node->data, length);
    return (int)length;
}

static int mem_link(struct store *s, struct store_node *node, struct store_node *dir,
                    const char *name)
{
    int error = check_new(mem_from(s), dir, name);

    if (error)
        return error;
    if (S_ISDIR(node->st.st_mode))
        return -EPERM;
    if (!node->st.st_nlink)
        return -ENOENT;
    node->st.st_nlink++;
    mem_touch(mem_from(s), node, false);
    insert(mem_from(s), dir, name, node);
    return 0;
}

static int remove_name(struct store *s, struct store_node *dir, const char *name, bool is_dir)
{
    size_t i;
    int error = check_name(name);

    if (error)
        return error;
    if (!S_ISDIR(dir->st.st_mode))
        return -ENOTDIR;
    if (!find(dir, name, &i))
        return -ENOENT;
    struct store_node *node = dir->entries.items[i].node;

    if (S_ISDIR(node->st.st_mode) != is_dir)
        return is_dir ? -ENOTDIR : -EISDIR;
    if (is_dir && node->entries.count)
        return -ENOTEMPTY;
    error = mem_fail(mem_from(s), dir);
    if (error)
        return error;
    take_out(mem_from(s), dir, i);
    mem_touch(mem_from(s), node, false);
    if (is_dir)
        node->st.st_nlink = 0;
    else
        node->st.st_nlink--;
    node_settle(mem_from(s), node);
    return 0;
}

static int mem_unlink(struct store *s, struct store_node *dir, const char *name)
{
    return remove_name(s, dir, name, false);
}

static int mem_rmdir(struct store *s, struct store_node *dir, const char *name)
{
    return remove_name(s, dir, name, true);
}

static bool is_inside(const struct store_node *dir, const struct store_node *of)
{
    if (dir == of)
        return true;
    for (size_t i = 0; i < of->entries.count; i++) {
        if (is_inside(dir, of->entries.items[i].node))
            return true;
    }
    return false;
}

static int check_rename(struct memstore *m, struct store_node *node, struct store_node *to_dir,
                        const struct store_node *target)
{
    int error = mem_fail(m, to_dir);

    if (error)
        return error;
    if (S_ISDIR(node->st.st_mode) && is_inside(to_dir, node))
        return -EINVAL;
    if (!target)
        return 0;
    if (S_ISDIR(node->st.st_mode) != S_ISDIR(target->st.st_mode))
        return S_ISDIR(target->st.st_mode) ? -EISDIR : -ENOTDIR;
    return target->entries.count ? -ENOTEMPTY : 0;
}

static int exchange(struct memstore *m, struct store_node *dir_a, const char *a,
                    struct store_node *node_a, struct store_node *dir_b, const char *b)
{
    size_t i;
    struct store_node *node_b = find(dir_b, b, &i) ? dir_b->entries.items[i].node : NULL;
    int error = node_b ? mem_fail(m, dir_b) : -ENOENT;

    if (error || node_a == node_b)
        return error;
    if (is_inside(dir_b, node_a) || is_inside(dir_a, node_b)) /* a file has nothing inside */
        return -EINVAL;
    take_out(m, dir_b, i);
    insert(m, dir_b, b, node_a);
    find(dir_a, a, &i);
    take_out(m, dir_a, i);
    insert(m, dir_a, a, node_b);
    mem_touch(m, node_a, false);
    mem_touch(m, node_b, false);
    return 0;
}

static int mem_rename(struct store *s, struct store_node *from_dir, const char *from_name,
                      struct store_node *to_dir, const char *to_name, enum store_rename how)
{
    struct store_node *target = NULL;
    size_t i, j;
    int error = check_name(to_name);

    if (error)
        return error;
    if (!S_ISDIR(from_dir->st.st_mode) || !S_ISDIR(to_dir->st.st_mode))
        return -ENOTDIR;
    if (!find(from_dir, from_name, &i))
        return -ENOENT;
    struct store_node *node = from_dir->entries.items[i].node;

    if (how == STORE_RENAME_EXCHANGE)
        return exchange(mem_from(s), from_dir, from_name, node, to_dir, to_name);
    if (find(to_dir, to_name, &j)) {
        target = to_dir->entries.items[j].node;
        if (how == STORE_RENAME_NEW)
            return -EEXIST;
        if (target == node)
            return 0;
    }
    error = check_rename(mem_from(s), node, to_dir, target);
    if (error)
        return error;
    if (target)
        remove_name(s, to_dir, to_name, S_ISDIR(target->st.st_mode));
    find(from_dir, from_name, &i);
    take_out(mem_from(s), from_dir, i);
    insert(mem_from(s), to_dir, to_name, node);
    mem_touch(mem_from(s), node, false);
    return 0;
}

/* ---- the store ---- */

static int mem_lock(struct store *s, pid_t *ret_owner_pid)
{
    if (ret_owner_pid)
        *ret_owner_pid = 0;
    if (mem_from(s)->is_locked)
        return -EBUSY;
    mem_from(s)->is_locked = true;
    return 0;
}

static void remove_all(struct memstore *m, struct store_node *dir)
{
    while (dir->entries.count) {
        struct store_node *node = dir->entries.items[dir->entries.count - 1].node;

        remove_all(m, node);
        take_out(m, dir, dir->entries.count - 1);
        node->st.st_nlink = S_ISDIR(node->st.st_mode) ? 0 : node->st.st_nlink - 1;
        node_settle(m, node);
    }
}

static void mem_free(struct store *s)
{
    struct memstore *m = mem_from(s);

    m->is_locked = false;
    if (m->is_kept)
        return;
    remove_all(m, m->root);
    m->root->refs--;
    m->root->st.st_nlink = 0;
    check_equal(m->root->refs, 0);
    node_settle(m, m->root);
    array_free(&m->free_inos);
    free(m->fail_below);
    free(m);
}

static const struct store_ops mem_ops = {
    .root = mem_root,
    .lookup = mem_lookup,
    .unref = mem_unref,
    .stat = mem_stat,
    .stat_name = mem_stat_name,
    .list = mem_list,
    .read = mem_read,
    .write = mem_write,
    .truncate = mem_truncate,
    .sync = mem_sync,
    .statfs = mem_statfs,
    .create = mem_create,
    .symlink = mem_symlink,
    .readlink = mem_readlink,
    .link = mem_link,
    .unlink = mem_unlink,
    .rmdir = mem_rmdir,
    .rename = mem_rename,
    .chmod = mem_chmod,
    .chown = mem_chown,
    .set_times = mem_set_times,
    .set_xattr = mem_set_xattr,
    .get_xattr = mem_get_xattr,
    .list_xattr = mem_list_xattr,
    .remove_xattr = mem_remove_xattr,
    .fallocate = mem_fallocate,
    .seek = mem_seek,
    .now = mem_store_now,
    .settle = mem_store_now,
    .life = mem_life,
    .lock = mem_lock,
    .free = mem_free,
};

struct store *memstore_new(struct clock *clock)
{
    struct memstore *m = mem_new(struct memstore);

    m->store.ops = &mem_ops;
    m->clock = clock;
    m->next_ino = 2;
    m->root = node_new(m, S_IFDIR | 0755, 0, 0);
    return &m->store;
}

void memstore_fail_writes(struct store *store, const char *below, uint64_t after, int error)
{
    struct memstore *m = mem_from(store);
    size_t i;

    free(m->fail_below);
    m->fail_below = mem_strdup(below);
    m->fail_after = after;
    m->fail_error = error;
    if (below && find(m->root, below, &i)) {
        struct store_node *dir = m->root->entries.items[i].node;

        dir->is_below_failure = true;
        for (i = 0; i < dir->entries.count; i++)
            dir->entries.items[i].node->is_below_failure = true;
    }
}

void memstore_fill(struct store *store, bool is_full)
{
    mem_from(store)->is_full = is_full;
}

void memstore_keep_on_free(struct store *store, bool keep)
{
    mem_from(store)->is_kept = keep;
}
