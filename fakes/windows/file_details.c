/* SPDX-License-Identifier: MIT */
/* GetFileInformationByHandleEx and SetFileInformationByHandle: details by class, in a buffer
 * (Learn: the pages of these names). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_lists.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/names.h"
#include "fakes/windows/storage.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/windows/include/vssemu/file_types.h"

#undef DeleteFile /* a macro of the functions, and a member here */

static int64_t ticks_of(const FILETIME *time)
{
    return (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static int64_t ticks_of_timespec(const struct timespec *time)
{
    const FILETIME filetime = attributes_filetime(time);

    return ticks_of(&filetime);
}

/* ---- reading ---- */

static DWORD get_basic(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    const FILETIME creation = attributes_creation_time(st);

    (void)file;
    if (size < sizeof(FILE_BASIC_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_BASIC_INFO *)buffer = (FILE_BASIC_INFO){
        .CreationTime.QuadPart = ticks_of(&creation),
        .LastAccessTime.QuadPart = ticks_of_timespec(&st->st_atim),
        .LastWriteTime.QuadPart = ticks_of_timespec(&st->st_mtim),
        .ChangeTime.QuadPart = ticks_of_timespec(&st->st_ctim),
        .FileAttributes = file_attributes(file, st),
    };
    return ERROR_SUCCESS;
}

static DWORD get_standard(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    int64_t length = (int64_t)attributes_size(st);

    if (size < sizeof(FILE_STANDARD_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_STANDARD_INFO *)buffer = (FILE_STANDARD_INFO){
        .AllocationSize.QuadPart = (length + FILE_CLUSTER - 1) / FILE_CLUSTER * FILE_CLUSTER,
        .EndOfFile.QuadPart = length,
        .NumberOfLinks = S_ISDIR(st->st_mode) ? 1 : (DWORD)st->st_nlink,
        .DeletePending = file_node_is_delete_pending(file),
        .Directory = S_ISDIR(st->st_mode),
    };
    return ERROR_SUCCESS;
}

/* The path without its volume, "\dir\file"; no zero at its end. */
static DWORD get_name(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    FILE_NAME_INFO *info = buffer;
    auto_path path = file_node_path(file);
    auto_free char *text = str_printf("\\%s", path.text + (*path.text == '/'));

    (void)st;
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    auto_free uint16_t *wide = utf16_from_utf8(text);
    size_t bytes = utf16_length(wide) * sizeof(WCHAR);
    const size_t head = offsetof(FILE_NAME_INFO, FileName);
    if (size < head)
        return ERROR_BAD_LENGTH;
    info->FileNameLength = (DWORD)bytes;
    memcpy((char *)buffer + head, wide, bytes < size - head ? bytes : size - head);
    return bytes > size - head ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static DWORD get_attribute_tag(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    auto_path path = file_node_path(file);

    if (size < sizeof(FILE_ATTRIBUTE_TAG_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_ATTRIBUTE_TAG_INFO *)buffer = (FILE_ATTRIBUTE_TAG_INFO){
        .FileAttributes = attributes_of(&path, st),
        .ReparseTag = link_tag(&path, st),
    };
    return ERROR_SUCCESS;
}

static DWORD get_compression(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    if (size < sizeof(FILE_COMPRESSION_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_COMPRESSION_INFO *)buffer = (FILE_COMPRESSION_INFO){
        .CompressedFileSize.QuadPart = S_ISDIR(st->st_mode) ? 0 : st->st_size,
        .CompressionFormat =
            file_attributes(file, st) & FILE_ATTRIBUTE_COMPRESSED ? COMPRESSION_FORMAT_LZNT1 : 0,
    };
    return ERROR_SUCCESS;
}

static DWORD get_id(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    const char *brace = file->path.volume ? strchr(file->path.volume->guid_name, '{') : NULL;
    uint64_t number = (uint64_t)st->st_ino;
    FILE_ID_INFO info = { .VolumeSerialNumber = brace ? strtoul(brace + 1, NULL, 16) : 0 };

    if (size < sizeof(info))
        return ERROR_BAD_LENGTH;
    memcpy(info.FileId.Identifier, &number, sizeof(number));
    memcpy(buffer, &info, sizeof(info));
    return ERROR_SUCCESS;
}

static DWORD get_alignment(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    (void)file;
    (void)st;
    if (size < sizeof(FILE_ALIGNMENT_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_ALIGNMENT_INFO *)buffer = (FILE_ALIGNMENT_INFO){ 0 };
    return ERROR_SUCCESS;
}

static DWORD get_storage(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    (void)file;
    (void)st;
    if (size < sizeof(FILE_STORAGE_INFO))
        return ERROR_BAD_LENGTH;
    *(FILE_STORAGE_INFO *)buffer = (FILE_STORAGE_INFO){
        .LogicalBytesPerSector = FILE_SECTOR,
        .PhysicalBytesPerSectorForAtomicity = FILE_SECTOR,
        .PhysicalBytesPerSectorForPerformance = FILE_SECTOR,
        .FileSystemEffectivePhysicalBytesPerSectorForAtomicity = FILE_SECTOR,
        .Flags = 3, /* STORAGE_INFO_FLAGS_ALIGNED_DEVICE, ..._PARTITION_ALIGNED_ON_DEVICE */
    };
    return ERROR_SUCCESS;
}

/* ---- writing ---- */

static DWORD set_times(struct file *file, const FILE_BASIC_INFO *info)
{
    const int64_t access = info->LastAccessTime.QuadPart, write = info->LastWriteTime.QuadPart;
    const FILETIME times[2] = { { (DWORD)access, (DWORD)(access >> 32) },
                                { (DWORD)write, (DWORD)(write >> 32) } };
    auto_path path = file_node_path(file);
    const struct timespec omit = { .tv_nsec = UTIME_OMIT };
    const struct timespec spec[2] = {
        access > 0 ? attributes_timespec(&times[0]) : omit, /* 0: as it is; -1: hold it there */
        write > 0 ? attributes_timespec(&times[1]) : omit,
    };

    return win_error_from_errno(storage_set_times(&path, spec));
}

static DWORD set_basic(struct file *file, const struct stat *st, const void *buffer, DWORD size)
{
    const FILE_BASIC_INFO *info = buffer;

    if (size < sizeof(*info))
        return ERROR_BAD_LENGTH;
    DWORD error = set_times(file, info);
    if (error || !info->FileAttributes)
        return error;
    auto_path path = file_node_path(file);
    return win_error_from_errno(
        storage_chmod(&path, attributes_to_mode(info->FileAttributes, st->st_mode)));
}

static DWORD set_rename(struct file *file, const struct stat *st, const void *buffer, DWORD size)
{
    const FILE_RENAME_INFO *info = buffer;
    const size_t head = offsetof(FILE_RENAME_INFO, FileName);

    if (size < sizeof(*info) || size < head + info->FileNameLength)
        return ERROR_BAD_LENGTH;
    if (info->RootDirectory || info->FileNameLength % sizeof(WCHAR))
        return ERROR_INVALID_PARAMETER;
    const uint16_t *given = (const uint16_t *)(const void *)((const char *)buffer + head);
    auto_free char *utf8 = utf8_from_utf16_n(given, info->FileNameLength / sizeof(WCHAR));
    auto_free WCHAR *to = (WCHAR *)utf16_from_utf8(utf8);
    auto_path from = file_node_path(file);
    return names_rename_open(&from, st, to, info->ReplaceIfExists);
}

static DWORD set_disposition(struct file *file, const struct stat *st, const void *buffer,
                             DWORD size)
{
    const FILE_DISPOSITION_INFO *info = buffer;

    if (size < sizeof(*info))
        return ERROR_BAD_LENGTH;
    if (info->DeleteFile) {
        auto_path path = file_node_path(file);
        DWORD error = names_check_delete(&path, st);
        if (error)
            return error;
    }
    file_node_set_delete(file, info->DeleteFile);
    return ERROR_SUCCESS;
}

static DWORD set_disposition_ex(struct file *file, const struct stat *st, const void *buffer,
                                DWORD size)
{
    const FILE_DISPOSITION_INFO_EX *info = buffer;

    if (size < sizeof(*info))
        return ERROR_BAD_LENGTH;
    const FILE_DISPOSITION_INFO plain = { .DeleteFile =
                                              info->Flags & FILE_DISPOSITION_FLAG_DELETE ? 1 : 0 };
    return set_disposition(file, st, &plain, sizeof(plain));
}

/* The hint is taken and nothing comes of it. */
static DWORD set_priority(struct file *file, const struct stat *st, const void *buffer, DWORD size)
{
    const FILE_IO_PRIORITY_HINT_INFO *info = buffer;

    (void)file;
    (void)st;
    if (size < sizeof(*info))
        return ERROR_BAD_LENGTH;
    return info->PriorityHint < MaximumIoPriorityHintType ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static DWORD set_size(struct file *file, int64_t size)
{
    if (size < 0 || file->is_directory)
        return ERROR_INVALID_PARAMETER;
    return win_error_from_errno(storage_truncate(&file->storage, size));
}

static DWORD set_end(struct file *file, const struct stat *st, const void *buffer, DWORD size)
{
    (void)st;
    return size < sizeof(FILE_END_OF_FILE_INFO)
               ? ERROR_BAD_LENGTH
               : set_size(file, ((const FILE_END_OF_FILE_INFO *)buffer)->EndOfFile.QuadPart);
}

/* Space is not set aside here; an allocation below the size cuts the file off all the same. */
static DWORD set_allocation(struct file *file, const struct stat *st, const void *buffer,
                            DWORD size)
{
    if (size < sizeof(FILE_ALLOCATION_INFO))
        return ERROR_BAD_LENGTH;
    int64_t wanted = ((const FILE_ALLOCATION_INFO *)buffer)->AllocationSize.QuadPart;
    return wanted >= st->st_size ? ERROR_SUCCESS : set_size(file, wanted);
}

/* ---- the table of classes ---- */

static const struct details_row {
    FILE_INFO_BY_HANDLE_CLASS class;
    DWORD access; /* that setting it needs */
    DWORD (*get)(struct file *file, const struct stat *st, void *buffer, DWORD size);
    DWORD (*set)(struct file *file, const struct stat *st, const void *buffer, DWORD size);
} rows[] = {
    { FileBasicInfo, FILE_WRITE_ATTRIBUTES, get_basic, set_basic },
    { FileStandardInfo, 0, get_standard, NULL },
    { FileNameInfo, 0, get_name, NULL },
    { FileAttributeTagInfo, 0, get_attribute_tag, NULL },
    { FileStreamInfo, 0, file_lists_streams, NULL },
    { FileCompressionInfo, 0, get_compression, NULL },
    { FileIdInfo, 0, get_id, NULL },
    { FileAlignmentInfo, 0, get_alignment, NULL },
    { FileStorageInfo, 0, get_storage, NULL },
    { FileDispositionInfoEx, DELETE, NULL, set_disposition_ex },
    { FileIoPriorityHintInfo, 0, NULL, set_priority },
    { FileRenameInfo, DELETE, NULL, set_rename },
    { FileDispositionInfo, DELETE, NULL, set_disposition },
    { FileAllocationInfo, FILE_WRITE_DATA, NULL, set_allocation },
    { FileEndOfFileInfo, FILE_WRITE_DATA, NULL, set_end },
};

static const struct details_row *find_row(FILE_INFO_BY_HANDLE_CLASS class)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].class == class)
            return &rows[i];
    }
    return NULL;
}

static DWORD stat_of(struct file *file, struct stat *ret_stat)
{
    if (!file->node)
        return ERROR_INVALID_FUNCTION; /* a device or a pipe */
    return win_error_from_errno(file_stat(file, ret_stat));
}

static bool is_list_of_directory(FILE_INFO_BY_HANDLE_CLASS class)
{
    return class == FileIdBothDirectoryInfo || class == FileIdBothDirectoryRestartInfo ||
           class == FileFullDirectoryInfo || class == FileFullDirectoryRestartInfo ||
           class == FileIdExtdDirectoryInfo || class == FileIdExtdDirectoryRestartInfo;
}

BOOL WINAPI GetFileInformationByHandleEx(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS class,
                                         LPVOID buffer, DWORD size)
{
    const struct details_row *row = find_row(class);
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct stat st;

    if (!object)
        return FALSE;
    if ((!row || !row->get) && !is_list_of_directory(class))
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = stat_of((struct file *)object, &st);
    if (!error && is_list_of_directory(class))
        error = file_lists_directory((struct file *)object, class, buffer, size);
    else if (!error)
        error = row->get((struct file *)object, &st, buffer, size);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI SetFileInformationByHandle(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS class,
                                       LPVOID buffer, DWORD size)
{
    const struct details_row *row = find_row(class);
    auto_object struct object *object = handle_get(handle, &file_class, row ? row->access : 0);
    struct stat st;

    if (!object)
        return FALSE;
    if (!row || !row->set)
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = stat_of((struct file *)object, &st);
    if (!error)
        error = row->set((struct file *)object, &st, buffer, size);
    return error ? win_fail(error) : TRUE;
}
