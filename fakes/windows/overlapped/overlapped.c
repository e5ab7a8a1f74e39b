/* SPDX-License-Identifier: MIT */
/* How a call that is under way ends (Learn: "GetOverlappedResult", "CancelIoEx"), and the calls
 * with completion routines (Learn: "ReadFileEx", "WriteFileEx", "Alertable I/O"). */
#include "fakes/windows/file_io.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/io_request.h"

/* ---- results ---- */

static DWORD status_of(const OVERLAPPED *overlapped)
{
    return (DWORD)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

static bool is_pending(const OVERLAPPED *overlapped)
{
    return io_error_from_status(status_of(overlapped)) == ERROR_IO_PENDING;
}

static DWORD wait_for_end(HANDLE handle, const OVERLAPPED *overlapped, DWORD timeout_ms,
                          BOOL alertable)
{
    HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);

    return WaitForSingleObjectEx(event ? event : handle, timeout_ms, alertable);
}

BOOL WINAPI GetOverlappedResultEx(HANDLE handle, LPOVERLAPPED overlapped, LPDWORD ret_n,
                                  DWORD timeout_ms, BOOL alertable)
{
    if (is_pending(overlapped)) {
        if (!timeout_ms)
            return win_fail(ERROR_IO_INCOMPLETE);
        DWORD result = wait_for_end(handle, overlapped, timeout_ms, alertable);
        if (result == WAIT_FAILED)
            return FALSE;
        if (result != WAIT_OBJECT_0)
            return win_fail(result);
    }
    *ret_n = (DWORD)overlapped->InternalHigh;
    DWORD error = io_error_from_status(status_of(overlapped));
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI GetOverlappedResult(HANDLE handle, LPOVERLAPPED overlapped, LPDWORD ret_n, BOOL wait)
{
    return GetOverlappedResultEx(handle, overlapped, ret_n, wait ? INFINITE : 0, FALSE);
}

/* Learn: "CancelIo": what the calling thread has asked for; what runs already ends by itself. */
BOOL WINAPI CancelIo(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);

    if (!object)
        return FALSE;
    io_request_cancel((struct file *)object, NULL, thread_current());
    return TRUE;
}

BOOL WINAPI CancelIoEx(HANDLE handle, LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);

    if (!object)
        return FALSE;
    return io_request_cancel((struct file *)object, overlapped, NULL) ? TRUE
                                                                      : win_fail(ERROR_NOT_FOUND);
}

/* ---- completion routines ---- */

static BOOL start(struct file *file, struct io_request *request)
{
    if (!(file->flags & FILE_FLAG_OVERLAPPED) || file->is_stream || file->is_device)
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = file_io_check(file, request);
    if (!error || error == ERROR_HANDLE_EOF) /* Learn: the routine hears of the end of the file */
        error = io_request_submit(request);
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

BOOL WINAPI ReadFileEx(HANDLE handle, LPVOID buffer, DWORD size, LPOVERLAPPED overlapped,
                       LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_READ_DATA);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_READ,
                                  .buffer = buffer,
                                  .size = size,
                                  .overlapped = overlapped,
                                  .routine = routine };

    if (!object)
        return FALSE;
    if (!overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    return start(request.file, &request);
}

BOOL WINAPI WriteFileEx(HANDLE handle, LPCVOID buffer, DWORD size, LPOVERLAPPED overlapped,
                        LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_WRITE_DATA);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_WRITE,
                                  .buffer = (void *)(ULONG_PTR)buffer,
                                  .size = size,
                                  .overlapped = overlapped,
                                  .routine = routine };

    if (!object)
        return FALSE;
    if (!overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    return start(request.file, &request);
}
