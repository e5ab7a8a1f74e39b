/* SPDX-License-Identifier: MIT */
/* Reading and writing by handle, positions and sizes (Learn: "File Management Functions").
 * Overlapped calls are done when they return. */
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"

#include <sys/stat.h>

static int64_t overlapped_offset(const OVERLAPPED *overlapped)
{
    return (int64_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset);
}

/* Tells the caller, and whoever waits for it, how it went. */
static BOOL complete(OVERLAPPED *overlapped, DWORD error, size_t n, LPDWORD ret_n)
{
    if (ret_n)
        *ret_n = (DWORD)n;
    if (overlapped) {
        overlapped->Internal = error;
        overlapped->InternalHigh = n;
        if (overlapped->hEvent)
            SetEvent((HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1));
    }
    return error ? win_fail(error) : TRUE;
}

static DWORD read_at(struct file *file, void *buffer, DWORD size, const OVERLAPPED *overlapped,
                     size_t *ret_n)
{
    pthread_mutex_lock(&file->lock);
    int64_t at = overlapped && !file->is_stream ? overlapped_offset(overlapped) : file->position;
    ssize_t n = storage_read(&file->storage, buffer, size, at);
    if (n > 0)
        file->position = at + n;
    pthread_mutex_unlock(&file->lock);
    *ret_n = n > 0 ? (size_t)n : 0;
    if (n < 0)
        return win_error_from_errno((int)n);
    return overlapped && !n && size ? ERROR_HANDLE_EOF : ERROR_SUCCESS;
}

BOOL WINAPI ReadFile(HANDLE handle, LPVOID buffer, DWORD size, LPDWORD ret_n,
                     LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_READ_DATA);
    struct file *file = (struct file *)object;
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (file->is_directory || file->is_device)
        return win_fail(file->is_device ? ERROR_NOT_SUPPORTED : ERROR_INVALID_FUNCTION);
    DWORD error = read_at(file, buffer, size, overlapped, &n);
    return complete(overlapped, error, n, ret_n);
}

/* A change sets the archive bit, if a backup had taken it away. */
static void set_archive_bit(struct file *file)
{
    struct stat st;

    if (file->has_archive_bit)
        return;
    file->has_archive_bit = true;
    if (storage_stat_file(&file->storage, &st) == 0)
        storage_chmod(&file->path, st.st_mode & 07777 & ~(mode_t)S_ISVTX);
}

static DWORD write_at(struct file *file, const void *buffer, DWORD size,
                      const OVERLAPPED *overlapped, size_t *ret_n)
{
    bool appends = !(file->access & FILE_WRITE_DATA) ||
                   (overlapped && overlapped->Offset == ~0u && overlapped->OffsetHigh == ~0u);
    struct stat st;

    pthread_mutex_lock(&file->lock);
    int64_t at = overlapped ? overlapped_offset(overlapped) : file->position;
    if (file->is_stream)
        at = 0;
    else if (appends)
        at = storage_stat_file(&file->storage, &st) == 0 ? st.st_size : 0;
    ssize_t n = storage_write(&file->storage, buffer, size, at);
    if (n > 0)
        file->position = at + n;
    set_archive_bit(file);
    pthread_mutex_unlock(&file->lock);
    *ret_n = n > 0 ? (size_t)n : 0;
    return n < 0 ? win_error_from_errno((int)n) : ERROR_SUCCESS;
}

BOOL WINAPI WriteFile(HANDLE handle, LPCVOID buffer, DWORD size, LPDWORD ret_n,
                      LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (!file_wants_write(file))
        return win_fail(ERROR_ACCESS_DENIED);
    if (file->is_device)
        return win_fail(ERROR_NOT_SUPPORTED);
    DWORD error = size ? write_at(file, buffer, size, overlapped, &n) : ERROR_SUCCESS;
    return complete(overlapped, error, n, ret_n);
}

BOOL WINAPI GetOverlappedResult(HANDLE handle, LPOVERLAPPED overlapped, LPDWORD ret_n, BOOL wait)
{
    (void)handle;
    (void)wait;
    *ret_n = (DWORD)overlapped->InternalHigh;
    return overlapped->Internal ? win_fail((DWORD)overlapped->Internal) : TRUE;
}

BOOL WINAPI FlushFileBuffers(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;

    if (!object)
        return FALSE;
    if (!file_wants_write(file))
        return win_fail(ERROR_ACCESS_DENIED);
    int error = file->is_device ? 0 : storage_sync(&file->storage);
    return error ? win_fail_errno(error) : TRUE;
}

/* ---- positions and sizes ---- */

static BOOL size_of(struct file *file, int64_t *ret_size)
{
    struct stat st;

    if (file->is_stream || file->is_device)
        return win_fail(ERROR_INVALID_PARAMETER);
    int error = storage_stat_file(&file->storage, &st);
    *ret_size = error || S_ISDIR(st.st_mode) ? 0 : st.st_size;
    return error ? win_fail_errno(error) : TRUE;
}

BOOL WINAPI SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, LARGE_INTEGER *ret_position,
                             DWORD method)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    int64_t from = 0;

    if (!object)
        return FALSE;
    if (method > FILE_END || file->is_stream)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (method == FILE_END && !size_of(file, &from))
        return FALSE;
    pthread_mutex_lock(&file->lock);
    if (method == FILE_CURRENT)
        from = file->position;
    bool is_valid = from + distance.QuadPart >= 0;
    if (is_valid)
        file->position = from + distance.QuadPart;
    int64_t position = file->position;
    pthread_mutex_unlock(&file->lock);
    if (!is_valid)
        return win_fail(ERROR_NEGATIVE_SEEK);
    if (ret_position)
        ret_position->QuadPart = position;
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE handle, LONG low, LONG *high, DWORD method)
{
    LARGE_INTEGER distance = {
        .QuadPart = high ? (int64_t)((uint64_t)(uint32_t)*high << 32 | (uint32_t)low) : low
    };
    LARGE_INTEGER position;

    if (!SetFilePointerEx(handle, distance, &position, method))
        return INVALID_SET_FILE_POINTER;
    if (!high && position.QuadPart > INT32_MAX) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    if (high)
        *high = position.HighPart;
    SetLastError(ERROR_SUCCESS); /* 0xFFFFFFFF may be a position */
    return position.LowPart;
}

BOOL WINAPI GetFileSizeEx(HANDLE handle, PLARGE_INTEGER ret_size)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    int64_t size;

    if (!object || !size_of((struct file *)object, &size))
        return FALSE;
    ret_size->QuadPart = size;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE handle, LPDWORD ret_high)
{
    LARGE_INTEGER size;

    if (!GetFileSizeEx(handle, &size))
        return INVALID_FILE_SIZE;
    if (ret_high)
        *ret_high = (DWORD)size.HighPart;
    SetLastError(ERROR_SUCCESS);
    return size.LowPart;
}

BOOL WINAPI SetEndOfFile(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_WRITE_DATA);
    struct file *file = (struct file *)object;

    if (!object)
        return FALSE;
    if (file->is_directory || file->is_device)
        return win_fail(ERROR_INVALID_HANDLE);
    pthread_mutex_lock(&file->lock);
    int error = storage_truncate(&file->storage, file->position);
    set_archive_bit(file);
    pthread_mutex_unlock(&file->lock);
    return error ? win_fail_errno(error) : TRUE;
}

DWORD WINAPI GetFileType(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    struct stat st;

    if (!object)
        return FILE_TYPE_UNKNOWN;
    SetLastError(ERROR_SUCCESS);
    if (!file->is_stream)
        return FILE_TYPE_DISK;
    if (storage_stat_file(&file->storage, &st) != 0)
        return FILE_TYPE_UNKNOWN;
    return S_ISCHR(st.st_mode)   ? FILE_TYPE_CHAR
           : S_ISREG(st.st_mode) ? FILE_TYPE_DISK
                                 : FILE_TYPE_PIPE;
}
