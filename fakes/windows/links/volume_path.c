/* SPDX-License-Identifier: MIT */
/* Which volume a path lies on, and where a volume is mounted (Learn: "GetVolumePathNameW",
 * "GetVolumeNameForVolumeMountPointW", "GetVolumePathNamesForVolumeNameW"): drive letters, mounted
 * folders, and what snapshots are exposed as. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/links/mounted.h"
#include "fakes/windows/wide.h"

#include <ctype.h>
#include <string.h>

/* Parses a path that must be one of a volume of the world. */
static DWORD parse_in_volume(LPCWSTR name, struct win_path *path)
{
    DWORD error = path_parse(name, 0, path);

    if (!error && !path->volume)
        return ERROR_INVALID_NAME;
    return error;
}

/* What stands in front of the files of its volume. The caller frees. */
static char *root_of_path(const struct win_path *path)
{
    size_t length = 0;

    if (path->kind == PATH_DEVICE)
        return str_printf("%s\\", path->prefix);
    auto_free char *text = path_to_text(path);
    if (path->view == VOLUME_ORIGIN)
        mounted_at(text, &length);
    char *root = length ? str_printf("%.*s\\", (int)length, text) : mem_strdup(path->prefix);
    if (str_starts_with(root, "\\\\?\\") && path->view == VOLUME_ORIGIN && root[5] == ':')
        memmove(root, root + 4, strlen(root + 4) + 1);
    return root;
}

static bool is_slash(WCHAR c)
{
    return c == '\\' || c == '/';
}

/* Only the volume is asked for, and where a path goes on does not matter: its last element is left
 * out until the rest can be a name (seen of Wine, for wildcards and all that no file is called). */
static DWORD parse_what_can_be(LPCWSTR name, struct win_path *path)
{
    DWORD error = path_parse(name, 0, path);

    if (error != ERROR_INVALID_NAME)
        return error;
    size_t length = utf16_length((const uint16_t *)name);
    auto_free WCHAR *text = mem_copy(name, (length + 1) * sizeof(*name));

    while (error == ERROR_INVALID_NAME && length) {
        while (length && is_slash(text[length - 1]))
            length--;
        while (length && !is_slash(text[length - 1]))
            length--;
        text[length] = 0;
        path_free(path);
        error = path_parse(length ? text : L".", 0, path);
    }
    return error;
}

BOOL WINAPI GetVolumePathNameW(LPCWSTR name, LPWSTR ret_root, DWORD size)
{
    auto_path path;
    DWORD error = parse_what_can_be(name, &path);

    if (!error && !path.volume) /* a host path lies on no volume of the world */
        error = path.kind == PATH_HOST ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_NAME;
    if (error)
        return win_fail(error);
    auto_free char *root = root_of_path(&path);
    return wide_fill_or_fail(root, ret_root, size, ERROR_FILENAME_EXCED_RANGE);
}

BOOL WINAPI GetVolumePathNameA(LPCSTR name, LPSTR ret_root, DWORD size)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    WCHAR root[MAX_PATH];

    if (!GetVolumePathNameW(wide, root, MAX_PATH))
        return FALSE;
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)root);
    return narrow_fill(utf8, ret_root, size) < size ? TRUE : win_fail(ERROR_FILENAME_EXCED_RANGE);
}

/* A folder: the volume that is mounted there. */
static DWORD find_mounted(struct win_path *path, const struct volume **ret_volume)
{
    auto_link_data data = { 0 };
    struct stat st;
    DWORD error = path_find(path, &st);

    if (error)
        return error;
    if (path->view && !*path->text)
        return ERROR_INVALID_PARAMETER; /* a snapshot is exposed there */
    *ret_volume = link_read(path, &st, &data) ? link_mounted_volume(&data) : NULL;
    return *ret_volume ? ERROR_SUCCESS : ERROR_NOT_A_REPARSE_POINT;
}

BOOL WINAPI GetVolumeNameForVolumeMountPointW(LPCWSTR name, LPWSTR ret_name, DWORD size)
{
    size_t length = name ? utf16_length((const uint16_t *)name) : 0;
    auto_path path = { 0 };

    if (!length || (name[length - 1] != '\\' && name[length - 1] != '/'))
        return win_fail(ERROR_INVALID_NAME); /* Learn: a trailing backslash is required */
    DWORD error = parse_in_volume(name, &path);
    const struct volume *volume = path.volume;
    if (!error && *path.text)
        error = find_mounted(&path, &volume);
    if (error)
        return win_fail(error == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : error);
    if (path.view)
        return win_fail(ERROR_INVALID_PARAMETER);
    return wide_fill_or_fail(volume->guid_name, ret_name, size, ERROR_FILENAME_EXCED_RANGE);
}

BOOL WINAPI GetVolumeNameForVolumeMountPointA(LPCSTR name, LPSTR ret_name, DWORD size)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);
    WCHAR volume[64];

    if (!GetVolumeNameForVolumeMountPointW(wide, volume, 64))
        return FALSE;
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)volume);
    return narrow_fill(utf8, ret_name, size) < size ? TRUE : win_fail(ERROR_FILENAME_EXCED_RANGE);
}

/* ---- where a volume is mounted ---- */

struct path_search {
    const struct volume *host, *wanted;
    struct name_list names;
};

static void add_folder(void *arg, const char *folder, struct volume *mounted)
{
    struct path_search *search = arg;

    if (mounted != search->wanted)
        return;
    auto_free char *text = str_printf("%c:\\%s\\", toupper(search->host->letter), folder);
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    name_list_add(&search->names, text);
}

/* The drive letter goes first. Deviation: folders of volumes that have no letter themselves are not
 * told. */
static void find_paths(const struct volume *volume, struct name_list *ret_names)
{
    struct world_ports *world = world_current();
    struct path_search search = { .wanted = volume };

    for (size_t i = 0; i < world->n_volumes; i++) {
        search.host = world->volumes[i];
        if (search.host->letter)
            mounted_list(world->volumes[i], add_folder, &search);
    }
    name_list_sort(&search.names);
    if (volume->letter) {
        auto_free char *root = str_printf("%c:\\", toupper(volume->letter));
        name_list_add(ret_names, root);
    }
    for (size_t i = 0; i < search.names.names.count; i++)
        name_list_add(ret_names, search.names.names.items[i]);
    name_list_free(&search.names);
}

static BOOL give_paths(const struct name_list *names, LPWSTR ret_names, DWORD size,
                       LPDWORD ret_length)
{
    DWORD length = 1, at = 0;

    for (size_t i = 0; i < names->names.count; i++)
        length += wide_fill(names->names.items[i], NULL, 0);
    if (ret_length)
        *ret_length = length;
    if (!ret_names || size < length)
        return win_fail(ERROR_MORE_DATA);
    for (size_t i = 0; i < names->names.count; i++)
        at += wide_fill(names->names.items[i], ret_names + at, size - at) + 1;
    ret_names[at] = 0;
    return TRUE;
}

BOOL WINAPI GetVolumePathNamesForVolumeNameW(LPCWSTR name, LPWSTR ret_names, DWORD size,
                                             LPDWORD ret_length)
{
    struct name_list names = { 0 };
    auto_path path;
    DWORD error = parse_in_volume(name, &path);

    if (!error && (path.kind != PATH_FILE || *path.text))
        error = ERROR_INVALID_NAME;
    if (error)
        return win_fail(error == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : error);
    if (!path.view)
        find_paths(path.volume, &names);
    BOOL is_given = give_paths(&names, ret_names, size, ret_length);
    name_list_free(&names);
    return is_given;
}
