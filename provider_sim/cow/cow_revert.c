/* SPDX-License-Identifier: MIT */
/* The origin becomes what a snapshot has. Directory by directory: what the snapshot does not know
 * goes, what is missing is made again, what differs is written. All of it are ordinary changes of
 * the origin, so that every snapshot, the one reverted to included, keeps what it has. */
#include "provider_sim/cow/cow_state.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

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

static int copy_content(struct cow_volume *v, unsigned view, struct cow_node *from,
                        struct cow_node *to)
{
    char *wanted = mem_alloc(CHUNK), *present = mem_alloc(CHUNK);
    off_t offset = 0;
    int error = 0;

    for (;;) {
        ssize_t n = read_chunk(v, view, from, wanted, offset);
        ssize_t have = n > 0 ? read_chunk(v, VOLUME_ORIGIN, to, present, offset) : 0;

        error = n < 0 ? (int)n : have < 0 ? (int)have : 0;
        if (!error && n && (have < n || memcmp(wanted, present, (size_t)n) != 0))
            error = write_chunk(v, to, wanted, (size_t)n, offset);
        if (error || n < (ssize_t)CHUNK) {
            offset += n > 0 ? n : 0;
            break;
        }
        offset += n;
    }
    free(wanted);
    free(present);
    return error ? error : cow_volume_truncate(v, to, offset);
}

static int copy_xattrs(struct cow_volume *v, unsigned view, struct cow_node *from,
                       struct cow_node *to)
{
    ssize_t size = cow_volume_list_xattr(v, view, from, NULL, 0);
    int error = 0;

    if (size <= 0)
        return size == -EOPNOTSUPP ? 0 : (int)size;
    char *names = mem_alloc((size_t)size);

    size = cow_volume_list_xattr(v, view, from, names, (size_t)size);
    for (ssize_t at = 0; at < size && !error; at += (ssize_t)strlen(names + at) + 1) {
        ssize_t n = cow_volume_get_xattr(v, view, from, names + at, NULL, 0);
        char *value = mem_alloc(n > 0 ? (size_t)n : 1);

        n = cow_volume_get_xattr(v, view, from, names + at, value, n > 0 ? (size_t)n : 0);
        error = n < 0 ? (int)n : cow_volume_set_xattr(v, to, names + at, value, (size_t)n, 0);
        free(value);
    }
    free(names);
    return size < 0 ? (int)size : error;
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
    if (!error && !S_ISLNK(to->type) && wanted.st_mode != present.st_mode)
        error = cow_volume_chmod(v, to, wanted.st_mode & 07777);
    if (!error)
        error = copy_xattrs(v, view, from, to);
    const struct timespec times[2] = { wanted.st_atim, wanted.st_mtim };
    return error ? error : cow_volume_set_times(v, to, times);
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
        return cow_volume_create(v, dir, name, st.st_mode, st.st_uid, st.st_gid, ret_made);
    int n = cow_volume_readlink(v, view, from, target, sizeof(target) - 1);
    if (n < 0)
        return n;
    target[n] = 0;
    return cow_volume_symlink(v, dir, name, target, st.st_uid, st.st_gid, ret_made);
}

static int find_or_make(struct cow_volume *v, unsigned view, struct cow_node *from,
                        struct cow_node *dir, const char *name, struct cow_node **ret_node)
{
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, ret_node);

    if (!error && (*ret_node)->type == from->type && !S_ISLNK(from->type))
        return 0;
    if (!error && *ret_node == from) /* a link that never changed its target */
        return 0;
    if (!error) {
        cow_node_unref(v, *ret_node);
        error = remove_entry(v, dir, name);
    } else if (error == -ENOENT) {
        error = 0;
    }
    return error ? error : make_entry(v, view, from, dir, name, ret_node);
}

static int revert_dir(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to);

static int revert_entry(struct cow_volume *v, unsigned view, struct cow_node *from_dir,
                        struct cow_node *to_dir, const char *name)
{
    struct cow_node *from, *to = NULL;
    int error = cow_volume_lookup(v, view, from_dir, name, &from);

    if (error)
        return error;
    error = find_or_make(v, view, from, to_dir, name, &to);
    if (!error && S_ISDIR(from->type))
        error = revert_dir(v, view, from, to);
    else if (!error && S_ISREG(from->type))
        error = copy_content(v, view, from, to);
    if (!error)
        error = copy_attributes(v, view, from, to);
    cow_node_unref(v, to);
    cow_node_unref(v, from);
    return error;
}

static int revert_dir(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to)
{
    struct names names = { 0 };
    int error = remove_unknown(v, view, from, to);

    if (!error)
        error = cow_volume_list(v, view, from, add_name, &names);
    for (size_t i = 0; i < names.list.count && !error; i++)
        error = revert_entry(v, view, from, to, names.list.items[i]);
    names_free(&names);
    return error;
}

int cow_volume_revert(struct cow_volume *v, unsigned number)
{
    struct cow_snapshot *s = cow_snapshot_find(v, number);
    int error = !s ? -ENOENT : cow_view_check(v, number);

    if (!error && v->is_held)
        error = -EAGAIN;
    if (!error)
        error = revert_dir(v, number, v->root, v->root);
    return error ? error : copy_attributes(v, number, v->root, v->root);
}
