/* SPDX-License-Identifier: MIT */
/* Looking a Windows path up: names in any case (see path.h). The exact name goes first, so
 * that only a name in another case, or none at all, costs a search of its directory. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/name_cache.h"
#include "fakes/windows/path.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

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

/* Walks the path element by element. */
static DWORD find_in_any_case(struct win_path *path)
{
    auto_free char *rest = mem_strdup(path->text);
    auto_str struct str done = { 0 };
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

static DWORD find_file(struct win_path *path, struct stat *st)
{
    DWORD error = ERROR_SUCCESS;

    if (path->kind == PATH_DEVICE || path->kind == PATH_DISK)
        return ERROR_INVALID_PARAMETER;
    if (side_is_hidden(path))
        return strchr(path->text, '/') ? ERROR_PATH_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    if (path->kind == PATH_HOST || path->kind == PATH_NULL) {
        error = find_on_host(path, st);
    } else if (path->kind == PATH_CONSOLE || path->kind == PATH_NO_DEVICE) {
        error = ERROR_FILE_NOT_FOUND;
    } else if (storage_stat(path, st) != 0) {
        error = find_in_any_case(path);
        if (!error && storage_stat(path, st) != 0)
            error = ERROR_FILE_NOT_FOUND;
    }
    if (!error && path->has_trailing_slash && !S_ISDIR(st->st_mode))
        return ERROR_INVALID_NAME;
    return error;
}

DWORD path_find(struct win_path *path, struct stat *ret_stat)
{
    struct stat here;
    struct stat *st = ret_stat ? ret_stat : &here;
    char *stream = take_ptr(&path->stream);
    DWORD error = find_file(path, st);

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
