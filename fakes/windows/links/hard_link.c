/* SPDX-License-Identifier: MIT */
/* CreateHardLink, FindFirstFileName (Learn: the pages of these names, "Hard Links and Junctions").
 * No file system tells the names of a file, so they are looked for: a walk through the volume,
 * which a file with one name is spared. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/links/name_search.h"
#include "fakes/windows/storage.h"

#include "fakes/windows/include/vssemu/file_types.h"

#include <stdlib.h>
#include <string.h>

#define MOST_LINKS 1024 /* Learn: "CreateHardLinkW": at most 1023 besides the file's own name */

static DWORD create_hard_link(LPCWSTR name, LPCWSTR file)
{
    auto_path path = { 0 }, further = { 0 };
    struct stat st, there;
    DWORD error = path_parse_and_find(file, &path, &st);

    if (!error)
        error = path_parse_and_find(name, &further, &there);
    if (error != ERROR_FILE_NOT_FOUND || !further.text)
        return error ? error : ERROR_ALREADY_EXISTS;
    if (link_is_directory(&path, &st))
        return ERROR_ACCESS_DENIED;
    if (path.volume != further.volume)
        return ERROR_NOT_SAME_DEVICE;
    if ((path.kind != PATH_FILE && path.kind != PATH_HOST) || further.has_trailing_slash)
        return ERROR_INVALID_NAME;
    if (st.st_nlink >= MOST_LINKS)
        return ERROR_TOO_MANY_LINKS;
    error = path.volume ? file_node_check(&path, &st, 0) : ERROR_SUCCESS;
    return error ? error : win_error_from_errno(storage_link(&path, &further));
}

BOOL WINAPI CreateHardLinkW(LPCWSTR name, LPCWSTR file, SECURITY_ATTRIBUTES *security)
{
    if (!name || !file || security) /* Learn: "CreateHardLinkW": reserved, must be NULL */
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = create_hard_link(name, file);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI CreateHardLinkA(LPCSTR name, LPCSTR file, SECURITY_ATTRIBUTES *security)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    auto_free WCHAR *wide_file = (WCHAR *)utf16_from_utf8(file);

    return CreateHardLinkW(wide, wide_file, security);
}

/* ---- the names of a file ---- */

struct name_search {
    struct object object;
    struct name_list list; /* "\dir\file" */
    size_t next;
};

static void name_search_destroy(struct object *object)
{
    struct name_search *search = (struct name_search *)object;

    name_list_free(&search->list);
    free(search);
}

const struct object_class name_search_class = {
    .name = "file name search",
    .destroy = name_search_destroy,
};

struct name_walk {
    struct name_search *search;
    ino_t ino;
    nlink_t n_missing;
    struct name_list folders; /* of this folder */
    const char *folder;
};

static int look_at(void *arg, const char *name, const struct stat *st)
{
    struct name_walk *walk = arg;

    if (S_ISDIR(st->st_mode)) {
        name_list_add(&walk->folders, name);
    } else if (st->st_ino == walk->ino) {
        auto_free char *text = str_printf("%s%s%s", walk->folder, *walk->folder ? "/" : "", name);
        name_list_add(&walk->search->list, text);
        walk->n_missing--;
    }
    return !walk->n_missing;
}

static void walk_folder(struct name_walk *walk, const struct win_path *volume, const char *folder)
{
    struct win_path path = { .kind = PATH_FILE, .volume = volume->volume, .view = volume->view };
    struct name_list folders;

    path.text = (char *)(uintptr_t)folder;
    walk->folders = (struct name_list){ 0 };
    walk->folder = folder;
    storage_list(&path, look_at, walk);
    folders = walk->folders;
    for (size_t i = 0; i < folders.names.count && walk->n_missing; i++) {
        auto_free char *below =
            str_printf("%s%s%s", folder, *folder ? "/" : "", folders.names.items[i]);
        walk_folder(walk, volume, below);
    }
    name_list_free(&folders);
}

static DWORD gather(struct name_search *search, LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find(name, &path, &st);

    if (error)
        return error;
    if (path.kind != PATH_FILE)
        return ERROR_INVALID_FUNCTION; /* a file system without hard links that it knows of */
    struct name_walk walk = { .search = search, .ino = st.st_ino, .n_missing = st.st_nlink };
    if (st.st_nlink > 1 && !S_ISDIR(st.st_mode))
        walk_folder(&walk, &path, "");
    else
        name_list_add(&search->list, path.text);
    name_list_sort(&search->list);
    return ERROR_SUCCESS;
}

/* Learn: "FindFirstFileNameW": the length is counted with the zero; too small a buffer is told the
 * size that is needed. */
static BOOL next_name(struct name_search *search, LPDWORD length, PWSTR ret_name)
{
    if (search->next >= search->list.names.count)
        return win_fail(ERROR_HANDLE_EOF);
    auto_free char *text = str_printf("\\%s", search->list.names.items[search->next]);
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    auto_free uint16_t *wide = utf16_from_utf8(text);
    DWORD room = *length, needed = (DWORD)utf16_length(wide) + 1;
    *length = needed;
    if (needed > room)
        return win_fail(ERROR_MORE_DATA);
    memcpy(ret_name, wide, needed * sizeof(WCHAR));
    search->next++;
    return TRUE;
}

HANDLE WINAPI FindFirstFileNameW(LPCWSTR name, DWORD flags, LPDWORD length, PWSTR ret_name)
{
    if (!name || flags || !length || !ret_name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    struct name_search *search = mem_new(struct name_search);
    object_init(&search->object, &name_search_class);
    DWORD error = gather(search, name);
    if (!error && next_name(search, length, ret_name))
        return handle_new(&search->object, 0);
    object_unref(&search->object);
    if (error)
        SetLastError(error);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextFileNameW(HANDLE handle, LPDWORD length, PWSTR ret_name)
{
    auto_object struct object *object = handle_get(handle, &name_search_class, 0);

    if (!object)
        return FALSE;
    if (!length || !ret_name)
        return win_fail(ERROR_INVALID_PARAMETER);
    return next_name((struct name_search *)object, length, ret_name);
}
