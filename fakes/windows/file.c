/* SPDX-License-Identifier: MIT */
/* Files by handle: CreateFile, reading, writing, positions, sharing (Learn: "File Management
 * Functions", "Creating and Opening Files"). Sharing modes hold between the handles of this
 * process. Overlapped calls are done when they return. */
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

struct file {
    struct object object;
    struct win_path path;
    struct storage_file storage;
    DWORD access, share, flags;
    bool is_directory, is_device;
    bool is_stream;               /* a pipe or terminal: no positions */
    bool is_standard;             /* of GetStdHandle: its descriptor stays open */
    bool has_archive_bit;         /* nothing more to do for it */
    dev_t device;                 /* with ino: which file it is */
    ino_t ino;
    struct list link;             /* in open_files */
    pthread_mutex_t lock;         /* of position */
    int64_t position;
};

static pthread_mutex_t open_files_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list open_files = { &open_files, &open_files };
static HANDLE standard[3];

static bool file_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object;
    (void)thread_id;
    return true;      /* every operation is over when it returns */
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

static const struct object_class file_class = {
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
    return file->ino == ino && file->path.volume == path->volume &&
           file->path.view == path->view && (path->volume || file->device == device);
}

bool file_is_denied(const struct win_path *path, const struct stat *st, DWORD access)
{
    bool is_denied = false;

    pthread_mutex_lock(&open_files_lock);
    list_each(struct file, file, &open_files, link) {
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
        return true;      /* attributes alone disturb nobody */
    pthread_mutex_lock(&open_files_lock);
    list_each(struct file, other, &open_files, link) {
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
    DWORD specific = access & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL |
                                MAXIMUM_ALLOWED);

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

static bool wants_write(const struct file *file)
{
    return file->access & (FILE_WRITE_DATA | FILE_APPEND_DATA);
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

    if (file->path.view && (wants_write(file) || truncates))
        return ERROR_WRITE_PROTECT;
    if (S_ISDIR(st->st_mode))
        return truncates || !(file->flags & FILE_FLAG_BACKUP_SEMANTICS) ? ERROR_ACCESS_DENIED
                                                                        : ERROR_SUCCESS;
    DWORD has = attributes_from_stat(st);
    if (has & FILE_ATTRIBUTE_READONLY &&
        (wants_write(file) || truncates || file->flags & FILE_FLAG_DELETE_ON_CLOSE))
        return ERROR_ACCESS_DENIED;
    if (disposition == CREATE_ALWAYS &&
        has & ~attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM))
        return ERROR_ACCESS_DENIED;      /* Learn: "CreateFileW": hidden and system must be asked for */
    return ERROR_SUCCESS;
}

static int open_flags(const struct file *file, bool truncates)
{
    bool reads = file->access & (FILE_READ_DATA | FILE_EXECUTE);

    if (file->is_directory)
        return O_RDONLY | O_DIRECTORY;
    if (wants_write(file))
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
                    (str_is_equal_nocase(file->path.text, "CON") && !wants_write(file));

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

/* Between looking and opening somebody else may have made or deleted the file: what the disposition
 * asks for is possible all the same, and it is tried again. A few times only: a symbolic link of the
 * host that leads nowhere is neither there nor can it be made. */
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
    file->flags = flags;      /* from now on its end deletes it */
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

/* ---- reading and writing ---- */

static int64_t overlapped_offset(const OVERLAPPED *overlapped)
{
    return (int64_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset);
}

/* Tells the caller, and whoever waits for it, how it went. */
static BOOL complete(OVERLAPPED *overlapped, DWORD error, size_t n, LPDWORD ret_n)
{
    if (ret_n)
        *ret_n = (DWORD)n;
    if (overlapped) {
        overlapped->Internal = error;
        overlapped->InternalHigh = n;
        if (overlapped->hEvent)
            SetEvent((HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1));
    }
    return error ? win_fail(error) : TRUE;
}

static DWORD read_at(struct file *file, void *buffer, DWORD size, const OVERLAPPED *overlapped,
                     size_t *ret_n)
{
    pthread_mutex_lock(&file->lock);
    int64_t at = overlapped && !file->is_stream ? overlapped_offset(overlapped) : file->position;
    ssize_t n = storage_read(&file->storage, buffer, size, at);
    if (n > 0)
        file->position = at + n;
    pthread_mutex_unlock(&file->lock);
    *ret_n = n > 0 ? (size_t)n : 0;
    if (n < 0)
        return win_error_from_errno((int)n);
    return overlapped && !n && size ? ERROR_HANDLE_EOF : ERROR_SUCCESS;
}

BOOL WINAPI ReadFile(HANDLE handle, LPVOID buffer, DWORD size, LPDWORD ret_n,
                     LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_READ_DATA);
    struct file *file = (struct file *)object;
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (file->is_directory || file->is_device)
        return win_fail(file->is_device ? ERROR_NOT_SUPPORTED : ERROR_INVALID_FUNCTION);
    DWORD error = read_at(file, buffer, size, overlapped, &n);
    return complete(overlapped, error, n, ret_n);
}

/* A change sets the archive bit, if a backup had taken it away. */
static void set_archive_bit(struct file *file)
{
    struct stat st;

    if (file->has_archive_bit)
        return;
    file->has_archive_bit = true;
    if (storage_stat_file(&file->storage, &st) == 0)
        storage_chmod(&file->path, st.st_mode & 07777 & ~(mode_t)S_ISVTX);
}

static DWORD write_at(struct file *file, const void *buffer, DWORD size,
                      const OVERLAPPED *overlapped, size_t *ret_n)
{
    bool appends = !(file->access & FILE_WRITE_DATA) ||
                   (overlapped && overlapped->Offset == ~0u && overlapped->OffsetHigh == ~0u);
    struct stat st;

    pthread_mutex_lock(&file->lock);
    int64_t at = overlapped ? overlapped_offset(overlapped) : file->position;
    if (file->is_stream)
        at = 0;
    else if (appends)
        at = storage_stat_file(&file->storage, &st) == 0 ? st.st_size : 0;
    ssize_t n = storage_write(&file->storage, buffer, size, at);
    if (n > 0)
        file->position = at + n;
    set_archive_bit(file);
    pthread_mutex_unlock(&file->lock);
    *ret_n = n > 0 ? (size_t)n : 0;
    return n < 0 ? win_error_from_errno((int)n) : ERROR_SUCCESS;
}

BOOL WINAPI WriteFile(HANDLE handle, LPCVOID buffer, DWORD size, LPDWORD ret_n,
                      LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    size_t n = 0;

    if (ret_n)
        *ret_n = 0;
    if (!object)
        return FALSE;
    if (!wants_write(file))
        return win_fail(ERROR_ACCESS_DENIED);
    if (file->is_device)
        return win_fail(ERROR_NOT_SUPPORTED);
    DWORD error = size ? write_at(file, buffer, size, overlapped, &n) : ERROR_SUCCESS;
    return complete(overlapped, error, n, ret_n);
}

BOOL WINAPI GetOverlappedResult(HANDLE handle, LPOVERLAPPED overlapped, LPDWORD ret_n, BOOL wait)
{
    (void)handle;
    (void)wait;
    *ret_n = (DWORD)overlapped->InternalHigh;
    return overlapped->Internal ? win_fail((DWORD)overlapped->Internal) : TRUE;
}

BOOL WINAPI FlushFileBuffers(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;

    if (!object)
        return FALSE;
    if (!wants_write(file))
        return win_fail(ERROR_ACCESS_DENIED);
    int error = file->is_device ? 0 : storage_sync(&file->storage);
    return error ? win_fail_errno(error) : TRUE;
}

/* ---- positions and sizes ---- */

static BOOL size_of(struct file *file, int64_t *ret_size)
{
    struct stat st;

    if (file->is_stream || file->is_device)
        return win_fail(ERROR_INVALID_PARAMETER);
    int error = storage_stat_file(&file->storage, &st);
    *ret_size = error || S_ISDIR(st.st_mode) ? 0 : st.st_size;
    return error ? win_fail_errno(error) : TRUE;
}

BOOL WINAPI SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, LARGE_INTEGER *ret_position,
                             DWORD method)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    int64_t from = 0;

    if (!object)
        return FALSE;
    if (method > FILE_END || file->is_stream)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (method == FILE_END && !size_of(file, &from))
        return FALSE;
    pthread_mutex_lock(&file->lock);
    if (method == FILE_CURRENT)
        from = file->position;
    bool is_valid = from + distance.QuadPart >= 0;
    if (is_valid)
        file->position = from + distance.QuadPart;
    int64_t position = file->position;
    pthread_mutex_unlock(&file->lock);
    if (!is_valid)
        return win_fail(ERROR_NEGATIVE_SEEK);
    if (ret_position)
        ret_position->QuadPart = position;
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE handle, LONG low, LONG *high, DWORD method)
{
    LARGE_INTEGER distance = { .QuadPart = high ? (int64_t)((uint64_t)(uint32_t)*high << 32 |
                                                            (uint32_t)low) : low };
    LARGE_INTEGER position;

    if (!SetFilePointerEx(handle, distance, &position, method))
        return INVALID_SET_FILE_POINTER;
    if (!high && position.QuadPart > INT32_MAX) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    if (high)
        *high = position.HighPart;
    SetLastError(ERROR_SUCCESS);      /* 0xFFFFFFFF may be a position */
    return position.LowPart;
}

BOOL WINAPI GetFileSizeEx(HANDLE handle, PLARGE_INTEGER ret_size)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    int64_t size;

    if (!object || !size_of((struct file *)object, &size))
        return FALSE;
    ret_size->QuadPart = size;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE handle, LPDWORD ret_high)
{
    LARGE_INTEGER size;

    if (!GetFileSizeEx(handle, &size))
        return INVALID_FILE_SIZE;
    if (ret_high)
        *ret_high = (DWORD)size.HighPart;
    SetLastError(ERROR_SUCCESS);
    return size.LowPart;
}

BOOL WINAPI SetEndOfFile(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_WRITE_DATA);
    struct file *file = (struct file *)object;

    if (!object)
        return FALSE;
    if (file->is_directory || file->is_device)
        return win_fail(ERROR_INVALID_HANDLE);
    pthread_mutex_lock(&file->lock);
    int error = storage_truncate(&file->storage, file->position);
    set_archive_bit(file);
    pthread_mutex_unlock(&file->lock);
    return error ? win_fail_errno(error) : TRUE;
}

DWORD WINAPI GetFileType(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;
    struct stat st;

    if (!object)
        return FILE_TYPE_UNKNOWN;
    SetLastError(ERROR_SUCCESS);
    if (!file->is_stream)
        return FILE_TYPE_DISK;
    if (storage_stat_file(&file->storage, &st) != 0)
        return FILE_TYPE_UNKNOWN;
    return S_ISCHR(st.st_mode) ? FILE_TYPE_CHAR : S_ISREG(st.st_mode) ? FILE_TYPE_DISK
                                                                      : FILE_TYPE_PIPE;
}

/* ---- what is known about a file ---- */

static BOOL stat_handle(HANDLE handle, struct stat *ret_stat, struct object **ret_object)
{
    struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;

    *ret_object = object;
    if (!object)
        return FALSE;
    if (file->is_device)
        return win_fail(ERROR_INVALID_PARAMETER);
    int error = storage_stat_file(&file->storage, ret_stat);
    return error ? win_fail_errno(error) : TRUE;
}

BOOL WINAPI GetFileTime(HANDLE handle, LPFILETIME ret_creation, LPFILETIME ret_access,
                        LPFILETIME ret_write)
{
    auto_object struct object *object = NULL;
    struct stat st;

    if (!stat_handle(handle, &st, &object))
        return FALSE;
    if (ret_creation)
        *ret_creation = attributes_creation_time(&st);
    if (ret_access)
        *ret_access = attributes_filetime(&st.st_atim);
    if (ret_write)
        *ret_write = attributes_filetime(&st.st_mtim);
    return TRUE;
}

static struct timespec time_or_omit(const FILETIME *time)
{
    bool is_given = time && (time->dwLowDateTime || time->dwHighDateTime) &&
                    !(time->dwLowDateTime == ~0u && time->dwHighDateTime == ~0u);

    return is_given ? attributes_timespec(time) : (struct timespec){ .tv_nsec = UTIME_OMIT };
}

BOOL WINAPI SetFileTime(HANDLE handle, const FILETIME *creation, const FILETIME *access,
                        const FILETIME *write)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_WRITE_ATTRIBUTES);
    struct file *file = (struct file *)object;
    struct timespec times[2] = { time_or_omit(access), time_or_omit(write) };

    (void)creation;      /* not kept: attributes.h */
    if (!object)
        return FALSE;
    int error = storage_set_times(&file->path, times);
    return error ? win_fail_errno(error) : TRUE;
}

static DWORD serial_number(const struct win_path *path)
{
    const char *brace = path->volume ? strchr(path->volume->guid_name, '{') : NULL;

    return brace ? (DWORD)strtoul(brace + 1, NULL, 16) : 0;      /* as GetVolumeInformation */
}

BOOL WINAPI GetFileInformationByHandle(HANDLE handle, BY_HANDLE_FILE_INFORMATION *ret_info)
{
    auto_object struct object *object = NULL;
    struct stat st;

    if (!stat_handle(handle, &st, &object))
        return FALSE;
    uint64_t size = S_ISDIR(st.st_mode) ? 0 : (uint64_t)st.st_size;
    *ret_info = (BY_HANDLE_FILE_INFORMATION){
        .dwFileAttributes = attributes_from_stat(&st),
        .ftCreationTime = attributes_creation_time(&st),
        .ftLastAccessTime = attributes_filetime(&st.st_atim),
        .ftLastWriteTime = attributes_filetime(&st.st_mtim),
        .dwVolumeSerialNumber = serial_number(&((struct file *)object)->path),
        .nFileSizeHigh = (DWORD)(size >> 32),
        .nFileSizeLow = (DWORD)size,
        .nNumberOfLinks = (DWORD)st.st_nlink,
        .nFileIndexHigh = (DWORD)((uint64_t)st.st_ino >> 32),
        .nFileIndexLow = (DWORD)st.st_ino,
    };
    return TRUE;
}

/* ---- the console ---- */

BOOL WINAPI WriteConsoleW(HANDLE handle, const void *text, DWORD n_units, LPDWORD ret_n,
                          LPVOID reserved)
{
    auto_free char *utf8 = utf8_from_utf16_n(text, n_units);
    DWORD written;

    (void)reserved;
    if (!WriteFile(handle, utf8, (DWORD)strlen(utf8), &written, NULL))
        return FALSE;
    if (ret_n)
        *ret_n = n_units;
    return TRUE;
}

BOOL WINAPI WriteConsoleA(HANDLE handle, const void *text, DWORD size, LPDWORD ret_n,
                          LPVOID reserved)
{
    (void)reserved;
    return WriteFile(handle, text, size, ret_n, NULL);
}

/* One line, or as much of it as fits; a line that does not end yet goes on at the next call. */
BOOL WINAPI ReadConsoleW(HANDLE handle, LPVOID ret_text, DWORD n_units, LPDWORD ret_n,
                         LPVOID control)
{
    auto_free char *line = mem_alloc((size_t)n_units + 1);
    DWORD length = 0, n = 1;

    (void)control;
    while (length < n_units && n && !(length && line[length - 1] == '\n')) {
        if (!ReadFile(handle, line + length, 1, &n, NULL))
            return FALSE;
        length += n;
    }
    auto_free uint16_t *wide = utf16_from_utf8(line);
    *ret_n = (DWORD)utf16_length(wide);
    memcpy(ret_text, wide, *ret_n * sizeof(WCHAR));
    return TRUE;
}

/* No console: output goes where the program's standard streams go. */
BOOL WINAPI GetConsoleMode(HANDLE handle, LPDWORD ret_mode)
{
    if (GetFileType(handle) != FILE_TYPE_CHAR)
        return win_fail(ERROR_INVALID_HANDLE);
    *ret_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT;
    return TRUE;
}

BOOL WINAPI SetConsoleMode(HANDLE handle, DWORD mode)
{
    DWORD old;

    (void)mode;
    return GetConsoleMode(handle, &old);
}
