/* SPDX-License-Identifier: MIT */
/* FindFirstChangeNotification and its relatives (Learn: the pages of these names): a handle that is
 * signaled by a change and stays so until the next one is asked for. A change that came in between
 * signals it at once. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>
#include <sys/stat.h>

#define ALL_KINDS                                                                                 \
    (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_ATTRIBUTES | \
     FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_SECURITY)

struct notification {
    struct object object;
    struct change_watch *watch;
    bool is_signaled, has_more; /* with the lock of objects */
};

static bool notification_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return ((struct notification *)object)->is_signaled;
}

static void notification_destroy(struct object *object)
{
    struct notification *notification = (struct notification *)object;

    change_watch_free(notification->watch);
    free(notification);
}

static const struct object_class notification_class = {
    .name = "change notification",
    .is_signaled = notification_is_signaled,
    .destroy = notification_destroy,
};

static void heard(void *argument)
{
    struct notification *notification = argument;

    objects_lock();
    notification->has_more = notification->is_signaled;
    notification->is_signaled = true;
    wait_satisfy(&notification->object);
    objects_unlock();
}

static DWORD find_directory(LPCWSTR name, struct win_path *ret_path)
{
    struct stat st;
    DWORD error = path_parse(name, 0, ret_path);

    if (!error)
        error = path_find_target(ret_path, &st);
    if (error)
        return error;
    if (!S_ISDIR(st.st_mode))
        return ERROR_DIRECTORY;
    return ret_path->volume ? ERROR_SUCCESS : ERROR_NOT_SUPPORTED; /* the host's: nothing is told */
}

HANDLE WINAPI FindFirstChangeNotificationW(LPCWSTR name, BOOL has_subtree, DWORD kinds)
{
    auto_path path = { 0 };
    DWORD error =
        !kinds || kinds & ~(DWORD)ALL_KINDS ? ERROR_INVALID_PARAMETER : find_directory(name, &path);

    if (error) {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    struct notification *notification = mem_new(struct notification);
    object_init(&notification->object, &notification_class);
    notification->watch = change_watch_new(&path, has_subtree, kinds, 0, heard, notification);
    return handle_new(&notification->object, SYNCHRONIZE);
}

HANDLE WINAPI FindFirstChangeNotificationA(LPCSTR name, BOOL has_subtree, DWORD kinds)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return FindFirstChangeNotificationW(wide, has_subtree, kinds);
}

BOOL WINAPI FindNextChangeNotification(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &notification_class, 0);
    struct notification *notification = (struct notification *)object;

    if (!object)
        return FALSE;
    objects_lock();
    notification->is_signaled = notification->has_more;
    notification->has_more = false;
    objects_unlock();
    return TRUE;
}

BOOL WINAPI FindCloseChangeNotification(HANDLE handle)
{
    struct object *object = handle_take(handle, &notification_class);

    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}
