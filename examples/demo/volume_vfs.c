/* SPDX-License-Identifier: MIT */
/* The VFS of volume_vfs.h. SQLite: "The OS Backend (VFS)" describes the methods. Locks are in
 * volume_locks.c. */
#include "volume_vfs.h"
#include "volume_locks.h"

#include <stdlib.h>
#include <string.h>

static struct volume_file *file_of(sqlite3_file *base)
{
    return (struct volume_file *)base;
}

static wchar_t *widen(const char *text)
{
    int size = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *wide = malloc((size_t)size * sizeof(*wide));

    if (wide)
        MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, size);
    return wide;
}

/* ---- data ---- */

static int seek(struct volume_file *f, sqlite3_int64 offset)
{
    LARGE_INTEGER at;

    at.QuadPart = offset;
    return SetFilePointerEx(f->handle, at, NULL, FILE_BEGIN);
}

static int file_read(sqlite3_file *base, void *buffer, int size, sqlite3_int64 offset)
{
    struct volume_file *f = file_of(base);
    DWORD got = 0;

    if (!seek(f, offset) || !ReadFile(f->handle, buffer, (DWORD)size, &got, NULL))
        return SQLITE_IOERR_READ;
    if ((int)got == size)
        return SQLITE_OK;
    memset((char *)buffer + got, 0, (size_t)size - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *buffer, int size, sqlite3_int64 offset)
{
    struct volume_file *f = file_of(base);
    DWORD written = 0;

    if (!seek(f, offset) || !WriteFile(f->handle, buffer, (DWORD)size, &written, NULL))
        return GetLastError() == ERROR_DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return (int)written == size ? SQLITE_OK : SQLITE_FULL;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct volume_file *f = file_of(base);

    return seek(f, size) && SetEndOfFile(f->handle) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    return FlushFileBuffers(file_of(base)->handle) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    LARGE_INTEGER answer;

    if (!GetFileSizeEx(file_of(base)->handle, &answer))
        return SQLITE_IOERR_FSTAT;
    *size = answer.QuadPart;
    return SQLITE_OK;
}

/* ---- opening and closing ---- */

static int file_close(sqlite3_file *base)
{
    struct volume_file *f = file_of(base);

    volume_node_leave(f);
    CloseHandle(f->handle);
    if (f->is_delete_on_close) {
        wchar_t *name = widen(f->name);

        DeleteFileW(name);
        free(name);
    }
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *arg)
{
    (void)base, (void)operation, (void)arg;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

static int file_device(sqlite3_file *base)
{
    (void)base;
    return 0;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = volume_lock,
    .xUnlock = volume_unlock,
    .xCheckReservedLock = volume_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device,
    .xShmMap = volume_shm_map,
    .xShmLock = volume_shm_lock,
    .xShmBarrier = volume_shm_barrier,
    .xShmUnmap = volume_shm_unmap,
};

static HANDLE open_handle(const char *name, int flags)
{
    wchar_t *wide = widen(name);
    DWORD access = flags & SQLITE_OPEN_READWRITE ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
    DWORD how = !(flags & SQLITE_OPEN_CREATE)   ? OPEN_EXISTING
                : flags & SQLITE_OPEN_EXCLUSIVE ? CREATE_NEW
                                                : OPEN_ALWAYS;
    HANDLE handle =
        CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, how,
                    FILE_ATTRIBUTE_NORMAL, NULL);

    free(wide);
    return handle;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                    int *out_flags)
{
    struct volume_file *f = file_of(base);

    (void)vfs;
    memset(f, 0, sizeof(*f));
    /* Temporary files have no name; whoever uses this VFS keeps them in memory (temp_store). */
    if (!name || strlen(name) >= sizeof(f->name))
        return SQLITE_CANTOPEN;
    f->handle = open_handle(name, flags);
    if (f->handle == INVALID_HANDLE_VALUE)
        return SQLITE_CANTOPEN;
    if (!volume_node_join(f, name)) {
        CloseHandle(f->handle);
        return SQLITE_NOMEM;
    }
    strcpy(f->name, name);
    f->is_delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    f->base.pMethods = &file_methods;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    wchar_t *wide = widen(name);
    BOOL is_done = DeleteFileW(wide);
    DWORD error = is_done ? 0 : GetLastError();

    (void)vfs, (void)sync_directory;
    free(wide);
    if (is_done)
        return SQLITE_OK;
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND
               ? SQLITE_IOERR_DELETE_NOENT
               : SQLITE_IOERR_DELETE;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *is_so)
{
    wchar_t *wide = widen(name);
    DWORD attributes = GetFileAttributesW(wide);

    (void)vfs;
    free(wide);
    *is_so = attributes != INVALID_FILE_ATTRIBUTES &&
             (flags != SQLITE_ACCESS_READWRITE || !(attributes & FILE_ATTRIBUTE_READONLY));
    return SQLITE_OK;
}

/* Only full paths are given. */
static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *full)
{
    (void)vfs;
    if (strlen(name) >= (size_t)size)
        return SQLITE_CANTOPEN;
    strcpy(full, name);
    return SQLITE_OK;
}

/* Seeds SQLite's own generator: from the world, so that a seed repeats it. */
static int vfs_randomness(sqlite3_vfs *vfs, int size, char *bytes)
{
    (void)vfs;
    for (int i = 0; i < size; i += (int)sizeof(GUID)) {
        GUID guid;
        size_t left = (size_t)(size - i);

        CoCreateGuid(&guid);
        memcpy(bytes + i, &guid, left < sizeof(guid) ? left : sizeof(guid));
    }
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    Sleep((DWORD)(microseconds + 999) / 1000);
    return microseconds;
}

/* Milliseconds since noon of 24 November 4714 BC; FILETIME counts from 1601. */
static int vfs_time_int64(sqlite3_vfs *vfs, sqlite3_int64 *now)
{
    FILETIME time;

    (void)vfs;
    GetSystemTimeAsFileTime(&time);
    sqlite3_int64 ticks = ((sqlite3_int64)time.dwHighDateTime << 32) | time.dwLowDateTime;
    *now = ticks / 10000 + (sqlite3_int64)23058135 * 8640000;
    return SQLITE_OK;
}

static int vfs_time(sqlite3_vfs *vfs, double *now)
{
    sqlite3_int64 milliseconds = 0;
    int rc = vfs_time_int64(vfs, &milliseconds);

    *now = (double)milliseconds / 86400000.0;
    return rc;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text)
{
    (void)vfs, (void)size, (void)text;
    return (int)GetLastError();
}

int volume_vfs_register(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 2,
        .szOsFile = sizeof(struct volume_file),
        .mxPathname = VOLUME_MAX_NAME - 1,
        .zName = "volume",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xCurrentTimeInt64 = vfs_time_int64,
        .xGetLastError = vfs_last_error,
    };

    volume_locks_init();
    return sqlite3_vfs_register(&vfs, 1);
}
