/* SPDX-License-Identifier: MIT */
/* FindFirstVolumeMountPoint and its relatives (Learn: the pages of these names): the folders of a
 * volume at which snapshots are exposed; nothing else is mounted in a folder. */
#include "emu/base/cleanup.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "emu/port/exposure.h"
#include "emu/port/world.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/path.h"
#include "fakes/windows/wide.h"

#include <stdlib.h>

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

static void gather(struct mount_search *search, const struct volume *volume)
{
    struct exposures *all = &world_current()->exposures;

    exposures_lock(all);
    for (const struct exposure *e = all->first; e; e = e->next) {
        if (e->host == volume)
            name_list_add(&search->list, e->folder);
    }
    exposures_unlock(all);
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
