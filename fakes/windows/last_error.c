/* SPDX-License-Identifier: MIT */
/* GetLastError and SetLastError, and the one place where errno becomes a Win32 error. */
#include "fakes/windows/last_error.h"

#include <errno.h>
#include <stddef.h>

static __thread DWORD last_error;

static const struct error_row {
    int error;
    DWORD code;
} rows[] = {
    { ENOENT, ERROR_FILE_NOT_FOUND },
    { ENOTDIR, ERROR_PATH_NOT_FOUND },
    { EACCES, ERROR_ACCESS_DENIED },
    { EPERM, ERROR_ACCESS_DENIED },
    { EISDIR, ERROR_ACCESS_DENIED },
    { EXDEV, ERROR_NOT_SAME_DEVICE },
    { ELOOP, ERROR_CANT_RESOLVE_FILENAME },
    { EROFS, ERROR_WRITE_PROTECT },
    { EEXIST, ERROR_ALREADY_EXISTS },
    { ENOTEMPTY, ERROR_DIR_NOT_EMPTY },
    { ENOSPC, ERROR_DISK_FULL },
    { EDQUOT, ERROR_DISK_FULL },
    { EFBIG, ERROR_FILE_TOO_LARGE },
    { ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE },
    { EBUSY, ERROR_BUSY },
    { ETXTBSY, ERROR_SHARING_VIOLATION },
    { EINVAL, ERROR_INVALID_PARAMETER },
    { EBADF, ERROR_INVALID_HANDLE },
    { EMFILE, ERROR_TOO_MANY_OPEN_FILES },
    { ENFILE, ERROR_TOO_MANY_OPEN_FILES },
    { ENOMEM, ERROR_NOT_ENOUGH_MEMORY },
    { EIO, ERROR_IO_DEVICE },
    { EPIPE, ERROR_NO_DATA },
    { EFAULT, ERROR_NOACCESS },
    { ENOSYS, ERROR_NOT_SUPPORTED },
    { EOPNOTSUPP, ERROR_NOT_SUPPORTED },
    { ETIMEDOUT, ERROR_TIMEOUT },
    { ENODEV, ERROR_DEV_NOT_EXIST },
    { ENXIO, ERROR_NO_SUCH_DEVICE }, /* Windows: of a volume or snapshot that is gone */
    { ENOTCONN, ERROR_NOT_READY },
    { ESTALE, ERROR_ACCESS_DENIED }, /* Windows: of a snapshot that goes while it is read */
};

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

void WINAPI SetLastError(DWORD error)
{
    last_error = error;
}

DWORD win_error_from_errno(int error)
{
    if (error < 0)
        error = -error;
    if (!error)
        return ERROR_SUCCESS;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].error == error)
            return rows[i].code;
    }
    return ERROR_GEN_FAILURE;
}

BOOL win_fail(DWORD error)
{
    last_error = error;
    return FALSE;
}

BOOL win_fail_errno(int error)
{
    return win_fail(win_error_from_errno(error));
}
