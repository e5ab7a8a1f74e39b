/* SPDX-License-Identifier: MIT */
/* Deleting and renaming, for those who have a handle instead of a name. Error codes. */
#pragma once

#include "fakes/windows/path.h"

/* Whether the thing itself lets itself be deleted: it is no snapshot's, not read-only, no
 * directory with something in it. */
DWORD names_check_delete(const struct win_path *path, const struct stat *st);

/* Renames a file that is open for it, on its volume. */
DWORD names_rename_open(const struct win_path *from, const struct stat *from_stat, LPCWSTR to_name,
                        bool replaces);
