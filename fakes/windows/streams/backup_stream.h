/* SPDX-License-Identifier: MIT */
/* What BackupRead and BackupWrite have in common: the context behind their last argument, and the
 * form of the sequence (Learn: "WIN32_STREAM_ID"). */
#pragma once

#include "emu/base/array.h"
#include "fakes/windows/file.h"

#include <stddef.h>

#define BACKUP_HEADER_SIZE offsetof(WIN32_STREAM_ID, cStreamName)
#define BACKUP_MAX_NAME    520u /* bytes: ":", 254 units, ":$DATA" */

/* One stream of the sequence: header, name, then the data: bytes from memory, then bytes of a file.
 */
struct backup_part {
    DWORD id, attributes;
    char *stream; /* NULL: the file itself */
    void *data;
    size_t data_size;
    int64_t offset, length; /* in the file */
};

enum backup_kind { BACKUP_IS_READ = 0x62726561, BACKUP_IS_WRITE = 0x62777269 };

struct backup_context {
    enum backup_kind kind;
    struct file *file; /* no reference: the handle of each call is compared with it */
    /* the part under way: where in its header (with the name) and where in its data */
    unsigned char header[BACKUP_HEADER_SIZE + BACKUP_MAX_NAME];
    size_t header_size, header_done;
    int64_t size, done;
    struct storage_file storage; /* its stream, when storage.volume is set */
    /* reading */
    ARRAY(struct backup_part) parts;
    size_t current;
    /* writing */
    void *collected;
    bool skips, has_security;
};

/* For a call with this handle and context: a new context when *context is NULL. An error code. */
DWORD backup_context_enter(HANDLE handle, void **context, enum backup_kind kind,
                           struct backup_context **ret_context);
void backup_context_free(struct backup_context *context);
/* Ends what is open of the part under way. */
void backup_part_end(struct backup_context *context);
