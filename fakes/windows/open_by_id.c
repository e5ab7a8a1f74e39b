/* SPDX-License-Identifier: MIT */
/* A file by its number on the volume (Learn: "OpenFileById"). Volumes keep no table of numbers, so
 * the folders are looked through: as long as the volume is large. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/reopen.h"

#include <stdlib.h>
#include <string.h>

#define ALL_SHARED (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

struct walk {
    LONGLONG wanted;
    ARRAY(char *) folders; /* those to be read, with a backslash at their end */
    char *found;           /* NULL: not yet */
};

static HANDLE open_folder(const char *folder)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(folder);

    return CreateFileW(wide, FILE_LIST_DIRECTORY, ALL_SHARED, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

static void look_at(struct walk *w, const char *folder, const FILE_ID_BOTH_DIR_INFO *entry)
{
    auto_free char *name =
        utf8_from_utf16_n((const uint16_t *)entry->FileName, entry->FileNameLength / sizeof(WCHAR));

    if (w->found || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    if (entry->FileId.QuadPart == w->wanted)
        w->found = str_printf("%s%s", folder, name);
    else if ((entry->FileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) ==
             FILE_ATTRIBUTE_DIRECTORY)
        array_add(&w->folders, str_printf("%s%s\\", folder, name));
}

static void read_folder(struct walk *w, const char *folder)
{
    DWORD size = 65536;
    auto_free char *buffer = mem_alloc(size);
    HANDLE handle = open_folder(folder);

    while (handle != INVALID_HANDLE_VALUE && !w->found &&
           GetFileInformationByHandleEx(handle, FileIdBothDirectoryInfo, buffer, size)) {
        const FILE_ID_BOTH_DIR_INFO *entry = (const void *)buffer;
        look_at(w, folder, entry);
        while (entry->NextEntryOffset) {
            entry = (const void *)((const char *)entry + entry->NextEntryOffset);
            look_at(w, folder, entry);
        }
    }
    if (handle != INVALID_HANDLE_VALUE)
        CloseHandle(handle);
}

/* The root of the volume on which a file lies, "\\?\C:\"; the caller frees; NULL with the last
 * error. */
static char *root_of(HANDLE handle)
{
    auto_free char *path = reopen_path(handle);

    if (!path || strlen(path) < 4)
        return NULL;
    /* "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\", or one element. */
    const char *end = path + 4;
    int n_elements = strncasecmp(end, "GLOBALROOT\\", 11) == 0 ? 3 : 1;
    for (int i = 0; i < n_elements; i++)
        end += strcspn(end, "\\") + (i + 1 < n_elements);
    return str_printf("%.*s\\", (int)(end - path), path);
}

/* The caller frees; NULL: there is none. */
static char *find(const char *root, LONGLONG id)
{
    struct walk w = { .wanted = id };
    BY_HANDLE_FILE_INFORMATION info = { 0 };
    HANDLE handle = open_folder(root);

    if (handle != INVALID_HANDLE_VALUE && GetFileInformationByHandle(handle, &info) &&
        ((LONGLONG)info.nFileIndexHigh << 32 | info.nFileIndexLow) == id)
        w.found = mem_strdup(root);
    if (handle != INVALID_HANDLE_VALUE)
        CloseHandle(handle);
    array_add(&w.folders, mem_strdup(root));
    for (size_t i = 0; i < w.folders.count && !w.found; i++)
        read_folder(&w, w.folders.items[i]);
    for (size_t i = 0; i < w.folders.count; i++)
        free(w.folders.items[i]);
    array_free(&w.folders);
    return w.found;
}

/* A number that no file has is an invalid parameter on NTFS. Unsure: what object identifiers that
 * no file has give; here none has one. */
HANDLE WINAPI OpenFileById(HANDLE volume, LPFILE_ID_DESCRIPTOR id, DWORD access, DWORD share,
                           LPSECURITY_ATTRIBUTES security, DWORD flags)
{
    SetLastError(ERROR_INVALID_PARAMETER);
    if (!id || id->dwSize < sizeof(*id) || id->Type != FileIdType)
        return INVALID_HANDLE_VALUE;
    auto_free char *root = root_of(volume);
    auto_free char *path = root ? find(root, id->FileId.QuadPart) : NULL;
    if (!path) {
        if (root)
            SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path);
    return CreateFileW(wide, access, share, security, OPEN_EXISTING, flags, NULL);
}
