/* SPDX-License-Identifier: MIT */
/* Where a file's security descriptor is kept: self-relative, as SetFileSecurity or BackupWrite has
 * given it. A file of which nobody has set one has the default. */
#pragma once

#include "fakes/windows/path.h"

/* 0 or negative errno; the caller frees *ret_descriptor. */
int security_store_read(const struct win_path *file, void **ret_descriptor, DWORD *ret_size);
int security_store_write(const struct win_path *file, const void *descriptor, DWORD size);
