/* SPDX-License-Identifier: MIT */
/* Opening files: CreateFile, GetStdHandle, sharing (Learn: "Creating and Opening Files").
 * Sharing modes hold between the handles of this process. */
#include "fakes/windows/file.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t open_files_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list open_files = { &open_files, &open_files };
static HANDLE standard[3];

static bool file_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object;
    (void)thread_id;
    return true; /* every operation is over when it returns */
}

static void file_destroy(struct object *object)
{
    struct file *file = (struct file *)object;

    pthread_mutex_lock(&open_files_lock);
    if (list_is_linked(&file->link))
        list_remove(&file->link);
    pthread_mutex_unlock(&open_files_lock);
    if (file->is_standard)
        file->storage.fd = -1;
    storage_close(&file->storage);
    if (file->flags & FILE_FLAG_DELETE_ON_CLOSE)
        (void)(file->is_directory ? storage_rmdir(&file->path) : storage_unlink(&file->path));
    pthread_mutex_destroy(&file->lock);
    path_free(&file->path);
    free(file);
}

const struct object_class file_class = {
    .name = "file",
    .is_signaled = file_is_signaled,
    .destroy = file_destroy,
};

/* ---- sharing ---- */

/* Access rights as the bits that sharing speaks of. */
static DWORD shared_access(DWORD access)
{
    return (access & (FILE_READ_DATA | FILE_EXECUTE) ? (DWORD)FILE_SHARE_READ : 0u) |
           (access & (FILE_WRITE_DATA | FILE_APPEND_DATA) ? (DWORD)FILE_SHARE_WRITE : 0u) |
           (access & DELETE ? (DWORD)FILE_SHARE_DELETE : 0u);
}

static bool is_same_file(const struct file *file, const struct win_path *path, dev_t device,
                         ino_t ino)
{
    return file->ino == ino && file->path.volume == path->volume && file->path.view == path->view &&
           (path->volume || file->device == device);
}

bool file_is_denied(const struct win_path *path, const struct stat *st, DWORD access)
{
    bool is_denied = false;

    pthread_mutex_lock(&open_files_lock);
    list_each (struct file, file, &open_files, link) {
        if (is_same_file(file, path, st->st_dev, st->st_ino) && access & ~file->share)
            is_denied = true;
    }
    pthread_mutex_unlock(&open_files_lock);
    return is_denied;
}

/* Enters the file among the open ones, or answers false when it and another exclude each other. */
static bool share(struct file *file)
{
    DWORD wanted = shared_access(file->access);
    bool is_allowed = true;

    if (!wanted)
        return true; /* attributes alone disturb nobody */
    pthread_mutex_lock(&open_files_lock);
    list_each (struct file, other, &open_files, link) {
        if (is_same_file(other, &file->path, file->device, file->ino) &&
            (wanted & ~other->share || shared_access(other->access) & ~file->share))
            is_allowed = false;
    }
    if (is_allowed)
        list_append(&open_files, &file->link);
    pthread_mutex_unlock(&open_files_lock);
    return is_allowed;
}

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

static DWORD check_existing(const struct file *file, const struct stat *st, DWORD disposition,
                            DWORD attributes)
{
    bool truncates = disposition == CREATE_ALWAYS || disposition == TRUNCATE_EXISTING;

    if (file->path.view && (file_wants_write(file) || truncates))
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
    int error = storage_open(&file->path, flags, mode, &file->storage);
    if (!error)
        error = storage_stat_file(&file->storage, &st);
    if (error == -EEXIST)
        return ERROR_FILE_EXISTS;
    if (error)
        return win_error_from_errno(error);
    file->device = st.st_dev;
    file->ino = st.st_ino;
    file->is_stream = !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !file->path.volume;
    file->has_archive_bit = !S_ISREG(st.st_mode) || !(st.st_mode & S_ISVTX);
    if (!share(file))
        return ERROR_SHARING_VIOLATION;
    if (truncates)
        error = storage_truncate(&file->storage, 0);
    return error ? win_error_from_errno(error) : ERROR_SUCCESS;
}

/* \\.\C: and the like: for DeviceIoControl and FlushFileBuffers; its sectors are not there. */
static DWORD open_device(struct file *file, DWORD disposition)
{
    if (disposition != OPEN_EXISTING && disposition != OPEN_ALWAYS)
        return ERROR_INVALID_PARAMETER;
    file->is_device = true;
    return ERROR_SUCCESS;
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
    if (file->path.kind == PATH_DEVICE)
        return open_device(file, disposition);
    if (file->path.kind == PATH_CONSOLE)
        return open_console(file);
    DWORD error = path_find(&file->path, &found);
    bool exists = error == ERROR_SUCCESS;
    if (error && error != ERROR_FILE_NOT_FOUND)
        return error;
    if (file->path.kind == PATH_NULL && exists)
        disposition = OPEN_EXISTING;
    error = check_disposition(disposition, exists, file);
    if (!error && !exists && file->path.has_trailing_slash)
        error = ERROR_INVALID_NAME;
    if (!error && !exists && file->path.view)
        error = ERROR_WRITE_PROTECT;
    if (!error && exists)
        error = check_existing(file, &found, disposition, attributes);
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

static struct file *new_file(void)
{
    struct file *file = mem_new(struct file);

    object_init(&file->object, &file_class);
    pthread_mutex_init(&file->lock, NULL);
    file->storage.fd = -1;
    return file;
}

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    struct file *file = new_file();
    DWORD error = path_parse(name, 0, &file->path);
    bool existed = false;

    (void)security;
    (void)template;
    file->access = specific_access(access);
    if (flags & FILE_FLAG_DELETE_ON_CLOSE)
        file->access |= DELETE;
    file->share = sharing;
    file->flags = flags & ~(DWORD)FILE_FLAG_DELETE_ON_CLOSE;
    if (!error)
        error = open_file(file, disposition, flags & 0xFFFF, &existed);
    if (error) {
        object_unref(&file->object);
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    file->flags = flags; /* from now on its end deletes it */
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new(&file->object, file->access | SYNCHRONIZE);
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *security,
                          DWORD disposition, DWORD flags, HANDLE template)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return CreateFileW(wide, access, sharing, security, disposition, flags, template);
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    DWORD n = (DWORD)STD_INPUT_HANDLE - which;

    if (n > 2) {
        SetLastError(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    pthread_mutex_lock(&open_files_lock);
    if (!standard[n]) {
        struct file *file = new_file();
        file->is_stream = file->is_standard = true;
        file->storage.fd = (int)n;
        file->access = FILE_GENERIC_READ | FILE_GENERIC_WRITE;
        standard[n] = handle_new(&file->object, file->access);
    }
    HANDLE handle = standard[n];
    pthread_mutex_unlock(&open_files_lock);
    return handle;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    DWORD n = (DWORD)STD_INPUT_HANDLE - which;

    if (n > 2)
        return win_fail(ERROR_INVALID_HANDLE);
    pthread_mutex_lock(&open_files_lock);
    standard[n] = handle;
    pthread_mutex_unlock(&open_files_lock);
    return TRUE;
}
