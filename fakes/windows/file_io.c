/* SPDX-License-Identifier: MIT */
/* Reading and writing by handle, positions and sizes (Learn: "File Management Functions"). */
#include "fakes/windows/file_io.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/completion_port.h"
#include "fakes/windows/overlapped/io_request.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

BOOL file_io_end(struct file *file, OVERLAPPED *overlapped, DWORD error, size_t n, LPDWORD ret_n)
{
    bool is_over = !error || error == ERROR_MORE_DATA;

    if (ret_n)
        *ret_n = (DWORD)n;
    if (!overlapped)
        return error ? win_fail(error) : TRUE;
    io_set_result(overlapped, error, n);
    if (overlapped->hEvent && is_over)
        SetEvent((HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1));
    if (file->port && is_over && !((ULONG_PTR)overlapped->hEvent & 1)) {
        const struct completion_packet packet = { file->completion_key, overlapped, (DWORD)n,
                                                  error };
        completion_port_post(file->port, &packet);
    }
    return error ? win_fail(error) : TRUE;
}

/* Whether the call itself is right. Learn: "ReadFile" (lpOverlapped), "File Buffering". */
static DWORD check_call(const struct file *file, DWORD size, const OVERLAPPED *overlapped,
                        const void *buffer)
{
    int64_t at = overlapped ? overlapped_offset(overlapped) : file->position;

    if (file->is_device && !file->has_sectors)
        return ERROR_NOT_SUPPORTED;
    if (file->is_device && ((uint64_t)at % FILE_SECTOR || size % FILE_SECTOR))
        return ERROR_INVALID_PARAMETER; /* Learn: "File Buffering": volumes take whole sectors */
    if (file->is_directory)
        return ERROR_INVALID_FUNCTION;
    if (file->flags & FILE_FLAG_OVERLAPPED && !overlapped && !file->is_stream)
        return ERROR_INVALID_PARAMETER;
    if (file->flags & FILE_FLAG_NO_BUFFERING && !file->is_stream &&
        ((uint64_t)at % FILE_SECTOR || size % FILE_SECTOR || (uintptr_t)buffer % 2))
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

/* The position of a file that another process has open, too, is where both can see it. */
static void take_position(struct file *file)
{
    off_t at = file->has_shared_position ? lseek(file->shared_fd, 0, SEEK_CUR) : -1;

    if (at >= 0)
        file->position = at;
}

static void set_position(struct file *file, int64_t position)
{
    file->position = position;
    if (file->has_shared_position)
        lseek(file->shared_fd, position, SEEK_SET);
}

/* The host moves the position together with the transfer: two processes that write one after the
 * other do not overwrite each other. */
static ssize_t transfer_at_position(struct file *file, void *to, const void *from, size_t size)
{
    ssize_t n = to ? read(file->shared_fd, to, size) : write(file->shared_fd, from, size);

    return n < 0 ? -errno : n;
}

/* The position belongs to calls without an OVERLAPPED of their own. */
static void lock_position(struct file *file, const OVERLAPPED *overlapped)
{
    if (overlapped && file->flags & FILE_FLAG_OVERLAPPED)
        return;
    pthread_mutex_lock(&file->lock);
    take_position(file);
}

static void unlock_position(struct file *file, const OVERLAPPED *overlapped)
{
    if (!overlapped || !(file->flags & FILE_FLAG_OVERLAPPED))
        pthread_mutex_unlock(&file->lock);
}

/* A wait that other threads of a virtual world may run beside: they may be at the other end. */
static void wait_for_pipe(const struct file *file, short events)
{
    struct pollfd fd = { .fd = file->storage.fd, .events = events };

    while (file->is_pipe && poll(&fd, 1, -1) < 0 && errno == EINTR)
        ;
}

DWORD file_io_read(struct file *file, void *buffer, DWORD size, const OVERLAPPED *overlapped,
                   size_t *ret_n)
{
    ssize_t n = 0;

    lock_position(file, overlapped);
    int64_t at = overlapped && !file->is_stream ? overlapped_offset(overlapped) : file->position;
    DWORD error = check_call(file, size, overlapped, buffer);
    if (!error)
        error = file_node_check_locks(file, (uint64_t)at, size, false);
    if (!error && size)
        wait_for_pipe(file, POLLIN);
    if (!error)
        n = file->has_shared_position && !overlapped
                ? transfer_at_position(file, buffer, NULL, size)
                : storage_read(&file->storage, buffer, size, at);
    if (!error && !n && size && file->is_pipe)
        error = ERROR_BROKEN_PIPE; /* Learn: "ReadFile", "Pipes" */
    if (n > 0 && !(overlapped && file->flags & FILE_FLAG_OVERLAPPED))
        set_position(file, at + n);
    unlock_position(file, overlapped);
    *ret_n = n > 0 ? (size_t)n : 0;
    if (n < 0)
        return win_error_from_errno((int)n);
    return !error && overlapped && !n && size ? ERROR_HANDLE_EOF : error;
}

DWORD file_io_check(struct file *file, const struct io_request *request)
{
    bool writes = request->kind == IO_WRITE;
    int64_t at = overlapped_offset(request->overlapped);
    struct stat st;

    DWORD error = check_call(file, request->size, request->overlapped, request->buffer);
    if (!error)
        error = file_node_check_locks(file, (uint64_t)at, request->size, writes);
    if (error || writes || !request->size)
        return error;
    int failed = storage_stat_file(&file->storage, &st);
    return failed             ? win_error_from_errno(failed)
           : at >= st.st_size ? ERROR_HANDLE_EOF
                              : ERROR_SUCCESS;
}

/* Whether the call goes on after it has returned. */
static bool is_asynchronous(const struct file *file, const OVERLAPPED *overlapped)
{
    return overlapped && file->flags & FILE_FLAG_OVERLAPPED && file->node;
}

static BOOL begin(struct io_request *request)
{
    DWORD error = file_io_check(request->file, request);

    if (error)
        return file_io_end(request->file, request->overlapped, error, 0, NULL);
    error = io_request_submit(request);
    return win_fail(error ? error : ERROR_IO_PENDING);
}

BOOL WINAPI ReadFile(HANDLE handle, LPVOID buffer, DWORD size, LPDWORD ret_n,
                     LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_READ_DATA);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_READ,
                                  .buffer = buffer,
                                  .size = size,
                                  .overlapped = overlapped };
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (is_asynchronous(request.file, overlapped))
        return begin(&request);
    DWORD error = file_io_read(request.file, buffer, size, overlapped, &n);
    return file_io_end(request.file, overlapped, error, n, ret_n);
}

/* A change sets the archive bit, if a backup had taken it away. */
static void set_archive_bit(struct file *file)
{
    struct stat st;

    if (__atomic_exchange_n(&file->has_archive_bit, true, __ATOMIC_ACQ_REL))
        return;
    if (file_stat(file, &st) == 0) {
        auto_path path = file_node_path(file);
        storage_chmod(&path, st.st_mode & 07777 & ~(mode_t)S_ISVTX);
    }
}

static void tell_change(struct file *file)
{
    if (!file->node)
        return;
    auto_path path = file_node_path(file);
    changes_tell(&path, FILE_ACTION_MODIFIED,
                 FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_SIZE);
}

static int64_t write_position(struct file *file, const OVERLAPPED *overlapped)
{
    bool appends = !(file->access & FILE_WRITE_DATA) ||
                   (overlapped && overlapped->Offset == ~0u && overlapped->OffsetHigh == ~0u);
    struct stat st;

    if (file->is_stream)
        return 0;
    if (appends)
        return storage_stat_file(&file->storage, &st) == 0 ? st.st_size : 0;
    return overlapped ? overlapped_offset(overlapped) : file->position;
}

DWORD file_io_write(struct file *file, const void *buffer, DWORD size, const OVERLAPPED *overlapped,
                    size_t *ret_n)
{
    ssize_t n = 0;

    lock_position(file, overlapped);
    int64_t at = write_position(file, overlapped);
    DWORD error = check_call(file, size, overlapped, buffer);
    if (!error)
        error = file_node_check_locks(file, (uint64_t)at, size, true);
    if (!error && size)
        wait_for_pipe(file, POLLOUT);
    if (!error && size)
        n = file->has_shared_position && !overlapped && at == file->position
                ? transfer_at_position(file, NULL, buffer, size)
                : storage_write(&file->storage, buffer, size, at);
    if (n > 0 && !(overlapped && file->flags & FILE_FLAG_OVERLAPPED))
        set_position(file, at + n);
    if (n > 0) {
        set_archive_bit(file);
        tell_change(file);
    }
    unlock_position(file, overlapped);
    *ret_n = n > 0 ? (size_t)n : 0;
    return n < 0 ? win_error_from_errno((int)n) : error;
}

/* A handle that may write, be it only at the end. */
static struct object *get_writable(HANDLE handle)
{
    struct object *object = handle_get(handle, &file_class, FILE_WRITE_DATA);

    return object || GetLastError() != ERROR_ACCESS_DENIED
               ? object
               : handle_get(handle, &file_class, FILE_APPEND_DATA);
}

BOOL WINAPI WriteFile(HANDLE handle, LPCVOID buffer, DWORD size, LPDWORD ret_n,
                      LPOVERLAPPED overlapped)
{
    auto_object struct object *object = get_writable(handle);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_WRITE,
                                  .buffer = (void *)(ULONG_PTR)buffer,
                                  .size = size,
                                  .overlapped = overlapped };
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (is_asynchronous(request.file, overlapped))
        return begin(&request);
    DWORD error = file_io_write(request.file, buffer, size, overlapped, &n);
    return file_io_end(request.file, overlapped, error, n, ret_n);
}

BOOL WINAPI FlushFileBuffers(HANDLE handle)
{
    auto_object struct object *object = get_writable(handle);
    struct file *file = (struct file *)object;

    if (!object)
        return FALSE;
    int error = file->is_device && !file->has_sectors ? 0 : storage_sync(&file->storage);
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

/* Moves to a position of at most `limit`: false with the last error set, nothing moved. */
static BOOL move_position(HANDLE handle, int64_t distance, DWORD method, int64_t limit,
                          int64_t *ret_position)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    int64_t from = 0, to;

    if (!object)
        return FALSE;
    if (method > FILE_END || file->is_stream)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (method == FILE_END && !size_of(file, &from))
        return FALSE;
    pthread_mutex_lock(&file->lock);
    take_position(file);
    if (method == FILE_CURRENT)
        from = file->position;
    bool is_too_far = __builtin_add_overflow(from, distance, &to) || to > limit;
    if (!is_too_far && to >= 0)
        set_position(file, to);
    pthread_mutex_unlock(&file->lock);
    if (is_too_far || to < 0)
        return win_fail(is_too_far ? ERROR_INVALID_PARAMETER : ERROR_NEGATIVE_SEEK);
    *ret_position = to;
    return TRUE;
}

BOOL WINAPI SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, LARGE_INTEGER *ret_position,
                             DWORD method)
{
    int64_t position;

    if (!move_position(handle, distance.QuadPart, method, INT64_MAX, &position))
        return FALSE;
    if (ret_position)
        ret_position->QuadPart = position;
    return TRUE;
}

/* Learn: "SetFilePointer": without the high half the position must fit into 32 bits. */
DWORD WINAPI SetFilePointer(HANDLE handle, LONG low, LONG *high, DWORD method)
{
    int64_t distance = high ? (int64_t)((uint64_t)(uint32_t)*high << 32 | (uint32_t)low) : low;
    int64_t position;

    if (!move_position(handle, distance, method, high ? INT64_MAX : UINT32_MAX, &position))
        return INVALID_SET_FILE_POINTER;
    if (high)
        *high = (LONG)(position >> 32);
    SetLastError(ERROR_SUCCESS); /* 0xFFFFFFFF may be a position */
    return (DWORD)position;
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
    take_position(file);
    int error = storage_truncate(&file->storage, file->position);
    set_archive_bit(file);
    tell_change(file);
    pthread_mutex_unlock(&file->lock);
    return error ? win_fail_errno(error) : TRUE;
}

/* Learn: "SetFileValidData": what is between is zero here, not what the disk had. */
BOOL WINAPI SetFileValidData(HANDLE handle, LONGLONG length)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_WRITE_DATA);
    int64_t size;

    if (!object || !size_of((struct file *)object, &size))
        return FALSE;
    return length < 0 || length > size ? win_fail(ERROR_INVALID_PARAMETER) : TRUE;
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
