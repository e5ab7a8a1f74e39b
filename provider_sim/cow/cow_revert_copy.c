/* SPDX-License-Identifier: MIT */
/* One object of the origin becomes what a snapshot has: its contents, a piece at a time, and its
 * attributes. */
#include "provider_sim/cow/cow_revert.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK COW_REVERT_CHUNK

/* ---- contents ---- */

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

int cow_copying_begin(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to, struct cow_copying *c)
{
    struct stat st;
    int error = cow_volume_stat(v, view, from, &st);

    *c = (struct cow_copying){ .v = v, .view = view, .size = st.st_size };
    if (!error)
        error = cow_volume_truncate(v, to, st.st_size);
    if (error)
        return error;
    c->from = cow_node_ref(from);
    c->to = cow_node_ref(to);
    c->wanted = mem_alloc(2 * CHUNK);
    return 0;
}

void cow_copying_end(struct cow_copying *c)
{
    cow_node_unref(c->v, c->from);
    cow_node_unref(c->v, c->to);
    free(c->wanted);
    *c = (struct cow_copying){ 0 };
}

int cow_copying_step(struct cow_copying *c, bool *ret_is_over)
{
    struct cow_volume *v = c->v;
    char *wanted = c->wanted, *present = wanted + CHUNK;

    c->offset = next_data(v, c->view, c->from, c->to, c->offset, c->size);
    cow_progress_step(v, (uint64_t)(c->offset - c->told) / CHUNK);
    c->told = c->offset - (c->offset - c->told) % (off_t)CHUNK;
    ssize_t n = read_chunk(v, c->view, c->from, wanted, c->offset);
    ssize_t have = n > 0 ? read_chunk(v, VOLUME_ORIGIN, c->to, present, c->offset) : 0;
    int error = n < 0 ? (int)n : have < 0 ? (int)have : 0;

    if (!error && n && (have < n || memcmp(wanted, present, (size_t)n) != 0))
        error = write_chunk(v, c->to, wanted, (size_t)n, c->offset);
    *ret_is_over = error || n < (ssize_t)CHUNK;
    c->offset += error ? 0 : n;
    return error;
}

/* ---- attributes ---- */

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

/* One that has the value already is left alone: who owns a file that only others may write may not
 * set it. */
static int copy_xattr(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to, const char *name)
{
    ssize_t n = cow_volume_get_xattr(v, view, from, name, NULL, 0);
    size_t size = n > 0 ? (size_t)n : 0;
    char *value = mem_alloc(2 * size + 2), *present = value + size + 1;

    if (n > 0)
        n = cow_volume_get_xattr(v, view, from, name, value, size);
    ssize_t had = cow_volume_get_xattr(v, VOLUME_ORIGIN, to, name, present, size + 1);
    bool is_same = n >= 0 && had == n && memcmp(value, present, (size_t)n) == 0;
    int error = n < 0     ? (int)n
                : is_same ? 0
                          : cow_volume_set_xattr(v, to, name, value, (size_t)n, 0);
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

/* A new owner takes away the bits that lend his rights, and an access list sets those of the
 * group, so the mode comes after them; it is asked for anew. */
static int copy_mode(struct cow_volume *v, struct cow_node *to, mode_t wanted)
{
    struct stat present;
    int error = cow_volume_stat(v, VOLUME_ORIGIN, to, &present);

    if (error || present.st_mode == wanted)
        return error;
    error = cow_volume_chmod(v, to, wanted & 07777);
    /* The host's links have no mode of their own. */
    return error == -EOPNOTSUPP && S_ISLNK(to->type) ? 0 : error;
}

int cow_copy_attributes(struct cow_volume *v, unsigned view, struct cow_node *from,
                        struct cow_node *to)
{
    struct stat wanted, present;
    int error = cow_volume_stat(v, view, from, &wanted);

    if (!error)
        error = cow_volume_stat(v, VOLUME_ORIGIN, to, &present);
    if (!error && (wanted.st_uid != present.st_uid || wanted.st_gid != present.st_gid))
        error = cow_volume_chown(v, to, wanted.st_uid, wanted.st_gid);
    if (!error)
        error = copy_xattrs(v, view, from, to);
    if (!error)
        error = copy_mode(v, to, wanted.st_mode);
    const struct timespec times[2] = { wanted.st_atim, wanted.st_mtim };
    return error ? error : cow_volume_set_times(v, to, times);
}
