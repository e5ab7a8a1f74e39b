/* SPDX-License-Identifier: MIT */
/* The origin becomes what a snapshot has. Directory by directory: what the snapshot does not know
 * goes, what is missing is made again, what differs is written. All of it are ordinary changes of
 * the origin, so that every snapshot, the one reverted to included, keeps what it has. */
#include "provider_sim/cow/cow_state.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Files with several names: which file of the origin has become which of the snapshot, and back. */
struct pair {
    struct hash_link link;
    struct cow_node *key, *value; /* references */
};

struct reverting {
    struct cow_volume *v;
    unsigned view;
    struct hash made;  /* by the snapshot's file */
    struct hash taken; /* by the origin's */
};

#define CHUNK ((size_t)COW_COPY_BLOCKS * COW_BLOCK_SIZE)

struct names {
    ARRAY(char *) list;
};

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->list.count; i++)
        free(names->list.items[i]);
    array_free(&names->list);
}

static int add_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct names *names = arg;

    (void)ino, (void)type;
    array_add(&names->list, mem_strdup(name));
    return 0;
}

/* ---- what the snapshot does not know ---- */

static int remove_entry(struct cow_volume *v, struct cow_node *dir, const char *name);

static int remove_content(struct cow_volume *v, struct cow_node *dir)
{
    struct names names = { 0 };
    int error = cow_volume_list(v, VOLUME_ORIGIN, dir, add_name, &names);

    for (size_t i = 0; i < names.list.count && !error; i++)
        error = remove_entry(v, dir, names.list.items[i]);
    names_free(&names);
    return error;
}

static int remove_entry(struct cow_volume *v, struct cow_node *dir, const char *name)
{
    struct cow_node *node;
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &node);

    if (error)
        return error;
    bool is_dir = S_ISDIR(node->type);
    if (is_dir)
        error = remove_content(v, node);
    cow_node_unref(v, node);
    if (error)
        return error;
    return is_dir ? cow_volume_rmdir(v, dir, name) : cow_volume_unlink(v, dir, name);
}

static int remove_unknown(struct cow_volume *v, unsigned view, struct cow_node *from,
                          struct cow_node *to)
{
    struct names names = { 0 };
    int error = cow_volume_list(v, VOLUME_ORIGIN, to, add_name, &names);

    for (size_t i = 0; i < names.list.count && !error; i++) {
        struct cow_node *known = NULL;

        if (cow_volume_lookup(v, view, from, names.list.items[i], &known) == -ENOENT)
            error = remove_entry(v, to, names.list.items[i]);
        cow_node_unref(v, known);
    }
    names_free(&names);
    return error;
}

/* ---- contents and attributes ---- */

/* As many bytes as the file has from offset on, at most a chunk. */
static ssize_t read_chunk(struct cow_volume *v, unsigned view, struct cow_node *node, char *buffer,
                          off_t offset)
{
    size_t done = 0;

    while (done < CHUNK) {
        ssize_t n =
            cow_volume_read(v, view, node, buffer + done, CHUNK - done, offset + (off_t)done);

        if (n < 0)
            return n;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static int write_chunk(struct cow_volume *v, struct cow_node *node, const char *buffer, size_t size,
                       off_t offset)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = cow_volume_write(v, node, buffer + done, size - done, offset + (off_t)done);

        if (n <= 0)
            return n < 0 ? (int)n : -EIO;
        done += (size_t)n;
    }
    return 0;
}

/* Where one of them has data, from offset on; `size` if neither has. */
static off_t next_data(struct cow_volume *v, unsigned view, struct cow_node *from,
                       struct cow_node *to, off_t offset, off_t size)
{
    off_t wanted = cow_volume_seek(v, view, from, offset, SEEK_DATA);
    off_t present = cow_volume_seek(v, VOLUME_ORIGIN, to, offset, SEEK_DATA);

    wanted = wanted == -ENXIO ? size : wanted;
    present = present == -ENXIO ? size : present;
    if (wanted < offset || present < offset)
        return offset; /* reading says what is wrong */
    return wanted < present ? wanted : present;
}

/* The file has its size first, so that nothing is written where both have holes. */
static int copy_content(struct cow_volume *v, unsigned view, struct cow_node *from,
                        struct cow_node *to)
{
    char *wanted = mem_alloc(CHUNK), *present = mem_alloc(CHUNK);
    off_t offset = 0, told = 0;
    struct stat st;
    int error = cow_volume_stat(v, view, from, &st);

    if (!error)
        error = cow_volume_truncate(v, to, st.st_size);
    while (!error) {
        offset = next_data(v, view, from, to, offset, st.st_size);
        cow_progress_step(v, (uint64_t)(offset - told) / CHUNK);
        told = offset - (offset - told) % (off_t)CHUNK;
        ssize_t n = read_chunk(v, view, from, wanted, offset);
        ssize_t have = n > 0 ? read_chunk(v, VOLUME_ORIGIN, to, present, offset) : 0;

        error = n < 0 ? (int)n : have < 0 ? (int)have : 0;
        if (!error && n && (have < n || memcmp(wanted, present, (size_t)n) != 0))
            error = write_chunk(v, to, wanted, (size_t)n, offset);
        if (error || n < (ssize_t)CHUNK)
            break;
        offset += n;
    }
    free(wanted);
    free(present);
    return error;
}

/* *ret_names is the caller's; answers its size. A store without attributes has none. */
static ssize_t list_xattrs(struct cow_volume *v, unsigned view, struct cow_node *node,
                           char **ret_names)
{
    ssize_t size = cow_volume_list_xattr(v, view, node, NULL, 0);

    *ret_names = mem_alloc(size > 0 ? (size_t)size : 1);
    if (size > 0)
        size = cow_volume_list_xattr(v, view, node, *ret_names, (size_t)size);
    return size == -EOPNOTSUPP ? 0 : size;
}

static int copy_xattr(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to, const char *name)
{
    ssize_t n = cow_volume_get_xattr(v, view, from, name, NULL, 0);
    char *value = mem_alloc(n > 0 ? (size_t)n : 1);

    if (n > 0)
        n = cow_volume_get_xattr(v, view, from, name, value, (size_t)n);
    int error = n < 0 ? (int)n : cow_volume_set_xattr(v, to, name, value, (size_t)n, 0);
    free(value);
    return error;
}

/* Where the names differ all are made anew, in the order that the snapshot has. */
static int copy_xattrs(struct cow_volume *v, unsigned view, struct cow_node *from,
                       struct cow_node *to)
{
    char *wanted, *present;
    ssize_t n_wanted = list_xattrs(v, view, from, &wanted);
    ssize_t n_present = list_xattrs(v, VOLUME_ORIGIN, to, &present);
    int error = n_wanted < 0 ? (int)n_wanted : n_present < 0 ? (int)n_present : 0;
    bool is_same =
        !error && n_wanted == n_present && memcmp(wanted, present, (size_t)n_wanted) == 0;

    for (ssize_t at = 0; !is_same && at < n_present && !error;
         at += (ssize_t)strlen(present + at) + 1)
        error = cow_volume_remove_xattr(v, to, present + at);
    for (ssize_t at = 0; at < n_wanted && !error; at += (ssize_t)strlen(wanted + at) + 1)
        error = copy_xattr(v, view, from, to, wanted + at);
    free(wanted);
    free(present);
    return error;
}

static int copy_attributes(struct cow_volume *v, unsigned view, struct cow_node *from,
                           struct cow_node *to)
{
    struct stat wanted, present;
    int error = cow_volume_stat(v, view, from, &wanted);

    if (!error)
        error = cow_volume_stat(v, VOLUME_ORIGIN, to, &present);
    if (!error && (wanted.st_uid != present.st_uid || wanted.st_gid != present.st_gid))
        error = cow_volume_chown(v, to, wanted.st_uid, wanted.st_gid);
    if (!error && wanted.st_mode != present.st_mode)
        error = cow_volume_chmod(v, to, wanted.st_mode & 07777);
    if (error == -EOPNOTSUPP && S_ISLNK(to->type))
        error = 0; /* the host's links have no mode of their own */
    if (!error)
        error = copy_xattrs(v, view, from, to);
    const struct timespec times[2] = { wanted.st_atim, wanted.st_mtim };
    return error ? error : cow_volume_set_times(v, to, times);
}

/* ---- files with several names ---- */

static struct cow_node *pair_find(const struct hash *table, const struct cow_node *key)
{
    for (struct hash_link *l = hash_chain(table, hash_number(key->id)); l; l = l->next) {
        struct pair *pair = container_of(l, struct pair, link);

        if (pair->key == key)
            return pair->value;
    }
    return NULL;
}

static void pair_add(struct hash *table, struct cow_node *key, struct cow_node *value)
{
    struct pair *pair = mem_new(struct pair);

    pair->key = cow_node_ref(key);
    pair->value = cow_node_ref(value);
    hash_add(table, &pair->link, hash_number(key->id));
}

static void pairs_free(struct cow_volume *v, struct hash *table)
{
    for (size_t i = 0; i < table->n_buckets; i++) {
        for (struct hash_link *l = table->buckets[i], *next; l; l = next) {
            struct pair *pair = container_of(l, struct pair, link);

            next = l->next;
            cow_node_unref(v, pair->key);
            cow_node_unref(v, pair->value);
            free(pair);
        }
    }
    hash_free(table);
}

static bool has_several_names(struct cow_volume *v, unsigned view, struct cow_node *node)
{
    struct stat st;

    return !S_ISDIR(node->type) && cow_volume_stat(v, view, node, &st) == 0 && st.st_nlink > 1;
}

/* ---- what the snapshot knows ---- */

static int make_entry(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *dir, const char *name, struct cow_node **ret_made)
{
    char target[PATH_MAX];
    struct stat st;
    int error = cow_volume_stat(v, view, from, &st);

    if (error)
        return error;
    if (!S_ISLNK(from->type))
        return cow_volume_create(v, dir, name, st.st_mode, st.st_rdev, st.st_uid, st.st_gid,
                                 ret_made);
    int n = cow_volume_readlink(v, view, from, target, sizeof(target) - 1);
    if (n < 0)
        return n;
    target[n] = 0;
    return cow_volume_symlink(v, dir, name, target, st.st_uid, st.st_gid, ret_made);
}

/* The name leads to a file that may become `from`: of its kind, and nobody else's yet. */
static bool is_usable(const struct reverting *r, struct cow_node *from, struct cow_node *present)
{
    struct cow_node *owner = pair_find(&r->taken, present);

    if (present->type != from->type || (owner && owner != from))
        return false;
    return !S_ISLNK(from->type) || present == from; /* a link never changes its target */
}

/* ret_is_done: it is another name of a file that has been put back already. */
static int find_or_make(struct reverting *r, struct cow_node *from, struct cow_node *dir,
                        const char *name, struct cow_node **ret_node, bool *ret_is_done)
{
    struct cow_volume *v = r->v;
    struct cow_node *made = pair_find(&r->made, from), *present = NULL;
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &present);
    bool fits = !error && (made ? present == made : is_usable(r, from, present));

    *ret_is_done = made != NULL;
    if (fits) {
        *ret_node = present;
        return 0;
    }
    if (!error) {
        cow_node_unref(v, present);
        error = remove_entry(v, dir, name);
    } else if (error == -ENOENT) {
        error = 0;
    }
    if (error || !made)
        return error ? error : make_entry(v, r->view, from, dir, name, ret_node);
    error = cow_volume_link(v, made, dir, name);
    if (!error)
        *ret_node = cow_node_ref(made);
    return error;
}

static void remember(struct reverting *r, struct cow_node *from, struct cow_node *to)
{
    if (!has_several_names(r->v, r->view, from) && !has_several_names(r->v, VOLUME_ORIGIN, to))
        return;
    pair_add(&r->made, from, to);
    pair_add(&r->taken, to, from);
}

static int revert_dir(struct reverting *r, struct cow_node *from, struct cow_node *to);

static int revert_entry(struct reverting *r, struct cow_node *from_dir, struct cow_node *to_dir,
                        const char *name)
{
    struct cow_volume *v = r->v;
    struct cow_node *from, *to = NULL;
    bool is_done = false;
    int error = cow_volume_lookup(v, r->view, from_dir, name, &from);

    if (error)
        return error;
    error = find_or_make(r, from, to_dir, name, &to, &is_done);
    if (!error && !is_done) {
        remember(r, from, to);
        if (S_ISDIR(from->type))
            error = revert_dir(r, from, to);
        else if (S_ISREG(from->type))
            error = copy_content(v, r->view, from, to);
    }
    if (!error)
        error = copy_attributes(v, r->view, from, to);
    cow_progress_step(v, 1);
    cow_node_unref(v, to);
    cow_node_unref(v, from);
    return error;
}

static int revert_dir(struct reverting *r, struct cow_node *from, struct cow_node *to)
{
    struct names names = { 0 };
    int error = remove_unknown(r->v, r->view, from, to);

    if (!error)
        error = cow_volume_list(r->v, r->view, from, add_name, &names);
    for (size_t i = 0; i < names.list.count && !error; i++)
        error = revert_entry(r, from, to, names.list.items[i]);
    names_free(&names);
    return error;
}

/* How much there is to do: an entry is a step, and so is a chunk of a file. A file with several
 * names counts more often than it is copied. Nobody listens: nothing is counted. */
static uint64_t count_steps(struct cow_volume *v, unsigned view, struct cow_node *dir)
{
    struct names names = { 0 };
    uint64_t n = 1;

    if (cow_volume_list(v, view, dir, add_name, &names) < 0)
        names.list.count = 0;
    for (size_t i = 0; i < names.list.count; i++) {
        struct cow_node *node;
        struct stat st;

        if (cow_volume_lookup(v, view, dir, names.list.items[i], &node) < 0)
            continue;
        if (S_ISDIR(node->type))
            n += count_steps(v, view, node);
        else if (cow_volume_stat(v, view, node, &st) == 0)
            n += 1 + (S_ISREG(node->type) ? (uint64_t)st.st_size / CHUNK + 1 : 0);
        cow_node_unref(v, node);
    }
    names_free(&names);
    return n;
}

int cow_volume_revert(struct cow_volume *v, unsigned number)
{
    struct reverting r = { .v = v, .view = number };
    int error = cow_snapshot_find(v, number) ? cow_view_check(v, number) : -ENOENT;

    if (!error && cow_snapshot_find(v, number)->is_open)
        error = -EBUSY;
    if (!error && v->is_held)
        error = -EAGAIN;
    if (!error && v->progress.fn)
        cow_progress_begin(v, count_steps(v, number, v->root));
    if (!error)
        error = revert_dir(&r, v->root, v->root);
    cow_progress_end(v);
    pairs_free(v, &r.made);
    pairs_free(v, &r.taken);
    return error ? error : copy_attributes(v, number, v->root, v->root);
}
