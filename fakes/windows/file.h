/* SPDX-License-Identifier: MIT */
/* Open files: what the functions on names must know of them. */
#pragma once

#include "fakes/windows/handle.h"
#include "fakes/windows/path.h"

/* Whether some open handle forbids `access` (FILE_SHARE_... bits) to the file that has this stat.
 * For deleting and renaming: FILE_SHARE_DELETE. */
bool file_is_denied(const struct win_path *path, const struct stat *st, DWORD access);
