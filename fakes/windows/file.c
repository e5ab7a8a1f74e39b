/* SPDX-License-Identifier: MIT */
/* Opening files: CreateFile, GetStdHandle (Learn: "CreateFileW", "Creating and Opening Files").
 * Sharing modes hold between the handles of this process (file_node.h). */
#include "fakes/windows/file.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/file_lists.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/ioctl/volume_lock.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/completion_port.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t standard_lock = PTHREAD_MUTEX_INITIALIZER;
static HANDLE standard[3];

static bool file_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return ((struct file *)object)->n_pending == 0;
}

static void file_destroy(struct object *object)
{
    struct file *file = (struct file *)object;

    if (file->is_standard)
        file->storage.fd = -1;
    storage_close(&file->storage);
    if (file->deletes_on_close)
        file_node_set_delete(file, true);
    file_node_leave(file);
    if (file->port)
        completion_port_unref(file->port);
    if (file->is_device)
        volume_lock_forget(file);
    pthread_mutex_destroy(&file->lock);
    file_lists_free(file->listing);
    change_watch_free(file->changes);
    path_free(&file->path);
    free(file);
}

/* Calls under way have the file too: without them it would be closed now. */
static void file_handle_closed(struct object *object)
{
    struct file *file = (struct file *)object;

    objects_lock();
    bool is_last = object->count == 1 + file->n_pending;
    objects_unlock();
    if (is_last && file->n_pending)
        directory_changes_end(file);
}

const struct object_class file_class = {
    .name = "file",
    .is_signaled = file_is_signaled,
    .handle_closed = file_handle_closed,
    .destroy = file_destroy,
};

/* ---- opening ---- */

static DWORD specific_access(DWORD access)
{
    DWORD specific =
        access & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED);

    if (access & GENERIC_READ)
        specific |= FILE_GENERIC_READ;
    if (access & GENERIC_WRITE)
        specific |= FILE_GENERIC_WRITE;
    if (access & GENERIC_EXECUTE)
        specific |= FILE_GENERIC_EXECUTE;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        specific |= FILE_ALL_ACCESS;
    return specific;
}

/* What the disposition makes of a file that is there or not: an error, or whether to create. */
static DWORD check_disposition(DWORD disposition, bool exists, const struct file *file)
{
    switch (disposition) {
    case CREATE_NEW:
        return exists ? ERROR_FILE_EXISTS : ERROR_SUCCESS;
    case CREATE_ALWAYS:
    case OPEN_ALWAYS:
        return ERROR_SUCCESS;
    case OPEN_EXISTING:
        return exists ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
    case TRUNCATE_EXISTING:
        if (!(file->access & FILE_WRITE_DATA))
            return ERROR_INVALID_PARAMETER;
        return exists ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

/* What a snapshot, where nothing can change, has no use for. */
static bool wants_change(const struct file *file)
{
    return file->access &
           (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES |
            FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER);
}

static DWORD check_existing(const struct file *file, const struct stat *st, DWORD disposition,
                            DWORD attributes)
{
    bool truncates = disposition == CREATE_ALWAYS || disposition == TRUNCATE_EXISTING;

    if (!storage_can_change(&file->path) && (wants_change(file) || truncates))
        return ERROR_WRITE_PROTECT;
    if (S_ISDIR(st->st_mode))
        return truncates || !(file->flags & FILE_FLAG_BACKUP_SEMANTICS) ? ERROR_ACCESS_DENIED
                                                                        : ERROR_SUCCESS;
    DWORD has = attributes_from_stat(st);
    if (has & FILE_ATTRIBUTE_READONLY &&
        (file_wants_write(file) || truncates || file->flags & FILE_FLAG_DELETE_ON_CLOSE))
        return ERROR_ACCESS_DENIED;
    if (disposition == CREATE_ALWAYS &&
        has & ~attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM))
        return ERROR_ACCESS_DENIED; /* Learn: "CreateFileW": hidden and system must be asked for */
    return ERROR_SUCCESS;
}

static int open_flags(const struct file *file, bool truncates)
{
    bool reads = file->access & (FILE_READ_DATA | FILE_EXECUTE);

    if (file->is_directory)
        return O_RDONLY | O_DIRECTORY;
    if (file_wants_write(file))
        return reads ? O_RDWR : O_WRONLY;
    return truncates ? O_RDWR : O_RDONLY;
}

/* Opens or creates what path_find has found or not; error codes. */
static DWORD open_storage(struct file *file, bool exists, const struct stat *found,
                          DWORD disposition, DWORD attributes)
{
    bool truncates = exists && (disposition == CREATE_ALWAYS || disposition == TRUNCATE_EXISTING);
    mode_t mode = attributes_to_mode(attributes | FILE_ATTRIBUTE_ARCHIVE, S_IFREG | 0644);
    struct stat st;

    file->is_directory = exists && S_ISDIR(found->st_mode);
    int flags = open_flags(file, truncates) | (exists ? 0 : O_CREAT | O_EXCL);
    flags |= file->flags & FILE_FLAG_OPEN_REPARSE_POINT ? O_NOFOLLOW : 0;
    int error = storage_open(&file->path, flags, mode, &file->storage);
    if (!error)
        error = storage_stat_file(&file->storage, &st);
    if (error == -EEXIST)
        return ERROR_FILE_EXISTS;
    if (error)
        return win_error_from_errno(error);
    storage_merge(&file->path, &st);
    file->is_stream = !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !file->path.volume;
    file->has_archive_bit = !S_ISREG(st.st_mode) || !(st.st_mode & S_ISVTX);
    DWORD denied = file->is_stream ? ERROR_SUCCESS : file_node_enter(file, &st);
    if (denied)
        return denied;
    if (truncates)
        error = storage_truncate(&file->storage, 0);
    if (truncates)
        changes_tell(&file->path, FILE_ACTION_MODIFIED,
                     FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE);
    if (truncates && !file->path.stream)
        side_forget_streams(&file->path); /* Learn: "CreateFileW": the file is overwritten */
    return error ? win_error_from_errno(error) : ERROR_SUCCESS;
}

/* A new stream: of a file that may be written, or of a new one. */
static DWORD prepare_stream(const struct file *file, DWORD attributes)
{
    struct win_path base = file->path;
    struct storage_file storage;
    struct stat st;

    base.stream = NULL;
    if (storage_stat(&base, &st) == 0)
        return !S_ISDIR(st.st_mode) && attributes_from_stat(&st) & FILE_ATTRIBUTE_READONLY
                   ? ERROR_ACCESS_DENIED
                   : ERROR_SUCCESS;
    mode_t mode = attributes_to_mode(attributes | FILE_ATTRIBUTE_ARCHIVE, S_IFREG | 0644);
    int error = storage_open(&base, O_RDONLY | O_CREAT | O_EXCL, mode, &storage);
    if (!error)
        storage_close(&storage);
    return win_error_from_errno(error);
}

/* \\.\C: and the like: for DeviceIoControl and FlushFileBuffers. Of a volume that is an image the
 * sectors are there, too. */
static DWORD open_device(struct file *file, DWORD disposition)
{
    const struct volume *volume = file->path.volume;
    DWORD reads_or_writes = file->access & (FILE_READ_DATA | FILE_WRITE_DATA);

    if (disposition != OPEN_EXISTING && disposition != OPEN_ALWAYS)
        return ERROR_INVALID_PARAMETER;
    file->is_device = true;
    if (file->path.kind != PATH_DEVICE || !volume || !volume->image || !reads_or_writes)
        return ERROR_SUCCESS;
    if (file->path.view && file->access & FILE_WRITE_DATA)
        return ERROR_WRITE_PROTECT;
    file->storage.volume = file->path.volume;
    int error = volume->ops->open(file->path.volume, file->path.view, volume->image,
                                  file->access & FILE_WRITE_DATA ? O_RDWR : O_RDONLY, 0,
                                  &file->storage.file);
    file->has_sectors = !error;
    return win_error_from_errno(error);
}

static DWORD open_console(struct file *file)
{
    bool is_input = str_is_equal_nocase(file->path.text, "CONIN$") ||
                    (str_is_equal_nocase(file->path.text, "CON") && !file_wants_write(file));

    file->is_stream = true;
    file->is_standard = true;
    file->storage.fd = is_input ? 0 : 1;
    return ERROR_SUCCESS;
}

/* Fills in a file whose path is parsed. *ret_existed: something was there before. */
static DWORD try_open_file(struct file *file, DWORD disposition, DWORD attributes,
                           bool *ret_existed)
{
    struct stat found;

    *ret_existed = false;
    if (file->path.kind == PATH_DEVICE || file->path.kind == PATH_DISK)
        return open_device(file, disposition);
    if (file->path.kind == PATH_CONSOLE)
        return open_console(file);
    if (file->path.kind == PATH_NO_DEVICE)
        return ERROR_FILE_NOT_FOUND;
    bool is_itself = file->flags & FILE_FLAG_OPEN_REPARSE_POINT;
    DWORD error =
        is_itself ? path_find(&file->path, &found) : path_find_target(&file->path, &found);
    bool exists = error == ERROR_SUCCESS;
    if (error && error != ERROR_FILE_NOT_FOUND)
        return error;
    if (file->path.kind == PATH_NULL && exists)
        disposition = OPEN_EXISTING;
    error = check_disposition(disposition, exists, file);
    if (!error && !exists && file->path.has_trailing_slash)
        error = ERROR_INVALID_NAME;
    if (!error && !exists && !storage_can_change(&file->path))
        error = ERROR_WRITE_PROTECT;
    if (!error && exists)
        error = check_existing(file, &found, disposition, attributes);
    if (!error && !exists && side_is_hidden(&file->path))
        error = ERROR_ACCESS_DENIED;
    if (!error && !exists && file->path.stream)
        error = prepare_stream(file, attributes);
    if (error)
        return error;
    *ret_existed = exists && (disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS);
    return open_storage(file, exists, &found, disposition, attributes);
}

/* Between looking and opening somebody else may have made or deleted the file: what the
 * disposition asks for is possible all the same, and it is tried again. A few times only: a
 * symbolic link of the host that leads nowhere is neither there nor can it be made. */
static DWORD open_file(struct file *file, DWORD disposition, DWORD attributes, bool *ret_existed)
{
    bool takes_either = disposition == OPEN_ALWAYS || disposition == CREATE_ALWAYS;
    DWORD error = ERROR_SUCCESS;

    for (int i = 0; i < 8; i++) {
        error = try_open_file(file, disposition, attributes, ret_existed);
        if (!takes_either || (error != ERROR_FILE_EXISTS && error != ERROR_FILE_NOT_FOUND))
            break;
    }
    return error;
}

struct file *file_new(void)
{
    struct file *file = mem_new(struct file);

    object_init(&file->object, &file_class);
    pthread_mutex_init(&file->lock, NULL);
    file->storage.fd = -1;
    return file;
}

/* The one place where a file has been opened: whoever watches the world's files hears of it. */
static void tell_world(const struct file *file)
{
    struct world_ports *world = world_existing();

    if (file->path.volume && !file->is_device && world && world->file_opened)
        world->file_opened(world, file->path.volume, file->path.view, file->path.text,
                           file->access);
}

static DWORD check_request(const struct file_request *request)
{
    const DWORD all_shares = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

    return request->share & ~all_shares ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

DWORD file_open(LPCWSTR name, const struct file_request *request, struct file **ret_file,
                bool *ret_existed)
{
    struct file *file = file_new();
    DWORD error = check_request(request);
    bool existed = false;

    if (!error)
        error = path_parse(name, PATH_STREAMS, &file->path);
    file->access = specific_access(request->access);
    if (request->access == MAXIMUM_ALLOWED && !error && !storage_can_change(&file->path))
        file->access = FILE_GENERIC_READ | FILE_GENERIC_EXECUTE;
    if (request->flags & FILE_FLAG_DELETE_ON_CLOSE)
        file->access |= DELETE;
    file->share = request->share;
    file->flags = request->flags;
    if (!error && volume_lock_keeps_out(file))
        error = ERROR_ACCESS_DENIED;
    if (!error)
        error = open_file(file, request->disposition, request->flags & 0xFFFF, &existed);
    if (error) {
        object_unref(&file->object);
        return error;
    }
    file->deletes_on_close = request->flags & FILE_FLAG_DELETE_ON_CLOSE;
    tell_world(file);
    if (ret_existed)
        *ret_existed = existed;
    *ret_file = file;
    return ERROR_SUCCESS;
}

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    const struct file_request request = { access, sharing, disposition, flags };
    struct file *file;
    bool existed = false;

    (void)template;
    DWORD error = file_open(name, &request, &file, &existed);
    if (error) {
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(&file->object, file->access | SYNCHRONIZE, security);
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return CreateFileW(wide, access, sharing, security, disposition, flags, template);
}

HANDLE file_new_pipe_end(int fd, DWORD access, const SECURITY_ATTRIBUTES *security)
{
    struct file *file = file_new();

    file->is_stream = file->is_pipe = true;
    file->storage.fd = fd;
    file->access = access;
    return handle_new_for(&file->object, access | SYNCHRONIZE, security);
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    DWORD n = (DWORD)STD_INPUT_HANDLE - which;

    if (n > 2) {
        SetLastError(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    pthread_mutex_lock(&standard_lock);
    if (!standard[n]) {
        struct file *file = file_new();
        file->is_stream = file->is_standard = true;
        file->storage.fd = (int)n;
        file->access = FILE_GENERIC_READ | FILE_GENERIC_WRITE;
        standard[n] = handle_new(&file->object, file->access);
    }
    HANDLE handle = standard[n];
    pthread_mutex_unlock(&standard_lock);
    return handle;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    DWORD n = (DWORD)STD_INPUT_HANDLE - which;

    if (n > 2)
        return win_fail(ERROR_INVALID_HANDLE);
    pthread_mutex_lock(&standard_lock);
    standard[n] = handle;
    pthread_mutex_unlock(&standard_lock);
    return TRUE;
}
