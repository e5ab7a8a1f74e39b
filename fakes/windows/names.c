/* SPDX-License-Identifier: MIT */
/* Files and directories by name: delete, move, copy, make, remove, and paths as text
 * (Learn: "File Management Functions", "Directory Management Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/random.h"
#include "emu/port/world.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/wide.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static DWORD parse_and_find(LPCWSTR name, struct win_path *path, struct stat *ret_stat)
{
    DWORD error = path_parse(name, 0, path);

    return error ? error : path_find(path, ret_stat);
}

static BOOL answer(DWORD error)
{
    return error ? win_fail(error) : TRUE;
}

/* ---- delete ---- */

static DWORD delete_file(const struct win_path *path, const struct stat *st)
{
    if (S_ISDIR(st->st_mode) || path->kind == PATH_NULL)
        return ERROR_ACCESS_DENIED;
    if (path->view)
        return ERROR_WRITE_PROTECT;
    if (attributes_from_stat(st) & FILE_ATTRIBUTE_READONLY)
        return ERROR_ACCESS_DENIED;
    if (file_is_denied(path, st, FILE_SHARE_DELETE))
        return ERROR_SHARING_VIOLATION;
    return win_error_from_errno(storage_unlink(path));
}

BOOL WINAPI DeleteFileW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = parse_and_find(name, &path, &st);

    return answer(error ? error : delete_file(&path, &st));
}

BOOL WINAPI DeleteFileA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return DeleteFileW(wide);
}

/* ---- directories ---- */

BOOL WINAPI CreateDirectoryW(LPCWSTR name, SECURITY_ATTRIBUTES *security)
{
    auto_path path;
    DWORD error = parse_and_find(name, &path, NULL);

    (void)security;
    if (error != ERROR_FILE_NOT_FOUND)
        return win_fail(error ? error : ERROR_ALREADY_EXISTS);
    return answer(win_error_from_errno(storage_mkdir(&path)));
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, SECURITY_ATTRIBUTES *security)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return CreateDirectoryW(wide, security);
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = parse_and_find(name, &path, &st);

    if (error)
        return win_fail(error);
    if (!S_ISDIR(st.st_mode))
        return win_fail(ERROR_DIRECTORY);
    if (!*path.text)
        return win_fail(ERROR_DIR_NOT_EMPTY); /* the root of a volume */
    if (file_is_denied(&path, &st, FILE_SHARE_DELETE))
        return win_fail(ERROR_SHARING_VIOLATION);
    return answer(win_error_from_errno(storage_rmdir(&path)));
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return RemoveDirectoryW(wide);
}

/* ---- copy ---- */

static DWORD copy_data(struct storage_file *from, struct storage_file *to)
{
    const size_t size = 256 * 1024;
    auto_free char *buffer = mem_alloc(size);
    off_t at = 0;

    for (;;) {
        ssize_t n = storage_read(from, buffer, size, at);
        if (n <= 0)
            return win_error_from_errno((int)n);
        ssize_t written = storage_write(to, buffer, (size_t)n, at);
        if (written < 0)
            return win_error_from_errno((int)written);
        if (written < n)
            return ERROR_DISK_FULL;
        at += n;
    }
}

/* Data, attributes and the time of the last change. */
static DWORD copy_file(const struct win_path *from, const struct stat *st,
                       const struct win_path *to)
{
    const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, st->st_mtim };
    struct storage_file in, out;

    int failed = storage_open(from, O_RDONLY, 0, &in);
    if (failed)
        return win_error_from_errno(failed);
    failed = storage_open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644, &out);
    DWORD error = failed ? win_error_from_errno(failed) : copy_data(&in, &out);
    if (!failed)
        storage_close(&out);
    storage_close(&in);
    if (!error) {
        storage_set_times(to, times);
        storage_chmod(to, st->st_mode & 07777);
    }
    return error;
}

/* Whether the target can be replaced, if it is there. */
static DWORD check_target(const struct win_path *to, const struct stat *st)
{
    if (S_ISDIR(st->st_mode) || attributes_from_stat(st) & FILE_ATTRIBUTE_READONLY)
        return ERROR_ACCESS_DENIED;
    if (file_is_denied(to, st, FILE_SHARE_WRITE))
        return ERROR_SHARING_VIOLATION;
    return ERROR_SUCCESS;
}

BOOL WINAPI CopyFileW(LPCWSTR from_name, LPCWSTR to_name, BOOL fail_if_exists)
{
    auto_path from;
    auto_path to = { 0 };
    struct stat from_stat, to_stat;
    DWORD error = parse_and_find(from_name, &from, &from_stat);

    if (!error && S_ISDIR(from_stat.st_mode))
        error = ERROR_ACCESS_DENIED;
    if (!error && file_is_denied(&from, &from_stat, FILE_SHARE_READ))
        error = ERROR_SHARING_VIOLATION;
    if (error)
        return win_fail(error);
    error = parse_and_find(to_name, &to, &to_stat);
    if (!error && fail_if_exists)
        error = ERROR_FILE_EXISTS;
    else if (!error)
        error = check_target(&to, &to_stat);
    else if (error == ERROR_FILE_NOT_FOUND)
        error = ERROR_SUCCESS;
    if (!error && from.volume == to.volume && from.view == to.view &&
        str_is_equal(from.text, to.text))
        error = ERROR_SHARING_VIOLATION;
    return answer(error ? error : copy_file(&from, &from_stat, &to));
}

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_exists)
{
    auto_free WCHAR *wide_from = (WCHAR *)utf16_from_utf8(from);
    auto_free WCHAR *wide_to = (WCHAR *)utf16_from_utf8(to);

    return CopyFileW(wide_from, wide_to, fail_if_exists);
}

/* ---- move ---- */

static DWORD move_by_copy(const struct win_path *from, const struct stat *st,
                          const struct win_path *to, DWORD flags)
{
    if (!(flags & MOVEFILE_COPY_ALLOWED))
        return ERROR_NOT_SAME_DEVICE;
    if (S_ISDIR(st->st_mode))
        return ERROR_ACCESS_DENIED; /* Learn: "MoveFileExW": directories stay on their volume */
    DWORD error = copy_file(from, st, to);
    return error ? error : win_error_from_errno(storage_unlink(from));
}

/* The target's parent is known to exist, and the target in its case if it is there. */
static DWORD move(const struct win_path *from, const struct stat *st, const struct win_path *to,
                  bool replace, DWORD flags)
{
    if (from->view || to->view)
        return ERROR_WRITE_PROTECT;
    int failed = storage_rename(from, to, replace);
    if (failed == -EXDEV)
        return move_by_copy(from, st, to, flags);
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

BOOL WINAPI MoveFileExW(LPCWSTR from_name, LPCWSTR to_name, DWORD flags)
{
    auto_path from;
    auto_path to = { 0 };
    struct stat from_stat, to_stat;
    DWORD error = parse_and_find(from_name, &from, &from_stat);

    if (!error && file_is_denied(&from, &from_stat, FILE_SHARE_DELETE))
        error = ERROR_SHARING_VIOLATION;
    if (error)
        return win_fail(error);
    if (!to_name) /* MOVEFILE_DELAY_UNTIL_REBOOT with no target: there is no next start */
        return win_fail(flags & MOVEFILE_DELAY_UNTIL_REBOOT ? ERROR_NOT_SUPPORTED
                                                            : ERROR_INVALID_PARAMETER);
    error = parse_and_find(to_name, &to, &to_stat);
    bool exists = !error;
    if (error && error != ERROR_FILE_NOT_FOUND)
        return win_fail(error);
    bool is_itself = exists && from.volume == to.volume && from_stat.st_ino == to_stat.st_ino &&
                     from_stat.st_dev == to_stat.st_dev;
    if (is_itself) {
        write_name_as_given(&to, to_name);
        if (str_is_equal(from.text, to.text))
            return TRUE;
    } else if (exists) {
        error =
            flags & MOVEFILE_REPLACE_EXISTING ? check_target(&to, &to_stat) : ERROR_ALREADY_EXISTS;
        if (error)
            return win_fail(error);
    }
    return answer(move(&from, &from_stat, &to, exists && !is_itself, flags));
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

/* ---- paths as text ---- */

/* The whole path of a name: "C:\a\b", or an absolute path of the host. The caller frees. */
static char *full_path(LPCWSTR name, DWORD *ret_error)
{
    auto_path path;

    *ret_error = path_parse(name, PATH_WILDCARDS, &path);
    if (*ret_error == ERROR_PATH_NOT_FOUND && path.kind == PATH_FILE && path.prefix) {
        auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
        *ret_error = ERROR_SUCCESS; /* a drive that is not there has paths all the same */
        return mem_strdup(utf8);
    }
    if (*ret_error)
        return NULL;
    if (path.kind != PATH_HOST || path.text[0] == '/') {
        char *text = path_to_text(&path);
        size_t length = strlen(text);
        if (!path.has_trailing_slash || text[length - 1] == '\\' || text[length - 1] == '/')
            return text;
        auto_free char *without = text;
        return str_printf("%s%c", without, path.kind == PATH_HOST ? '/' : '\\');
    }
    auto_free char *here = getcwd(NULL, 0);
    return str_printf("%s/%s", here ? here : "", path.text);
}

DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD size, LPWSTR buffer, LPWSTR *ret_file)
{
    DWORD error;
    auto_free char *text = full_path(name, &error);

    if (!text) {
        SetLastError(error);
        return 0;
    }
    DWORD length = wide_fill(text, buffer, size);
    if (ret_file && length < size && buffer) {
        *ret_file = NULL;
        for (DWORD i = 0; i < length; i++) {
            if (buffer[i] == '\\' || buffer[i] == '/')
                *ret_file = i + 1 < length ? buffer + i + 1 : NULL;
        }
    }
    return length;
}

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD size, LPSTR buffer, LPSTR *ret_file)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    DWORD error;
    auto_free char *text = full_path(wide, &error);

    if (!text) {
        SetLastError(error);
        return 0;
    }
    DWORD length = narrow_fill(text, buffer, size);
    if (ret_file && length < size && buffer) {
        char *slash = strrchr(buffer, strchr(buffer, '\\') ? '\\' : '/');
        *ret_file = slash && slash[1] ? slash + 1 : NULL;
    }
    return length;
}

/* The names as they are on the volume; there are no short ones. */
DWORD WINAPI GetLongPathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    auto_path path;
    DWORD error = parse_and_find(name, &path, NULL);

    if (error) {
        SetLastError(error);
        return 0;
    }
    auto_free char *text = path_to_text(&path);
    return wide_fill(text, buffer, size);
}

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer)
{
    auto_free char *of_world = path_current_directory();
    auto_free char *of_host = of_world ? NULL : getcwd(NULL, 0);

    return wide_fill(of_world ? of_world : of_host ? of_host : "", buffer, size);
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = parse_and_find(name, &path, &st);

    if (error)
        return win_fail(error);
    if (!S_ISDIR(st.st_mode))
        return win_fail(ERROR_DIRECTORY);
    if (path.kind == PATH_HOST && chdir(path.text) != 0)
        return win_fail_errno(errno);
    path_set_current_directory(&path);
    return TRUE;
}

/* The host's directory for such things: what a program puts there is nobody's volume. */
static const char *temporary_directory(void)
{
    const char *directory = getenv("TMPDIR");

    return directory && *directory ? directory : "/tmp";
}

DWORD WINAPI GetTempPathW(DWORD size, LPWSTR buffer)
{
    const char *directory = temporary_directory();
    bool has_slash = directory[strlen(directory) - 1] == '/';
    auto_free char *text = str_printf("%s%s", directory, has_slash ? "" : "/");

    return wide_fill(text, buffer, size);
}

DWORD WINAPI GetTempPathA(DWORD size, LPSTR buffer)
{
    const char *directory = temporary_directory();
    bool has_slash = directory[strlen(directory) - 1] == '/';
    auto_free char *text = str_printf("%s%s", directory, has_slash ? "" : "/");

    return narrow_fill(text, buffer, size);
}

/* Learn: "GetTempFileNameW": three letters of the prefix, a number, ".tmp"; with number 0 a
 * free one is chosen and the file made. */
UINT WINAPI GetTempFileNameW(LPCWSTR directory, LPCWSTR prefix, UINT number, LPWSTR ret_name)
{
    auto_free char *where = utf8_from_utf16((const uint16_t *)directory);
    auto_free char *letters = prefix ? utf8_from_utf16((const uint16_t *)prefix) : mem_strdup("");
    size_t length = where ? strlen(where) : 0;

    if (!length || length > MAX_PATH - 14) {
        SetLastError(length ? ERROR_BUFFER_OVERFLOW : ERROR_INVALID_PARAMETER);
        return 0;
    }
    bool is_host = where[0] == '/' || (where[1] != ':' && where[0] != '\\');
    bool has_slash = where[length - 1] == '\\' || where[length - 1] == '/';
    for (;;) {
        UINT chosen =
            number ? number & 0xFFFF : (UINT)random_below(world_current()->random, 0xFFFF) + 1;
        auto_free char *name = str_printf("%s%s%.3s%X.tmp", where,
                                          has_slash ? ""
                                          : is_host ? "/"
                                                    : "\\",
                                          letters, chosen);
        wide_fill(name, ret_name, MAX_PATH);
        if (number)
            return chosen;
        HANDLE handle =
            CreateFileW(ret_name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (handle != INVALID_HANDLE_VALUE) {
            CloseHandle(handle);
            return chosen;
        }
        if (GetLastError() != ERROR_FILE_EXISTS)
            return 0;
    }
}
