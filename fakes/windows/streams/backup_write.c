/* SPDX-License-Identifier: MIT */
/* BackupWrite (Learn: the page of that name): what BackupRead gave becomes a file again, in pieces
 * that may end anywhere. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/streams/backup_stream.h"
#include "fakes/windows/streams/security_store.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/streams/side_flags.h"

#include <fcntl.h>
#include <string.h>

#define MAX_COLLECTED (1024 * 1024) /* a descriptor or a reparse point is at most 64 KiB */

static WIN32_STREAM_ID header_of(const struct backup_context *context)
{
    WIN32_STREAM_ID id = { 0 };

    memcpy(&id, context->header, BACKUP_HEADER_SIZE);
    return id;
}

/* ---- what happens with each kind of stream ---- */

/* ":name:$DATA" of the header. NULL: no such name. The caller frees. */
static char *stream_name(const struct backup_context *context, DWORD size)
{
    auto_free char *text =
        utf8_from_utf16_n((const uint16_t *)(const void *)(context->header + BACKUP_HEADER_SIZE),
                          size / sizeof(WCHAR));
    char *end = text && *text == ':' ? strchr(text + 1, ':') : NULL;

    if (!end || end == text + 1 || strcmp(end, ":$DATA") != 0 || strpbrk(text, "\\/"))
        return NULL;
    *end = 0;
    return mem_strdup(text + 1);
}

static DWORD begin_alternate(struct backup_context *context, const WIN32_STREAM_ID *id)
{
    auto_path path = file_node_path(context->file);
    char *name = stream_name(context, id->dwStreamNameSize);

    if (!name || path.stream) {
        free(name);
        return ERROR_INVALID_DATA;
    }
    char *real = side_find_stream(&path, name);
    path.stream = real ? real : name;
    int failed = storage_open(&path, O_WRONLY | O_CREAT | O_TRUNC, 0644, &context->storage);
    if (failed)
        context->storage = (struct storage_file){ .fd = -1 };
    if (real)
        free(name);
    return win_error_from_errno(failed);
}

static DWORD begin_data(struct backup_context *context, const WIN32_STREAM_ID *id)
{
    auto_path path = file_node_path(context->file);

    if (context->file->is_directory || !file_wants_write(context->file))
        return ERROR_ACCESS_DENIED;
    if (id->dwStreamAttributes & STREAM_SPARSE_ATTRIBUTE && !path.stream)
        return win_error_from_errno(side_change_flags(&path, FILE_ATTRIBUTE_SPARSE_FILE, 0));
    return ERROR_SUCCESS;
}

static DWORD begin_collecting(struct backup_context *context, const WIN32_STREAM_ID *id)
{
    if (id->Size.QuadPart > MAX_COLLECTED)
        return ERROR_INVALID_DATA;
    context->collected = mem_alloc((size_t)id->Size.QuadPart + 1);
    return ERROR_SUCCESS;
}

/* Learn: "BackupWrite": without the right to it, or unasked, the security is not restored. */
static DWORD begin_security(struct backup_context *context, const WIN32_STREAM_ID *id)
{
    context->skips = !context->has_security || !(context->file->access & WRITE_DAC);
    return context->skips ? ERROR_SUCCESS : begin_collecting(context, id);
}

static DWORD begin_block(struct backup_context *context, const WIN32_STREAM_ID *id)
{
    if (id->Size.QuadPart < (LONGLONG)sizeof(int64_t))
        return ERROR_INVALID_DATA;
    context->collected = mem_alloc(sizeof(int64_t)); /* the offset */
    return begin_data(context, id);
}

static DWORD write_to(struct storage_file *storage, const char *data, size_t size, int64_t at)
{
    ssize_t n = storage_write(storage, data, size, at);

    return n < 0              ? win_error_from_errno((int)n)
           : (size_t)n < size ? ERROR_DISK_FULL
                              : ERROR_SUCCESS;
}

static DWORD write_file(struct backup_context *context, const char *data, size_t size, int64_t at)
{
    DWORD error = file_node_check_locks(context->file, (uint64_t)at, size, true);

    return error ? error : write_to(&context->file->storage, data, size, at);
}

static DWORD put_data(struct backup_context *context, const char *data, size_t size, size_t *ret_n)
{
    *ret_n = size;
    return write_file(context, data, size, context->done);
}

static DWORD put_alternate(struct backup_context *context, const char *data, size_t size,
                           size_t *ret_n)
{
    *ret_n = size;
    return write_to(&context->storage, data, size, context->done);
}

static DWORD put_collected(struct backup_context *context, const char *data, size_t size,
                           size_t *ret_n)
{
    *ret_n = size;
    memcpy((char *)context->collected + context->done, data, size);
    return ERROR_SUCCESS;
}

static DWORD put_block(struct backup_context *context, const char *data, size_t size, size_t *ret_n)
{
    const int64_t head = sizeof(int64_t);
    int64_t offset;

    if (context->done < head) {
        *ret_n = size < (size_t)(head - context->done) ? size : (size_t)(head - context->done);
        memcpy((char *)context->collected + context->done, data, *ret_n);
        return ERROR_SUCCESS;
    }
    *ret_n = size;
    memcpy(&offset, context->collected, sizeof(offset));
    return offset < 0 ? ERROR_INVALID_DATA
                      : write_file(context, data, size, offset + context->done - head);
}

/* A block without data is the end of the file. */
static DWORD end_block(struct backup_context *context)
{
    int64_t offset;
    struct stat st;

    memcpy(&offset, context->collected, sizeof(offset));
    if (context->size > (int64_t)sizeof(offset))
        return ERROR_SUCCESS;
    int failed = storage_stat_file(&context->file->storage, &st);
    if (!failed && st.st_size < offset)
        failed = storage_truncate(&context->file->storage, offset);
    return win_error_from_errno(failed);
}

static DWORD end_security(struct backup_context *context)
{
    auto_path path = file_node_path(context->file);

    return win_error_from_errno(
        security_store_write(&path, context->collected, (DWORD)context->size));
}

static DWORD end_reparse(struct backup_context *context)
{
    auto_path path = file_node_path(context->file);

    if (context->size < (int64_t)sizeof(DWORD) * 2)
        return ERROR_INVALID_REPARSE_DATA;
    return win_error_from_errno(
        side_write(&path, SIDE_REPARSE, context->collected, (size_t)context->size));
}

static const struct stream_row {
    DWORD id;
    DWORD (*begin)(struct backup_context *context, const WIN32_STREAM_ID *id);
    DWORD (*put)(struct backup_context *context, const char *data, size_t size, size_t *ret_n);
    DWORD (*end)(struct backup_context *context);
} rows[] = {
    { BACKUP_DATA, begin_data, put_data, NULL },
    { BACKUP_EA_DATA, NULL, NULL, NULL }, /* those without functions are read over */
    { BACKUP_SECURITY_DATA, begin_security, put_collected, end_security },
    { BACKUP_ALTERNATE_DATA, begin_alternate, put_alternate, NULL },
    { BACKUP_LINK, NULL, NULL, NULL },
    { BACKUP_PROPERTY_DATA, NULL, NULL, NULL },
    { BACKUP_OBJECT_ID, NULL, NULL, NULL },
    { BACKUP_REPARSE_DATA, begin_collecting, put_collected, end_reparse },
    { BACKUP_SPARSE_BLOCK, begin_block, put_block, end_block },
};

static const struct stream_row *find_row(DWORD id)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].id == id)
            return &rows[i];
    }
    return NULL;
}

/* ---- the sequence ---- */

/* The fixed part of the header is there: how long it is with the name. */
static DWORD measure_header(struct backup_context *context)
{
    WIN32_STREAM_ID id = header_of(context);

    if (!find_row(id.dwStreamId) || id.Size.QuadPart < 0 || id.dwStreamNameSize % sizeof(WCHAR) ||
        id.dwStreamNameSize > BACKUP_MAX_NAME)
        return ERROR_INVALID_DATA;
    context->header_size = BACKUP_HEADER_SIZE + id.dwStreamNameSize;
    context->size = id.Size.QuadPart;
    return ERROR_SUCCESS;
}

static DWORD end_part(struct backup_context *context, const struct stream_row *row)
{
    DWORD error = row->end && !context->skips ? row->end(context) : ERROR_SUCCESS;

    backup_part_end(context);
    return error;
}

/* The header is complete. */
static DWORD begin_part(struct backup_context *context)
{
    WIN32_STREAM_ID id = header_of(context);
    const struct stream_row *row = find_row(id.dwStreamId);
    DWORD error = row->begin ? row->begin(context, &id) : ERROR_SUCCESS;

    context->skips = context->skips || error || !row->put; /* what cannot begin is read over */
    return error || context->size ? error : end_part(context, row);
}

static DWORD take_header(struct backup_context *context, const char *data, size_t size,
                         size_t *ret_n)
{
    size_t wanted = context->header_size ? context->header_size : BACKUP_HEADER_SIZE;
    DWORD error = ERROR_SUCCESS;

    *ret_n = size < wanted - context->header_done ? size : wanted - context->header_done;
    memcpy(context->header + context->header_done, data, *ret_n);
    context->header_done += *ret_n;
    if (context->header_done < wanted)
        return ERROR_SUCCESS;
    if (!context->header_size)
        error = measure_header(context);
    return !error && context->header_done == context->header_size ? begin_part(context) : error;
}

static DWORD take_data(struct backup_context *context, const char *data, size_t size, size_t *ret_n)
{
    const struct stream_row *row = find_row(header_of(context).dwStreamId);
    int64_t left = context->size - context->done;
    size_t n = (uint64_t)left < size ? (size_t)left : size;

    *ret_n = n;
    DWORD error = context->skips ? ERROR_SUCCESS : row->put(context, data, n, ret_n);
    if (error)
        return error;
    context->done += (int64_t)*ret_n;
    return context->done == context->size ? end_part(context, row) : ERROR_SUCCESS;
}

static DWORD take(struct backup_context *context, const char *data, size_t size, DWORD *ret_done)
{
    DWORD error = ERROR_SUCCESS;
    size_t n = 0;

    for (size_t done = 0; done < size && !error; done += n) {
        bool is_in_header = !context->header_size || context->header_done < context->header_size;
        error = is_in_header ? take_header(context, data + done, size - done, &n)
                             : take_data(context, data + done, size - done, &n);
        *ret_done = (DWORD)(done + (error ? 0 : n));
    }
    return error;
}

BOOL WINAPI BackupWrite(HANDLE handle, LPBYTE buffer, DWORD size, LPDWORD ret_n, BOOL abort,
                        BOOL with_security, LPVOID *context_pointer)
{
    struct backup_context *context = NULL;

    if (!context_pointer || (!abort && (!ret_n || (size && !buffer))))
        return win_fail(ERROR_INVALID_PARAMETER);
    if (ret_n)
        *ret_n = 0;
    if (abort && !*context_pointer)
        return TRUE;
    DWORD error = backup_context_enter(handle, context_pointer, BACKUP_IS_WRITE, &context);
    if (!error && !abort) {
        context->has_security = with_security;
        error = take(context, (const char *)buffer, size, ret_n);
    }
    if (context && abort) {
        backup_context_free(context);
        *context_pointer = NULL;
    }
    return error ? win_fail(error) : TRUE;
}
