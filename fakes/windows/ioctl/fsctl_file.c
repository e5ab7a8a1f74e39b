/* SPDX-License-Identifier: MIT */
/* Control codes of files: sparse files, compression (Learn: "Sparse File Operations", the pages of
 * the codes), and GetCompressedFileSize. Nothing is compressed in truth: the attribute is kept. */
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/ioctl/ioctl.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/streams/allocation.h"
#include "fakes/windows/streams/side_flags.h"

#include <fcntl.h>
#include <string.h>

static DWORD change_flags(struct file *file, DWORD set, DWORD clear)
{
    auto_path path = file_node_path(file);

    if (path.stream)
        return ERROR_SUCCESS; /* the attribute is the file's, not a stream's */
    return win_error_from_errno(side_change_flags(&path, set, clear));
}

DWORD fsctl_set_sparse(struct ioctl_call *call)
{
    const FILE_SET_SPARSE_BUFFER *wish = call->in;
    bool is_sparse = call->in_size < sizeof(*wish) || wish->SetSparse;

    if (!(call->file->access & (FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES)))
        return ERROR_ACCESS_DENIED;
    if (call->file->is_directory)
        return ERROR_INVALID_PARAMETER;
    return change_flags(call->file, is_sparse ? FILE_ATTRIBUTE_SPARSE_FILE : 0,
                        is_sparse ? 0 : FILE_ATTRIBUTE_SPARSE_FILE);
}

DWORD fsctl_set_zero_data(struct ioctl_call *call)
{
    const FILE_ZERO_DATA_INFORMATION *zero = call->in;
    int64_t at = zero->FileOffset.QuadPart, end = zero->BeyondFinalZero.QuadPart;
    static const char zeros[ALLOCATION_UNIT];
    struct stat st;

    if (at < 0 || end < at || call->file->is_directory)
        return ERROR_INVALID_PARAMETER;
    int failed = storage_stat_file(&call->file->storage, &st);
    if (failed)
        return win_error_from_errno(failed);
    end = end < st.st_size ? end : st.st_size; /* the file does not grow */
    DWORD error = end > at
                      ? file_node_check_locks(call->file, (uint64_t)at, (uint64_t)(end - at), true)
                      : ERROR_SUCCESS;
    while (!error && at < end) {
        size_t n = end - at < ALLOCATION_UNIT ? (size_t)(end - at) : ALLOCATION_UNIT;
        ssize_t written = storage_write(&call->file->storage, zeros, n, at);
        error = written < 0 ? win_error_from_errno((int)written) : ERROR_SUCCESS;
        at += (int64_t)n;
    }
    return error;
}

/* The whole of a file that is not sparse is allocated. */
static int find_ranges(struct file *file, bool is_sparse, int64_t offset, int64_t length,
                       struct allocated_ranges *all)
{
    struct stat st;

    if (is_sparse)
        return allocation_find(&file->storage, offset, length, all);
    int error = storage_stat_file(&file->storage, &st);
    int64_t end = !error && length > st.st_size - offset ? st.st_size : offset + length;
    if (!error && end > offset)
        array_add(&all->ranges, ((struct allocated_range){ offset, end - offset }));
    return error;
}

static bool is_sparse(struct file *file)
{
    auto_path path = file_node_path(file);

    return side_flags(&path) & FILE_ATTRIBUTE_SPARSE_FILE;
}

DWORD fsctl_query_allocated_ranges(struct ioctl_call *call)
{
    const FILE_ALLOCATED_RANGE_BUFFER *wish = call->in;
    struct allocated_ranges all = { 0 };
    int64_t offset = wish->FileOffset.QuadPart, length = wish->Length.QuadPart, end;

    _Static_assert(sizeof(struct allocated_range) == sizeof(FILE_ALLOCATED_RANGE_BUFFER), "");
    if (offset < 0 || length < 0 || __builtin_add_overflow(offset, length, &end) ||
        call->file->is_directory)
        return ERROR_INVALID_PARAMETER;
    int failed = find_ranges(call->file, is_sparse(call->file), offset, length, &all);
    DWORD error = win_error_from_errno(failed);
    size_t room = call->out_size / sizeof(struct allocated_range);
    if (!error && all.ranges.count && !room)
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        size_t n = all.ranges.count < room ? all.ranges.count : room;
        if (n)
            ioctl_give(call, all.ranges.items, n * sizeof(struct allocated_range));
        error = n < all.ranges.count ? ERROR_MORE_DATA : ERROR_SUCCESS;
    }
    array_free(&all.ranges);
    return error;
}

DWORD fsctl_get_compression(struct ioctl_call *call)
{
    auto_path path = file_node_path(call->file);
    USHORT format = side_flags(&path) & FILE_ATTRIBUTE_COMPRESSED ? COMPRESSION_FORMAT_LZNT1
                                                                  : COMPRESSION_FORMAT_NONE;

    return ioctl_give(call, &format, sizeof(format));
}

DWORD fsctl_set_compression(struct ioctl_call *call)
{
    USHORT format;

    memcpy(&format, call->in, sizeof(format));
    if (format > COMPRESSION_FORMAT_LZNT1)
        return ERROR_INVALID_PARAMETER;
    return change_flags(call->file, format ? FILE_ATTRIBUTE_COMPRESSED : 0,
                        format ? 0 : FILE_ATTRIBUTE_COMPRESSED);
}

/* ---- by name ---- */

static DWORD compressed_size(const struct win_path *path, const struct stat *st, int64_t *ret_size)
{
    struct allocated_ranges all = { 0 };
    struct storage_file storage;

    *ret_size = (int64_t)attributes_size(st);
    if (path->stream || !(side_flags(path) & FILE_ATTRIBUTE_SPARSE_FILE))
        return ERROR_SUCCESS;
    int error = storage_open(path, O_RDONLY, 0, &storage);
    if (error)
        return win_error_from_errno(error);
    error = allocation_find(&storage, 0, st->st_size, &all);
    storage_close(&storage);
    *ret_size = 0;
    for (size_t i = 0; i < all.ranges.count; i++) /* whole units are what is allocated */
        *ret_size +=
            (all.ranges.items[i].length + ALLOCATION_UNIT - 1) / ALLOCATION_UNIT * ALLOCATION_UNIT;
    array_free(&all.ranges);
    return win_error_from_errno(error);
}

DWORD WINAPI GetCompressedFileSizeW(LPCWSTR name, LPDWORD ret_high)
{
    auto_path path;
    struct stat st;
    int64_t size;
    DWORD error = path_parse(name, PATH_STREAMS, &path);

    if (!error)
        error = path_find_target(&path, &st);
    if (!error)
        error = compressed_size(&path, &st, &size);
    SetLastError(error);
    if (error)
        return INVALID_FILE_SIZE;
    if (ret_high)
        *ret_high = (DWORD)(size >> 32);
    return (DWORD)size;
}

DWORD WINAPI GetCompressedFileSizeA(LPCSTR name, LPDWORD ret_high)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return GetCompressedFileSizeW(wide, ret_high);
}
