/* SPDX-License-Identifier: MIT */
/* Paths taken apart and put together: _splitpath, _makepath, _fullpath and their wide and checked
 * forms. Learn: "_splitpath_s, _wsplitpath_s", "_makepath_s, _wmakepath_s", "_fullpath". */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define UNCHECKED (SIZE_MAX / 4)

static bool is_separator(int c)
{
    return c == '\\' || c == '/';
}

/* Both widths of one body. The parts: drive with its colon, directory with its last separator,
 * name, extension with its dot. */
#define SPLIT_FAMILY(T, suffix, split, split_s, length_of)                                     \
    static bool fits_##suffix(T *to, size_t size, const T *from, size_t n)                     \
    {                                                                                          \
        if (!to)                                                                               \
            return true;                                                                       \
        if (n >= size)                                                                         \
            return false;                                                                      \
        memcpy(to, from, n * sizeof(T));                                                       \
        to[n] = 0;                                                                             \
        return true;                                                                           \
    }                                                                                          \
    static bool split_##suffix(const T *path, T *drive, size_t drive_size, T *dir,             \
                               size_t dir_size, T *name, size_t name_size, T *extension,       \
                               size_t extension_size)                                          \
    {                                                                                          \
        size_t length = length_of(path), start = path[0] && path[1] == ':' ? 2 : 0;            \
        size_t name_at = start, dot = length;                                                  \
                                                                                               \
        for (size_t i = start; i < length; i++)                                                \
            if (is_separator(path[i]))                                                         \
                name_at = i + 1;                                                               \
        for (size_t i = name_at; i < length; i++)                                              \
            if (path[i] == '.')                                                                \
                dot = i;                                                                       \
        return fits_##suffix(drive, drive_size, path, start) &&                                \
               fits_##suffix(dir, dir_size, path + start, name_at - start) &&                  \
               fits_##suffix(name, name_size, path + name_at, dot - name_at) &&                \
               fits_##suffix(extension, extension_size, path + dot, length - dot);             \
    }                                                                                          \
    static void empty_##suffix(T *to, size_t size)                                             \
    {                                                                                          \
        if (to && size)                                                                        \
            to[0] = 0;                                                                         \
    }                                                                                          \
    CRT(void split(const T *path, T *drive, T *dir, T *name, T *extension))                    \
    {                                                                                          \
        split_##suffix(path, drive, UNCHECKED, dir, UNCHECKED, name, UNCHECKED, extension,     \
                       UNCHECKED);                                                             \
    }                                                                                          \
    CRT(crt_errno split_s(const T *path, T *drive, size_t drive_size, T *dir, size_t dir_size, \
                          T *name, size_t name_size, T *extension, size_t extension_size))     \
    {                                                                                          \
        bool is_bad = !path || !drive == !!drive_size || !dir == !!dir_size ||                 \
                      !name == !!name_size || !extension == !!extension_size;                  \
                                                                                               \
        if (!is_bad && split_##suffix(path, drive, drive_size, dir, dir_size, name, name_size, \
                                      extension, extension_size))                              \
            return 0;                                                                          \
        empty_##suffix(drive, drive_size);                                                     \
        empty_##suffix(dir, dir_size);                                                         \
        empty_##suffix(name, name_size);                                                       \
        empty_##suffix(extension, extension_size);                                             \
        return is_bad ? crt_invalid_parameter("_splitpath_s", EINVAL) : (errno = ERANGE);      \
    }

SPLIT_FAMILY(char, narrow, w16__splitpath, w16__splitpath_s, strlen)
SPLIT_FAMILY(wchar_t, wide, w16__wsplitpath, w16__wsplitpath_s, w16_wcslen)

/* Appends n units; a text that ran out of room stays so. */
#define MAKE_FAMILY(T, suffix, make, make_s, length_of)                                    \
    struct making_##suffix {                                                               \
        T *to;                                                                             \
        size_t size, at;                                                                   \
    };                                                                                     \
    static void add_##suffix(struct making_##suffix *m, const T *from, size_t n)           \
    {                                                                                      \
        for (size_t i = 0; i < n; i++, m->at++)                                            \
            if (m->at < m->size)                                                           \
                m->to[m->at] = from[i];                                                    \
    }                                                                                      \
    CRT(crt_errno make_s(T *to, size_t size, const T *drive, const T *dir, const T *name,  \
                         const T *extension))                                              \
    {                                                                                      \
        static const T colon = ':', backslash = '\\', dot = '.', end = 0;                  \
        struct making_##suffix m = { to, size, 0 };                                        \
                                                                                           \
        if (!to || !size)                                                                  \
            return crt_invalid_parameter("_makepath_s", EINVAL);                           \
        if (drive && *drive) {                                                             \
            add_##suffix(&m, drive, 1);                                                    \
            add_##suffix(&m, &colon, 1);                                                   \
        }                                                                                  \
        if (dir && *dir) {                                                                 \
            size_t n = length_of(dir);                                                     \
            add_##suffix(&m, dir, n);                                                      \
            add_##suffix(&m, &backslash, is_separator(dir[n - 1]) ? 0 : 1);                \
        }                                                                                  \
        if (name)                                                                          \
            add_##suffix(&m, name, length_of(name));                                       \
        if (extension && *extension) {                                                     \
            add_##suffix(&m, &dot, *extension == '.' ? 0 : 1);                             \
            add_##suffix(&m, extension, length_of(extension));                             \
        }                                                                                  \
        add_##suffix(&m, &end, 1);                                                         \
        if (m.at <= size)                                                                  \
            return 0;                                                                      \
        to[0] = 0;                                                                         \
        return errno = ERANGE;                                                             \
    }                                                                                      \
    CRT(void make(T *to, const T *drive, const T *dir, const T *name, const T *extension)) \
    {                                                                                      \
        make_s(to, UNCHECKED, drive, dir, name, extension);                                \
    }

MAKE_FAMILY(char, narrow, w16__makepath, w16__makepath_s, strlen)
MAKE_FAMILY(wchar_t, wide, w16__wmakepath, w16__wmakepath_s, w16_wcslen)

/* NULL or "" is the current directory. Without a buffer the caller frees what is answered. */
CRT(wchar_t *w16__wfullpath(wchar_t *buffer, const wchar_t *path, size_t size))
{
    static const WCHAR here[] = { '.', 0 };
    const WCHAR *asked = path && *path ? (const WCHAR *)path : here;
    DWORD needed = GetFullPathNameW(asked, 0, NULL, NULL);

    if (!needed)
        return NULL;
    if (!buffer) {
        size = needed > size ? needed : size;
        buffer = mem_alloc(size * sizeof(wchar_t));
    } else if (needed > size) {
        errno = ERANGE;
        return NULL;
    }
    GetFullPathNameW(asked, (DWORD)(size > UINT32_MAX ? UINT32_MAX : size), (WCHAR *)buffer, NULL);
    return buffer;
}

CRT(char *w16__fullpath(char *buffer, const char *path, size_t size))
{
    auto_free wchar_t *wide_path = utf16_from_utf8(path);
    auto_free wchar_t *wide = w16__wfullpath(NULL, wide_path, 0);
    auto_free char *narrow = utf8_from_utf16(wide);

    if (!narrow)
        return NULL;
    size_t needed = strlen(narrow) + 1;
    if (!buffer) {
        buffer = mem_alloc(needed > size ? needed : size);
    } else if (needed > size) {
        errno = ERANGE;
        return NULL;
    }
    memcpy(buffer, narrow, needed);
    return buffer;
}
