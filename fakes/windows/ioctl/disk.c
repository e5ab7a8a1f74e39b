/* SPDX-License-Identifier: MIT */
/* The disk behind the volumes (Learn: the pages of the codes): one disk, \\.\PhysicalDrive0, with a
 * GPT partition of 1 TiB for each volume. Nothing of it can be read or written. */
#include "emu/com/guid.h"
#include "emu/port/world.h"
#include "fakes/windows/ioctl/ioctl.h"
#include "fakes/windows/storage.h"

#include <string.h>
#include <sys/stat.h>

#define TRACKS  255
#define SECTORS 63

/* Learn: "PARTITION_INFORMATION_GPT": PARTITION_BASIC_DATA_GUID. */
static const GUID basic_data = {
    0xEBD0A0A2, 0xB9E5, 0x4433, { 0x87, 0xC0, 0x68, 0xB6, 0xB7, 0x26, 0x99, 0xC7 }
};

static bool is_disk(const struct ioctl_call *call)
{
    return call->file->path.kind == PATH_DISK;
}

static int64_t length_of(const struct ioctl_call *call)
{
    const struct win_path *path = &call->file->path;
    struct stat st;

    if (!is_disk(call) && path->volume->image &&
        path->volume->ops->stat(path->volume, path->view, path->volume->image, &st) == 0)
        return st.st_size;
    if (!is_disk(call))
        return IOCTL_VOLUME_SIZE;
    return (int64_t)world_current()->n_volumes * IOCTL_VOLUME_SIZE + 2 * IOCTL_FIRST_OFFSET;
}

static DWORD partition_number(const struct ioctl_call *call)
{
    return is_disk(call) ? 0 : (DWORD)path_volume_index(call->file->path.volume) + 1;
}

static int64_t start_of(const struct ioctl_call *call)
{
    DWORD number = partition_number(call);

    return number ? IOCTL_FIRST_OFFSET + (number - 1) * IOCTL_VOLUME_SIZE : 0;
}

DWORD ioctl_disk_extents(struct ioctl_call *call)
{
    VOLUME_DISK_EXTENTS extents = { .NumberOfDiskExtents = 1 };

    extents.Extents[0].StartingOffset.QuadPart = start_of(call);
    extents.Extents[0].ExtentLength.QuadPart = IOCTL_VOLUME_SIZE;
    return ioctl_give(call, &extents, sizeof(extents));
}

DWORD ioctl_device_number(struct ioctl_call *call)
{
    const STORAGE_DEVICE_NUMBER number = { .DeviceType = FILE_DEVICE_DISK,
                                           .PartitionNumber = partition_number(call) };

    return ioctl_give(call, &number, sizeof(number));
}

DWORD ioctl_length_info(struct ioctl_call *call)
{
    const GET_LENGTH_INFORMATION length = { .Length.QuadPart = length_of(call) };

    return ioctl_give(call, &length, sizeof(length));
}

static DISK_GEOMETRY geometry(void)
{
    int64_t size = (int64_t)world_current()->n_volumes * IOCTL_VOLUME_SIZE + 2 * IOCTL_FIRST_OFFSET;

    return (DISK_GEOMETRY){
        .Cylinders.QuadPart = size / FILE_SECTOR / SECTORS / TRACKS,
        .MediaType = FixedMedia,
        .TracksPerCylinder = TRACKS,
        .SectorsPerTrack = SECTORS,
        .BytesPerSector = FILE_SECTOR,
    };
}

DWORD ioctl_geometry(struct ioctl_call *call)
{
    const DISK_GEOMETRY data = geometry();

    return ioctl_give(call, &data, sizeof(data));
}

DWORD ioctl_geometry_ex(struct ioctl_call *call)
{
    DISK_GEOMETRY_EX data = { .Geometry = geometry() };

    data.DiskSize.QuadPart =
        (int64_t)world_current()->n_volumes * IOCTL_VOLUME_SIZE + 2 * IOCTL_FIRST_OFFSET;
    ioctl_give(call, &data, call->out_size < sizeof(data) ? call->out_size : sizeof(data));
    return ERROR_SUCCESS;
}

DWORD ioctl_partition_info_ex(struct ioctl_call *call)
{
    PARTITION_INFORMATION_EX data = { .PartitionStyle = PARTITION_STYLE_GPT };

    data.StartingOffset.QuadPart = start_of(call);
    data.PartitionLength.QuadPart = length_of(call);
    data.PartitionNumber = partition_number(call);
    if (!is_disk(call)) {
        data.Gpt.PartitionType = basic_data;
        const char *brace = strchr(call->file->path.volume->guid_name, '{');
        char text[39] = "";
        if (brace)
            memcpy(text, brace, strnlen(brace, 38));
        guid_from_text(text, &data.Gpt.PartitionId);
        static const char name[] = "Basic data partition";
        for (size_t i = 0; name[i]; i++)
            data.Gpt.Name[i] = (WCHAR)name[i];
    }
    return ioctl_give(call, &data, sizeof(data));
}

/* Learn: "IOCTL_DISK_GET_PARTITION_INFO": for MBR disks; a GPT disk has no such answer. */
DWORD ioctl_partition_info(struct ioctl_call *call)
{
    (void)call;
    return ERROR_INVALID_FUNCTION;
}

DWORD ioctl_is_writable(struct ioctl_call *call)
{
    return storage_can_change(&call->file->path) ? ERROR_SUCCESS : ERROR_WRITE_PROTECT;
}

DWORD ioctl_gpt_attributes(struct ioctl_call *call)
{
    const VOLUME_GET_GPT_ATTRIBUTES_INFORMATION data = {
        .GptAttributes = call->file->path.view ? GPT_BASIC_DATA_ATTRIBUTE_READ_ONLY |
                                                     GPT_BASIC_DATA_ATTRIBUTE_HIDDEN |
                                                     GPT_BASIC_DATA_ATTRIBUTE_SHADOW_COPY |
                                                     GPT_BASIC_DATA_ATTRIBUTE_NO_DRIVE_LETTER
                                               : 0,
    };

    return ioctl_give(call, &data, sizeof(data));
}

DWORD ioctl_hotplug_info(struct ioctl_call *call)
{
    const STORAGE_HOTPLUG_INFO data = { .Size = sizeof(data) };

    return ioctl_give(call, &data, sizeof(data));
}
