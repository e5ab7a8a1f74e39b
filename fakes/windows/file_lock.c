/* SPDX-License-Identifier: MIT */
/* Locks on bytes of a file (Learn: "LockFile", "LockFileEx", "Locking and Unlocking Byte Ranges in
 * Files"). They hold between the handles of this process and end with their handle's file. */
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"

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

static BOOL lock(HANDLE handle, uint64_t start, uint64_t length, DWORD flags)
{
    auto_object struct object *object = get_lockable(handle);

    if (!object)
        return FALSE;
    if (length && start + (length - 1) < start)
        return win_fail(ERROR_INVALID_LOCK_RANGE);
    DWORD error =
        file_node_lock((struct file *)object, start, length, flags & LOCKFILE_EXCLUSIVE_LOCK,
                       !(flags & LOCKFILE_FAIL_IMMEDIATELY));
    return error ? win_fail(error) : TRUE;
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
    return lock(handle, join(low, high), join(length_low, length_high),
                LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY);
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
    if (!lock(handle, join(overlapped->Offset, overlapped->OffsetHigh),
              join(length_low, length_high), flags))
        return FALSE;
    overlapped->Internal = 0;
    if (overlapped->hEvent)
        SetEvent(overlapped->hEvent);
    return TRUE;
}

BOOL WINAPI UnlockFileEx(HANDLE handle, DWORD reserved, DWORD length_low, DWORD length_high,
                         LPOVERLAPPED overlapped)
{
    if (reserved || !overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    return unlock(handle, join(overlapped->Offset, overlapped->OffsetHigh),
                  join(length_low, length_high));
}
