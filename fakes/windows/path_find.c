/* SPDX-License-Identifier: MIT */
/* Looking a Windows path up: names in any case (see path.h). The exact name goes first, so
 * that only a name in another case, or none at all, costs a search of its directory. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/name_cache.h"
#include "fakes/windows/path.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Finds `element` in the directory `done` whatever its case, and adds it to `done`: an error
 * code. */
static DWORD add_in_any_case(const struct win_path *path, struct str *done, const char *element)
{
    struct win_path directory = *path;
    char *found = NULL;
    struct stat st;
    size_t length = done->length;

    if (length)
        str_add_char(done, '/');
    str_add(done, element);
    directory.text = done->text;
    if (storage_stat(&directory, &st) == 0)
        return ERROR_SUCCESS;
    done->length = length;
    done->text[length] = 0;
    if (name_cache_find(&directory, element, &found) < 0)
        return ERROR_PATH_NOT_FOUND; /* no directory */
    if (length)
        str_add_char(done, '/');
    str_add(done, found ? found : element);
    bool is_found = found != NULL;
    free(found);
    return is_found ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

/* If a link lies at `done`, the path becomes what it leads to with the rest behind it. */
static DWORD enter_link(struct win_path *path, const struct str *done, const char *rest,
                        bool *ret_entered)
{
    free(path->text);
    path->text = str_printf("%s%s%s", done->text, rest ? "/" : "", rest ? rest : "");
    return link_enter(path, done->length, NULL, ret_entered);
}

/* Walks the path element by element, until there is a link to be followed (*ret_entered). What
 * lies at the end of an exact path needs no walk: nothing lies below a link. */
static DWORD find_in_any_case(struct win_path *path, bool follows, bool *ret_entered)
{
    auto_free char *rest = mem_strdup(path->text);
    auto_str struct str done = { 0 };
    bool may_be_link = link_may_be_below(path, "");
    char *save = NULL;

    for (char *element = strtok_r(rest, "/", &save); element;) {
        char *next = strtok_r(NULL, "/", &save);

        DWORD error = add_in_any_case(path, &done, element);
        if (error) {
            if (next || error == ERROR_PATH_NOT_FOUND)
                return ERROR_PATH_NOT_FOUND;
            free(path->text);
            path->text = str_take(&done);
            return ERROR_FILE_NOT_FOUND;
        }
        may_be_link = may_be_link && link_may_be_below(path, done.text);
        if (may_be_link && (next || follows)) {
            auto_free char *behind =
                next && *save ? str_printf("%s/%s", next, save) : mem_strdup(next);
            error = enter_link(path, &done, behind, ret_entered);
            if (error || *ret_entered)
                return error;
        }
        element = next;
    }
    free(path->text);
    path->text = str_take(&done);
    return ERROR_SUCCESS;
}

static DWORD find_on_host(const struct win_path *path, struct stat *ret_stat)
{
    if (stat(path->text, ret_stat) == 0)
        return ERROR_SUCCESS;
    auto_free char *parent = mem_strdup(path->text);
    char *slash = strrchr(parent, '/');
    struct stat st;

    if (!slash)
        return ERROR_FILE_NOT_FOUND;
    slash[slash == parent] = 0;
    return stat(parent, &st) == 0 && S_ISDIR(st.st_mode) ? ERROR_FILE_NOT_FOUND
                                                         : ERROR_PATH_NOT_FOUND;
}

/* A file of a volume, up to the next link. */
static DWORD find_on_volume(struct win_path *path, struct stat *st, bool follows, bool *ret_entered)
{
    if (side_is_hidden(path))
        return strchr(path->text, '/') ? ERROR_PATH_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    int failed = storage_stat(path, st);

    if (failed == -ENXIO)
        return ERROR_NO_SUCH_DEVICE; /* volume or snapshot is gone: no other case helps */
    if (failed) {
        DWORD error = find_in_any_case(path, follows, ret_entered);
        if (error || *ret_entered)
            return error;
        if (storage_stat(path, st) != 0)
            return ERROR_FILE_NOT_FOUND;
    }
    if (follows && (S_ISLNK(st->st_mode) || link_may_be_below(path, path->text)))
        return link_enter(path, strlen(path->text), st, ret_entered);
    return ERROR_SUCCESS;
}

static DWORD find_along_links(struct win_path *path, struct stat *st, bool follows)
{
    bool is_entered = true;
    DWORD error = ERROR_SUCCESS;

    for (int n = 0; is_entered && !error; n++) {
        is_entered = false;
        error = n > LINK_LIMIT ? ERROR_CANT_RESOLVE_FILENAME
                               : find_on_volume(path, st, follows, &is_entered);
    }
    return error;
}

static DWORD find_file(struct win_path *path, struct stat *st, bool follows)
{
    DWORD error;

    if (path->kind == PATH_DEVICE || path->kind == PATH_DISK)
        return ERROR_INVALID_PARAMETER;
    if (path->kind == PATH_HOST || path->kind == PATH_NULL)
        error = find_on_host(path, st);
    else if (path->kind == PATH_CONSOLE || path->kind == PATH_NO_DEVICE)
        error = ERROR_FILE_NOT_FOUND;
    else
        error = find_along_links(path, st, follows);
    if (!error && path->has_trailing_slash && !link_is_directory(path, st))
        return ERROR_INVALID_NAME;
    return error;
}

static DWORD find_with_stream(struct win_path *path, struct stat *ret_stat, bool follows)
{
    struct stat here;
    struct stat *st = ret_stat ? ret_stat : &here;
    char *stream = take_ptr(&path->stream);
    DWORD error = find_file(path, st, follows);

    path->stream = stream;
    if (error || !stream)
        return error;
    char *real = side_find_stream(path, stream);
    if (!real)
        return ERROR_FILE_NOT_FOUND;
    free(path->stream);
    path->stream = real;
    return storage_stat(path, st) == 0 ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

DWORD path_find(struct win_path *path, struct stat *ret_stat)
{
    return find_with_stream(path, ret_stat, false);
}

DWORD path_find_target(struct win_path *path, struct stat *ret_stat)
{
    return find_with_stream(path, ret_stat, true);
}

DWORD path_parse_and_find_stream(const WCHAR *text, struct win_path *ret_path,
                                 struct stat *ret_stat)
{
    DWORD error = path_parse(text, PATH_STREAMS, ret_path);

    return error ? error : path_find(ret_path, ret_stat);
}

DWORD path_parse_and_find(const WCHAR *text, struct win_path *ret_path, struct stat *ret_stat)
{
    DWORD error = path_parse(text, 0, ret_path);

    return error ? error : path_find(ret_path, ret_stat);
}
