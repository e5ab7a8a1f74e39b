/* SPDX-License-Identifier: MIT */
/* Attributes of a file that permission bits have no room for, its reparse point's tag among them
 * (attributes.h has the others). */
#pragma once

#include "fakes/windows/path.h"

/* FILE_ATTRIBUTE_SPARSE_FILE, FILE_ATTRIBUTE_COMPRESSED, FILE_ATTRIBUTE_REPARSE_POINT, if any. */
DWORD side_flags(const struct win_path *file);
/* Sets the two first, or takes them away; negative errno. */
int side_change_flags(const struct win_path *file, DWORD set, DWORD clear);
/* 0: it is no reparse point. */
DWORD side_reparse_tag(const struct win_path *file);
