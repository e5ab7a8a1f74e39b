/* SPDX-License-Identifier: MIT */
/* What a device is called (Learn: "IOCTL_STORAGE_QUERY_PROPERTY",
 * "IOCTL_MOUNTDEV_QUERY_DEVICE_NAME"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/volume_device.h"
#include "fakes/windows/ioctl/ioctl.h"

#include <string.h>

/* ---- properties ---- */

struct device_descriptor {
    STORAGE_DEVICE_DESCRIPTOR head;
    char vendor[8], product[16], revision[8], serial[24];
};

/* Learn: "STORAGE_PROPERTY_QUERY": a buffer that is too small for it gets the beginning, whose Size
 * tells how much there is. */
static DWORD give_descriptor(struct ioctl_call *call, const void *descriptor, size_t size)
{
    if (call->out_size < sizeof(STORAGE_DESCRIPTOR_HEADER))
        return ERROR_INSUFFICIENT_BUFFER;
    ioctl_give(call, descriptor, size < call->out_size ? size : call->out_size);
    return ERROR_SUCCESS;
}

static DWORD device_property(struct ioctl_call *call)
{
    struct device_descriptor data = {
        .head = { .Version = sizeof(data.head),
                  .Size = sizeof(data),
                  .CommandQueueing = TRUE,
                  .VendorIdOffset = offsetof(struct device_descriptor, vendor),
                  .ProductIdOffset = offsetof(struct device_descriptor, product),
                  .ProductRevisionOffset = offsetof(struct device_descriptor, revision),
                  .SerialNumberOffset = offsetof(struct device_descriptor, serial),
                  .BusType = BusTypeSas },
        .vendor = "VSSEMU",
        .product = "Virtual Disk",
        .revision = "1.0",
        .serial = "VSSEMU-0",
    };

    return give_descriptor(call, &data, sizeof(data));
}

/* Learn: "STORAGE_DEVICE_ID_DESCRIPTOR", "STORAGE_IDENTIFIER": one, of a vendor, in ASCII. */
static DWORD identifier_property(struct ioctl_call *call)
{
    static const char id[] = "VSSEMU  Virtual Disk 0";
    struct {
        DWORD version, size, count;
        DWORD code_set, type; /* StorageIdCodeSetAscii, StorageIdTypeVendorId */
        USHORT id_size, next;
        DWORD association;
        char id[sizeof(id) - 1];
    } data = { .count = 1, .code_set = 2, .type = 1, .id_size = sizeof(id) - 1 };

    data.version = sizeof(STORAGE_DEVICE_ID_DESCRIPTOR);
    data.size = sizeof(data);
    memcpy(data.id, id, sizeof(id) - 1);
    return give_descriptor(call, &data, sizeof(data));
}

static DWORD adapter_property(struct ioctl_call *call)
{
    const STORAGE_ADAPTER_DESCRIPTOR data = { .Version = sizeof(data),
                                              .Size = sizeof(data),
                                              .MaximumTransferLength = 1024 * 1024,
                                              .MaximumPhysicalPages = 256,
                                              .CommandQueueing = TRUE,
                                              .BusType = BusTypeSas };

    return give_descriptor(call, &data, sizeof(data));
}

DWORD ioctl_query_property(struct ioctl_call *call)
{
    static const struct {
        STORAGE_PROPERTY_ID id;
        DWORD (*run)(struct ioctl_call *call);
    } properties[] = {
        { StorageDeviceProperty, device_property },
        { StorageAdapterProperty, adapter_property },
        { StorageDeviceIdProperty, identifier_property },
    };
    const STORAGE_PROPERTY_QUERY *query = call->in;

    if (query->QueryType >= PropertyMaskQuery)
        return ERROR_INVALID_FUNCTION;
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
        if (properties[i].id == query->PropertyId)
            return query->QueryType == PropertyExistsQuery ? ERROR_SUCCESS
                                                           : properties[i].run(call);
    }
    return ERROR_INVALID_FUNCTION;
}

/* ---- the mount manager's question ---- */

DWORD ioctl_query_device_name(struct ioctl_call *call)
{
    const struct win_path *path = &call->file->path;
    auto_free char *text = path->kind == PATH_DISK ? mem_strdup("\\Device\\Harddisk0\\DR0")
                           : path->view ? str_printf("\\Device\\HarddiskVolumeShadowCopy%u",
                                                     volume_device_of(path->volume, path->view))
                                        : str_printf("\\Device\\HarddiskVolume%zu",
                                                     path_volume_index(path->volume) + 1);
    auto_free uint16_t *wide = utf16_from_utf8(text);
    USHORT length = (USHORT)(utf16_length(wide) * sizeof(WCHAR));

    memcpy(call->out, &length, sizeof(length));
    call->n = sizeof(length) + sizeof(WCHAR);
    if (call->out_size < sizeof(length) + length)
        return ERROR_MORE_DATA;
    memcpy((char *)call->out + sizeof(length), wide, length);
    call->n = sizeof(length) + length;
    return ERROR_SUCCESS;
}
