/* SPDX-License-Identifier: MIT */
/* Locks on bytes of a file (Learn: "LockFile", "LockFileEx", "Locking and Unlocking Byte Ranges in
 * Files"). They hold between the handles of this process and end with their handle's file. */
#include "fakes/windows/file_io.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/io_request.h"

static uint64_t join(DWORD low, DWORD high)
{
    return (uint64_t)high << 32 | low;
}

/* A handle that may read or write: the file behind it, whose bytes can be locked. */
static struct object *get_lockable(HANDLE handle)
{
    const DWORD one_of_these[] = { FILE_READ_DATA, FILE_WRITE_DATA };
    struct object *object = NULL;

    for (int i = 0; i < 2 && !object; i++) {
        object = handle_get(handle, &file_class, one_of_these[i]);
        if (!object && GetLastError() != ERROR_ACCESS_DENIED)
            return NULL;
    }
    if (!object || ((struct file *)object)->node)
        return object;
    object_unref(object);
    SetLastError(ERROR_INVALID_FUNCTION); /* a device or a pipe */
    return NULL;
}

static DWORD lock(struct file *file, uint64_t start, uint64_t length, bool is_exclusive, bool waits)
{
    if (length && start + (length - 1) < start)
        return ERROR_INVALID_LOCK_RANGE;
    return file_node_lock(file, start, length, is_exclusive, waits);
}

static BOOL unlock(HANDLE handle, uint64_t start, uint64_t length)
{
    auto_object struct object *object = get_lockable(handle);

    if (!object)
        return FALSE;
    DWORD error = file_node_unlock((struct file *)object, start, length);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI LockFile(HANDLE handle, DWORD low, DWORD high, DWORD length_low, DWORD length_high)
{
    auto_object struct object *object = get_lockable(handle);

    if (!object)
        return FALSE;
    DWORD error =
        lock((struct file *)object, join(low, high), join(length_low, length_high), true, false);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI UnlockFile(HANDLE handle, DWORD low, DWORD high, DWORD length_low, DWORD length_high)
{
    return unlock(handle, join(low, high), join(length_low, length_high));
}

BOOL WINAPI LockFileEx(HANDLE handle, DWORD flags, DWORD reserved, DWORD length_low,
                       DWORD length_high, LPOVERLAPPED overlapped)
{
    if (reserved || !overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    auto_object struct object *object = get_lockable(handle);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_LOCK,
                                  .start = join(overlapped->Offset, overlapped->OffsetHigh),
                                  .length = join(length_low, length_high),
                                  .is_exclusive = flags & LOCKFILE_EXCLUSIVE_LOCK,
                                  .overlapped = overlapped };
    if (!object)
        return FALSE;
    bool may_wait = !(flags & LOCKFILE_FAIL_IMMEDIATELY);
    bool goes_on = may_wait && request.file->flags & FILE_FLAG_OVERLAPPED;
    DWORD error = lock(request.file, request.start, request.length, request.is_exclusive,
                       may_wait && !goes_on);
    if (error == ERROR_LOCK_VIOLATION && goes_on) {
        error = io_request_submit(&request);
        return win_fail(error ? error : ERROR_IO_PENDING);
    }
    return file_io_end(request.file, overlapped, error, 0, NULL);
}

BOOL WINAPI UnlockFileEx(HANDLE handle, DWORD reserved, DWORD length_low, DWORD length_high,
                         LPOVERLAPPED overlapped)
{
    if (reserved || !overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    return unlock(handle, join(overlapped->Offset, overlapped->OffsetHigh),
                  join(length_low, length_high));
}
