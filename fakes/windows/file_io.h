/* SPDX-License-Identifier: MIT */
/* Reading and writing an open file, for those who do it for a call: at once (file_io.c) or on a
 * thread of their own (overlapped/io_request.c). */
#pragma once

#include "fakes/windows/file.h"

/* At the offset of `overlapped`, or at the file's position when that is NULL: an error code. */
DWORD file_io_read(struct file *file, void *buffer, DWORD size, const OVERLAPPED *overlapped,
                   size_t *ret_n);
DWORD file_io_write(struct file *file, const void *buffer, DWORD size, const OVERLAPPED *overlapped,
                    size_t *ret_n);

struct io_request;
/* What keeps an overlapped call from beginning: ERROR_INVALID_PARAMETER and others, also
 * ERROR_LOCK_VIOLATION and ERROR_HANDLE_EOF, which need no waiting. */
DWORD file_io_check(struct file *file, const struct io_request *request);

/* The end of a call that was done at once: tells the caller and, when it succeeded, whoever waits
 * for it (event, file, completion port). */
BOOL file_io_end(struct file *file, OVERLAPPED *overlapped, DWORD error, size_t n, LPDWORD ret_n);

static inline int64_t overlapped_offset(const OVERLAPPED *overlapped)
{
    return (int64_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset);
}
