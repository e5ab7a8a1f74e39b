/* SPDX-License-Identifier: MIT */
/* ReadDirectoryChanges (Learn: "ReadDirectoryChangesW"): the first call on a handle begins to
 * gather, later ones take what has come since. The records are gathered in as many bytes as the
 * first call's buffer has. */
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/file_io.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/io_request.h"

#define ALL_KINDS                                                                                 \
    (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_ATTRIBUTES | \
     FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_LAST_ACCESS |   \
     FILE_NOTIFY_CHANGE_CREATION | FILE_NOTIFY_CHANGE_SECURITY)

/* Deviation: of a directory of the host nothing is told. */
static DWORD check(const struct file *file, const void *buffer, DWORD kinds)
{
    if (!file->is_directory || !kinds || kinds & ~(DWORD)ALL_KINDS)
        return ERROR_INVALID_PARAMETER;
    if (!buffer || (ULONG_PTR)buffer % sizeof(DWORD))
        return ERROR_NOACCESS; /* Learn: not aligned to a DWORD */
    return file->path.volume ? ERROR_SUCCESS : ERROR_NOT_SUPPORTED;
}

static void begin_to_gather(struct file *file, bool has_subtree, DWORD kinds, DWORD size)
{
    auto_path path = file_node_path(file);
    struct change_watch *watch = change_watch_new(&path, has_subtree, kinds, size, NULL, NULL);

    pthread_mutex_lock(&file->lock);
    if (!file->changes) {
        file->changes = watch;
        watch = NULL;
    }
    pthread_mutex_unlock(&file->lock);
    change_watch_free(watch);
}

DWORD directory_changes_read(struct file *file, void *buffer, DWORD size, const bool *is_cancelled,
                             size_t *ret_n)
{
    return change_watch_take(file->changes, buffer, size, is_cancelled, ret_n);
}

void directory_changes_end(struct file *file)
{
    if (file->changes)
        change_watch_end(file->changes);
}

BOOL WINAPI ReadDirectoryChangesW(HANDLE handle, LPVOID buffer, DWORD size, BOOL has_subtree,
                                  DWORD kinds, LPDWORD ret_n, LPOVERLAPPED overlapped,
                                  LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_LIST_DIRECTORY);
    struct io_request request = { .file = (struct file *)object,
                                  .kind = IO_CHANGES,
                                  .buffer = buffer,
                                  .size = size,
                                  .overlapped = overlapped,
                                  .routine = routine };
    const bool is_never_cancelled = false;
    size_t n = 0;

    if (!object)
        return FALSE;
    bool is_overlapped = request.file->flags & FILE_FLAG_OVERLAPPED;
    DWORD error = check(request.file, buffer, kinds);
    if (!error && is_overlapped != (overlapped != NULL) && is_overlapped)
        error = ERROR_INVALID_PARAMETER;
    if (error)
        return win_fail(error);
    if (!request.file->changes)
        begin_to_gather(request.file, has_subtree, kinds, size);
    if (is_overlapped) {
        error = io_request_submit(&request);
        return error ? win_fail(error) : TRUE;
    }
    error = directory_changes_read(request.file, buffer, size, &is_never_cancelled, &n);
    if (error == ERROR_NOTIFY_ENUM_DIR || error == ERROR_NOTIFY_CLEANUP)
        error = ERROR_SUCCESS; /* Learn: successful, and nothing is in the buffer */
    return file_io_end(request.file, overlapped, error, n, ret_n);
}
