/* SPDX-License-Identifier: MIT */
/* FindFirstFile and its relatives (Learn: "Listing the Files in a Directory"). What a search
 * finds is gathered when it begins, in the order of NTFS: by name without regard to case. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/links/name_search.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/stream_find.h"

#include <stdlib.h>
#include <string.h>

struct found {
    char *name;
    struct stat st;
    DWORD more, tag; /* attributes when the stat does not tell all; of a reparse point */
};

struct find {
    struct object object;
    char *pattern; /* NULL: everything that is added */
    ARRAY(struct found) found;
    size_t next;
};

static void find_destroy(struct object *object)
{
    struct find *find = (struct find *)object;

    for (size_t i = 0; i < find->found.count; i++)
        free(find->found.items[i].name);
    array_free(&find->found);
    free(find->pattern);
    free(find);
}

static const struct object_class find_class = {
    .name = "find",
    .destroy = find_destroy,
};

static int add(void *argument, const char *name, const struct stat *st)
{
    struct find *find = argument;

    if (!find->pattern || fold_matches(name, find->pattern))
        array_add(&find->found, ((struct found){ .name = mem_strdup(name), .st = *st }));
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    int order = fold_compare(x->name, y->name);

    return order ? order : strcmp(x->name, y->name);
}

/* Splits the last element off: the directory stays in path->text. */
static char *take_last_element(struct win_path *path)
{
    char *slash = strrchr(path->text, '/');
    char *last = mem_strdup(slash ? slash + 1 : path->text);

    if (slash && slash == path->text)
        slash[1] = 0; /* the host's root */
    else if (slash)
        *slash = 0;
    else if (path->kind == PATH_HOST)
        memcpy(path->text, ".", 2);
    else
        path->text[0] = 0;
    return last;
}

static bool is_root(const struct win_path *path)
{
    return path->kind == PATH_HOST ? strcmp(path->text, "/") == 0 : !*path->text;
}

/* Most directories have nothing of the kind, which one question tells. */
static void add_flags(struct find *find, const struct win_path *directory)
{
    bool any = directory->volume && link_may_be_below(directory, directory->text);

    for (size_t i = 0; i < find->found.count && directory->volume; i++) {
        struct found *found = &find->found.items[i];
        if (!any && !S_ISLNK(found->st.st_mode))
            continue;
        struct win_path file = *directory;
        auto_free char *text =
            str_printf("%s%s%s", directory->text, *directory->text ? "/" : "", found->name);
        file.text = text;
        if (strcmp(found->name, ".") != 0 && strcmp(found->name, "..") != 0) {
            found->more = attributes_of(&file, &found->st);
            found->tag =
                found->more & FILE_ATTRIBUTE_REPARSE_POINT ? link_tag(&file, &found->st) : 0;
        }
    }
}

static DWORD gather(struct find *find, struct win_path *directory)
{
    struct stat st;
    DWORD error = path_find_target(directory, &st);

    if (error)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error;
    if (!S_ISDIR(st.st_mode))
        return ERROR_DIRECTORY;
    if (!is_root(directory)) {
        add(find, ".", &st);
        add(find, "..", &st);
    }
    size_t n_dots = find->found.count;
    int failed = storage_list(directory, add, find);
    if (failed)
        return win_error_from_errno(failed);
    if (find->found.count > n_dots)
        qsort(find->found.items + n_dots, find->found.count - n_dots, sizeof(struct found),
              by_name);
    add_flags(find, directory);
    return find->found.count ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

/* A name without wildcards: the one file, as its directory writes it. */
static DWORD find_one(struct find *find, struct win_path *path)
{
    struct stat st;
    DWORD error = path_find(path, &st);

    if (error)
        return error;
    if (is_root(path))
        return ERROR_FILE_NOT_FOUND;
    auto_free char *name = take_last_element(path);
    add(find, name, &st);
    add_flags(find, path);
    return ERROR_SUCCESS;
}

static DWORD search(struct find *find, LPCWSTR name)
{
    auto_path path;
    DWORD error = path_parse(name, PATH_WILDCARDS, &path);

    if (error)
        return error;
    if ((path.kind != PATH_FILE && path.kind != PATH_HOST) || path.has_trailing_slash)
        return ERROR_FILE_NOT_FOUND;
    const char *slash = strrchr(path.text, '/');
    if (!strpbrk(slash ? slash : path.text, "*?<>\""))
        return find_one(find, &path);
    find->pattern = take_last_element(&path);
    return gather(find, &path);
}

static void fill(const struct found *found, WIN32_FIND_DATAW *ret_data)
{
    auto_free uint16_t *name = utf16_from_utf8(found->name);
    uint64_t size = attributes_size(&found->st);
    size_t length = utf16_length(name);

    *ret_data = (WIN32_FIND_DATAW){
        .dwFileAttributes = found->more ? found->more : attributes_from_stat(&found->st),
        .dwReserved0 = found->tag,
        .ftCreationTime = attributes_creation_time(&found->st),
        .ftLastAccessTime = attributes_filetime(&found->st.st_atim),
        .ftLastWriteTime = attributes_filetime(&found->st.st_mtim),
        .nFileSizeHigh = (DWORD)(size >> 32),
        .nFileSizeLow = (DWORD)size,
    };
    memcpy(ret_data->cFileName, name, (length < MAX_PATH ? length : MAX_PATH - 1) * sizeof(WCHAR));
}

HANDLE WINAPI FindFirstFileExW(LPCWSTR name, FINDEX_INFO_LEVELS level, LPVOID ret_data,
                               FINDEX_SEARCH_OPS operation, LPVOID filter, DWORD flags)
{
    (void)filter;
    (void)flags;
    if (level > FindExInfoBasic || operation > FindExSearchLimitToDirectories) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    struct find *find = mem_new(struct find);
    object_init(&find->object, &find_class);
    DWORD error = search(find, name);
    if (error) {
        object_unref(&find->object);
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    fill(&find->found.items[find->next++], ret_data);
    return handle_new(&find->object, 0);
}

HANDLE WINAPI FindFirstFileW(LPCWSTR name, WIN32_FIND_DATAW *ret_data)
{
    return FindFirstFileExW(name, FindExInfoStandard, ret_data, FindExSearchNameMatch, NULL, 0);
}

BOOL WINAPI FindNextFileW(HANDLE handle, WIN32_FIND_DATAW *ret_data)
{
    auto_object struct object *object = handle_get(handle, &find_class, 0);
    struct find *find = (struct find *)object;

    if (!object)
        return FALSE;
    if (find->next >= find->found.count)
        return win_fail(ERROR_NO_MORE_FILES);
    fill(&find->found.items[find->next++], ret_data);
    return TRUE;
}

BOOL WINAPI FindClose(HANDLE handle)
{
    struct object *object = handle_take(handle, &find_class);

    if (!object)
        object = handle_take(handle, &stream_find_class);
    if (!object)
        object = handle_take(handle, &name_search_class);
    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}

static void narrow(const WIN32_FIND_DATAW *wide, WIN32_FIND_DATAA *ret_data)
{
    auto_free char *name = utf8_from_utf16((const uint16_t *)wide->cFileName);

    *ret_data = (WIN32_FIND_DATAA){
        .dwFileAttributes = wide->dwFileAttributes,
        .dwReserved0 = wide->dwReserved0,
        .ftCreationTime = wide->ftCreationTime,
        .ftLastAccessTime = wide->ftLastAccessTime,
        .ftLastWriteTime = wide->ftLastWriteTime,
        .nFileSizeHigh = wide->nFileSizeHigh,
        .nFileSizeLow = wide->nFileSizeLow,
    };
    strncpy(ret_data->cFileName, name, MAX_PATH - 1);
}

HANDLE WINAPI FindFirstFileExA(LPCSTR name, FINDEX_INFO_LEVELS level, LPVOID ret_data,
                               FINDEX_SEARCH_OPS operation, LPVOID filter, DWORD flags)
{
    auto_free WCHAR *wide_name = (WCHAR *)utf16_from_utf8(name);
    WIN32_FIND_DATAW wide;
    HANDLE handle = FindFirstFileExW(wide_name, level, &wide, operation, filter, flags);

    if (handle != INVALID_HANDLE_VALUE)
        narrow(&wide, ret_data);
    return handle;
}

HANDLE WINAPI FindFirstFileA(LPCSTR name, WIN32_FIND_DATAA *ret_data)
{
    return FindFirstFileExA(name, FindExInfoStandard, ret_data, FindExSearchNameMatch, NULL, 0);
}

BOOL WINAPI FindNextFileA(HANDLE handle, WIN32_FIND_DATAA *ret_data)
{
    WIN32_FIND_DATAW wide;

    if (!FindNextFileW(handle, &wide))
        return FALSE;
    narrow(&wide, ret_data);
    return TRUE;
}
