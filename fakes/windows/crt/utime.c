/* SPDX-License-Identifier: MIT */
/* _utime and _wutime: the times of last access and last writing of a file, in seconds since 1970.
 * Learn: "_utime, _utime32, _utime64, _wutime, _wutime32, _wutime64". */
#include "fakes/windows/crt/files.h"

#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <errno.h>

#define SECONDS_FROM_1601 11644473600 /* to 1970 */
#define TICKS_PER_SECOND  10000000

/* As vssemu/crt_files.h has it. */
struct times {
    int64_t accessed, written;
};

static FILETIME filetime_of(int64_t seconds)
{
    uint64_t ticks = (uint64_t)((seconds + SECONDS_FROM_1601) * TICKS_PER_SECOND);

    return (FILETIME){ (DWORD)ticks, (DWORD)(ticks >> 32) };
}

/* No times are the current one. Directories and files that are read only refuse. */
CRT(int w16__wutime(const wchar_t *path, const struct times *times))
{
    FILETIME accessed, written;

    if (!path || (times && (times->accessed < 0 || times->written < 0))) {
        crt_invalid_parameter("_wutime", EINVAL);
        return -1;
    }
    GetSystemTimeAsFileTime(&written);
    accessed = times ? filetime_of(times->accessed) : written;
    written = times ? filetime_of(times->written) : written;
    HANDLE file = CreateFileW((LPCWSTR)path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                              NULL, OPEN_EXISTING, 0, NULL);
    BOOL is_done = file != INVALID_HANDLE_VALUE && SetFileTime(file, NULL, &accessed, &written);
    int error = is_done ? 0 : files_errno(GetLastError());
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    if (is_done)
        return 0;
    errno = error;
    return -1;
}

CRT(int w16__utime(const char *path, const struct times *times))
{
    auto_free wchar_t *wide = utf16_from_utf8(path);

    return w16__wutime(wide, times);
}
