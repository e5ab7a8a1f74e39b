/* SPDX-License-Identifier: MIT */
/* Renaming, for those who have a handle instead of a name. */
#pragma once

#include "fakes/windows/path.h"

/* An error code. from_name: NULL when the file must stay on its volume; otherwise it is copied
 * where `flags` (MOVEFILE_...) allow it. */
DWORD names_move(const struct win_path *from, const struct stat *from_stat, LPCWSTR from_name,
                 LPCWSTR to_name, DWORD flags);
