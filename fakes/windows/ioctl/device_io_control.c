/* SPDX-License-Identifier: MIT */
/* DeviceIoControl (Learn: the page of that name and of each control code). The table says for
 * which handles a code is, what access it needs and how large its buffers must be. Codes that it
 * lacks are ERROR_INVALID_FUNCTION, as of a driver that knows them not; IOCTL_VOLSNAP_* are among
 * them. */
#include "emu/base/cleanup.h"
#include "fakes/windows/file_io.h"
#include "fakes/windows/ioctl/ioctl.h"
#include "fakes/windows/last_error.h"

#include <string.h>

#define MOUNTDEV_QUERY_DEVICE_NAME CTL_CODE((DWORD)'M', 2, METHOD_BUFFERED, FILE_ANY_ACCESS)

static DWORD no_journal(struct ioctl_call *call)
{
    (void)call;
    return ERROR_JOURNAL_NOT_ACTIVE;
}

/* Learn: "FSCTL_GET_RETRIEVAL_POINTERS": a file whose data lies in the MFT has no extents.
 * Deviation: every file is one, because no sector of a volume can be read. */
static DWORD no_extents(struct ioctl_call *call)
{
    (void)call;
    return ERROR_HANDLE_EOF;
}

static DWORD no_object_id(struct ioctl_call *call)
{
    (void)call;
    return ERROR_FILE_NOT_FOUND;
}

enum {
    FILES = IOCTL_ON_FILE,
    VOLUMES = IOCTL_ON_VOLUME | IOCTL_ON_SNAPSHOT,
    DEVICES = VOLUMES | IOCTL_ON_DISK,
    ORIGINS = IOCTL_ON_VOLUME | IOCTL_ON_DISK,
};

/* What of Learn stands for each: the page of the code's name. */
static const struct ioctl_row rows[] = {
    { FSCTL_GET_REPARSE_POINT, FILES, 0, 0, 8, 0, fsctl_get_reparse_point },
    { FSCTL_SET_REPARSE_POINT, FILES, 0, 8, 0, 0, fsctl_set_reparse_point },
    { FSCTL_DELETE_REPARSE_POINT, FILES, 0, 8, 0, 0, fsctl_delete_reparse_point },
    { FSCTL_SET_SPARSE, FILES, 0, 0, 0, 0, fsctl_set_sparse },
    { FSCTL_SET_ZERO_DATA, FILES, FILE_WRITE_DATA, sizeof(FILE_ZERO_DATA_INFORMATION), 0, 0,
      fsctl_set_zero_data },
    { FSCTL_QUERY_ALLOCATED_RANGES, FILES, FILE_READ_DATA, sizeof(FILE_ALLOCATED_RANGE_BUFFER), 0,
      0, fsctl_query_allocated_ranges },
    { FSCTL_GET_COMPRESSION, FILES, 0, 0, sizeof(USHORT), ERROR_INVALID_PARAMETER,
      fsctl_get_compression },
    { FSCTL_SET_COMPRESSION, FILES, FILE_READ_DATA | FILE_WRITE_DATA, sizeof(USHORT), 0, 0,
      fsctl_set_compression },
    { FSCTL_GET_RETRIEVAL_POINTERS, FILES, 0, sizeof(STARTING_VCN_INPUT_BUFFER),
      sizeof(RETRIEVAL_POINTERS_BUFFER), 0, no_extents },
    { FSCTL_GET_OBJECT_ID, FILES, 0, 0, 64, ERROR_INVALID_PARAMETER, no_object_id },
    { FSCTL_GET_NTFS_VOLUME_DATA, VOLUMES, 0, 0, sizeof(NTFS_VOLUME_DATA_BUFFER), 0,
      fsctl_get_ntfs_volume_data },
    { FSCTL_GET_VOLUME_BITMAP, VOLUMES, 0, sizeof(STARTING_LCN_INPUT_BUFFER),
      sizeof(VOLUME_BITMAP_BUFFER), 0, fsctl_get_volume_bitmap },
    { FSCTL_QUERY_USN_JOURNAL, FILES | VOLUMES, 0, 0, sizeof(USN_JOURNAL_DATA), 0, no_journal },
    { FSCTL_READ_USN_JOURNAL, FILES | VOLUMES, 0, sizeof(READ_USN_JOURNAL_DATA), sizeof(USN), 0,
      no_journal },
    { FSCTL_CREATE_USN_JOURNAL, VOLUMES, 0, sizeof(CREATE_USN_JOURNAL_DATA), 0, 0, no_journal },
    { FSCTL_DELETE_USN_JOURNAL, VOLUMES, 0, 0, 0, 0, no_journal },
    { FSCTL_ENUM_USN_DATA, VOLUMES, 0, sizeof(MFT_ENUM_DATA), sizeof(DWORDLONG), 0, no_journal },
    { FSCTL_LOCK_VOLUME, IOCTL_ON_VOLUME, 0, 0, 0, 0, fsctl_lock_volume },
    { FSCTL_UNLOCK_VOLUME, IOCTL_ON_VOLUME, 0, 0, 0, 0, fsctl_unlock_volume },
    { FSCTL_DISMOUNT_VOLUME, IOCTL_ON_VOLUME, 0, 0, 0, 0, NULL },
    { FSCTL_IS_VOLUME_MOUNTED, FILES | VOLUMES, 0, 0, 0, 0, NULL },
    { FSCTL_IS_VOLUME_DIRTY, VOLUMES, 0, 0, sizeof(ULONG), 0, fsctl_is_volume_dirty },
    { FSCTL_ALLOW_EXTENDED_DASD_IO, VOLUMES, 0, 0, 0, 0, NULL },
    { IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, IOCTL_ON_VOLUME, 0, 0, sizeof(VOLUME_DISK_EXTENTS), 0,
      ioctl_disk_extents },
    { IOCTL_VOLUME_GET_GPT_ATTRIBUTES, VOLUMES, 0, 0, sizeof(VOLUME_GET_GPT_ATTRIBUTES_INFORMATION),
      0, ioctl_gpt_attributes },
    { IOCTL_VOLUME_ONLINE, IOCTL_ON_VOLUME, 0, 0, 0, 0, NULL },
    { IOCTL_STORAGE_GET_DEVICE_NUMBER, ORIGINS, 0, 0, sizeof(STORAGE_DEVICE_NUMBER), 0,
      ioctl_device_number },
    { IOCTL_STORAGE_GET_HOTPLUG_INFO, ORIGINS, 0, 0, sizeof(STORAGE_HOTPLUG_INFO), 0,
      ioctl_hotplug_info },
    { IOCTL_STORAGE_QUERY_PROPERTY, ORIGINS, 0,
      offsetof(STORAGE_PROPERTY_QUERY, AdditionalParameters), 0, 0, ioctl_query_property },
    { IOCTL_STORAGE_CHECK_VERIFY, DEVICES, FILE_READ_DATA, 0, 0, 0, NULL },
    { IOCTL_STORAGE_CHECK_VERIFY2, DEVICES, 0, 0, 0, 0, NULL },
    { IOCTL_DISK_CHECK_VERIFY, DEVICES, FILE_READ_DATA, 0, 0, 0, NULL },
    { IOCTL_DISK_GET_LENGTH_INFO, DEVICES, FILE_READ_DATA, 0, sizeof(GET_LENGTH_INFORMATION), 0,
      ioctl_length_info },
    { IOCTL_DISK_GET_DRIVE_GEOMETRY, DEVICES, 0, 0, sizeof(DISK_GEOMETRY), 0, ioctl_geometry },
    { IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, DEVICES, 0, 0, offsetof(DISK_GEOMETRY_EX, Data), 0,
      ioctl_geometry_ex },
    { IOCTL_DISK_GET_PARTITION_INFO, ORIGINS, FILE_READ_DATA, 0, sizeof(PARTITION_INFORMATION), 0,
      ioctl_partition_info },
    { IOCTL_DISK_GET_PARTITION_INFO_EX, ORIGINS, 0, 0, sizeof(PARTITION_INFORMATION_EX), 0,
      ioctl_partition_info_ex },
    { IOCTL_DISK_IS_WRITABLE, DEVICES, 0, 0, 0, 0, ioctl_is_writable },
    { MOUNTDEV_QUERY_DEVICE_NAME, DEVICES, 0, 0, 2 * sizeof(USHORT), ERROR_INVALID_PARAMETER,
      ioctl_query_device_name },
};

DWORD ioctl_give(struct ioctl_call *call, const void *data, size_t size)
{
    call->n = size < call->out_size ? (DWORD)size : call->out_size;
    if (call->n)
        memcpy(call->out, data, call->n);
    return call->n < size ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static unsigned target_of(const struct file *file)
{
    if (file->path.kind == PATH_DISK)
        return IOCTL_ON_DISK;
    if (file->is_device)
        return file->path.view ? IOCTL_ON_SNAPSHOT : IOCTL_ON_VOLUME;
    return file->node && file->path.volume ? IOCTL_ON_FILE : 0;
}

static const struct ioctl_row *find_row(DWORD code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == code)
            return &rows[i];
    }
    return NULL;
}

/* A file system says that a parameter is wrong, a driver that it has no such function. */
static DWORD run(const struct ioctl_row *row, DWORD code, struct ioctl_call *call)
{
    if (!row)
        return ERROR_INVALID_FUNCTION;
    if (!(row->targets & target_of(call->file)))
        return code >> 16 == FILE_DEVICE_FILE_SYSTEM && target_of(call->file)
                   ? ERROR_INVALID_PARAMETER
                   : ERROR_INVALID_FUNCTION;
    if ((call->file->access & row->access) != row->access)
        return ERROR_ACCESS_DENIED;
    if (call->in_size < row->in || (row->in && !call->in))
        return ERROR_INVALID_PARAMETER;
    if (call->out_size < row->out || (row->out && !call->out))
        return row->out_error ? row->out_error : ERROR_INSUFFICIENT_BUFFER;
    return row->run ? row->run(call) : ERROR_SUCCESS;
}

BOOL WINAPI DeviceIoControl(HANDLE handle, DWORD code, LPVOID in, DWORD in_size, LPVOID out,
                            DWORD out_size, LPDWORD ret_n, LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct ioctl_call call = { .file = (struct file *)object,
                               .in = in,
                               .in_size = in ? in_size : 0,
                               .out = out,
                               .out_size = out ? out_size : 0 };

    if (!object)
        return FALSE;
    if (!ret_n && !overlapped)
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = run(find_row(code), code, &call);
    return file_io_end(call.file, overlapped, error, call.n, ret_n);
}
