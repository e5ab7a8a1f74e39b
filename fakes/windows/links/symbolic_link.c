/* SPDX-License-Identifier: MIT */
/* CreateSymbolicLink (Learn: the page of that name, "Symbolic Link Effects on File Systems
 * Functions", "Creating Symbolic Links"). The target need not exist. */
#include "fakes/windows/links/symbolic_link.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/storage.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ALLOW_UNPRIVILEGED 2u /* SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE */

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

static char *with_backslashes(const char *text)
{
    char *copy = mem_strdup(text);

    for (char *c = copy; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    return copy;
}

/* "C:dir" is relative to a directory of this moment, so it is made whole. */
static char *whole_path(LPCWSTR target)
{
    WCHAR whole[MAX_PATH];

    return GetFullPathNameW(target, MAX_PATH, whole, NULL) < MAX_PATH
               ? utf8_from_utf16((const uint16_t *)whole)
               : NULL;
}

static DWORD target_data(LPCWSTR target, struct link_data *ret_data)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)target);
    auto_free char *text = utf8 ? with_backslashes(utf8) : NULL;
    auto_free char *nt = NULL;

    if (!text || !*text)
        return ERROR_INVALID_PARAMETER;
    if (str_starts_with(text, "\\\\?\\")) {
        nt = str_printf("\\??\\%s", text + 4);
    } else if (str_starts_with(text, "\\\\")) {
        nt = str_printf("\\??\\UNC\\%s", text + 2);
    } else if (isalpha((unsigned char)text[0]) && text[1] == ':') {
        auto_free char *whole = is_slash(text[2]) ? mem_strdup(text) : whole_path(target);
        nt = whole ? str_printf("\\??\\%s", whole) : NULL;
        if (!nt)
            return ERROR_INVALID_NAME;
    }
    *ret_data = (struct link_data){ .tag = IO_REPARSE_TAG_SYMLINK, .is_relative = !nt };
    ret_data->target = mem_strdup(nt ? nt : text);
    ret_data->print = take_ptr(&text);
    return ERROR_SUCCESS;
}

/* A file without data, or an empty directory, and what it leads to. */
static DWORD make(const struct win_path *path, const struct link_data *data, bool is_directory)
{
    mode_t mode = attributes_to_mode(FILE_ATTRIBUTE_ARCHIVE, S_IFREG | 0644);
    struct storage_file storage;

    int error = is_directory ? storage_mkdir(path)
                             : storage_open(path, O_WRONLY | O_CREAT | O_EXCL, mode, &storage);
    if (error)
        return win_error_from_errno(error);
    if (!is_directory)
        storage_close(&storage);
    error = link_write(path, data);
    if (error)
        (void)(is_directory ? storage_rmdir(path) : storage_unlink(path));
    return win_error_from_errno(error);
}

/* On the host it is one of Linux's. */
static DWORD make_on_host(const struct win_path *path, const struct link_data *data)
{
    auto_free char *target = mem_strdup(data->print);

    for (char *c = target; *c; c++)
        *c = *c == '\\' ? '/' : *c;
    return symlink(target, path->text) == 0 ? ERROR_SUCCESS : win_error_from_errno(errno);
}

static DWORD make_at(LPCWSTR name, const struct link_data *data, bool is_directory)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find(name, &path, &st);

    if (error != ERROR_FILE_NOT_FOUND)
        return error ? error : ERROR_ALREADY_EXISTS;
    if (path.kind == PATH_HOST)
        return make_on_host(&path, data);
    if (path.kind != PATH_FILE || (path.has_trailing_slash && !is_directory))
        return ERROR_INVALID_NAME;
    return storage_can_change(&path) ? make(&path, data, is_directory) : ERROR_WRITE_PROTECT;
}

BOOLEAN WINAPI CreateSymbolicLinkW(LPCWSTR name, LPCWSTR target, DWORD flags)
{
    auto_link_data data = { 0 };

    if (!name || !target || flags & ~(SYMBOLIC_LINK_FLAG_DIRECTORY | ALLOW_UNPRIVILEGED))
        return (BOOLEAN)win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = target_data(target, &data);
    if (!error)
        error = make_at(name, &data, flags & SYMBOLIC_LINK_FLAG_DIRECTORY);
    return (BOOLEAN)(error ? win_fail(error) : TRUE);
}

BOOLEAN WINAPI CreateSymbolicLinkA(LPCSTR name, LPCSTR target, DWORD flags)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    auto_free WCHAR *wide_target = (WCHAR *)utf16_from_utf8(target);

    return CreateSymbolicLinkW(wide, wide_target, flags);
}

/* Learn: "CopyFileExW", COPY_FILE_COPY_SYMLINK. */
DWORD symbolic_link_copy(LPCWSTR from, LPCWSTR to, bool fails_if_exists)
{
    auto_path path;
    auto_link_data data = { 0 };
    struct stat st;
    DWORD error = path_parse_and_find(from, &path, &st);

    if (error)
        return error;
    if (link_is_directory(&path, &st) || !link_read(&path, &st, &data))
        return ERROR_NOT_A_REPARSE_POINT;
    error = make_at(to, &data, false);
    if (error == ERROR_ALREADY_EXISTS && !fails_if_exists)
        error = DeleteFileW(to) ? make_at(to, &data, false) : GetLastError();
    return error == ERROR_ALREADY_EXISTS ? ERROR_FILE_EXISTS : error;
}
