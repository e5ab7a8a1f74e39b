/* SPDX-License-Identifier: MIT */
/* See files.h: remove, rename, _mkdir, _access, _stat and their wide forms. */
#include "fakes/windows/crt/files.h"

#include "fakes/windows/crt/parameter.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/fold.h"

#include <errno.h>
#include <string.h>

/* Learn: "_access" (mode), "_stat" (st_mode) */
#define MAY_WRITE    2
#define MODE_DIR     0x4000
#define MODE_REGULAR 0x8000
#define MODE_READ    0x0124 /* for owner, group and others alike */
#define MODE_WRITE   0x0092
#define MODE_EXECUTE 0x0049

int files_errno(DWORD error)
{
    static const struct {
        DWORD code;
        int error;
    } rows[] = {
        { ERROR_FILE_NOT_FOUND, ENOENT },      { ERROR_PATH_NOT_FOUND, ENOENT },
        { ERROR_INVALID_DRIVE, ENOENT },       { ERROR_NO_MORE_FILES, ENOENT },
        { ERROR_BAD_NETPATH, ENOENT },         { ERROR_BAD_NET_NAME, ENOENT },
        { ERROR_BAD_PATHNAME, ENOENT },        { ERROR_FILENAME_EXCED_RANGE, ENOENT },
        { ERROR_ACCESS_DENIED, EACCES },       { ERROR_WRITE_PROTECT, EACCES },
        { ERROR_SHARING_VIOLATION, EACCES },   { ERROR_LOCK_VIOLATION, EACCES },
        { ERROR_CURRENT_DIRECTORY, EACCES },   { ERROR_NETWORK_ACCESS_DENIED, EACCES },
        { ERROR_CANNOT_MAKE, EACCES },         { ERROR_NOT_LOCKED, EACCES },
        { ERROR_FILE_EXISTS, EEXIST },         { ERROR_ALREADY_EXISTS, EEXIST },
        { ERROR_DIR_NOT_EMPTY, ENOTEMPTY },    { ERROR_NOT_SAME_DEVICE, EXDEV },
        { ERROR_INVALID_HANDLE, EBADF },       { ERROR_DISK_FULL, ENOSPC },
        { ERROR_TOO_MANY_OPEN_FILES, EMFILE }, { ERROR_NOT_ENOUGH_MEMORY, ENOMEM },
        { ERROR_BROKEN_PIPE, EPIPE },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == error)
            return rows[i].error;
    }
    return EINVAL;
}

/* 0, or -1 with errno from the last error. */
static int answer(BOOL is_done)
{
    if (is_done)
        return 0;
    errno = files_errno(GetLastError());
    return -1;
}

static int missing(const char *function)
{
    crt_invalid_parameter(function, EINVAL);
    return -1;
}

/* Each function twice: the wide form works, the narrow one translates. */

int w16__wremove(const wchar_t *path)
{
    return path ? answer(DeleteFileW((LPCWSTR)path)) : missing("_wremove");
}

int w16_remove(const char *path)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wremove(wide);
}

/* Learn: "rename, _wrename": an existing file is not replaced (EEXIST). */
int w16__wrename(const wchar_t *from, const wchar_t *to)
{
    if (!from || !to)
        return missing("_wrename");
    return answer(MoveFileExW((LPCWSTR)from, (LPCWSTR)to, MOVEFILE_COPY_ALLOWED));
}

int w16_rename(const char *from, const char *to)
{
    auto_free wchar_t *wide_from = utf16_from_utf8(from);
    auto_free wchar_t *wide_to = utf16_from_utf8(to);

    return w16__wrename(wide_from, wide_to);
}

int w16__wmkdir(const wchar_t *path)
{
    return path ? answer(CreateDirectoryW((LPCWSTR)path, NULL)) : missing("_wmkdir");
}

int w16__mkdir(const char *path)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wmkdir(wide);
}

int w16__wrmdir(const wchar_t *path)
{
    return path ? answer(RemoveDirectoryW((LPCWSTR)path)) : missing("_wrmdir");
}

int w16__rmdir(const char *path)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wrmdir(wide);
}

int w16__waccess(const wchar_t *path, int mode)
{
    if (!path || mode & ~6)
        return missing("_waccess");
    DWORD attributes = GetFileAttributesW((LPCWSTR)path);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return answer(FALSE);
    bool is_directory = attributes & FILE_ATTRIBUTE_DIRECTORY;
    if (!(mode & MAY_WRITE) || is_directory || !(attributes & FILE_ATTRIBUTE_READONLY))
        return 0;
    errno = EACCES;
    return -1;
}

int w16__access(const char *path, int mode)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__waccess(wide, mode);
}

/* Writing is all that can be taken away. */
int w16__wchmod(const wchar_t *path, int mode)
{
    if (!path)
        return missing("_wchmod");
    DWORD attributes = GetFileAttributesW((LPCWSTR)path);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return answer(FALSE);
    attributes &= ~(DWORD)FILE_ATTRIBUTE_READONLY;
    attributes |= mode & MODE_WRITE ? 0 : (DWORD)FILE_ATTRIBUTE_READONLY;
    return answer(SetFileAttributesW((LPCWSTR)path, attributes));
}

int w16__chmod(const char *path, int mode)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wchmod(wide, mode);
}

int w16__wchdir(const wchar_t *path)
{
    return path ? answer(SetCurrentDirectoryW((LPCWSTR)path)) : missing("_wchdir");
}

int w16__chdir(const char *path)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wchdir(wide);
}

/* ---- _stat ---- */

static bool is_program(const wchar_t *path)
{
    static const char *const endings[] = { ".exe", ".com", ".bat", ".cmd" };
    auto_free char *utf8 = utf8_from_utf16(path);
    size_t length = strlen(utf8);

    for (size_t i = 0; i < 4 && length > 4; i++) {
        if (fold_compare(utf8 + length - 4, endings[i]) == 0)
            return true;
    }
    return false;
}

static unsigned short mode_of(const wchar_t *path, DWORD attributes)
{
    bool is_directory = attributes & FILE_ATTRIBUTE_DIRECTORY;
    unsigned mode = MODE_READ | (is_directory ? MODE_DIR : MODE_REGULAR);

    if (!(attributes & FILE_ATTRIBUTE_READONLY) || is_directory)
        mode |= MODE_WRITE;
    if (is_directory || is_program(path))
        mode |= MODE_EXECUTE;
    return (unsigned short)mode;
}

static unsigned drive_of(const wchar_t *path)
{
    return path[0] && path[1] == ':' ? (unsigned)(fold_upper(path[0]) - 'A') : 0;
}

int w16__wstat64(const wchar_t *path, struct files_stat *ret_stat)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!path || !ret_stat)
        return missing("_wstat64");
    if (!GetFileAttributesExW((LPCWSTR)path, GetFileExInfoStandard, &data)) {
        errno = ENOENT; /* Learn: "_stat": the one error besides a bad parameter */
        return -1;
    }
    *ret_stat = (struct files_stat){
        .st_dev = drive_of(path),
        .st_rdev = drive_of(path),
        .st_mode = mode_of(path, data.dwFileAttributes),
        .st_nlink = 1,
        .st_size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
        .access_time = attributes_timespec(&data.ftLastAccessTime),
        .write_time = attributes_timespec(&data.ftLastWriteTime),
        .creation_time = attributes_timespec(&data.ftCreationTime),
    };
    return 0;
}

int w16__stat64(const char *path, struct files_stat *ret_stat)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wstat64(wide, ret_stat);
}
