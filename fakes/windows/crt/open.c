/* SPDX-License-Identifier: MIT */
/* fopen and its relatives. A path of the world becomes a stream over CreateFile, ReadFile and
 * WriteFile, with the sharing that Microsoft documents; a path of the host is glibc's affair.
 * Deviation: text mode changes no line ends. */
#include "fakes/windows/crt/encoded.h"
#include "fakes/windows/crt/files.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/path.h"

#include <errno.h>
#include <string.h>

/* Learn: "_fsopen, _wfsopen" */
#define DENY_ALL   0x10
#define DENY_WRITE 0x20
#define DENY_READ  0x30
#define DENY_NONE  0x40

/* ---- modes ---- */

struct open_mode {
    DWORD access, disposition, flags;
};

/* "r", "w" or "a", then in any order "+", "b", "t", "x" and letters that change nothing here, up to
 * a comma. Learn: "fopen, _wfopen". */
static bool parse_mode(const char *text, struct open_mode *ret_mode)
{
    const size_t length = strcspn(text, ",");
    const bool updates = memchr(text, '+', length);

    switch (text[0]) {
    case 'r':
        ret_mode->access = GENERIC_READ | (updates ? GENERIC_WRITE : 0);
        ret_mode->disposition = OPEN_EXISTING;
        break;
    case 'w':
        ret_mode->access = GENERIC_WRITE | (updates ? GENERIC_READ : 0);
        ret_mode->disposition = memchr(text, 'x', length) ? CREATE_NEW : CREATE_ALWAYS;
        break;
    case 'a':
        ret_mode->access = FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES | (updates ? GENERIC_READ : 0);
        ret_mode->disposition = OPEN_ALWAYS;
        break;
    default:
        return false;
    }
    ret_mode->flags = memchr(text, 'D', length) ? FILE_FLAG_DELETE_ON_CLOSE : FILE_ATTRIBUTE_NORMAL;
    return true;
}

static DWORD share_of(int sharing, const struct open_mode *mode)
{
    switch (sharing) {
    case DENY_ALL:
        return 0;
    case DENY_WRITE:
        return FILE_SHARE_READ;
    case DENY_READ:
        return FILE_SHARE_WRITE;
    case FILES_SECURE: /* Learn: "fopen_s": who reads lets others read, who writes is alone */
        return mode->access == GENERIC_READ ? FILE_SHARE_READ : 0;
    default:
        return FILE_SHARE_READ | FILE_SHARE_WRITE;
    }
}

/* ---- a stream over a handle, which is the cookie ---- */

static ssize_t stream_read(void *cookie, char *buffer, size_t size)
{
    DWORD n = 0;

    if (ReadFile(cookie, buffer, size > INT32_MAX ? INT32_MAX : (DWORD)size, &n, NULL))
        return n;
    errno = files_errno(GetLastError());
    return -1;
}

/* glibc takes 0 for an error. */
static ssize_t stream_write(void *cookie, const char *buffer, size_t size)
{
    DWORD n = 0;

    if (WriteFile(cookie, buffer, size > INT32_MAX ? INT32_MAX : (DWORD)size, &n, NULL))
        return n;
    errno = files_errno(GetLastError());
    return 0;
}

static int stream_seek(void *cookie, off64_t *position, int whence)
{
    const LARGE_INTEGER distance = { .QuadPart = *position };
    LARGE_INTEGER to;

    if (!SetFilePointerEx(cookie, distance, &to, (DWORD)whence)) {
        errno = EINVAL;
        return -1;
    }
    *position = to.QuadPart;
    return 0;
}

static int stream_close(void *cookie)
{
    return CloseHandle(cookie) ? 0 : EOF;
}

/* ---- a stream over a file with an encoding ---- */

static ssize_t text_read(void *cookie, char *buffer, size_t size)
{
    return encoded_read(cookie, buffer, size);
}

static ssize_t text_write(void *cookie, const char *buffer, size_t size)
{
    ssize_t n = encoded_write(cookie, buffer, size);
    return n < 0 ? 0 : n;
}

static int text_seek(void *cookie, off64_t *position, int whence)
{
    if (encoded_seek(cookie, *position, whence)) {
        *position = 0;
        return 0;
    }
    errno = EINVAL;
    return -1;
}

static int text_close(void *cookie)
{
    return encoded_close(cookie);
}

/* Takes handle. */
static FILE *stream_over(HANDLE handle, const char *mode, enum encoding encoding)
{
    static const cookie_io_functions_t plain_functions = { stream_read, stream_write, stream_seek,
                                                           stream_close };
    static const cookie_io_functions_t text_functions = { text_read, text_write, text_seek,
                                                          text_close };
    const bool updates = strchr(mode, '+') != NULL;
    const char plain[] = { mode[0], updates ? '+' : 0, 0 };

    if (!encoding) {
        FILE *stream = fopencookie(handle, plain, plain_functions);
        if (!stream)
            CloseHandle(handle);
        return stream;
    }
    struct encoded *file =
        encoded_new(handle, encoding, mode[0] == 'r' || updates, mode[0] != 'r' || updates);
    FILE *stream = fopencookie(file, plain, text_functions);
    if (!stream)
        encoded_close(file);
    return stream;
}

static FILE *open_in_world(const wchar_t *path, const char *mode, int sharing)
{
    struct open_mode parsed;
    enum encoding encoding;

    if (!parse_mode(mode, &parsed) || !encoding_of_mode(mode, &encoding))
        return crt_invalid_parameter("fopen", EINVAL), NULL;
    HANDLE handle = CreateFileW((LPCWSTR)path, parsed.access, share_of(sharing, &parsed), NULL,
                                parsed.disposition, parsed.flags, NULL);
    if (handle == INVALID_HANDLE_VALUE) {
        errno = files_errno(GetLastError());
        return NULL;
    }
    FILE *stream = stream_over(handle, mode, encoding);
    if (stream && mode[0] == 'a')
        fseeko(stream, 0, SEEK_END);
    return stream;
}

static bool is_of_host(const wchar_t *path)
{
    auto_path parsed;
    DWORD error = path_parse((const WCHAR *)path, 0, &parsed);

    return !error && (parsed.kind == PATH_HOST || parsed.kind == PATH_NULL);
}

static FILE *open_stream(const wchar_t *path, const char *mode, int sharing)
{
    if (!is_of_host(path))
        return open_in_world(path, mode, sharing);
    auto_free char *narrow_path = utf8_from_utf16(path);
    /* glibc ignores the letters that it does not know, up to the comma. */
    auto_free char *narrow_mode = mem_strdup(mode);
    narrow_mode[strcspn(narrow_mode, ",")] = 0;
    for (char *c = narrow_path; *c; c++)
        *c = *c == '\\' ? '/' : *c;
    return fopen(narrow_path, narrow_mode);
}

/* ---- the functions ---- */

static FILE *open_wide(const wchar_t *path, const wchar_t *mode, int sharing, const char *function)
{
    if (!path || !mode)
        return crt_invalid_parameter(function, EINVAL), NULL;
    auto_free char *narrow_mode = utf8_from_utf16(mode);
    return open_stream(path, narrow_mode, sharing);
}

static FILE *open_narrow(const char *path, const char *mode, int sharing, const char *function)
{
    if (!path || !mode)
        return crt_invalid_parameter(function, EINVAL), NULL;
    auto_free wchar_t *wide_path = utf16_from_utf8(path);
    return open_stream(wide_path, mode, sharing);
}

FILE *w16__wfopen(const wchar_t *path, const wchar_t *mode)
{
    return open_wide(path, mode, DENY_NONE, "_wfopen");
}

FILE *w16_fopen(const char *path, const char *mode)
{
    return open_narrow(path, mode, DENY_NONE, "fopen");
}

FILE *w16__wfsopen(const wchar_t *path, const wchar_t *mode, int sharing)
{
    return open_wide(path, mode, sharing, "_wfsopen");
}

FILE *w16__fsopen(const char *path, const char *mode, int sharing)
{
    return open_narrow(path, mode, sharing, "_fsopen");
}

crt_errno w16__wfopen_s(FILE **ret_stream, const wchar_t *path, const wchar_t *mode)
{
    if (!ret_stream)
        return crt_invalid_parameter("_wfopen_s", EINVAL);
    *ret_stream = open_wide(path, mode, FILES_SECURE, "_wfopen_s");
    return *ret_stream ? 0 : errno;
}

crt_errno w16_fopen_s(FILE **ret_stream, const char *path, const char *mode)
{
    if (!ret_stream)
        return crt_invalid_parameter("fopen_s", EINVAL);
    *ret_stream = open_narrow(path, mode, FILES_SECURE, "fopen_s");
    return *ret_stream ? 0 : errno;
}
