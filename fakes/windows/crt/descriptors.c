/* SPDX-License-Identifier: MIT */
/* See descriptors.h: a table of handles (Learn: "Low-Level I/O"). Text mode changes no line ends.
 * Streams are glibc's: what _fileno gives of one is no descriptor of this table, but for the
 * standard three. */
#include "fakes/windows/crt/descriptors.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/crt/files.h"
#include "fakes/windows/crt/parameter.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>

#define FIRST     3          /* before it the standard handles */
#define TEMPORARY 0x10000000 /* include/fcntl.h */
#define MAY_WRITE 0x80       /* _S_IWRITE */

struct descriptor {
    HANDLE handle; /* NULL: free */
    bool appends;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct descriptor) table;

/* False, with errno set: there is none, which Learn counts as a wrong parameter. */
static bool find(int fd, const char *function, struct descriptor *ret_descriptor)
{
    *ret_descriptor = (struct descriptor){ 0 };
    pthread_mutex_lock(&table_lock);
    if (fd >= FIRST && (size_t)(fd - FIRST) < table.count)
        *ret_descriptor = table.items[fd - FIRST];
    pthread_mutex_unlock(&table_lock);
    if (fd >= 0 && fd < FIRST)
        ret_descriptor->handle = GetStdHandle((DWORD)STD_INPUT_HANDLE - (DWORD)fd);
    if (ret_descriptor->handle)
        return true;
    crt_invalid_parameter(function, EBADF);
    return false;
}

static int add(HANDLE handle, bool appends)
{
    size_t i = 0;

    pthread_mutex_lock(&table_lock);
    while (i < table.count && table.items[i].handle)
        i++;
    if (i == table.count)
        array_push(&table);
    table.items[i] = (struct descriptor){ handle, appends };
    pthread_mutex_unlock(&table_lock);
    return (int)i + FIRST;
}

static int fail(void)
{
    errno = files_errno(GetLastError());
    return -1;
}

/* ---- opening ---- */

static DWORD access_of(int flags)
{
    return (flags & O_ACCMODE) == O_RDONLY   ? GENERIC_READ
           : (flags & O_ACCMODE) == O_WRONLY ? GENERIC_WRITE
                                             : GENERIC_READ | GENERIC_WRITE;
}

static DWORD disposition_of(int flags)
{
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return CREATE_NEW;
    if (flags & O_TRUNC)
        return flags & O_CREAT ? CREATE_ALWAYS : TRUNCATE_EXISTING;
    return flags & O_CREAT ? OPEN_ALWAYS : OPEN_EXISTING;
}

/* Learn: "_sopen, _wsopen". */
static bool share_of(int sharing, DWORD *ret_share)
{
    switch (sharing) {
    case 0x10: /* _SH_DENYRW */
        *ret_share = 0;
        return true;
    case 0x20: /* _SH_DENYWR */
        *ret_share = FILE_SHARE_READ;
        return true;
    case 0x30: /* _SH_DENYRD */
        *ret_share = FILE_SHARE_WRITE;
        return true;
    case 0x40: /* _SH_DENYNO */
        *ret_share = FILE_SHARE_READ | FILE_SHARE_WRITE;
        return true;
    default:
        return false;
    }
}

static int open_wide(const wchar_t *path, int flags, int sharing, int mode, const char *function)
{
    DWORD share, attributes = FILE_ATTRIBUTE_NORMAL;
    const int old_errno = errno;

    if (!path || !share_of(sharing, &share)) {
        crt_invalid_parameter(function, EINVAL);
        return -1;
    }
    if (flags & O_CREAT && !(mode & MAY_WRITE))
        attributes = FILE_ATTRIBUTE_READONLY;
    if (flags & TEMPORARY) {
        attributes |= FILE_FLAG_DELETE_ON_CLOSE;
        share |= FILE_SHARE_DELETE;
    }
    HANDLE handle = CreateFileW((LPCWSTR)path, access_of(flags), share, NULL, disposition_of(flags),
                                attributes, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return fail();
    errno = old_errno; /* a call that succeeds leaves it as it was */
    return add(handle, flags & O_APPEND);
}

static int open_narrow(const char *path, int flags, int sharing, int mode, const char *function)
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return open_wide(wide, flags, sharing, mode, function);
}

/* The mode is there with O_CREAT only. */
#define MODE_BEHIND(last, flags)        \
    ({                                  \
        int mode_ = MAY_WRITE;          \
        if ((flags)&O_CREAT) {          \
            va_list args_;              \
            va_start(args_, last);      \
            mode_ = va_arg(args_, int); \
            va_end(args_);              \
        }                               \
        mode_;                          \
    })

int w16__open(const char *path, int flags, ...)
{
    return open_narrow(path, flags, 0x40, MODE_BEHIND(flags, flags), "_open");
}

int w16__wopen(const wchar_t *path, int flags, ...)
{
    return open_wide(path, flags, 0x40, MODE_BEHIND(flags, flags), "_wopen");
}

int w16__sopen(const char *path, int flags, int sharing, ...)
{
    return open_narrow(path, flags, sharing, MODE_BEHIND(sharing, flags), "_sopen");
}

int w16__wsopen(const wchar_t *path, int flags, int sharing, ...)
{
    return open_wide(path, flags, sharing, MODE_BEHIND(sharing, flags), "_wsopen");
}

int w16__wsopen_s(int *ret_fd, const wchar_t *path, int flags, int sharing, int mode)
{
    if (!ret_fd)
        return crt_invalid_parameter("_wsopen_s", EINVAL);
    *ret_fd = open_wide(path, flags, sharing, mode, "_wsopen_s");
    return *ret_fd < 0 ? errno : 0;
}

int w16__sopen_s(int *ret_fd, const char *path, int flags, int sharing, int mode)
{
    if (!ret_fd)
        return crt_invalid_parameter("_sopen_s", EINVAL);
    *ret_fd = open_narrow(path, flags, sharing, mode, "_sopen_s");
    return *ret_fd < 0 ? errno : 0;
}

int w16__creat(const char *path, int mode)
{
    return open_narrow(path, O_CREAT | O_TRUNC | O_RDWR, 0x40, mode, "_creat");
}

int w16__wcreat(const wchar_t *path, int mode)
{
    return open_wide(path, O_CREAT | O_TRUNC | O_RDWR, 0x40, mode, "_wcreat");
}

int w16__close(int fd)
{
    struct descriptor descriptor;

    if (!find(fd, "_close", &descriptor))
        return -1;
    if (fd < FIRST)
        return 0;
    pthread_mutex_lock(&table_lock);
    table.items[fd - FIRST].handle = NULL;
    pthread_mutex_unlock(&table_lock);
    return CloseHandle(descriptor.handle) ? 0 : fail();
}

/* ---- reading and writing ---- */

int w16__read(int fd, void *buffer, unsigned size)
{
    struct descriptor descriptor;
    DWORD n;

    if (!find(fd, "_read", &descriptor))
        return -1;
    if (!ReadFile(descriptor.handle, buffer, size, &n, NULL)) {
        if (GetLastError() == ERROR_ACCESS_DENIED) /* Learn: "_read": not opened for reading */
            SetLastError(ERROR_INVALID_HANDLE);
        return GetLastError() == ERROR_BROKEN_PIPE ? 0 : fail();
    }
    return (int)n;
}

int w16__write(int fd, const void *buffer, unsigned size)
{
    const LARGE_INTEGER zero = { .QuadPart = 0 };
    struct descriptor descriptor;
    DWORD n;

    if (!find(fd, "_write", &descriptor))
        return -1;
    if (descriptor.appends)
        SetFilePointerEx(descriptor.handle, zero, NULL, FILE_END);
    if (!WriteFile(descriptor.handle, buffer, size, &n, NULL)) {
        if (GetLastError() == ERROR_ACCESS_DENIED)
            SetLastError(ERROR_INVALID_HANDLE);
        return fail();
    }
    return (int)n;
}

int64_t w16__lseeki64(int fd, int64_t offset, int whence)
{
    const LARGE_INTEGER distance = { .QuadPart = offset };
    struct descriptor descriptor;
    LARGE_INTEGER to;

    if (!find(fd, "_lseeki64", &descriptor))
        return -1;
    if (!SetFilePointerEx(descriptor.handle, distance, &to, (DWORD)whence)) {
        errno = EINVAL;
        return -1;
    }
    return to.QuadPart;
}

int w16__lseek(int fd, int offset, int whence)
{
    return (int)w16__lseeki64(fd, offset, whence);
}

int64_t w16__telli64(int fd)
{
    return w16__lseeki64(fd, 0, SEEK_CUR);
}

int64_t w16__filelengthi64(int fd)
{
    struct descriptor descriptor;
    LARGE_INTEGER size;

    if (!find(fd, "_filelengthi64", &descriptor))
        return -1;
    return GetFileSizeEx(descriptor.handle, &size) ? size.QuadPart : fail();
}

int w16__filelength(int fd)
{
    return (int)w16__filelengthi64(fd);
}

int w16__eof(int fd)
{
    int64_t size = w16__filelengthi64(fd), at = size < 0 ? -1 : w16__telli64(fd);

    return at < 0 ? -1 : at >= size;
}

/* Learn: "_chsize_s": the position stays. */
int w16__chsize_s(int fd, int64_t size)
{
    struct descriptor descriptor;
    FILE_END_OF_FILE_INFO end = { .EndOfFile.QuadPart = size };

    if (!find(fd, "_chsize_s", &descriptor))
        return EBADF;
    if (size < 0)
        return crt_invalid_parameter("_chsize_s", EINVAL);
    if (SetFileInformationByHandle(descriptor.handle, FileEndOfFileInfo, &end, sizeof(end)))
        return 0;
    fail();
    return errno;
}

int w16__chsize(int fd, int size)
{
    return w16__chsize_s(fd, size) ? -1 : 0;
}

int w16__commit(int fd)
{
    struct descriptor descriptor;

    if (!find(fd, "_commit", &descriptor))
        return -1;
    return FlushFileBuffers(descriptor.handle) ? 0 : fail();
}

/* ---- handles ---- */

int w16__dup(int fd)
{
    struct descriptor descriptor;
    HANDLE copy;

    if (!find(fd, "_dup", &descriptor))
        return -1;
    if (!DuplicateHandle(GetCurrentProcess(), descriptor.handle, GetCurrentProcess(), &copy, 0,
                         FALSE, DUPLICATE_SAME_ACCESS))
        return fail();
    return add(copy, descriptor.appends);
}

intptr_t w16__get_osfhandle(int fd)
{
    struct descriptor descriptor;

    return find(fd, "_get_osfhandle", &descriptor) ? (intptr_t)descriptor.handle : -1;
}

int w16__open_osfhandle(intptr_t handle, int flags)
{
    if (!handle || handle == (intptr_t)INVALID_HANDLE_VALUE) {
        errno = EBADF;
        return -1;
    }
    return add((HANDLE)handle, flags & O_APPEND);
}
