/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/search.h"
#include "fakes/windows/driver/paths.h"
#include "fakes/windows/driver/places.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The names in one folder, found by their lower-case form. */
struct name {
    struct hash_link link; /* of the lower-case form */
    char *text;
};
struct listing {
    struct hash_link link;
    char *path;
    struct hash names;
    ARRAY(struct name *) all;
};

static uint64_t folded_hash(const char *name)
{
    auto_free char *lower = mem_strdup(name);

    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return hash_text(lower);
}

static struct listing *listing_read(const char *path)
{
    struct listing *l = mem_new(struct listing);
    DIR *folder = opendir(*path ? path : ".");

    l->path = mem_strdup(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        struct name *name = mem_new(struct name);
        name->text = mem_strdup(entry->d_name);
        array_add(&l->all, name);
        hash_add(&l->names, &name->link, folded_hash(entry->d_name));
    }
    if (folder)
        closedir(folder);
    return l;
}

static struct listing *listing_of(struct search *s, const char *path)
{
    uint64_t hash = hash_text(path);

    for (struct hash_link *link = hash_chain(&s->listings, hash); link; link = link->next) {
        struct listing *l = container_of(link, struct listing, link);
        if (link->hash == hash && strcmp(l->path, path) == 0)
            return l;
    }
    struct listing *l = listing_read(path);
    hash_add(&s->listings, &l->link, hash);
    return l;
}

/* The real spelling of a name in a folder: as it is given, if there is such a one; else the first
 * by bytes, so that the order in which the host lists does not matter. */
static const char *listing_find(const struct listing *l, const char *name)
{
    uint64_t hash = folded_hash(name);
    const char *found = NULL;

    for (struct hash_link *link = hash_chain(&l->names, hash); link; link = link->next) {
        const char *text = container_of(link, struct name, link)->text;
        if (link->hash != hash || !str_is_equal_nocase(text, name))
            continue;
        if (strcmp(text, name) == 0)
            return text;
        if (!found || strcmp(text, found) < 0)
            found = text;
    }
    return found;
}

static void listing_free(struct listing *l)
{
    for (size_t i = 0; i < l->all.count; i++) {
        free(l->all.items[i]->text);
        free(l->all.items[i]);
    }
    array_free(&l->all);
    hash_free(&l->names);
    free(l->path);
    free(l);
}

static void add_folder(struct search *s, const char *path, enum search_kind kind)
{
    struct search_folder folder = { mem_strdup(path), kind };
    array_add(&s->folders, folder);
}

/* All folders that one option names, in the order of the options. */
static void add_option(struct search *s, const struct driver_arguments *a, const char *option,
                       enum search_kind kind)
{
    size_t n = strlen(option);

    for (size_t i = 0; i < a->compile.count; i++) {
        const char *word = a->compile.items[i];
        if (!str_starts_with(word, option))
            continue;
        if (word[n])
            add_folder(s, word + n, kind);
        else if (i + 1 < a->compile.count)
            add_folder(s, a->compile.items[++i], kind);
    }
}

void search_init(struct search *s, const struct driver_arguments *a)
{
    const struct driver_places *places = driver_places();

    *s = (struct search){ 0 };
    add_option(s, a, "-iquote", SEARCH_QUOTED);
    add_option(s, a, "-I", SEARCH_USER);
    add_option(s, a, "-isystem", SEARCH_OTHER);
    add_folder(s, places->headers, SEARCH_OURS);
    add_folder(s, places->public_headers, SEARCH_OURS);
    add_folder(s, places->vss_headers, SEARCH_OURS);
    add_folder(s, places->wine_headers, SEARCH_OURS);
    add_folder(s, "/usr/local/include", SEARCH_OURS);
    add_folder(s, DRIVER_MACHINE_HEADERS, SEARCH_OURS);
    add_folder(s, "/usr/include", SEARCH_OURS);
    add_option(s, a, "-idirafter", SEARCH_OTHER);
}

void search_fini(struct search *s)
{
    for (size_t i = 0; i < s->folders.count; i++)
        free(s->folders.items[i].path);
    array_free(&s->folders);
    for (size_t i = 0; i < s->listings.n_buckets; i++) {
        for (struct hash_link *link = s->listings.buckets[i], *next; link; link = next) {
            next = link->next;
            listing_free(container_of(link, struct listing, link));
        }
    }
    hash_free(&s->listings);
}

static char *join(const char *folder, const char *name)
{
    if (!*folder)
        return mem_strdup(name);
    return str_printf("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

static bool is_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

char *search_folded(struct search *s, const char *folder, const char *name)
{
    auto_free char *rest = mem_strdup(name);
    char *path = mem_strdup(folder), *save = NULL;

    for (char *part = strtok_r(rest, "/\\", &save); part; part = strtok_r(NULL, "/\\", &save)) {
        bool is_dots = strcmp(part, "..") == 0 || strcmp(part, ".") == 0;
        const char *real = is_dots ? part : listing_find(listing_of(s, path), part);
        char *longer = real ? join(path, real) : NULL;
        free(path);
        path = longer;
        if (!path)
            return NULL;
    }
    if (!is_file(path)) {
        free(path);
        return NULL;
    }
    return path;
}

char *search_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return mem_strdup("");
    return str_printf("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

static const char *name_below(const char *path, const char *folder)
{
    path += strlen(folder);
    while (*path == '/')
        path++;
    return path;
}

struct search_result search_find(struct search *s, const char *name, bool is_quoted,
                                 const char *beside)
{
    /* First as the compiler does it, then as Windows does. */
    for (int folds = strchr(name, '\\') != NULL; folds < 2; folds++) {
        for (size_t i = is_quoted ? 0 : 1; i <= s->folders.count; i++) {
            const struct search_folder *folder = i ? &s->folders.items[i - 1] : NULL;
            const char *path = folder ? folder->path : beside;
            if (folder && folder->kind == SEARCH_QUOTED && !is_quoted)
                continue;
            char *file = folds ? search_folded(s, path, name) : join(path, name);
            if (file && (folds || is_file(file)))
                return (struct search_result){ .path = file,
                                               .folder = folder,
                                               .name = name_below(file, path),
                                               .is_exact = !folds };
            free(file);
        }
    }
    return (struct search_result){ 0 };
}
