/* SPDX-License-Identifier: MIT */
/* Volumes as Windows code asks for them (Learn: "Volume Management Functions"). Every volume of the
 * world is a fixed NTFS disk. Where volumes are mounted: links/volume_path.c. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/volume.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "fakes/windows/file.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/path.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/wide.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

/* Parses a path that must be one of a volume of the world. */
static DWORD parse_in_volume(LPCWSTR name, struct win_path *path)
{
    DWORD error = path_parse(name, 0, path);

    if (!error && !path->volume)
        return ERROR_INVALID_NAME;
    return error;
}

/* The same for functions that want a root: "C:\" or a volume name, with its trailing slash. */
static DWORD parse_root(LPCWSTR name, struct win_path *path)
{
    DWORD error = parse_in_volume(name, path);

    if (error == ERROR_PATH_NOT_FOUND && !path->volume)
        return ERROR_PATH_NOT_FOUND;
    if (error)
        return error;
    if (path->kind == PATH_FILE && *path->text && path->has_trailing_slash)
        path_find_target(path, NULL); /* a mounted folder */
    return path->kind == PATH_FILE && !*path->text ? ERROR_SUCCESS : ERROR_INVALID_NAME;
}

static DWORD serial_of(const struct volume *volume)
{
    const char *brace = strchr(volume->guid_name, '{');

    return brace ? (DWORD)strtoul(brace + 1, NULL, 16) : 0;
}

static BOOL fill_information(const struct win_path *path, LPWSTR ret_label, DWORD label_size,
                             LPDWORD ret_serial, LPDWORD ret_longest, LPDWORD ret_flags,
                             LPWSTR ret_system, DWORD system_size)
{
    if (ret_label &&
        !wide_fill_or_fail(path->volume->label, ret_label, label_size, ERROR_BAD_LENGTH))
        return FALSE;
    if (ret_serial)
        *ret_serial = serial_of(path->volume);
    if (ret_longest)
        *ret_longest = 255;
    if (ret_flags)
        *ret_flags = FILE_CASE_PRESERVED_NAMES | FILE_CASE_SENSITIVE_SEARCH | FILE_UNICODE_ON_DISK |
                     FILE_PERSISTENT_ACLS | FILE_NAMED_STREAMS | FILE_SUPPORTS_SPARSE_FILES |
                     FILE_SUPPORTS_REPARSE_POINTS | FILE_FILE_COMPRESSION |
                     (storage_can_change(path) ? 0u : FILE_READ_ONLY_VOLUME);
    return ret_system ? wide_fill_or_fail("NTFS", ret_system, system_size, ERROR_BAD_LENGTH) : TRUE;
}

BOOL WINAPI GetVolumeInformationW(LPCWSTR root, LPWSTR ret_label, DWORD label_size,
                                  LPDWORD ret_serial, LPDWORD ret_longest, LPDWORD ret_flags,
                                  LPWSTR ret_system, DWORD system_size)
{
    auto_path path;
    DWORD error = parse_root(root, &path);

    if (error)
        return win_fail(error);
    return fill_information(&path, ret_label, label_size, ret_serial, ret_longest, ret_flags,
                            ret_system, system_size);
}

BOOL WINAPI GetVolumeInformationByHandleW(HANDLE handle, LPWSTR ret_label, DWORD label_size,
                                          LPDWORD ret_serial, LPDWORD ret_longest,
                                          LPDWORD ret_flags, LPWSTR ret_system, DWORD system_size)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);

    if (!object)
        return FALSE;
    const struct win_path *path = &((struct file *)object)->path;
    if (!path->volume)
        return win_fail(ERROR_INVALID_PARAMETER);
    return fill_information(path, ret_label, label_size, ret_serial, ret_longest, ret_flags,
                            ret_system, system_size);
}

/* Learn: "SetVolumeLabelW": at most 32 characters; NULL takes the label away. Deviation: the label
 * lasts as long as the world, and counts its characters in bytes. */
BOOL WINAPI SetVolumeLabelW(LPCWSTR root, LPCWSTR label)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)label);
    auto_path path;
    DWORD error = parse_root(root ? root : (const WCHAR *)L"\\", &path);

    if (!error && path.view)
        error = ERROR_WRITE_PROTECT;
    if (!error && utf8 && strlen(utf8) >= sizeof(path.volume->label))
        error = ERROR_LABEL_TOO_LONG;
    if (error)
        return win_fail(error);
    strcpy(path.volume->label, utf8 ? utf8 : "");
    return TRUE;
}

BOOL WINAPI SetVolumeLabelA(LPCSTR root, LPCSTR label)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(root);
    auto_free WCHAR *wide_label = (WCHAR *)utf16_from_utf8(label);

    return SetVolumeLabelW(wide, wide_label);
}

UINT WINAPI GetDriveTypeW(LPCWSTR root)
{
    auto_path path;

    if (!root)
        return DRIVE_FIXED;
    DWORD error = path_parse(root, 0, &path);
    if (error || !path.volume)
        return path.kind == PATH_HOST && !error ? DRIVE_FIXED : DRIVE_NO_ROOT_DIR;
    return DRIVE_FIXED;
}

UINT WINAPI GetDriveTypeA(LPCSTR root)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(root);

    return GetDriveTypeW(wide);
}

DWORD WINAPI GetLogicalDrives(void)
{
    struct world_ports *world = world_current();
    DWORD drives = path_exposed_drives();

    for (size_t i = 0; i < world->n_volumes; i++) {
        int letter = toupper(world->volumes[i]->letter);
        if (letter >= 'A' && letter <= 'Z')
            drives |= 1u << (letter - 'A');
    }
    return drives;
}

DWORD WINAPI GetLogicalDriveStringsW(DWORD size, LPWSTR ret_names)
{
    DWORD drives = GetLogicalDrives(), needed = (DWORD)__builtin_popcount(drives) * 4 + 1;

    if (!ret_names || size < needed - 1)
        return needed;
    for (int i = 0; i < 26; i++) {
        if (!(drives & 1u << i))
            continue;
        const WCHAR name[] = { (WCHAR)('A' + i), ':', '\\', 0 };
        memcpy(ret_names, name, sizeof(name));
        ret_names += 4;
    }
    *ret_names = 0;
    return needed - 1;
}

/* A mounted volume has its file system's size, others what they are told to have. */
BOOL WINAPI GetDiskFreeSpaceExW(LPCWSTR name, PULARGE_INTEGER ret_available,
                                PULARGE_INTEGER ret_total, PULARGE_INTEGER ret_free)
{
    const uint64_t terabyte = VOLUME_USUAL_SIZE;
    uint64_t total = terabyte, available = terabyte / 2, unused = terabyte / 2;
    auto_path path = { 0 };
    struct statvfs vfs;

    if (name) {
        DWORD error = path_parse(name, 0, &path);
        if (error)
            return win_fail(error);
        if (path.kind == PATH_FILE && *path.text)
            path_find_target(&path, NULL); /* it may lie on another volume */
    }
    if (path.volume && path.volume->ops->use_of_diff_area) {
        struct diff_area_use use;

        path.volume->ops->use_of_diff_area(path.volume, &use);
        total = (uint64_t)use.total;
        available = unused = (uint64_t)use.free;
    }
    const char *host = path.volume ? path.volume->mount_path : name ? path.text : ".";
    if (host && statvfs(host, &vfs) == 0) {
        total = (uint64_t)vfs.f_blocks * vfs.f_frsize;
        available = (uint64_t)vfs.f_bavail * vfs.f_frsize;
        unused = (uint64_t)vfs.f_bfree * vfs.f_frsize;
    }
    if (ret_available)
        ret_available->QuadPart = available;
    if (ret_total)
        ret_total->QuadPart = total;
    if (ret_free)
        ret_free->QuadPart = unused;
    return TRUE;
}

static DWORD clusters(ULONGLONG bytes)
{
    ULONGLONG n = bytes / FILE_CLUSTER;

    return n > UINT32_MAX ? UINT32_MAX : (DWORD)n;
}

BOOL WINAPI GetDiskFreeSpaceW(LPCWSTR root, LPDWORD ret_sectors, LPDWORD ret_bytes,
                              LPDWORD ret_free, LPDWORD ret_total)
{
    ULARGE_INTEGER available, total;

    if (!GetDiskFreeSpaceExW(root, &available, &total, NULL))
        return FALSE;
    if (ret_sectors)
        *ret_sectors = FILE_CLUSTER / FILE_SECTOR;
    if (ret_bytes)
        *ret_bytes = FILE_SECTOR;
    if (ret_free)
        *ret_free = clusters(available.QuadPart);
    if (ret_total)
        *ret_total = clusters(total.QuadPart);
    return TRUE;
}

/* "C:" to "\Device\HarddiskVolume1". */
DWORD WINAPI QueryDosDeviceW(LPCWSTR name, LPWSTR ret_target, DWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    auto_free char *guid_path = utf8 ? str_printf("\\\\?\\%s", utf8) : NULL;
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(guid_path);
    auto_path path = { 0 };

    if (!utf8 || strchr(utf8, '\\') || path_parse(wide, 0, &path) != ERROR_SUCCESS ||
        path.kind != PATH_DEVICE) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return 0;
    }
    auto_free char *target =
        path.view ? str_printf("\\Device\\HarddiskVolumeShadowCopy%u",
                               volume_device_of(path.volume, path.view))
                  : str_printf("\\Device\\HarddiskVolume%zu", path_volume_index(path.volume) + 1);
    auto_free uint16_t *text = utf16_from_utf8(target);
    DWORD length = (DWORD)utf16_length(text);
    if (length + 2 > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    memcpy(ret_target, text, (length + 1) * sizeof(WCHAR));
    ret_target[length + 1] = 0; /* a list of one */
    return length + 2;
}

/* ---- enumeration ---- */

struct volume_search {
    struct object object;
    size_t next;
};

static void volume_search_destroy(struct object *object)
{
    free(object);
}

static const struct object_class volume_search_class = {
    .name = "volume search",
    .destroy = volume_search_destroy,
};

static BOOL next_volume(struct volume_search *search, LPWSTR ret_name, DWORD size)
{
    struct world_ports *world = world_current();

    if (search->next >= world->n_volumes)
        return win_fail(ERROR_NO_MORE_FILES);
    const char *name = world->volumes[search->next]->guid_name;
    if (!wide_fill_or_fail(name, ret_name, size, ERROR_FILENAME_EXCED_RANGE))
        return FALSE;
    search->next++;
    return TRUE;
}

HANDLE WINAPI FindFirstVolumeW(LPWSTR ret_name, DWORD size)
{
    struct volume_search *search = mem_new(struct volume_search);

    object_init(&search->object, &volume_search_class);
    if (next_volume(search, ret_name, size))
        return handle_new(&search->object, 0);
    object_unref(&search->object);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI FindNextVolumeW(HANDLE handle, LPWSTR ret_name, DWORD size)
{
    auto_object struct object *object = handle_get(handle, &volume_search_class, 0);

    return object && next_volume((struct volume_search *)object, ret_name, size);
}

BOOL WINAPI FindVolumeClose(HANDLE handle)
{
    struct object *object = handle_take(handle, &volume_search_class);

    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}
