/* SPDX-License-Identifier: MIT */
/* See attributes.h; and the functions that read and set attributes by name
 * (Learn: "File Attribute Constants"). */
#include "fakes/windows/attributes.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side_flags.h"

#include <shlwapi.h>
#include <string.h>

#define EPOCH_SECONDS INT64_C(11644473600) /* 1601-01-01 to 1970-01-01 */

FILETIME attributes_filetime(const struct timespec *time)
{
    int64_t ticks = ((int64_t)time->tv_sec + EPOCH_SECONDS) * 10000000 + time->tv_nsec / 100;

    return (FILETIME){ .dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32) };
}

struct timespec attributes_timespec(const FILETIME *time)
{
    int64_t ticks = (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);

    return (struct timespec){ .tv_sec = ticks / 10000000 - EPOCH_SECONDS,
                              .tv_nsec = (long)(ticks % 10000000) * 100 };
}

FILETIME attributes_creation_time(const struct stat *st)
{
    FILETIME change = attributes_filetime(&st->st_ctim);
    FILETIME modification = attributes_filetime(&st->st_mtim);

    return CompareFileTime(&change, &modification) < 0 ? change : modification;
}

DWORD attributes_from_stat(const struct stat *st)
{
    mode_t mode = st->st_mode;
    DWORD attributes = mode & 0222 ? 0 : FILE_ATTRIBUTE_READONLY;

    if (S_ISDIR(mode)) {
        attributes |= FILE_ATTRIBUTE_DIRECTORY;
        attributes |= mode & S_ISVTX ? FILE_ATTRIBUTE_HIDDEN : 0;
        attributes |= mode & S_ISGID ? FILE_ATTRIBUTE_SYSTEM : 0;
    } else {
        bool is_program = mode & S_IXUSR;
        attributes |= !is_program && mode & S_IXOTH ? FILE_ATTRIBUTE_HIDDEN : 0;
        attributes |= !is_program && mode & S_IXGRP ? FILE_ATTRIBUTE_SYSTEM : 0;
        attributes |= S_ISREG(mode) && !(mode & S_ISVTX) ? FILE_ATTRIBUTE_ARCHIVE : 0;
    }
    if (S_ISLNK(mode))
        attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
    return attributes ? attributes : FILE_ATTRIBUTE_NORMAL;
}

DWORD attributes_of(const struct win_path *path, const struct stat *st)
{
    DWORD attributes = attributes_from_stat(st), more = side_flags(path);

    if (S_ISLNK(st->st_mode) && link_is_directory(path, st))
        more |= FILE_ATTRIBUTE_DIRECTORY;

    return more ? (attributes & ~(DWORD)FILE_ATTRIBUTE_NORMAL) | more : attributes;
}

uint64_t attributes_size(const struct stat *st)
{
    return S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode) ? 0 : (uint64_t)st->st_size;
}

mode_t attributes_to_mode(DWORD attributes, mode_t old_mode)
{
    mode_t mode = old_mode & 07777;

    if (attributes & FILE_ATTRIBUTE_READONLY)
        mode &= ~(mode_t)0222;
    else if (!(mode & 0222))
        mode |= S_IWUSR;
    if (S_ISDIR(old_mode)) {
        mode &= ~(mode_t)(S_ISVTX | S_ISGID);
        mode |= attributes & FILE_ATTRIBUTE_HIDDEN ? S_ISVTX : 0;
        mode |= attributes & FILE_ATTRIBUTE_SYSTEM ? S_ISGID : 0;
        return mode;
    }
    mode &= ~(mode_t)S_ISVTX;
    mode |= attributes & FILE_ATTRIBUTE_ARCHIVE ? 0 : S_ISVTX;
    if (attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM))
        mode &= ~(mode_t)S_IXUSR;
    if (!(mode & S_IXUSR)) {
        mode &= ~(mode_t)(S_IXOTH | S_IXGRP);
        mode |= attributes & FILE_ATTRIBUTE_HIDDEN ? S_IXOTH : 0;
        mode |= attributes & FILE_ATTRIBUTE_SYSTEM ? S_IXGRP : 0;
    }
    return mode;
}

/* ---- by name ---- */

static BOOL stat_by_name(LPCWSTR name, struct stat *ret_stat, DWORD *ret_attributes)
{
    auto_path path;
    DWORD error = path_parse_and_find_stream(name, &path, ret_stat);

    if (!error && path.kind == PATH_FILE)
        error = file_node_check(&path, ret_stat, 0); /* a file to be deleted shows nothing */
    if (error)
        return win_fail(error);
    *ret_attributes = attributes_of(&path, ret_stat);
    return TRUE;
}

DWORD WINAPI GetFileAttributesW(LPCWSTR name)
{
    struct stat st;
    DWORD attributes;

    return stat_by_name(name, &st, &attributes) ? attributes : INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return GetFileAttributesW(wide);
}

BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID ret_data)
{
    WIN32_FILE_ATTRIBUTE_DATA *data = ret_data;
    DWORD attributes;
    struct stat st;

    if (level != GetFileExInfoStandard)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!stat_by_name(name, &st, &attributes))
        return FALSE;
    uint64_t size = attributes_size(&st);
    *data = (WIN32_FILE_ATTRIBUTE_DATA){
        .dwFileAttributes = attributes,
        .ftCreationTime = attributes_creation_time(&st),
        .ftLastAccessTime = attributes_filetime(&st.st_atim),
        .ftLastWriteTime = attributes_filetime(&st.st_mtim),
        .nFileSizeHigh = (DWORD)(size >> 32),
        .nFileSizeLow = (DWORD)size,
    };
    return TRUE;
}

BOOL WINAPI GetFileAttributesExA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID ret_data)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return GetFileAttributesExW(wide, level, ret_data);
}

BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find_stream(name, &path, &st);

    if (!error)
        error = file_node_check(&path, &st, 0);
    if (error)
        return win_fail(error);
    int failed = storage_chmod(&path, attributes_to_mode(attributes, st.st_mode));
    return failed ? win_fail_errno(failed) : TRUE;
}

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return SetFileAttributesW(wide, attributes);
}

BOOL WINAPI PathFileExistsW(LPCWSTR name)
{
    return GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathFileExistsA(LPCSTR name)
{
    return GetFileAttributesA(name) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathIsDirectoryW(LPCWSTR name)
{
    DWORD attributes = GetFileAttributesW(name);

    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

BOOL WINAPI PathIsDirectoryA(LPCSTR name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return PathIsDirectoryW(wide);
}
