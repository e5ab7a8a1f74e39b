/* SPDX-License-Identifier: MIT */
/* The names of the directories that were last searched without regard to case, so that ten thousand
 * new files in one directory do not cost ten thousand walks through it. */
#pragma once

#include "fakes/windows/path.h"

/* Finds `wanted` in a directory of a volume, whatever its case: 0 and the name as it is (the caller
 * frees; NULL: there is none), or what listing the directory answered (negative). */
int name_cache_find(const struct win_path *directory, const char *wanted, char **ret_name);
