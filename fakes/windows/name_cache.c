/* SPDX-License-Identifier: MIT */
/* See name_cache.h. Volumes tell what changes through this process (volume.h, name_changed), so a
 * directory stays known while files are made in it. A mounted volume can be changed by others too:
 * there the directory's times are compared as well. A stranger's change in the moment of one of
 * ours may be missed; exact names never come here, so it costs a match in another case at most. */
#include "fakes/windows/name_cache.h"

#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/storage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define N_DIRECTORIES 16

struct known_name {
    struct hash_link link;
    char *name;
};

struct known_directory {
    struct volume *volume; /* NULL: this place is free */
    unsigned view;
    char *path;
    struct hash names; /* of struct known_name, by folded name */
    uint64_t last_use;
    struct timespec changed; /* of mounted volumes */
    bool is_changed_by_us;   /* since then */
};

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static struct known_directory known[N_DIRECTORIES];
static uint64_t n_uses, n_changes;

/* ---- names ---- */

static uint64_t hash_folded(const char *name)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    while (*name)
        h = (h ^ fold_upper(fold_next(&name))) * UINT64_C(0x100000001B3);
    return h ^ (h >> 29);
}

static struct known_name *find_name(const struct hash *names, const char *name, bool is_exact)
{
    uint64_t hash = hash_folded(name);

    for (struct hash_link *link = hash_chain(names, hash); link; link = link->next) {
        struct known_name *candidate = container_of(link, struct known_name, link);
        if (link->hash == hash && (is_exact ? strcmp(candidate->name, name) == 0
                                            : fold_compare(candidate->name, name) == 0))
            return candidate;
    }
    return NULL;
}

static void add_name(struct hash *names, const char *name)
{
    struct known_name *known_name = mem_new(struct known_name);

    known_name->name = mem_strdup(name);
    hash_add(names, &known_name->link, hash_folded(name));
}

static void free_names(struct hash *names)
{
    for (size_t i = 0; i < names->n_buckets; i++) {
        for (struct hash_link *link = names->buckets[i], *next; link; link = next) {
            struct known_name *name = container_of(link, struct known_name, link);
            next = link->next;
            free(name->name);
            free(name);
        }
    }
    hash_free(names);
}

/* ---- directories ---- */

static void forget(struct known_directory *d)
{
    free_names(&d->names);
    free(d->path);
    *d = (struct known_directory){ 0 };
}

static struct known_directory *find_directory(const struct volume *volume, unsigned view,
                                              const char *path, size_t length)
{
    for (size_t i = 0; i < N_DIRECTORIES; i++) {
        struct known_directory *d = &known[i];
        if (d->volume == volume && d->view == view && strncmp(d->path, path, length) == 0 &&
            !d->path[length])
            return d;
    }
    return NULL;
}

static struct known_directory *oldest(void)
{
    struct known_directory *d = &known[0];

    for (size_t i = 1; i < N_DIRECTORIES; i++) {
        if (known[i].last_use < d->last_use)
            d = &known[i];
    }
    return d;
}

/* The directory itself, and what lies below it, is not there any more. */
static void forget_below(const struct volume *volume, const char *path)
{
    size_t length = path ? strlen(path) : 0;

    for (size_t i = 0; i < N_DIRECTORIES; i++) {
        struct known_directory *d = &known[i];
        if (d->volume == volume && (!path || (!d->view && strncmp(d->path, path, length) == 0 &&
                                              (!d->path[length] || d->path[length] == '/'))))
            forget(d);
    }
}

/* struct volume, name_changed. */
static void name_changed(struct volume *volume, const char *path, bool exists)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *name = slash ? slash + 1 : path;

    pthread_mutex_lock(&cache_lock);
    n_changes++;
    if (!exists)
        forget_below(volume, path);
    struct known_directory *d =
        path ? find_directory(volume, VOLUME_ORIGIN, path, slash ? (size_t)(slash - path) : 0)
             : NULL;
    if (d) {
        struct known_name *old = find_name(&d->names, name, true);
        d->is_changed_by_us = true;
        if (exists && !old) {
            add_name(&d->names, name);
        } else if (!exists && old) {
            hash_remove(&d->names, &old->link);
            free(old->name);
            free(old);
        }
    }
    pthread_mutex_unlock(&cache_lock);
}

/* ---- what others have changed ---- */

static struct timespec change_time(const struct win_path *directory)
{
    struct stat st;

    return storage_stat(directory, &st) == 0 ? st.st_mtim : (struct timespec){ 0 };
}

static bool is_valid(struct known_directory *d, struct timespec changed)
{
    bool is_as_it_was =
        d->changed.tv_sec == changed.tv_sec && d->changed.tv_nsec == changed.tv_nsec;

    if (!is_as_it_was && !d->is_changed_by_us)
        return false;
    d->changed = changed;
    d->is_changed_by_us = false;
    return true;
}

/* ---- finding ---- */

static int remember(void *names, const char *name, const struct stat *st)
{
    (void)st;
    add_name(names, name);
    return 0;
}

static char *copy_of(const struct known_name *name)
{
    return name ? mem_strdup(name->name) : NULL;
}

static bool find_known(const struct win_path *directory, const char *wanted,
                       struct timespec changed, char **ret_name, uint64_t *ret_changes)
{
    pthread_mutex_lock(&cache_lock);
    struct known_directory *d = find_directory(directory->volume, directory->view, directory->text,
                                               strlen(directory->text));
    if (d && !is_valid(d, changed)) {
        forget(d);
        d = NULL;
    }
    if (d) {
        d->last_use = ++n_uses;
        *ret_name = copy_of(find_name(&d->names, wanted, false));
    }
    *ret_changes = n_changes;
    pthread_mutex_unlock(&cache_lock);
    return d != NULL;
}

/* A list during which something has changed is not kept. */
static void keep(const struct win_path *directory, struct hash *take_names, struct timespec changed,
                 uint64_t n_changes_before)
{
    pthread_mutex_lock(&cache_lock);
    bool is_kept =
        n_changes == n_changes_before && !find_directory(directory->volume, directory->view,
                                                         directory->text, strlen(directory->text));
    if (is_kept) {
        struct known_directory *d = oldest();
        forget(d);
        *d = (struct known_directory){
            .volume = directory->volume,
            .view = directory->view,
            .path = mem_strdup(directory->text),
            .names = *take_names,
            .last_use = ++n_uses,
            .changed = changed,
        };
    }
    pthread_mutex_unlock(&cache_lock);
    if (!is_kept)
        free_names(take_names);
}

int name_cache_find(const struct win_path *directory, const char *wanted, char **ret_name)
{
    struct timespec changed = { 0 };
    struct hash names = { 0 };
    uint64_t n_changes_before;

    if (directory->volume->mount_path || directory->volume->is_borrowed)
        changed = change_time(directory);
    if (find_known(directory, wanted, changed, ret_name, &n_changes_before))
        return 0;
    volume_watch_names(directory->volume, name_changed);
    int error = storage_list(directory, remember, &names);
    if (error < 0) {
        free_names(&names);
        return error;
    }
    *ret_name = copy_of(find_name(&names, wanted, false));
    keep(directory, &names, changed, n_changes_before);
    return 0;
}
