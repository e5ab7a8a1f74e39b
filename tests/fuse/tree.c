/* SPDX-License-Identifier: MIT */
/* See tree.h. */
#include "tests/fuse/tree.h"

#include "emu/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

struct reading {
    const char *root;
    size_t piece;
    struct tree *tree;
    struct str *errors;
};

static void say(struct reading *r, const char *path, const char *what)
{
    str_addf(r->errors, "%s/%s: %s: %s\n", r->root, path, what, strerror(errno));
}

static const char *full_path(const struct reading *r, const char *path, char full[PATH_MAX])
{
    snprintf(full, PATH_MAX, "%s%s%s", r->root, *path ? "/" : "", path);
    return full;
}

static unsigned char *read_bytes(struct reading *r, const char *path, off_t size)
{
    char full[PATH_MAX];
    unsigned char *bytes = mem_alloc((size_t)size + r->piece);
    int fd = open(full_path(r, path, full), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    off_t at = 0;
    ssize_t n = 0;

    if (fd < 0) {
        say(r, path, "cannot be opened");
        return bytes;
    }
    while (at <= size && (n = pread(fd, bytes + at, r->piece, at)) > 0)
        at += n;
    if (n < 0)
        say(r, path, "cannot be read");
    if (at != size)
        str_addf(r->errors, "%s/%s: %lld bytes instead of %lld\n", r->root, path, (long long)at,
                 (long long)size);
    close(fd);
    return bytes;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *read_xattrs(struct reading *r, const char *path)
{
    char full[PATH_MAX], names[4096], value[4096];
    ARRAY(char *) words = { 0 };
    struct str text = { 0 };

    full_path(r, path, full);
    ssize_t size = llistxattr(full, names, sizeof(names));
    for (ssize_t at = 0; at < size; at += (ssize_t)strlen(names + at) + 1) {
        if (strncmp(names + at, "user.", 5) != 0)
            continue;
        ssize_t n = lgetxattr(full, names + at, value, sizeof(value));

        if (n < 0)
            say(r, path, names + at);
        else
            array_add(&words, str_printf(" %s=%.*s", names + at, (int)n, value));
    }
    if (words.count)
        qsort(words.items, words.count, sizeof(*words.items), compare_words);
    for (size_t i = 0; i < words.count; i++) {
        str_add(&text, words.items[i]);
        free(words.items[i]);
    }
    array_free(&words);
    return str_take(&text);
}

static void read_entry(struct reading *r, const char *path);

static void read_entries(struct reading *r, const char *path)
{
    char full[PATH_MAX];
    DIR *dir = opendir(full_path(r, path, full));
    struct dirent *entry;

    if (!dir) {
        say(r, path, "cannot be listed");
        return;
    }
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            (!*path && strcmp(entry->d_name, "System Volume Information") == 0))
            continue;
        char *below = str_printf("%s%s%s", path, *path ? "/" : "", entry->d_name);

        read_entry(r, below);
        free(below);
    }
    closedir(dir);
}

static void read_entry(struct reading *r, const char *path)
{
    struct tree_entry e = { 0 };
    char full[PATH_MAX], target[PATH_MAX];

    if (lstat(full_path(r, path, full), &e.st) < 0) {
        say(r, path, "is listed, and is not there");
        return;
    }
    e.path = mem_strdup(path);
    e.xattrs = read_xattrs(r, path);
    if (S_ISREG(e.st.st_mode))
        e.bytes = read_bytes(r, path, e.st.st_size);
    if (S_ISLNK(e.st.st_mode)) {
        ssize_t n = readlink(full, target, sizeof(target));

        e.target = str_printf("%.*s", n < 0 ? 0 : (int)n, target);
    }
    array_add(&r->tree->entries, e);
    if (S_ISDIR(e.st.st_mode))
        read_entries(r, path);
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct tree_entry *)a)->path, ((const struct tree_entry *)b)->path);
}

void tree_read(const char *root, size_t piece, struct tree *ret_tree, struct str *errors)
{
    struct reading r = { root, piece, ret_tree, errors };

    *ret_tree = (struct tree){ 0 };
    read_entry(&r, "");
    if (!ret_tree->entries.count)
        return;
    qsort(ret_tree->entries.items, ret_tree->entries.count, sizeof(*ret_tree->entries.items),
          compare_entries);
    for (size_t i = 0; i < ret_tree->entries.count; i++) {
        struct tree_entry *e = &ret_tree->entries.items[i];

        while (ret_tree->entries.items[e->same_as].st.st_ino != e->st.st_ino)
            e->same_as++;
    }
}

void tree_free(struct tree *tree)
{
    for (size_t i = 0; i < tree->entries.count; i++) {
        struct tree_entry *e = &tree->entries.items[i];

        free(e->path);
        free(e->target);
        free(e->xattrs);
        free(e->bytes);
    }
    array_free(&tree->entries);
}

/* ---- comparing ---- */

static void describe(const struct tree_entry *e, bool with_times, struct str *text)
{
    const struct stat *st = &e->st;

    str_addf(text, "mode %o, owner %u:%u, links %lu, as entry %zu", st->st_mode, st->st_uid,
             st->st_gid, (unsigned long)st->st_nlink, e->same_as);
    if (!S_ISDIR(st->st_mode))
        str_addf(text, ", size %lld", (long long)st->st_size);
    if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
        str_addf(text, ", device %lx", (unsigned long)st->st_rdev);
    if (with_times)
        str_addf(text, ", changed %lld.%09ld", (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
    str_addf(text, "%s%s%s", e->target ? " -> " : "", e->target ? e->target : "", e->xattrs);
}

static void compare_bytes(const struct tree_entry *a, const struct tree_entry *b,
                          struct str *differences)
{
    off_t at = 0;

    if (!a->bytes || !b->bytes || memcmp(a->bytes, b->bytes, (size_t)a->st.st_size) == 0)
        return;
    while (a->bytes[at] == b->bytes[at])
        at++;
    str_addf(differences, "%s: byte %lld of %lld is %02x instead of %02x\n", a->path, (long long)at,
             (long long)a->st.st_size, b->bytes[at], a->bytes[at]);
}

static void compare_two(const struct tree_entry *a, const struct tree_entry *b, bool with_times,
                        struct str *differences)
{
    struct str wanted = { 0 }, got = { 0 };

    describe(a, with_times, &wanted);
    describe(b, with_times, &got);
    if (strcmp(wanted.text, got.text) != 0)
        str_addf(differences, "%s: was %s\n  and is %s\n", a->path, wanted.text, got.text);
    else
        compare_bytes(a, b, differences);
    str_free(&wanted);
    str_free(&got);
}

bool tree_is_equal(const struct tree *wanted, const struct tree *got, bool with_times,
                   struct str *differences)
{
    size_t before = differences->length, i = 0, j = 0;

    while (i < wanted->entries.count || j < got->entries.count) {
        const struct tree_entry *a = i < wanted->entries.count ? &wanted->entries.items[i] : NULL;
        const struct tree_entry *b = j < got->entries.count ? &got->entries.items[j] : NULL;
        int order = !a ? 1 : !b ? -1 : strcmp(a->path, b->path);

        if (order < 0)
            str_addf(differences, "%s: is missing\n", a->path);
        else if (order > 0)
            str_addf(differences, "%s: was not there\n", b->path);
        else
            compare_two(a, b, with_times, differences);
        i += order <= 0;
        j += order >= 0;
    }
    return differences->length == before;
}
