/* SPDX-License-Identifier: MIT */
/* Streams of files in UTF-16 or with a byte order mark: what "ccs=" in the mode of fopen asks for.
 * The program's side is UTF-8, as of every stream here; the file's side is what was asked. Learn:
 * "fopen, _wfopen", Unicode support. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum encoding { ENCODING_NONE, ENCODING_UTF_8, ENCODING_UTF_16 };

/* A file with an encoding. Owns the handle. */
struct encoded;

/* What a mode such as "rt, ccs=UTF-16LE" asks for. False: an encoding that does not exist. */
bool encoding_of_mode(const char *mode, enum encoding *ret_encoding);

/* Looks for a byte order mark, which wins over encoding when the file is read, or writes one into
 * an empty file. can_read, can_write: how handle was opened. */
struct encoded *encoded_new(HANDLE handle, enum encoding encoding, bool can_read, bool can_write);

/* As read and write; -1 with errno. */
ssize_t encoded_read(struct encoded *file, char *buffer, size_t size);
ssize_t encoded_write(struct encoded *file, const char *bytes, size_t size);
/* To the beginning of the text, or to the end of the file; nowhere else (false). */
bool encoded_seek(struct encoded *file, int64_t distance, int whence);
int encoded_close(struct encoded *file);
