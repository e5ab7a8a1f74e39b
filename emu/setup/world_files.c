/* SPDX-License-Identifier: MIT */
/* Files of a world for vssemu.h, through the Windows functions that code under test calls. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu.h"
#include "emu/setup/test_world.h"

#include <string.h>

static bool fail(struct vssemu_world *w, const char *what, const char *path)
{
    free(w->test->error);
    w->test->error = str_printf("%s %s: error %u", what, path, (unsigned)GetLastError());
    return false;
}

/* Makes every directory above the file; those that are there stay. */
static void make_directories(WCHAR *path)
{
    WCHAR *first = path;

    while (*first && *first != '\\')
        first++;
    for (WCHAR *p = *first ? first + 1 : first; *p; p++) {
        if (*p != '\\')
            continue;
        *p = 0;
        CreateDirectoryW(path, NULL);
        *p = '\\';
    }
}

bool vssemu_file_write(struct vssemu_world *w, const char *path, const void *data, size_t size)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path);
    DWORD n_written = 0;

    make_directories(wide);
    HANDLE file = CreateFileW(wide, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return fail(w, "cannot create", path);
    bool is_written =
        !size || (WriteFile(file, data, (DWORD)size, &n_written, NULL) && n_written == size);
    if (!is_written)
        fail(w, "cannot write", path);
    CloseHandle(file);
    return is_written;
}

bool vssemu_file_read(struct vssemu_world *w, const char *path, void **ret_data, size_t *ret_size)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path);
    LARGE_INTEGER size = { 0 };
    DWORD n_read = 0;
    HANDLE file = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return fail(w, "cannot open", path);
    GetFileSizeEx(file, &size);
    char *data = mem_alloc((size_t)size.QuadPart + 1);
    bool is_read = ReadFile(file, data, (DWORD)size.QuadPart, &n_read, NULL);
    CloseHandle(file);
    if (!is_read) {
        free(data);
        return fail(w, "cannot read", path);
    }
    *ret_data = data;
    *ret_size = n_read;
    return true;
}

bool vssemu_file_delete(struct vssemu_world *w, const char *path)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path);

    return DeleteFileW(wide) || fail(w, "cannot delete", path);
}
