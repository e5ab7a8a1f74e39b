/* SPDX-License-Identifier: MIT */
/* Those classes of GetFileInformationByHandleEx that give a list: the entries of a directory, the
 * streams of a file (Learn: "FILE_ID_BOTH_DIR_INFO" and its relatives, "FILE_STREAM_INFO"). */
#pragma once

#include "fakes/windows/file.h"

/* As many entries as the buffer has room for, from where the call before has stopped. Error codes;
 * ERROR_NO_MORE_FILES at the end. */
DWORD file_lists_directory(struct file *file, FILE_INFO_BY_HANDLE_CLASS class, void *buffer,
                           DWORD size);
/* All, or ERROR_MORE_DATA; ERROR_HANDLE_EOF: there is none. */
DWORD file_lists_streams(struct file *file, const struct stat *st, void *buffer, DWORD size);
void file_lists_free(struct file_listing *listing);
