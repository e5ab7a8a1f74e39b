/* SPDX-License-Identifier: MIT */
/* See backup_stream.h. */
#include "fakes/windows/streams/backup_stream.h"

#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>

static struct backup_context *context_new(struct file *file, enum backup_kind kind)
{
    struct backup_context *context = mem_new(struct backup_context);

    context->kind = kind;
    context->file = file;
    context->storage.fd = -1;
    return context;
}

DWORD backup_context_enter(HANDLE handle, void **context, enum backup_kind kind,
                           struct backup_context **ret_context)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    struct file *file = (struct file *)object;

    if (!object)
        return ERROR_INVALID_HANDLE;
    if (!context)
        return ERROR_INVALID_PARAMETER;
    if (!file->node)
        return ERROR_INVALID_FUNCTION; /* a device or a pipe */
    if (!*context)
        *context = context_new(file, kind);
    *ret_context = *context;
    return (*ret_context)->kind == kind && (*ret_context)->file == file ? ERROR_SUCCESS
                                                                        : ERROR_INVALID_PARAMETER;
}

void backup_part_end(struct backup_context *context)
{
    if (context->storage.volume)
        storage_close(&context->storage);
    free(context->collected);
    context->collected = NULL;
    context->header_size = context->header_done = 0;
    context->size = context->done = 0;
    context->skips = false;
}

void backup_context_free(struct backup_context *context)
{
    backup_part_end(context);
    for (size_t i = 0; i < context->parts.count; i++) {
        free(context->parts.items[i].stream);
        free(context->parts.items[i].data);
    }
    array_free(&context->parts);
    free(context);
}
