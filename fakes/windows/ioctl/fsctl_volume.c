/* SPDX-License-Identifier: MIT */
/* Control codes of volumes (Learn: the pages of the codes). Sizes are those of the partition that
 * disk.c tells of; every cluster counts as used, because none can be read. */
#include "emu/base/array.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/ioctl/ioctl.h"
#include "fakes/windows/ioctl/volume_lock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define N_CLUSTERS (IOCTL_VOLUME_SIZE / FILE_CLUSTER)

DWORD fsctl_get_ntfs_volume_data(struct ioctl_call *call)
{
    const char *brace = strchr(call->file->path.volume->guid_name, '{');
    NTFS_VOLUME_DATA_BUFFER data = {
        .VolumeSerialNumber.QuadPart = brace ? (int64_t)strtoul(brace + 1, NULL, 16) : 0,
        .NumberSectors.QuadPart = IOCTL_VOLUME_SIZE / FILE_SECTOR,
        .TotalClusters.QuadPart = N_CLUSTERS,
        .FreeClusters.QuadPart = N_CLUSTERS / 2,
        .BytesPerSector = FILE_SECTOR,
        .BytesPerCluster = FILE_CLUSTER,
        .BytesPerFileRecordSegment = 1024,
        .MftValidDataLength.QuadPart = INT64_C(1) << 20,
        .MftStartLcn.QuadPart = 0xC0000,
        .Mft2StartLcn.QuadPart = 2,
        .MftZoneStart.QuadPart = 0xC0000,
        .MftZoneEnd.QuadPart = 0xCC820,
    };

    return ioctl_give(call, &data, sizeof(data));
}

DWORD fsctl_get_volume_bitmap(struct ioctl_call *call)
{
    const size_t head = offsetof(VOLUME_BITMAP_BUFFER, Buffer);
    STARTING_LCN_INPUT_BUFFER start;
    VOLUME_BITMAP_BUFFER *bitmap = call->out;

    memcpy(&start, call->in, sizeof(start));
    if (start.StartingLcn.QuadPart < 0 || start.StartingLcn.QuadPart >= N_CLUSTERS)
        return ERROR_INVALID_PARAMETER;
    int64_t from = start.StartingLcn.QuadPart & ~INT64_C(7), n_bits = N_CLUSTERS - from;
    size_t wanted = (size_t)(n_bits + 7) / 8, room = call->out_size - head;
    bitmap->StartingLcn.QuadPart = from;
    bitmap->BitmapSize.QuadPart = n_bits;
    memset((char *)call->out + head, 0xFF, wanted < room ? wanted : room);
    call->n = (DWORD)(head + (wanted < room ? wanted : room));
    return room < wanted ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

DWORD fsctl_is_volume_dirty(struct ioctl_call *call)
{
    ULONG flags = 0;

    return ioctl_give(call, &flags, sizeof(flags));
}

/* ---- locks ---- */

static pthread_mutex_t locks_lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(const struct file *) lockers;

/* The index of the lock of this volume, or of this file; -1: none. With the lock held. */
static ssize_t find_lock(const struct volume *volume, const struct file *file)
{
    for (size_t i = 0; i < lockers.count; i++) {
        if (lockers.items[i] == file || (volume && lockers.items[i]->path.volume == volume))
            return (ssize_t)i;
    }
    return -1;
}

bool volume_lock_keeps_out(const struct file *file)
{
    pthread_mutex_lock(&locks_lock);
    ssize_t i = file->path.volume && !file->path.view ? find_lock(file->path.volume, NULL) : -1;
    bool is_locked = i >= 0 && lockers.items[i] != file;
    pthread_mutex_unlock(&locks_lock);
    return is_locked;
}

void volume_lock_forget(const struct file *file)
{
    pthread_mutex_lock(&locks_lock);
    ssize_t i = find_lock(NULL, file);
    if (i >= 0)
        array_remove(&lockers, (size_t)i);
    if (!lockers.count)
        array_free(&lockers);
    pthread_mutex_unlock(&locks_lock);
}

DWORD fsctl_lock_volume(struct ioctl_call *call)
{
    const struct volume *volume = call->file->path.volume;

    if (file_node_is_open_on(volume))
        return ERROR_ACCESS_DENIED;
    pthread_mutex_lock(&locks_lock);
    bool is_free = find_lock(volume, NULL) < 0;
    if (is_free)
        array_add(&lockers, call->file);
    pthread_mutex_unlock(&locks_lock);
    return is_free ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
}

DWORD fsctl_unlock_volume(struct ioctl_call *call)
{
    pthread_mutex_lock(&locks_lock);
    bool is_ours = find_lock(NULL, call->file) >= 0;
    pthread_mutex_unlock(&locks_lock);
    volume_lock_forget(call->file);
    return is_ours ? ERROR_SUCCESS : ERROR_NOT_LOCKED;
}
