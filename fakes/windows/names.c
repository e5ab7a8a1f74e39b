/* SPDX-License-Identifier: MIT */
/* Files and directories by name: delete, move, replace, make, remove (Learn: "File Management
 * Functions", "Directory Management Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/copy.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/names.h"
#include "fakes/windows/storage.h"

#include <errno.h>
#include <string.h>

static BOOL answer(DWORD error)
{
    return error ? win_fail(error) : TRUE;
}

/* ---- delete ---- */

static int one_entry(void *argument, const char *name, const struct stat *st)
{
    (void)argument;
    (void)name;
    (void)st;
    return 1;
}

DWORD names_check_delete(const struct win_path *path, const struct stat *st)
{
    if (!storage_can_change(path))
        return ERROR_WRITE_PROTECT;
    if (S_ISDIR(st->st_mode) && (!*path->text || storage_list(path, one_entry, NULL) == 1))
        return ERROR_DIR_NOT_EMPTY; /* the root of a volume counts as such */
    return attributes_from_stat(st) & FILE_ATTRIBUTE_READONLY ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static DWORD delete_file(const struct win_path *path, const struct stat *st)
{
    if (link_is_directory(path, st) || path->kind == PATH_NULL)
        return ERROR_ACCESS_DENIED;
    DWORD error = names_check_delete(path, st);
    if (!error)
        error = file_node_check(path, st, FILE_SHARE_DELETE);
    if (!error && !path->stream && file_node_has_open_stream(path))
        error = ERROR_SHARING_VIOLATION;
    if (error || file_node_delete_later(path, st))
        return error;
    return win_error_from_errno(storage_unlink(path));
}

BOOL WINAPI DeleteFileW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find_stream(name, &path, &st);

    return answer(error ? error : delete_file(&path, &st));
}

BOOL WINAPI DeleteFileA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return DeleteFileW(wide);
}

/* ---- directories ---- */

/* Learn: "CreateDirectoryW": room for an 8.3 name must remain, unless the path begins with \\?\. */
#define MAX_DIRECTORY 248

static bool is_too_long(const struct win_path *path)
{
    if (path->kind != PATH_FILE || !path->prefix || path->prefix[1] != ':')
        return false;
    auto_free char *text = path_to_text(path);
    auto_free uint16_t *wide = utf16_from_utf8(text);
    return utf16_length(wide) >= MAX_DIRECTORY;
}

static DWORD create_directory(LPCWSTR name, DWORD attributes)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find(name, &path, &st);

    if (path.kind != PATH_FILE && path.kind != PATH_HOST && path.kind != PATH_DEVICE)
        return ERROR_DIRECTORY; /* a name that is reserved */
    if (error != ERROR_FILE_NOT_FOUND)
        return error ? error : ERROR_ALREADY_EXISTS;
    if (is_too_long(&path))
        return ERROR_FILENAME_EXCED_RANGE;
    int failed = storage_mkdir(&path);
    if (!failed && attributes && storage_stat(&path, &st) == 0)
        failed = storage_chmod(&path, attributes_to_mode(attributes, st.st_mode));
    return win_error_from_errno(failed);
}

BOOL WINAPI CreateDirectoryW(LPCWSTR name, SECURITY_ATTRIBUTES *security)
{
    (void)security;
    return answer(create_directory(name, 0));
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, SECURITY_ATTRIBUTES *security)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return CreateDirectoryW(wide, security);
}

BOOL WINAPI CreateDirectoryExW(LPCWSTR template, LPCWSTR name, SECURITY_ATTRIBUTES *security)
{
    DWORD attributes = GetFileAttributesW(template);

    (void)security;
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return FALSE;
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return win_fail(ERROR_DIRECTORY);
    return answer(create_directory(name, attributes));
}

static DWORD remove_directory(const struct win_path *path, const struct stat *st)
{
    if (!link_is_directory(path, st))
        return ERROR_DIRECTORY;
    DWORD error = names_check_delete(path, st);
    if (!error)
        error = file_node_check(path, st, FILE_SHARE_DELETE);
    if (error || file_node_delete_later(path, st))
        return error;
    return win_error_from_errno(S_ISDIR(st->st_mode) ? storage_rmdir(path) : storage_unlink(path));
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find(name, &path, &st);

    return answer(error ? error : remove_directory(&path, &st));
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return RemoveDirectoryW(wide);
}

/* ---- move ---- */

/* Deviation: as on file systems without POSIX rename; the target must have no open handle. */
static DWORD check_target(const struct win_path *to, const struct stat *st)
{
    if (S_ISDIR(st->st_mode) || attributes_from_stat(st) & FILE_ATTRIBUTE_READONLY)
        return ERROR_ACCESS_DENIED;
    return file_node_is_open(to, st) ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static DWORD move_by_copy(LPCWSTR from_name, LPCWSTR to_name, const struct win_path *from,
                          const struct stat *st, DWORD flags)
{
    const struct copy_options options = { .fails_if_exists = !(flags & MOVEFILE_REPLACE_EXISTING),
                                          .keeps_links = true };

    if (!(flags & MOVEFILE_COPY_ALLOWED))
        return ERROR_NOT_SAME_DEVICE;
    if (S_ISDIR(st->st_mode))
        return ERROR_ACCESS_DENIED; /* Learn: "MoveFileExW": directories stay on their volume */
    DWORD error = copy_file(from_name, to_name, &options);
    return error ? error : delete_file(from, st);
}

static DWORD rename_on_volume(const struct win_path *from, const struct stat *st,
                              const struct win_path *to, bool replace)
{
    int failed = storage_rename(from, to, replace);

    if (!failed)
        file_node_renamed(from, st, to);
    return failed == -EINVAL ? ERROR_ACCESS_DENIED : win_error_from_errno(failed);
}

/* Renaming "a" to "A" finds itself: then the name is meant as it is written. */
static void write_name_as_given(struct win_path *path, LPCWSTR name)
{
    auto_path given;

    if (path_parse(name, 0, &given) != ERROR_SUCCESS || !given.text)
        return;
    const char *slash = strrchr(given.text, '/');
    size_t length = strlen(slash ? slash + 1 : given.text), all = strlen(path->text);
    if (length <= all)
        memcpy(path->text + all - length, slash ? slash + 1 : given.text, length);
}

static bool is_same_file(const struct win_path *a, const struct stat *a_stat,
                         const struct win_path *b, const struct stat *b_stat)
{
    return a->volume == b->volume && a->view == b->view && a_stat->st_ino == b_stat->st_ino &&
           a_stat->st_dev == b_stat->st_dev;
}

/* Whether the file may leave its name. */
static DWORD check_source(const struct win_path *from, const struct stat *st)
{
    if (!storage_can_change(from))
        return ERROR_WRITE_PROTECT;
    if (S_ISDIR(st->st_mode) && file_node_is_open_below(from))
        return ERROR_ACCESS_DENIED;
    if (file_node_has_open_stream(from))
        return ERROR_SHARING_VIOLATION;
    return ERROR_SUCCESS;
}

/* Nobody but the caller has to agree any more. */
static DWORD move(const struct win_path *from, const struct stat *from_stat, LPCWSTR to_name,
                  bool replaces)
{
    auto_path to = { 0 };
    struct stat to_stat;
    DWORD error = path_parse_and_find(to_name, &to, &to_stat);
    bool exists = !error;
    if (error && error != ERROR_FILE_NOT_FOUND)
        return error;
    if (!storage_can_change(&to))
        return ERROR_WRITE_PROTECT;
    bool is_same = exists && is_same_file(from, from_stat, &to, &to_stat);
    bool is_itself = is_same && fold_compare(from->text, to.text) == 0; /* no other name of it */
    if (is_itself) {
        write_name_as_given(&to, to_name);
        if (str_is_equal(from->text, to.text))
            return ERROR_SUCCESS;
    } else if (exists) {
        error = replaces ? check_target(&to, &to_stat) : ERROR_ALREADY_EXISTS;
        if (error)
            return error;
        if (is_same)
            return win_error_from_errno(storage_unlink(from));
    }
    return rename_on_volume(from, from_stat, &to, exists && !is_itself);
}

DWORD names_rename_open(const struct win_path *from, const struct stat *from_stat, LPCWSTR to_name,
                        bool replaces)
{
    DWORD error = check_source(from, from_stat);

    return error ? error : move(from, from_stat, to_name, replaces);
}

BOOL WINAPI MoveFileExW(LPCWSTR from_name, LPCWSTR to_name, DWORD flags)
{
    auto_path from;
    struct stat st;
    DWORD error = path_parse_and_find(from_name, &from, &st);

    if (error)
        return win_fail(error);
    if (!to_name) /* MOVEFILE_DELAY_UNTIL_REBOOT with no target: there is no next start */
        return win_fail(flags & MOVEFILE_DELAY_UNTIL_REBOOT ? ERROR_NOT_SUPPORTED
                                                            : ERROR_INVALID_PARAMETER);
    error = file_node_check(&from, &st, FILE_SHARE_DELETE);
    if (!error)
        error = check_source(&from, &st);
    if (!error)
        error = move(&from, &st, to_name, flags & MOVEFILE_REPLACE_EXISTING);
    if (error == ERROR_NOT_SAME_DEVICE)
        error = move_by_copy(from_name, to_name, &from, &st, flags);
    return answer(error);
}

BOOL WINAPI MoveFileW(LPCWSTR from, LPCWSTR to)
{
    return MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags)
{
    auto_free WCHAR *wide_from = (WCHAR *)utf16_from_utf8(from);
    auto_free WCHAR *wide_to = (WCHAR *)utf16_from_utf8(to);

    return MoveFileExW(wide_from, wide_to, flags);
}

BOOL WINAPI MoveFileA(LPCSTR from, LPCSTR to)
{
    return MoveFileExA(from, to, MOVEFILE_COPY_ALLOWED);
}

/* Learn: "ReplaceFileW": the replacement takes the name, the attributes stay the replaced file's;
 * all three are on one volume. */
BOOL WINAPI ReplaceFileW(LPCWSTR replaced, LPCWSTR replacement, LPCWSTR backup, DWORD flags,
                         LPVOID exclude, LPVOID reserved)
{
    DWORD attributes = GetFileAttributesW(replaced);

    (void)flags;
    if (exclude || reserved)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (attributes == INVALID_FILE_ATTRIBUTES ||
        GetFileAttributesW(replacement) == INVALID_FILE_ATTRIBUTES)
        return FALSE;
    if (attributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY))
        return win_fail(ERROR_ACCESS_DENIED);
    if (backup && !MoveFileExW(replaced, backup, MOVEFILE_REPLACE_EXISTING))
        return GetLastError() == ERROR_SHARING_VIOLATION
                   ? FALSE
                   : win_fail(ERROR_UNABLE_TO_REMOVE_REPLACED);
    if (!MoveFileExW(replacement, replaced, MOVEFILE_REPLACE_EXISTING))
        return GetLastError() == ERROR_SHARING_VIOLATION
                   ? FALSE
                   : win_fail(backup ? ERROR_UNABLE_TO_MOVE_REPLACEMENT_2
                                     : ERROR_UNABLE_TO_MOVE_REPLACEMENT);
    return SetFileAttributesW(replaced, attributes);
}
