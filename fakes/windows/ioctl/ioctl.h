/* SPDX-License-Identifier: MIT */
/* What DeviceIoControl does with each control code: one row of a table, one function. */
#pragma once

#include "fakes/windows/file.h"

#include <ntddstor.h>
#include <winioctl.h>

#include "fakes/windows/include/vssemu/ioctl_types.h"

/* Every volume is a partition of this size on the one disk, in the order of the world's volumes. */
#define IOCTL_VOLUME_SIZE  (INT64_C(1) << 40)
#define IOCTL_FIRST_OFFSET (INT64_C(1) << 20)

struct ioctl_call {
    struct file *file;
    const void *in;
    void *out;
    DWORD in_size, out_size;
    DWORD n; /* how much of out was filled */
};

/* Which kinds of handle a code is for. */
enum ioctl_target {
    IOCTL_ON_FILE = 1,   /* a file or directory of a volume */
    IOCTL_ON_VOLUME = 2, /* \\.\C: */
    IOCTL_ON_SNAPSHOT = 4,
    IOCTL_ON_DISK = 8,
};

struct ioctl_row {
    DWORD code;
    unsigned targets;
    DWORD access;                          /* all of it */
    DWORD in, out;                         /* the least sizes */
    DWORD out_error;                       /* when out is smaller; 0: ERROR_INSUFFICIENT_BUFFER */
    DWORD (*run)(struct ioctl_call *call); /* an error code; NULL: succeeds and gives nothing */
};

/* Copies what fits: ERROR_MORE_DATA when that is not all. */
DWORD ioctl_give(struct ioctl_call *call, const void *data, size_t size);

/* fsctl_file.c */
DWORD fsctl_set_sparse(struct ioctl_call *call);
DWORD fsctl_set_zero_data(struct ioctl_call *call);
DWORD fsctl_query_allocated_ranges(struct ioctl_call *call);
DWORD fsctl_get_compression(struct ioctl_call *call);
DWORD fsctl_set_compression(struct ioctl_call *call);
/* reparse_point.c */
DWORD fsctl_get_reparse_point(struct ioctl_call *call);
DWORD fsctl_set_reparse_point(struct ioctl_call *call);
DWORD fsctl_delete_reparse_point(struct ioctl_call *call);
/* fsctl_volume.c */
DWORD fsctl_get_ntfs_volume_data(struct ioctl_call *call);
DWORD fsctl_get_volume_bitmap(struct ioctl_call *call);
DWORD fsctl_is_volume_dirty(struct ioctl_call *call);
DWORD fsctl_lock_volume(struct ioctl_call *call);
DWORD fsctl_unlock_volume(struct ioctl_call *call);
/* disk.c */
DWORD ioctl_disk_extents(struct ioctl_call *call);
DWORD ioctl_device_number(struct ioctl_call *call);
DWORD ioctl_length_info(struct ioctl_call *call);
DWORD ioctl_geometry(struct ioctl_call *call);
DWORD ioctl_geometry_ex(struct ioctl_call *call);
DWORD ioctl_partition_info(struct ioctl_call *call);
DWORD ioctl_partition_info_ex(struct ioctl_call *call);
DWORD ioctl_is_writable(struct ioctl_call *call);
DWORD ioctl_gpt_attributes(struct ioctl_call *call);
DWORD ioctl_hotplug_info(struct ioctl_call *call);
/* device_names.c */
DWORD ioctl_query_property(struct ioctl_call *call);
DWORD ioctl_query_device_name(struct ioctl_call *call);
