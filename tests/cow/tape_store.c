/* SPDX-License-Identifier: MIT */
/* See tape_store.h. Objects get numbers in the order in which they are first met. Files are
 * forwarded to memory, whose nodes serve as they are. */
#include "tests/cow/tape_store.h"

#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "fakes/world/memstore.h"
#include "fakes/world/memstore_inside.h"

#include <string.h>

#define SYSTEM_FOLDER "System Volume Information"

struct known {
    struct hash_link link;
    struct store_node *node;
    size_t number;
    bool is_area;
};

struct tape_store {
    struct store store;
    struct store *inner;
    struct tape *tape;
    struct hash known; /* by node */
    size_t n_objects;
};

static struct tape_store *from(struct store *s)
{
    return container_of(s, struct tape_store, store);
}

/* ---- objects ---- */

static struct known *known_find(struct tape_store *t, const struct store_node *node)
{
    uint64_t hash = hash_number((uint64_t)(uintptr_t)node);

    for (struct hash_link *l = hash_chain(&t->known, hash); l; l = l->next) {
        struct known *k = container_of(l, struct known, link);

        if (k->node == node)
            return k;
    }
    return NULL;
}

/* Memory of a node that is gone may be another's now. */
static size_t object_new(struct tape_store *t, struct store_node *node, bool is_area)
{
    struct known *k = known_find(t, node);

    if (!k) {
        k = mem_new(struct known);
        k->node = node;
        hash_add(&t->known, &k->link, hash_number((uint64_t)(uintptr_t)node));
    }
    k->number = t->n_objects++;
    k->is_area = is_area;
    return k->number;
}

/* ---- recording ---- */

static struct tape_change *record(struct tape_store *t, enum tape_kind kind,
                                  const struct store_node *node, const struct store_node *dir)
{
    struct tape_change *c = array_push(&t->tape->changes);
    const struct known *object = node ? known_find(t, node) : NULL;
    const struct known *directory = dir ? known_find(t, dir) : NULL;

    *c = (struct tape_change){ .kind = kind, .synced = SIZE_MAX };
    c->object = object ? object->number : SIZE_MAX;
    c->directory = directory ? directory->number : SIZE_MAX;
    c->is_area = (object && object->is_area) || (directory && directory->is_area);
    c->time_ns = t->tape->now_ns;
    if (t->tape->order)
        c->order = ++*t->tape->order;
    return c;
}

/* What the call answers instead, if it is its turn. */
static int fault(struct tape_store *t, const struct store_node *node, const struct store_node *dir)
{
    const struct known *object = node ? known_find(t, node) : NULL;
    const struct known *directory = dir ? known_find(t, dir) : NULL;
    struct tape *tape = t->tape;

    if (!(object && object->is_area) && !(directory && directory->is_area))
        return 0;
    tape->n_area_calls++;
    if (!tape->fail_at || tape->n_area_calls < tape->fail_at ||
        (tape->n_area_calls > tape->fail_at && !tape->fails_for_ever))
        return 0;
    return -tape->fail_error;
}

#define INNER(t, call, ...) ((t)->inner->ops->call((t)->inner, ##__VA_ARGS__))

/* ---- questions ---- */

static struct store_node *tape_root(struct store *s)
{
    return INNER(from(s), root);
}

static int tape_lookup(struct store *s, struct store_node *dir, const char *name,
                       struct store_node **ret_node)
{
    return INNER(from(s), lookup, dir, name, ret_node);
}

static void tape_unref(struct store *s, struct store_node *node)
{
    INNER(from(s), unref, node);
}

static int tape_stat(struct store *s, struct store_node *node, struct stat *ret_stat)
{
    return INNER(from(s), stat, node, ret_stat);
}

static int tape_stat_name(struct store *s, struct store_node *dir, const char *name,
                          struct stat *ret_stat)
{
    return INNER(from(s), stat_name, dir, name, ret_stat);
}

static int tape_list(struct store *s, struct store_node *dir,
                     int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    return INNER(from(s), list, dir, each, arg);
}

static ssize_t tape_read(struct store *s, struct store_node *node, void *buffer, size_t size,
                         off_t offset)
{
    return INNER(from(s), read, node, buffer, size, offset);
}

static int tape_readlink(struct store *s, struct store_node *node, char *buffer, size_t size)
{
    return INNER(from(s), readlink, node, buffer, size);
}

static ssize_t tape_get_xattr(struct store *s, struct store_node *node, const char *name,
                              void *value, size_t size)
{
    return INNER(from(s), get_xattr, node, name, value, size);
}

static ssize_t tape_list_xattr(struct store *s, struct store_node *node, char *names, size_t size)
{
    return INNER(from(s), list_xattr, node, names, size);
}

static int tape_statfs(struct store *s, struct statvfs *ret_statvfs)
{
    return INNER(from(s), statfs, ret_statvfs);
}

/* ---- contents ---- */

static ssize_t tape_write(struct store *s, struct store_node *node, const void *buffer, size_t size,
                          off_t offset)
{
    struct tape_store *t = from(s);
    int error = fault(t, node, NULL);
    ssize_t n = error ? error : INNER(t, write, node, buffer, size, offset);

    if (n > 0) {
        struct tape_change *c = record(t, TAPE_WRITE, node, NULL);

        c->bytes = mem_copy(buffer, (size_t)n);
        c->size = (size_t)n;
        c->offset = offset;
    }
    return n;
}

static int tape_truncate(struct store *s, struct store_node *node, off_t size)
{
    struct tape_store *t = from(s);
    int error = fault(t, node, NULL);

    if (!error)
        error = INNER(t, truncate, node, size);
    if (!error)
        record(t, TAPE_TRUNCATE, node, NULL)->offset = size;
    return error;
}

static int tape_fallocate(struct store *s, struct store_node *node, int mode, off_t offset,
                          off_t size)
{
    struct tape_store *t = from(s);
    int error = fault(t, node, NULL);

    if (!error)
        error = INNER(t, fallocate, node, mode, offset, size);
    if (!error) {
        struct tape_change *c = record(t, TAPE_FALLOCATE, node, NULL);

        c->flags = mode;
        c->offset = offset;
        c->size = (size_t)size;
    }
    return error;
}

static off_t tape_seek(struct store *s, struct store_node *node, off_t offset, int whence)
{
    return INNER(from(s), seek, node, offset, whence);
}

static int tape_allocate(struct store *s, struct store_node *node, off_t offset, off_t size)
{
    (void)offset;
    (void)size;
    return fault(from(s), node, NULL);
}

/* Of a file: its contents, and that it is there, as file systems do. */
static bool is_synced_with(const struct tape_change *c, const struct known *object)
{
    return !object || (c->object == object->number && c->kind != TAPE_LINK &&
                       c->kind != TAPE_RENAME && c->kind != TAPE_UNLINK);
}

static int tape_sync(struct store *s, struct store_node *node)
{
    struct tape_store *t = from(s);
    const struct known *object = node ? known_find(t, node) : NULL;
    int error = fault(t, node, NULL);

    for (size_t i = 0; i < t->tape->changes.count && !error; i++) {
        struct tape_change *c = &t->tape->changes.items[i];

        if (c->synced != SIZE_MAX || !is_synced_with(c, object))
            continue;
        c->synced = t->tape->changes.count;
        c->synced_order = t->tape->order ? *t->tape->order : 0;
    }
    return error;
}

/* ---- names ---- */

static int tape_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                       dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node)
{
    struct tape_store *t = from(s);
    int error = fault(t, NULL, dir);

    if (!error)
        error = INNER(t, create, dir, name, mode, device, uid, gid, ret_node);
    if (error)
        return error;
    bool is_area = known_find(t, dir)->is_area ||
                   (!known_find(t, dir)->number && strcmp(name, SYSTEM_FOLDER) == 0);
    object_new(t, *ret_node, is_area);
    struct tape_change *c = record(t, TAPE_CREATE, *ret_node, dir);

    c->name = mem_strdup(name);
    c->mode = mode;
    c->device = device;
    c->uid = uid;
    c->gid = gid;
    c->ino = (*ret_node)->st.st_ino;
    return 0;
}

static int tape_symlink(struct store *s, struct store_node *dir, const char *name,
                        const char *target, struct store_node **ret_node)
{
    struct tape_store *t = from(s);
    int error = INNER(t, symlink, dir, name, target, ret_node);

    if (error)
        return error;
    object_new(t, *ret_node, false);
    struct tape_change *c = record(t, TAPE_SYMLINK, *ret_node, dir);

    c->name = mem_strdup(name);
    c->name2 = mem_strdup(target);
    c->ino = (*ret_node)->st.st_ino;
    return 0;
}

static int tape_link(struct store *s, struct store_node *node, struct store_node *dir,
                     const char *name)
{
    struct tape_store *t = from(s);
    int error = fault(t, NULL, dir);

    if (!error)
        error = INNER(t, link, node, dir, name);
    if (!error)
        record(t, TAPE_LINK, node, dir)->name = mem_strdup(name);
    return error;
}

static int tape_unlink(struct store *s, struct store_node *dir, const char *name)
{
    struct tape_store *t = from(s);
    int error = fault(t, NULL, dir);

    if (!error)
        error = INNER(t, unlink, dir, name);
    if (!error)
        record(t, TAPE_UNLINK, NULL, dir)->name = mem_strdup(name);
    return error;
}

static int tape_rmdir(struct store *s, struct store_node *dir, const char *name)
{
    struct tape_store *t = from(s);
    int error = fault(t, NULL, dir);

    if (!error)
        error = INNER(t, rmdir, dir, name);
    if (!error)
        record(t, TAPE_RMDIR, NULL, dir)->name = mem_strdup(name);
    return error;
}

static int tape_rename(struct store *s, struct store_node *from_dir, const char *from_name,
                       struct store_node *to_dir, const char *to_name, enum store_rename how)
{
    struct tape_store *t = from(s);
    int error = fault(t, from_dir, to_dir);

    if (!error)
        error = INNER(t, rename, from_dir, from_name, to_dir, to_name, how);
    if (error)
        return error;
    struct tape_change *c = record(t, TAPE_RENAME, NULL, from_dir);

    c->directory2 = known_find(t, to_dir)->number;
    c->is_area = c->is_area || known_find(t, to_dir)->is_area;
    c->name = mem_strdup(from_name);
    c->name2 = mem_strdup(to_name);
    c->flags = (int)how;
    return 0;
}

/* ---- attributes ---- */

static int tape_chmod(struct store *s, struct store_node *node, mode_t mode)
{
    int error = INNER(from(s), chmod, node, mode);

    if (!error)
        record(from(s), TAPE_CHMOD, node, NULL)->mode = mode;
    return error;
}

static int tape_chown(struct store *s, struct store_node *node, uid_t uid, gid_t gid)
{
    int error = INNER(from(s), chown, node, uid, gid);

    if (!error) {
        struct tape_change *c = record(from(s), TAPE_CHOWN, node, NULL);

        c->uid = uid;
        c->gid = gid;
    }
    return error;
}

static int tape_set_times(struct store *s, struct store_node *node, const struct timespec times[2])
{
    int error = INNER(from(s), set_times, node, times);

    if (!error)
        memcpy(record(from(s), TAPE_TIMES, node, NULL)->times, times, 2 * sizeof(times[0]));
    return error;
}

static int tape_set_xattr(struct store *s, struct store_node *node, const char *name,
                          const void *value, size_t size, int flags)
{
    int error = INNER(from(s), set_xattr, node, name, value, size, flags);

    if (!error) {
        struct tape_change *c = record(from(s), TAPE_SET_XATTR, node, NULL);

        c->name = mem_strdup(name);
        c->bytes = mem_copy(value, size);
        c->size = size;
        c->flags = flags;
    }
    return error;
}

static int tape_remove_xattr(struct store *s, struct store_node *node, const char *name)
{
    int error = INNER(from(s), remove_xattr, node, name);

    if (!error)
        record(from(s), TAPE_REMOVE_XATTR, node, NULL)->name = mem_strdup(name);
    return error;
}

/* ---- the store ---- */

static struct timespec tape_now(struct store *s)
{
    return INNER(from(s), now);
}

static struct timespec tape_settle(struct store *s)
{
    return INNER(from(s), settle);
}

static struct timespec tape_life(struct store *s, unsigned char ret_life[16])
{
    return INNER(from(s), life, ret_life);
}

static int tape_lock(struct store *s, pid_t *ret_owner_pid)
{
    return INNER(from(s), lock, ret_owner_pid);
}

static void tape_store_free(struct store *s)
{
    struct tape_store *t = from(s);

    INNER(t, free);
    for (size_t i = 0; i < t->known.n_buckets; i++) {
        while (t->known.buckets[i]) {
            struct hash_link *link = t->known.buckets[i];

            t->known.buckets[i] = link->next;
            free(container_of(link, struct known, link));
        }
    }
    hash_free(&t->known);
    free(t);
}

static const struct store_ops tape_ops = {
    .root = tape_root,
    .lookup = tape_lookup,
    .unref = tape_unref,
    .stat = tape_stat,
    .stat_name = tape_stat_name,
    .list = tape_list,
    .read = tape_read,
    .write = tape_write,
    .truncate = tape_truncate,
    .sync = tape_sync,
    .statfs = tape_statfs,
    .create = tape_create,
    .symlink = tape_symlink,
    .readlink = tape_readlink,
    .link = tape_link,
    .unlink = tape_unlink,
    .rmdir = tape_rmdir,
    .rename = tape_rename,
    .chmod = tape_chmod,
    .chown = tape_chown,
    .set_times = tape_set_times,
    .set_xattr = tape_set_xattr,
    .get_xattr = tape_get_xattr,
    .list_xattr = tape_list_xattr,
    .remove_xattr = tape_remove_xattr,
    .allocate = tape_allocate,
    .fallocate = tape_fallocate,
    .seek = tape_seek,
    .now = tape_now,
    .settle = tape_settle,
    .life = tape_life,
    .lock = tape_lock,
    .free = tape_store_free,
};

struct store *tape_store(struct tape *tape)
{
    struct tape_store *t = mem_new(struct tape_store);

    t->store.ops = &tape_ops;
    t->tape = tape;
    t->inner = memstore_new(&tape->clock);
    struct store_node *root = INNER(t, root);

    object_new(t, root, false);
    INNER(t, unref, root);
    return &t->store;
}
