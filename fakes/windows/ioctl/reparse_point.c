/* SPDX-License-Identifier: MIT */
/* FSCTL_GET_REPARSE_POINT, FSCTL_SET_REPARSE_POINT, FSCTL_DELETE_REPARSE_POINT (Learn: the pages of
 * these names, "Reparse Points"). The data are kept as they are given (streams/side.h). */
#include "emu/base/cleanup.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/ioctl/ioctl.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/streams/side_flags.h"

#include <errno.h>
#include <string.h>

#define HEADER      8u                                   /* tag, length, reserved */
#define GUID_HEADER REPARSE_GUID_DATA_BUFFER_HEADER_SIZE /* of tags that are not Microsoft's */

struct reparse_header {
    DWORD tag;
    WORD length, reserved;
};

DWORD fsctl_get_reparse_point(struct ioctl_call *call)
{
    auto_path path = file_node_path(call->file);
    auto_free void *data = NULL;
    struct stat st;
    int error = file_stat(call->file, &st);
    ssize_t size = error ? error : link_read_raw(&path, &st, &data);

    if (size < 0)
        return size == -ENOENT ? ERROR_NOT_A_REPARSE_POINT : win_error_from_errno((int)size);
    return ioctl_give(call, data, (size_t)size);
}

static size_t header_size(DWORD tag)
{
    return tag & 0x80000000u ? HEADER : GUID_HEADER;
}

/* Learn: "FSCTL_SET_REPARSE_POINT"; 0 and 1 are reserved tags. */
static DWORD check_header(const struct ioctl_call *call, struct reparse_header *ret_header)
{
    memcpy(ret_header, call->in, HEADER);
    if (ret_header->tag <= 1)
        return ERROR_REPARSE_TAG_INVALID;
    if (!(call->file->access & (FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES)))
        return ERROR_ACCESS_DENIED;
    return call->file->path.stream ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

/* The tag must be that of the point that is there. */
static DWORD check_old(const struct win_path *path, DWORD tag, size_t header)
{
    auto_free void *old = NULL;
    ssize_t size = side_read(path, SIDE_REPARSE, &old);
    DWORD old_tag;

    (void)header;
    if (size < (ssize_t)HEADER)
        return ERROR_NOT_A_REPARSE_POINT;
    memcpy(&old_tag, old, sizeof(old_tag));
    return old_tag == tag ? ERROR_SUCCESS : ERROR_REPARSE_TAG_MISMATCH;
}

/* Learn: "Reparse Point Operations", [MS-FSCC] 2.1.2: what is to be followed must make sense. */
static DWORD check_link(const struct ioctl_call *call, DWORD tag)
{
    auto_link_data data = { 0 };

    if (tag != IO_REPARSE_TAG_SYMLINK && tag != IO_REPARSE_TAG_MOUNT_POINT)
        return ERROR_SUCCESS;
    if (!link_data_parse(call->in, call->in_size, &data))
        return ERROR_INVALID_REPARSE_DATA;
    return tag == IO_REPARSE_TAG_MOUNT_POINT && !call->file->is_directory ? ERROR_DIRECTORY
                                                                          : ERROR_SUCCESS;
}

static int one_entry(void *arg, const char *name, const struct stat *st)
{
    (void)arg;
    (void)name;
    (void)st;
    return 1;
}

DWORD fsctl_set_reparse_point(struct ioctl_call *call)
{
    auto_path path = file_node_path(call->file);
    struct reparse_header header;
    DWORD error = check_header(call, &header);

    if (error)
        return error;
    if (call->file->storage.is_link)
        return ERROR_ACCESS_DENIED; /* a symbolic link of Linux stays one */
    if (call->in_size > MAXIMUM_REPARSE_DATA_BUFFER_SIZE ||
        call->in_size != header_size(header.tag) + header.length)
        return ERROR_INVALID_REPARSE_DATA;
    error = check_link(call, header.tag);
    if (error)
        return error;
    error = check_old(&path, header.tag, header_size(header.tag));
    if (error && error != ERROR_NOT_A_REPARSE_POINT)
        return error;
    if (call->file->is_directory && storage_list(&path, one_entry, NULL) == 1)
        return ERROR_DIR_NOT_EMPTY;
    return win_error_from_errno(side_write(&path, SIDE_REPARSE, call->in, call->in_size));
}

DWORD fsctl_delete_reparse_point(struct ioctl_call *call)
{
    auto_path path = file_node_path(call->file);
    struct reparse_header header;
    DWORD error = check_header(call, &header);

    if (!error && (header.length || call->in_size != header_size(header.tag)))
        error = ERROR_INVALID_REPARSE_DATA;
    if (!error)
        error = check_old(&path, header.tag, header_size(header.tag));
    return error ? error : win_error_from_errno(side_write(&path, SIDE_REPARSE, NULL, 0));
}
