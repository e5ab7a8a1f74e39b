/* SPDX-License-Identifier: MIT */
/* See cow_dump.h. */
#include "tests/support/cow_dump.h"

#include "emu/base/array.h"
#include "emu/base/str.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct dump {
    struct cow_volume *v;
    unsigned view;
    unsigned piece;
    bool with_identity;
    struct str text;
};

struct names {
    ARRAY(char *) list;
};

static int add_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct names *names = arg;

    (void)ino;
    (void)type;
    array_add(&names->list, mem_strdup(name));
    return 0;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static uint64_t mix(uint64_t h, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* What is called a hole is zeroes. */
static bool holes_are_empty(struct dump *d, struct cow_node *node, off_t size)
{
    char byte;

    for (off_t at = 0, data; at < size; at = data) {
        off_t hole = cow_volume_seek(d->v, d->view, node, at, SEEK_HOLE);

        if (hole < at || hole > size)
            return false;
        data = cow_volume_seek(d->v, d->view, node, hole, SEEK_DATA);
        if (data == -ENXIO)
            data = size;
        if (data < hole || data > size)
            return false;
        for (off_t i = hole; i < data; i++) {
            if (cow_volume_read(d->v, d->view, node, &byte, 1, i) != 1 || byte)
                return false;
        }
    }
    return true;
}

static void dump_contents(struct dump *d, struct cow_node *node, off_t size)
{
    unsigned char *buffer = mem_alloc(d->piece);
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    off_t at = 0;
    ssize_t n;

    while ((n = cow_volume_read(d->v, d->view, node, buffer, d->piece, at)) > 0) {
        h = mix(h, buffer, (size_t)n);
        at += n;
    }
    str_addf(&d->text, " %016" PRIx64 "%s", h, n < 0 || at != size ? " SHORT" : "");
    if (n == 0 && !holes_are_empty(d, node, size))
        str_add(&d->text, " HOLES WITH DATA");
    free(buffer);
}

static void dump_xattrs(struct dump *d, struct cow_node *node)
{
    char names[4096], value[256];
    ssize_t size = cow_volume_list_xattr(d->v, d->view, node, names, sizeof(names));

    for (ssize_t at = 0; at < size; at += (ssize_t)strlen(names + at) + 1) {
        ssize_t n = cow_volume_get_xattr(d->v, d->view, node, names + at, value, sizeof(value));

        if (strncmp(names + at, "user.", 5) == 0)
            str_addf(&d->text, " %s=%.*s", names + at, n < 0 ? 0 : (int)n, value);
    }
}

static void dump_node(struct dump *d, struct cow_node *node, const char *path);

static void dump_entries(struct dump *d, struct cow_node *dir, const char *path)
{
    struct names names = { 0 };
    int error = cow_volume_list(d->v, d->view, dir, add_name, &names);

    if (error)
        str_addf(&d->text, "%s: list: %d\n", path, error);
    if (names.list.count)
        qsort(names.list.items, names.list.count, sizeof(char *), compare);
    for (size_t i = 0; i < names.list.count; i++) {
        char *below = str_printf("%s/%s", path, names.list.items[i]);
        struct cow_node *node;

        error = cow_volume_lookup(d->v, d->view, dir, names.list.items[i], &node);
        if (error) {
            str_addf(&d->text, "%s: lookup: %d\n", below, error);
        } else {
            dump_node(d, node, below);
            cow_node_unref(d->v, node);
        }
        free(below);
        free(names.list.items[i]);
    }
    array_free(&names.list);
}

static void dump_node(struct dump *d, struct cow_node *node, const char *path)
{
    char target[4096];
    struct stat st;
    int error = cow_volume_stat(d->v, d->view, node, &st);

    if (error) {
        str_addf(&d->text, "%s: stat: %d\n", path, error);
        return;
    }
    str_addf(&d->text, "%s %o %u:%u links %u", path, st.st_mode, st.st_uid, st.st_gid,
             (unsigned)st.st_nlink);
    if (d->with_identity)
        str_addf(&d->text, " ino %" PRIu64 " mtime %" PRId64 ".%09ld ctime %" PRId64 ".%09ld",
                 (uint64_t)st.st_ino, (int64_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
                 (int64_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
    if (S_ISREG(st.st_mode)) {
        str_addf(&d->text, " size %" PRId64, (int64_t)st.st_size);
        dump_contents(d, node, st.st_size);
    } else if (S_ISLNK(st.st_mode)) {
        int n = cow_volume_readlink(d->v, d->view, node, target, sizeof(target));

        str_addf(&d->text, " -> %.*s", n < 0 ? 0 : n, target);
    }
    if (st.st_rdev)
        str_addf(&d->text, " device %" PRIx64, (uint64_t)st.st_rdev);
    dump_xattrs(d, node);
    str_add(&d->text, "\n");
    if (S_ISDIR(st.st_mode))
        dump_entries(d, node, path);
}

char *cow_dump(struct cow_volume *v, unsigned view, unsigned piece, bool with_identity)
{
    struct dump d = { v, view, piece, with_identity, { 0 } };
    struct cow_node *root = cow_volume_root(v);

    dump_node(&d, root, "");
    cow_node_unref(v, root);
    return str_take(&d.text);
}
