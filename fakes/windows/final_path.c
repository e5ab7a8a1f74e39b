/* SPDX-License-Identifier: MIT */
/* GetFinalPathNameByHandle (Learn: the page of that name): what an open file is called now. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume_device.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <ctype.h>
#include <stdlib.h>

/* What stands before the path on its volume. A snapshot has a device and nothing else. */
static char *front_of(const struct win_path *path, DWORD kind)
{
    if (kind == VOLUME_NAME_NONE)
        return mem_strdup("\\");
    if (kind == VOLUME_NAME_NT && path->view)
        return str_printf("\\Device\\HarddiskVolumeShadowCopy%u\\",
                          volume_device_of(path->volume, path->view));
    if (kind == VOLUME_NAME_NT)
        return str_printf("\\Device\\HarddiskVolume%zu\\", path_volume_index(path->volume) + 1);
    if (path->view)
        return NULL;
    if (kind == VOLUME_NAME_DOS && path->volume->letter)
        return str_printf("\\\\?\\%c:\\", toupper(path->volume->letter));
    return mem_strdup(path->volume->guid_name);
}

static char *final_path(struct file *file, DWORD kind, DWORD *ret_error)
{
    struct win_path path = file_node_path(file);
    char *text = NULL;

    *ret_error = file->node ? ERROR_SUCCESS : ERROR_INVALID_FUNCTION;
    if (!*ret_error && !path.volume) {
        text = mem_strdup(path.text);
    } else if (!*ret_error) {
        free(path.prefix);
        path.prefix = front_of(&path, kind);
        path.hidden = 0; /* what a link leads to is told, the link is not */
        *ret_error = path.prefix ? ERROR_SUCCESS : ERROR_PATH_NOT_FOUND;
        text = path.prefix ? path_to_text(&path) : NULL;
    }
    path_free(&path);
    return text;
}

/* NULL: the last error is set. */
static char *text_of_handle(HANDLE handle, DWORD flags)
{
    const DWORD kinds = VOLUME_NAME_GUID | VOLUME_NAME_NT | VOLUME_NAME_NONE;
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    DWORD kind = flags & kinds, error = ERROR_INVALID_PARAMETER;
    char *text = NULL;

    if (!object)
        return NULL;
    if (!(flags & ~(kinds | FILE_NAME_OPENED)) && !(kind & (kind - 1)))
        text = final_path((struct file *)object, kind, &error);
    if (!text)
        SetLastError(error);
    return text;
}

DWORD WINAPI GetFinalPathNameByHandleW(HANDLE handle, LPWSTR buffer, DWORD size, DWORD flags)
{
    auto_free char *text = text_of_handle(handle, flags);

    return text ? wide_fill(text, buffer, size) : 0;
}

DWORD WINAPI GetFinalPathNameByHandleA(HANDLE handle, LPSTR buffer, DWORD size, DWORD flags)
{
    auto_free char *text = text_of_handle(handle, flags);

    return text ? narrow_fill(text, buffer, size) : 0;
}
