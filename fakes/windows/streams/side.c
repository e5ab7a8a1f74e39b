/* SPDX-License-Identifier: MIT */
/* See side.h. A volume on which nobody has used any of this has no folder, which one question
 * finds out. */
#include "fakes/windows/streams/side.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

bool side_is_hidden(const struct win_path *path)
{
    const size_t length = strlen(SIDE_FOLDER);

    return path->kind == PATH_FILE && path->text &&
           strncasecmp(path->text, SIDE_FOLDER, length) == 0 &&
           (!path->text[length] || path->text[length] == '/');
}

struct win_path side_path(const struct win_path *file, const char *entry)
{
    struct win_path path = { .kind = PATH_FILE, .volume = file->volume, .view = file->view };

    path.prefix = mem_strdup("");
    path.text = str_printf("%s%s%s%s%s", SIDE_FOLDER, *file->text ? "/" : "", file->text,
                           entry ? "/" : "", entry ? entry : "");
    return path;
}

/* Whether anything of the kind may be there at all. */
static bool is_in_use(const struct win_path *file)
{
    struct stat st;

    return file->volume && file->volume->ops->stat(file->volume, file->view, SIDE_FOLDER, &st) == 0;
}

int side_make_folder(const struct win_path *file)
{
    auto_path path = side_path(file, NULL);

    if (!file->volume)
        return -EOPNOTSUPP;
    for (char *c = path.text; c; c = strchr(c + 1, '/')) {
        char *slash = strchr(c + 1, '/');
        if (slash)
            *slash = 0;
        int error = storage_mkdir(&path);
        if (error && error != -EEXIST)
            return error;
        if (slash)
            *slash = '/';
    }
    return 0;
}

struct stream_walk {
    int (*each)(void *arg, const char *name, const struct stat *st);
    void *arg;
};

static int pass_stream(void *arg, const char *name, const struct stat *st)
{
    struct stream_walk *walk = arg;

    if (name[0] != ':' || name[1] == ':')
        return 0;
    return walk->each(walk->arg, name + 1, st);
}

int side_list_streams(const struct win_path *file,
                      int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    struct stream_walk walk = { each, arg };
    auto_path path = side_path(file, NULL);

    if (!is_in_use(file))
        return 0;
    int result = storage_list(&path, pass_stream, &walk);
    return result == -ENOENT ? 0 : result;
}

struct stream_search {
    const char *wanted;
    char *found;
};

static int compare_stream(void *arg, const char *name, const struct stat *st)
{
    struct stream_search *search = arg;

    (void)st;
    if (fold_compare(name, search->wanted) != 0)
        return 0;
    search->found = mem_strdup(name);
    return 1;
}

char *side_find_stream(const struct win_path *file, const char *name)
{
    struct stream_search search = { .wanted = name };

    side_list_streams(file, compare_stream, &search);
    return search.found;
}

ssize_t side_read(const struct win_path *file, const char *entry, void **ret_data)
{
    auto_path path = side_path(file, entry);
    struct storage_file storage;
    struct stat st;

    *ret_data = NULL;
    int error = is_in_use(file) ? storage_open(&path, O_RDONLY, 0, &storage) : -ENOENT;
    if (error)
        return error;
    error = storage_stat_file(&storage, &st);
    if (!error) {
        *ret_data = mem_alloc((size_t)st.st_size + 1);
        error = (int)storage_read(&storage, *ret_data, (size_t)st.st_size, 0);
    }
    storage_close(&storage);
    return error;
}

int side_write(const struct win_path *file, const char *entry, const void *data, size_t size)
{
    auto_path path = side_path(file, entry);
    struct storage_file storage;

    if (!data) {
        int error = is_in_use(file) ? storage_unlink(&path) : 0;
        return error == -ENOENT ? 0 : error;
    }
    int error = side_make_folder(file);
    if (!error)
        error = storage_open(&path, O_WRONLY | O_CREAT | O_TRUNC, 0644, &storage);
    if (error)
        return error;
    ssize_t n = storage_write(&storage, data, size, 0);
    storage_close(&storage);
    return n < 0 ? (int)n : (size_t)n < size ? -ENOSPC : 0;
}

/* ---- going with the file ---- */

static int collect(void *arg, const char *name, const struct stat *st)
{
    auto_free char *marked = str_printf("%c%s", S_ISDIR(st->st_mode) ? 'd' : 'f', name);

    name_list_add(arg, marked);
    return 0;
}

/* What stands in the folder, and the folder. */
static void remove_tree(const struct win_path *folder)
{
    struct name_list names = { 0 };

    storage_list(folder, collect, &names);
    for (size_t i = 0; i < names.names.count; i++) {
        struct win_path below = path_copy(folder);
        free(below.text);
        below.text = str_printf("%s/%s", folder->text, names.names.items[i] + 1);
        if (names.names.items[i][0] == 'd')
            remove_tree(&below);
        else
            storage_unlink(&below);
        path_free(&below);
    }
    name_list_free(&names);
    storage_rmdir(folder);
}

void side_forget(const struct win_path *file)
{
    struct stat st;

    if (side_is_hidden(file) || !is_in_use(file))
        return;
    auto_path path = side_path(file, NULL);
    if (storage_stat(&path, &st) == 0)
        remove_tree(&path);
}

static int collect_stream(void *arg, const char *name, const struct stat *st)
{
    (void)st;
    name_list_add(arg, name);
    return 0;
}

void side_stream_names(const struct win_path *file, struct name_list *names)
{
    side_list_streams(file, collect_stream, names);
    name_list_sort(names);
}

void side_forget_streams(const struct win_path *file)
{
    struct name_list names = { 0 };

    side_stream_names(file, &names);
    for (size_t i = 0; i < names.names.count; i++) {
        auto_free char *entry = str_printf(":%s", names.names.items[i]);
        side_write(file, entry, NULL, 0);
    }
    name_list_free(&names);
}

static int collect_files(void *arg, const char *name, const struct stat *st)
{
    if (!S_ISDIR(st->st_mode))
        name_list_add(arg, name);
    return 0;
}

void side_linked(const struct win_path *file, const struct win_path *further)
{
    struct name_list names = { 0 };

    if (side_is_hidden(file) || !is_in_use(file))
        return;
    auto_path folder = side_path(file, NULL);
    storage_list(&folder, collect_files, &names);
    int error = names.names.count ? side_make_folder(further) : 0;
    for (size_t i = 0; i < names.names.count && !error; i++) {
        auto_path from = side_path(file, names.names.items[i]);
        auto_path to = side_path(further, names.names.items[i]);
        error = storage_link(&from, &to);
    }
    name_list_free(&names);
}

void side_renamed(const struct win_path *from, const struct win_path *to)
{
    auto_path parent = path_copy(to);
    struct stat st;

    if (side_is_hidden(from) || !is_in_use(from))
        return;
    side_forget(to);
    auto_path old = side_path(from, NULL), fresh = side_path(to, NULL);
    if (storage_stat(&old, &st) != 0)
        return;
    char *slash = strrchr(parent.text, '/');
    *(slash ? slash : parent.text) = 0;
    if (side_make_folder(&parent) == 0)
        storage_rename(&old, &fresh, false);
}
