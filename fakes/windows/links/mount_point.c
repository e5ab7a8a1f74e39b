/* SPDX-License-Identifier: MIT */
/* SetVolumeMountPoint, DeleteVolumeMountPoint, FindFirstVolumeMountPoint and its relatives (Learn:
 * the pages of these names): drive letters, folders at which volumes are mounted, and those at
 * which snapshots are exposed. A mounted folder is a reparse point of its volume; a letter lasts as
 * long as the world. */
#include "emu/base/cleanup.h"
#include "emu/base/name_list.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/exposure.h"
#include "emu/port/world.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/links/mounted.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/path.h"
#include "fakes/windows/wide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct mount_search {
    struct object object;
    struct name_list list; /* "folder\below\", relative to the volume's root */
    size_t next;
};

static void mount_search_destroy(struct object *object)
{
    struct mount_search *search = (struct mount_search *)object;

    name_list_free(&search->list);
    free(search);
}

static const struct object_class mount_search_class = {
    .name = "mount point search",
    .destroy = mount_search_destroy,
};

static void add_mounted(void *arg, const char *folder, struct volume *mounted)
{
    struct mount_search *search = arg;

    (void)mounted;
    name_list_add(&search->list, folder);
}

static void gather(struct mount_search *search, struct volume *volume)
{
    struct exposures *all = &world_current()->exposures;

    exposures_lock(all);
    for (const struct exposure *e = all->first; e; e = e->next) {
        if (e->host == volume)
            name_list_add(&search->list, e->folder);
    }
    exposures_unlock(all);
    mounted_list(volume, add_mounted, search);
    name_list_sort(&search->list);
}

static BOOL next_mount_point(struct mount_search *search, LPWSTR ret_name, DWORD size)
{
    if (search->next >= search->list.names.count)
        return win_fail(ERROR_NO_MORE_FILES);
    auto_free char *text = str_printf("%s\\", search->list.names.items[search->next]);
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    if (!wide_fill_or_fail(text, ret_name, size, ERROR_FILENAME_EXCED_RANGE))
        return FALSE;
    search->next++;
    return TRUE;
}

HANDLE WINAPI FindFirstVolumeMountPointW(LPCWSTR root, LPWSTR ret_name, DWORD size)
{
    auto_path path;
    DWORD error = path_parse(root, 0, &path);

    if (!error && (!path.volume || path.kind != PATH_FILE || *path.text))
        error = ERROR_INVALID_NAME;
    if (error) {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    struct mount_search *search = mem_new(struct mount_search);
    object_init(&search->object, &mount_search_class);
    if (!path.view)
        gather(search, path.volume);
    if (next_mount_point(search, ret_name, size))
        return handle_new(&search->object, 0);
    object_unref(&search->object);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextVolumeMountPointW(HANDLE handle, LPWSTR ret_name, DWORD size)
{
    auto_object struct object *object = handle_get(handle, &mount_search_class, 0);

    return object && next_mount_point((struct mount_search *)object, ret_name, size);
}

BOOL WINAPI FindVolumeMountPointClose(HANDLE handle)
{
    struct object *object = handle_take(handle, &mount_search_class);

    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}

HANDLE WINAPI FindFirstVolumeMountPointA(LPCSTR root, LPSTR ret_name, DWORD size)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(root);
    WCHAR name[MAX_PATH];
    HANDLE search = FindFirstVolumeMountPointW(wide, name, MAX_PATH);

    if (search == INVALID_HANDLE_VALUE)
        return search;
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    if (narrow_fill(utf8, ret_name, size) < size)
        return search;
    FindVolumeMountPointClose(search);
    SetLastError(ERROR_FILENAME_EXCED_RANGE);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextVolumeMountPointA(HANDLE search, LPSTR ret_name, DWORD size)
{
    WCHAR name[MAX_PATH];

    if (!FindNextVolumeMountPointW(search, name, MAX_PATH))
        return FALSE;
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    return narrow_fill(utf8, ret_name, size) < size ? TRUE : win_fail(ERROR_FILENAME_EXCED_RANGE);
}

/* ---- mounting ---- */

static bool ends_with_slash(LPCWSTR name)
{
    size_t length = name ? utf16_length((const uint16_t *)name) : 0;

    return length && (name[length - 1] == '\\' || name[length - 1] == '/');
}

/* "E:\": the letter, else 0. */
static char letter_of(LPCWSTR name)
{
    bool is_letter = (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z');

    return is_letter && name[1] == ':' && name[2] && !name[3] ? (char)(name[0] & ~0x20) : 0;
}

/* Learn: "SetVolumeMountPointW": a volume has one letter, and a letter one volume. */
static DWORD give_letter(struct volume *volume, char letter)
{
    struct win_path exposed = { 0 };
    bool is_exposed = path_exposed_drive(letter, &exposed);

    path_free(&exposed);
    if (volume->letter)
        return ERROR_INVALID_PARAMETER;
    if (is_exposed || path_volume_of_letter(letter))
        return ERROR_DIR_NOT_EMPTY; /* Unsure: the page tells no code for a letter in use */
    volume->letter = letter;
    return ERROR_SUCCESS;
}

static int one_entry(void *arg, const char *name, const struct stat *st)
{
    (void)arg;
    (void)name;
    (void)st;
    return 1;
}

/* Learn: "SetVolumeMountPointW": the folder must be empty: ERROR_DIR_NOT_EMPTY. */
static DWORD mount_at_folder(const struct volume *volume, LPCWSTR point)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse_and_find(point, &path, &st);

    if (error || !path.volume || path.kind != PATH_FILE)
        return error ? error : ERROR_INVALID_NAME;
    if (path.view)
        return *path.text ? ERROR_WRITE_PROTECT : ERROR_DIR_NOT_EMPTY; /* a snapshot is there */
    if (!S_ISDIR(st.st_mode))
        return ERROR_DIRECTORY;
    if (!*path.text || link_tag(&path, &st) || storage_list(&path, one_entry, NULL) == 1)
        return ERROR_DIR_NOT_EMPTY;
    auto_free char *target = str_printf("\\??\\%s", volume->guid_name + 4);
    const struct link_data data = { .tag = IO_REPARSE_TAG_MOUNT_POINT,
                                    .target = target,
                                    .print = (char *)(uintptr_t)volume->guid_name };
    return win_error_from_errno(link_write(&path, &data));
}

BOOL WINAPI SetVolumeMountPointW(LPCWSTR point, LPCWSTR volume_name)
{
    auto_path volume = { 0 };

    if (!ends_with_slash(point) || !ends_with_slash(volume_name))
        return win_fail(ERROR_INVALID_NAME);
    DWORD error = path_parse(volume_name, 0, &volume);
    if (!error && (!volume.volume || volume.kind != PATH_FILE || *volume.text || volume.view ||
                   !str_starts_with(volume.prefix, "\\\\?\\Volume{")))
        error = ERROR_INVALID_PARAMETER; /* Learn: a volume GUID path */
    if (!error)
        error = letter_of(point) ? give_letter(volume.volume, letter_of(point))
                                 : mount_at_folder(volume.volume, point);
    return error ? win_fail(error) : TRUE;
}

static DWORD take_letter(char letter)
{
    struct volume *volume = path_volume_of_letter(letter);

    if (!volume) /* a letter of an exposed snapshot goes with UnexposeSnapshot */
        return ERROR_FILE_NOT_FOUND;
    volume->letter = 0;
    return ERROR_SUCCESS;
}

/* Learn: "DeleteVolumeMountPointW": the folder itself stays. */
static DWORD unmount_folder(LPCWSTR point)
{
    auto_path path;
    auto_link_data data = { 0 };
    struct stat st;
    DWORD error = path_parse_and_find(point, &path, &st);

    if (error)
        return error;
    if (!link_read(&path, &st, &data) || !link_mounted_volume(&data))
        return ERROR_NOT_A_REPARSE_POINT;
    return win_error_from_errno(side_write(&path, SIDE_REPARSE, NULL, 0));
}

BOOL WINAPI DeleteVolumeMountPointW(LPCWSTR point)
{
    if (!ends_with_slash(point))
        return win_fail(ERROR_INVALID_NAME);
    DWORD error = letter_of(point) ? take_letter(letter_of(point)) : unmount_folder(point);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI SetVolumeMountPointA(LPCSTR point, LPCSTR volume_name)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(point);
    auto_free WCHAR *wide_volume = (WCHAR *)utf16_from_utf8(volume_name);

    return SetVolumeMountPointW(wide, wide_volume);
}

BOOL WINAPI DeleteVolumeMountPointA(LPCSTR point)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(point);

    return DeleteVolumeMountPointW(wide);
}
