/* SPDX-License-Identifier: MIT */
/* Whole files by CreateFileW, ReadFile and WriteFile (betest_files.h): copying, reading documents,
 * writing them so that an old one is replaced only by a complete new one. */
#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_com.h"

#include "emu/base/str.h"

#include <string.h>
#include <sys/stat.h>

#define COPY_SIZE (64u << 10) /* below the size from which malloc maps pages each time */

#define auto_handle __attribute__((cleanup(close_handle_)))
static void close_handle_(HANDLE *handle)
{
    if (*handle != INVALID_HANDLE_VALUE)
        CloseHandle(*handle);
}

static HANDLE open_file(const char *path, DWORD access, DWORD share, DWORD how)
{
    auto_wide WCHAR *name = wide(path);

    return CreateFileW(name, access, share, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
}

static const DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/* The last separator of either kind, NULL if there is none. */
static char *last_separator(char *path)
{
    char *slash = strrchr(path, '/'), *backslash = strrchr(path, '\\');

    return slash > backslash ? slash : backslash;
}

bool files_exists(const char *path)
{
    auto_wide WCHAR *name = wide(path);

    return GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES;
}

bool files_is_directory(const char *path)
{
    auto_wide WCHAR *name = wide(path);
    DWORD attributes = GetFileAttributesW(name);

    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

/* Devices and pipes are the host's alone, and opening one to ask what it is may wait. */
bool files_can_be_written(const char *path)
{
    struct stat st;

    return !files_is_directory(path) && (stat(path, &st) < 0 || S_ISREG(st.st_mode));
}

/* What is there already is fine; a root always is. */
uint32_t files_make_directories(const char *path)
{
    auto_wide WCHAR *name = wide(path);

    if (!*path || path[strlen(path) - 1] == ':' || files_exists(path) ||
        CreateDirectoryW(name, NULL))
        return 0;
    DWORD error = GetLastError();
    if (error == ERROR_ALREADY_EXISTS)
        return 0;
    auto_free char *parent = mem_strdup(path);
    char *end = last_separator(parent);
    if (!end || error != ERROR_PATH_NOT_FOUND)
        return error;
    *end = 0;
    error = files_make_directories(parent);
    if (error)
        return error;
    return CreateDirectoryW(name, NULL) ? 0 : GetLastError();
}

static HANDLE create_with_directories(const char *path, DWORD how)
{
    HANDLE handle = open_file(path, GENERIC_WRITE, 0, how);

    if (handle != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PATH_NOT_FOUND)
        return handle;
    auto_free char *parent = mem_strdup(path);
    char *end = last_separator(parent);
    if (!end)
        return INVALID_HANDLE_VALUE;
    *end = 0;
    uint32_t error = files_make_directories(parent);
    if (error) {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    return open_file(path, GENERIC_WRITE, 0, how);
}

static uint32_t write_all(HANDLE to, const char *bytes, size_t size)
{
    while (size > 0) {
        DWORD chunk = size > COPY_SIZE ? COPY_SIZE : (DWORD)size;
        DWORD written = 0;

        if (!WriteFile(to, bytes, chunk, &written, NULL))
            return GetLastError();
        if (written == 0)
            return ERROR_DISK_FULL;
        bytes += written;
        size -= written;
    }
    return 0;
}

static uint32_t copy_data(HANDLE from, HANDLE to, uint64_t *ret_bytes)
{
    auto_free char *buffer = mem_alloc(COPY_SIZE);
    FILETIME created, accessed, written;

    for (;;) {
        DWORD size = 0;

        if (!ReadFile(from, buffer, COPY_SIZE, &size, NULL))
            return GetLastError();
        if (size == 0)
            break;
        uint32_t error = write_all(to, buffer, size);
        if (error)
            return error;
        *ret_bytes += size;
    }
    /* Times help a later comparison; a copy without them is a copy all the same. */
    if (GetFileTime(from, &created, &accessed, &written))
        SetFileTime(to, &created, &accessed, &written);
    return 0;
}

uint32_t files_copy(const char *from, const char *to, uint64_t *ret_bytes)
{
    auto_handle HANDLE source = open_file(from, GENERIC_READ, share_all, OPEN_EXISTING);
    bool is_new = !files_exists(to);
    uint32_t error;

    *ret_bytes = 0;
    if (source == INVALID_HANDLE_VALUE)
        return GetLastError();
    {
        auto_handle HANDLE target = create_with_directories(to, CREATE_ALWAYS);

        if (target == INVALID_HANDLE_VALUE)
            return GetLastError();
        error = copy_data(source, target, ret_bytes);
    }
    auto_wide WCHAR *name = wide(to), *source_name = wide(from);
    DWORD attributes = GetFileAttributesW(source_name);
    if (error && is_new)
        DeleteFileW(name);
    else if (!error && attributes != INVALID_FILE_ATTRIBUTES &&
             (attributes & FILE_ATTRIBUTE_READONLY))
        SetFileAttributesW(name, attributes);
    return error;
}

/* ---- parts of files ---- */

static uint32_t seek(HANDLE handle, uint64_t offset)
{
    LARGE_INTEGER at = { .QuadPart = (LONGLONG)offset };

    return SetFilePointerEx(handle, at, NULL, FILE_BEGIN) ? 0 : GetLastError();
}

static uint32_t copy_range(HANDLE source, HANDLE target, const struct range *from, uint64_t to,
                           char *buffer, uint64_t *bytes)
{
    uint64_t left = from->length;
    uint32_t error = seek(source, from->offset);

    if (!error)
        error = seek(target, to);
    while (!error && left > 0) {
        DWORD size = 0;

        if (!ReadFile(source, buffer, left > COPY_SIZE ? COPY_SIZE : (DWORD)left, &size, NULL))
            return GetLastError();
        if (size == 0)
            return 0;
        error = write_all(target, buffer, size);
        *bytes += size;
        left -= size;
    }
    return error;
}

uint32_t files_copy_ranges(const char *from, const struct ranges *from_ranges, const char *to,
                           const struct ranges *to_ranges, uint64_t *ret_bytes)
{
    auto_handle HANDLE source = open_file(from, GENERIC_READ, share_all, OPEN_EXISTING);
    auto_free char *buffer = mem_alloc(COPY_SIZE);
    uint32_t error = 0;

    *ret_bytes = 0;
    if (source == INVALID_HANDLE_VALUE)
        return GetLastError();
    auto_handle HANDLE target = create_with_directories(to, OPEN_ALWAYS);
    if (target == INVALID_HANDLE_VALUE)
        return GetLastError();
    for (size_t i = 0; !error && i < from_ranges->items.count; i++) {
        const struct range *range = &from_ranges->items.items[i];
        uint64_t offset = to_ranges ? to_ranges->items.items[i].offset : range->offset;

        error = copy_range(source, target, range, offset, buffer, ret_bytes);
    }
    return error;
}

bool files_stat(const char *path, uint64_t *ret_size, uint64_t *ret_write_time)
{
    auto_wide WCHAR *name = wide(path);
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data))
        return false;
    *ret_size = (uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    *ret_write_time =
        (uint64_t)data.ftLastWriteTime.dwHighDateTime << 32 | data.ftLastWriteTime.dwLowDateTime;
    return true;
}

uint32_t files_copy_at_reboot(const char *from, const char *to, uint64_t *ret_bytes)
{
    auto_free char *beside = str_printf("%s.restored", to);
    auto_wide WCHAR *name = wide(beside), *target = wide(to);
    uint32_t error = files_copy(from, beside, ret_bytes);

    if (error)
        return error;
    if (MoveFileExW(name, target, MOVEFILE_DELAY_UNTIL_REBOOT | MOVEFILE_REPLACE_EXISTING))
        return 0;
    error = GetLastError();
    DeleteFileW(name);
    return error;
}

uint32_t files_can_replace(const char *path)
{
    if (!files_exists(path))
        return 0;
    auto_handle HANDLE handle =
        open_file(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, OPEN_EXISTING);
    return handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

bool files_directory_is_empty(const char *path)
{
    auto_free char *pattern = str_printf("%s/*", path);
    auto_wide WCHAR *name = wide(pattern);
    WIN32_FIND_DATAW found;
    HANDLE find = FindFirstFileW(name, &found);
    bool is_empty = true;

    if (find == INVALID_HANDLE_VALUE)
        return true;
    do
        is_empty = found.cFileName[0] == '.' &&
                   (!found.cFileName[1] || (found.cFileName[1] == '.' && !found.cFileName[2]));
    while (is_empty && FindNextFileW(find, &found));
    FindClose(find);
    return is_empty;
}

uint32_t files_read(const char *path, char **ret_bytes, size_t *ret_size)
{
    auto_handle HANDLE handle = open_file(path, GENERIC_READ, share_all, OPEN_EXISTING);
    auto_str struct str bytes = { 0 };
    auto_free char *buffer = mem_alloc(COPY_SIZE);
    DWORD size = 0;

    if (handle == INVALID_HANDLE_VALUE)
        return GetLastError();
    do {
        if (!ReadFile(handle, buffer, COPY_SIZE, &size, NULL))
            return GetLastError();
        str_add_bytes(&bytes, buffer, size);
    } while (size > 0);
    *ret_size = bytes.length;
    *ret_bytes = str_take(&bytes);
    return 0;
}

uint32_t files_write(const char *path, const char *bytes, size_t size)
{
    auto_free char *new_path = str_printf("%s.new", path);
    auto_wide WCHAR *name = wide(path), *new_name = wide(new_path);
    uint32_t error;

    if (!files_can_be_written(path) || !files_can_be_written(new_path))
        return ERROR_ACCESS_DENIED;
    {
        auto_handle HANDLE handle = create_with_directories(new_path, CREATE_ALWAYS);

        if (handle == INVALID_HANDLE_VALUE)
            return GetLastError();
        error = write_all(handle, bytes, size);
        if (!error && !FlushFileBuffers(handle))
            error = GetLastError();
    }
    if (!error && !MoveFileExW(new_name, name, MOVEFILE_REPLACE_EXISTING))
        error = GetLastError();
    if (error)
        DeleteFileW(new_name);
    return error;
}
