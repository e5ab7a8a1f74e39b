/* SPDX-License-Identifier: MIT */
/* See sim_tree.h. */
#include "writer_sim/sim_tree.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/doc/component.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct entry {
    char *real_path; /* with the names as they are written */
    bool is_listed;  /* a directory whose entries are in the index */
};

struct sim_tree {
    struct text_index index; /* "volume folded/path" to number of entry */
    ARRAY(struct entry) entries;
    size_t n_directories, n_files;
};

struct sim_tree *sim_tree_new(void)
{
    return mem_new(struct sim_tree);
}

void sim_tree_free(struct sim_tree *tree)
{
    for (size_t i = 0; i < tree->entries.count; i++)
        free(tree->entries.items[i].real_path);
    array_free(&tree->entries);
    text_index_free(&tree->index);
    free(tree);
}

size_t sim_tree_n_directories(const struct sim_tree *tree)
{
    return tree->n_directories;
}

size_t sim_tree_n_files(const struct sim_tree *tree)
{
    return tree->n_files;
}

/* The caller frees. */
static char *key_of(const struct volume *volume, const char *path)
{
    char *key = str_printf("%s%s", volume->guid_name, path);

    for (char *p = key; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p | 0x20);
    }
    return key;
}

static bool find(const struct sim_tree *tree, const struct volume *volume, const char *path,
                 size_t *ret_number)
{
    auto_free char *key = key_of(volume, path);

    return text_index_find(&tree->index, key, ret_number);
}

static size_t remember(struct sim_tree *tree, const struct volume *volume, char *take_path)
{
    auto_free char *key = key_of(volume, take_path);

    if (!text_index_add(&tree->index, key, tree->entries.count)) {
        free(take_path);
        return SIZE_MAX; /* two names that differ in case only: the first counts */
    }
    array_add(&tree->entries, ((struct entry){ .real_path = take_path }));
    return tree->entries.count - 1;
}

struct listing {
    struct sim_tree *tree;
    const struct volume *volume;
    const char *directory;
};

static char *join(const char *directory, const char *name)
{
    return *directory ? str_printf("%s/%s", directory, name) : mem_strdup(name);
}

static int remember_name(void *arg, const char *name, const struct stat *st)
{
    struct listing *listing = arg;

    (void)st;
    remember(listing->tree, listing->volume, join(listing->directory, name));
    return 0;
}

/* Brings the names of a directory into the index. */
static int list(struct sim_tree *tree, struct volume *volume, size_t number)
{
    auto_free char *path = mem_strdup(tree->entries.items[number].real_path);
    struct listing listing = { tree, volume, path };
    int r = volume->ops->list(volume, VOLUME_ORIGIN, path, remember_name, &listing);

    tree->entries.items[number].is_listed = r == 0;
    return r;
}

/* The number of the directory's entry, listed, made if need be; or a negative errno value. */
static ssize_t directory(struct sim_tree *tree, struct volume *volume, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t number;

    if (!find(tree, volume, path, &number) && !*path) {
        number = remember(tree, volume, mem_strdup(""));
    } else if (!find(tree, volume, path, &number)) {
        auto_free char *above = slash ? mem_strdup(path) : mem_strdup("");
        ssize_t parent;
        int r;

        if (slash)
            above[slash - path] = '\0';
        parent = directory(tree, volume, above);
        if (parent < 0)
            return parent;
        if (!find(tree, volume, path, &number)) {
            char *real = join(tree->entries.items[parent].real_path, slash ? slash + 1 : path);

            r = volume->ops->mkdir(volume, VOLUME_ORIGIN, real, 0777);
            if (r < 0) {
                free(real);
                return r;
            }
            tree->n_directories++;
            number = remember(tree, volume, real);
        }
    }
    if (!tree->entries.items[number].is_listed) {
        int r = list(tree, volume, number);

        if (r < 0)
            return r;
    }
    return (ssize_t)number;
}

int sim_tree_directory(struct sim_tree *tree, struct volume *volume, const char *path)
{
    ssize_t number = directory(tree, volume, path);

    return number < 0 ? (int)number : 0;
}

static int write_file(struct volume *volume, const char *path, const char *content)
{
    struct volume_file *file;
    int r =
        volume->ops->open(volume, VOLUME_ORIGIN, path, O_WRONLY | O_CREAT | O_EXCL, 0666, &file);
    ssize_t n;

    if (r < 0)
        return r;
    n = volume->ops->write(file, content, strlen(content), 0);
    volume->ops->close(file);
    return n < 0 ? (int)n : 0;
}

int sim_tree_file(struct sim_tree *tree, struct volume *volume, const char *path, const char *name,
                  const char *content)
{
    ssize_t parent = directory(tree, volume, path);
    char *real;
    size_t unused;
    int r;

    if (parent < 0)
        return (int)parent;
    real = join(tree->entries.items[parent].real_path, name);
    if (find(tree, volume, real, &unused)) {
        free(real);
        return 0;
    }
    r = write_file(volume, real, content);
    if (r < 0) {
        free(real);
        return r;
    }
    tree->n_files++;
    remember(tree, volume, real);
    return 0;
}
