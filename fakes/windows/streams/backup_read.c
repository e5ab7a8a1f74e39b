/* SPDX-License-Identifier: MIT */
/* BackupRead and BackupSeek (Learn: the pages of these names, "Creating a Backup Application"). The
 * parts of the sequence are known when it begins; a buffer may end anywhere, in a header, too. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/streams/allocation.h"
#include "fakes/windows/streams/backup_stream.h"
#include "fakes/windows/streams/security_store.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/streams/side_flags.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* ---- what there is ---- */

static struct backup_part *add_part(struct backup_context *context, DWORD id, DWORD attributes)
{
    array_add(&context->parts, ((struct backup_part){ .id = id, .attributes = attributes }));
    return &context->parts.items[context->parts.count - 1];
}

static DWORD add_security(struct backup_context *context, const struct win_path *path)
{
    void *descriptor;
    DWORD size;
    int error = security_store_read(path, &descriptor, &size);

    if (error)
        return win_error_from_errno(error);
    struct backup_part *part = add_part(context, BACKUP_SECURITY_DATA, STREAM_CONTAINS_SECURITY);
    part->data = descriptor;
    part->data_size = size;
    return ERROR_SUCCESS;
}

static void add_block(struct backup_context *context, int64_t offset, int64_t length)
{
    struct backup_part *part = add_part(context, BACKUP_SPARSE_BLOCK, STREAM_SPARSE_ATTRIBUTE);

    part->data = mem_alloc(sizeof(offset));
    memcpy(part->data, &offset, sizeof(offset));
    part->data_size = sizeof(offset);
    part->offset = offset;
    part->length = length;
}

/* A sparse file has an empty stream of data, a block for each range, and one without data that
 * tells where the file ends. */
static DWORD add_sparse(struct backup_context *context, int64_t size)
{
    struct allocated_ranges all = { 0 };
    int error = allocation_find(&context->file->storage, 0, size, &all);

    add_part(context, BACKUP_DATA, STREAM_SPARSE_ATTRIBUTE);
    for (size_t i = 0; i < all.ranges.count; i++)
        add_block(context, all.ranges.items[i].offset, all.ranges.items[i].length);
    add_block(context, size, 0);
    array_free(&all.ranges);
    return win_error_from_errno(error);
}

static int add_stream(void *arg, const char *name, const struct stat *st)
{
    struct backup_part *part = add_part(arg, BACKUP_ALTERNATE_DATA, STREAM_NORMAL_ATTRIBUTE);

    part->stream = mem_strdup(name);
    part->length = st->st_size;
    return 0;
}

static void add_reparse(struct backup_context *context, const struct win_path *path)
{
    void *data;
    struct stat st;
    ssize_t size = storage_stat(path, &st) == 0 ? link_read_raw(path, &st, &data) : -ENOENT;

    if (size <= 0)
        return;
    struct backup_part *part = add_part(context, BACKUP_REPARSE_DATA, STREAM_NORMAL_ATTRIBUTE);
    part->data = data;
    part->data_size = (size_t)size;
}

/* An empty file has an empty stream of data. Unsure: it may have none. */
static DWORD add_data(struct backup_context *context, const struct win_path *path)
{
    struct stat st;
    int failed = file_stat(context->file, &st);

    if (failed || S_ISDIR(st.st_mode))
        return win_error_from_errno(failed);
    if (!path->stream && side_flags(path) & FILE_ATTRIBUTE_SPARSE_FILE)
        return add_sparse(context, st.st_size);
    add_part(context, BACKUP_DATA, STREAM_NORMAL_ATTRIBUTE)->length = st.st_size;
    return ERROR_SUCCESS;
}

static DWORD gather(struct backup_context *context, bool with_security)
{
    auto_path path = file_node_path(context->file);
    DWORD error = with_security && context->file->access & READ_CONTROL
                      ? add_security(context, &path)
                      : ERROR_SUCCESS;

    if (!error)
        error = add_data(context, &path);
    if (error || path.stream)
        return error;
    int failed = side_list_streams(&path, add_stream, context);
    add_reparse(context, &path);
    return win_error_from_errno(failed);
}

/* ---- the sequence ---- */

static DWORD begin_part(struct backup_context *context, const struct backup_part *part)
{
    WIN32_STREAM_ID id = { .dwStreamId = part->id, .dwStreamAttributes = part->attributes };

    context->size = (int64_t)part->data_size + part->length;
    id.Size.QuadPart = context->size;
    if (part->stream) {
        auto_free char *text = str_printf(":%s:$DATA", part->stream);
        auto_free uint16_t *wide = utf16_from_utf8(text);
        auto_path path = file_node_path(context->file);
        id.dwStreamNameSize = (DWORD)(utf16_length(wide) * sizeof(WCHAR));
        memcpy(context->header + BACKUP_HEADER_SIZE, wide, id.dwStreamNameSize);
        path.stream = mem_strdup(part->stream);
        int failed = storage_open(&path, O_RDONLY, 0, &context->storage);
        if (failed) {
            context->storage = (struct storage_file){ .fd = -1 };
            return win_error_from_errno(failed);
        }
    }
    memcpy(context->header, &id, BACKUP_HEADER_SIZE);
    context->header_size = BACKUP_HEADER_SIZE + id.dwStreamNameSize;
    return ERROR_SUCCESS;
}

static size_t smaller(int64_t a, size_t b)
{
    return (uint64_t)a < b ? (size_t)a : b;
}

/* Some bytes of the part's data; *ret_n 0 without an error: the part has ended. */
static DWORD read_data(struct backup_context *context, const struct backup_part *part, char *buffer,
                       size_t size, size_t *ret_n)
{
    size_t n = smaller(context->size - context->done, size);

    *ret_n = 0;
    if (!n)
        return ERROR_SUCCESS;
    if (context->done < (int64_t)part->data_size) {
        *ret_n = smaller((int64_t)part->data_size - context->done, n);
        memcpy(buffer, (const char *)part->data + context->done, *ret_n);
        return ERROR_SUCCESS;
    }
    struct file *file = context->file;
    int64_t at = part->offset + context->done - (int64_t)part->data_size;
    if (!part->stream && !(file->access & FILE_READ_DATA))
        return ERROR_ACCESS_DENIED;
    DWORD error =
        part->stream ? ERROR_SUCCESS : file_node_check_locks(file, (uint64_t)at, n, false);
    if (error)
        return error;
    ssize_t got = storage_read(part->stream ? &context->storage : &file->storage, buffer, n, at);
    if (got <= 0)
        return got ? win_error_from_errno((int)got) : ERROR_HANDLE_EOF; /* it became shorter */
    *ret_n = (size_t)got;
    return ERROR_SUCCESS;
}

/* Some bytes of header or data; none without an error: the sequence is over. */
static DWORD read_some(struct backup_context *context, char *buffer, size_t size, size_t *ret_n)
{
    *ret_n = 0;
    while (context->current < context->parts.count) {
        const struct backup_part *part = &context->parts.items[context->current];
        DWORD error = context->header_size ? ERROR_SUCCESS : begin_part(context, part);
        if (error)
            return error;
        if (context->header_done < context->header_size) {
            *ret_n = smaller((int64_t)(context->header_size - context->header_done), size);
            memcpy(buffer, context->header + context->header_done, *ret_n);
            context->header_done += *ret_n;
            return ERROR_SUCCESS;
        }
        error = read_data(context, part, buffer, size, ret_n);
        context->done += (int64_t)*ret_n;
        if (error || *ret_n)
            return error;
        backup_part_end(context);
        context->current++;
    }
    return ERROR_SUCCESS;
}

/* What was read before an error is given first; the error comes with the next call. */
static DWORD fill(struct backup_context *context, char *buffer, DWORD size, LPDWORD ret_n)
{
    DWORD done = 0, error = ERROR_SUCCESS;

    while (done < size) {
        size_t n;
        error = read_some(context, buffer + done, size - done, &n);
        done += (DWORD)n;
        if (error || !n)
            break;
    }
    *ret_n = done;
    return done ? ERROR_SUCCESS : error;
}

BOOL WINAPI BackupRead(HANDLE handle, LPBYTE buffer, DWORD size, LPDWORD ret_n, BOOL abort,
                       BOOL with_security, LPVOID *context_pointer)
{
    struct backup_context *context = NULL;

    if (!context_pointer || (!abort && !ret_n))
        return win_fail(ERROR_INVALID_PARAMETER);
    if (ret_n)
        *ret_n = 0;
    if (abort && !*context_pointer)
        return TRUE;
    bool is_first = !*context_pointer;
    DWORD error = backup_context_enter(handle, context_pointer, BACKUP_IS_READ, &context);
    if (!error && is_first)
        error = gather(context, with_security);
    if (!error && !abort && size && !buffer)
        error = ERROR_INVALID_PARAMETER;
    if (!error && !abort)
        error = fill(context, (char *)buffer, size, ret_n);
    if (context && (abort || (is_first && error))) {
        backup_context_free(context);
        *context_pointer = NULL;
    }
    return error ? win_fail(error) : TRUE;
}

/* Learn: "BackupSeek": data alone is skipped, never a header; asked to go beyond the end of a
 * stream it fails at the next header and tells how far it came. */
BOOL WINAPI BackupSeek(HANDLE handle, DWORD low, DWORD high, LPDWORD ret_low, LPDWORD ret_high,
                       LPVOID *context_pointer)
{
    uint64_t wanted = (uint64_t)high << 32 | low;
    struct backup_context *context = NULL;

    if (!context_pointer || !*context_pointer || !ret_low || !ret_high)
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD error = backup_context_enter(handle, context_pointer, BACKUP_IS_READ, &context);
    if (error)
        return win_fail(error);
    bool is_in_data = context->header_size && context->header_done == context->header_size;
    uint64_t left = is_in_data ? (uint64_t)(context->size - context->done) : 0;
    uint64_t moved = wanted < left ? wanted : left;
    context->done += (int64_t)moved;
    *ret_low = (DWORD)moved;
    *ret_high = (DWORD)(moved >> 32);
    return moved < wanted ? win_fail(ERROR_SEEK) : TRUE;
}
