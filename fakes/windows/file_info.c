/* SPDX-License-Identifier: MIT */
/* What is known about an open file: times, attributes, identity (Learn: "GetFileTime",
 * "GetFileInformationByHandle"). */
#include "fakes/windows/attributes.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int file_stat(struct file *file, struct stat *ret_stat)
{
    int error = storage_stat_file(&file->storage, ret_stat);

    if (!error && file->path.stream) {
        auto_path path = file_node_path(file);
        storage_merge(&path, ret_stat);
    }
    return error;
}

DWORD file_attributes(struct file *file, const struct stat *st)
{
    auto_path path = file_node_path(file);

    return attributes_of(&path, st);
}

static BOOL stat_handle(HANDLE handle, struct stat *ret_stat, struct object **ret_object)
{
    struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;

    *ret_object = object;
    if (!object)
        return FALSE;
    if (file->is_device)
        return win_fail(ERROR_INVALID_PARAMETER);
    int error = file_stat(file, ret_stat);
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

    (void)creation; /* not kept: attributes.h */
    if (!object)
        return FALSE;
    auto_path path = file_node_path(file);
    int error = storage_set_times(&path, times);
    return error ? win_fail_errno(error) : TRUE;
}

static DWORD serial_number(const struct win_path *path)
{
    const char *brace = path->volume ? strchr(path->volume->guid_name, '{') : NULL;

    return brace ? (DWORD)strtoul(brace + 1, NULL, 16) : 0; /* as GetVolumeInformation */
}

BOOL WINAPI GetFileInformationByHandle(HANDLE handle, BY_HANDLE_FILE_INFORMATION *ret_info)
{
    auto_object struct object *object = NULL;
    struct stat st;

    if (!stat_handle(handle, &st, &object))
        return FALSE;
    uint64_t size = attributes_size(&st);
    *ret_info = (BY_HANDLE_FILE_INFORMATION){
        .dwFileAttributes = file_attributes((struct file *)object, &st),
        .ftCreationTime = attributes_creation_time(&st),
        .ftLastAccessTime = attributes_filetime(&st.st_atim),
        .ftLastWriteTime = attributes_filetime(&st.st_mtim),
        .dwVolumeSerialNumber = serial_number(&((struct file *)object)->path),
        .nFileSizeHigh = (DWORD)(size >> 32),
        .nFileSizeLow = (DWORD)size,
        .nNumberOfLinks = S_ISDIR(st.st_mode) ? 1 : (DWORD)st.st_nlink,
        .nFileIndexHigh = (DWORD)((uint64_t)st.st_ino >> 32),
        .nFileIndexLow = (DWORD)st.st_ino,
    };
    return TRUE;
}
