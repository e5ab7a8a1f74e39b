/* SPDX-License-Identifier: MIT */
/* Results of Windows functions that fill a caller's buffer with wide text. */
#pragma once

#include "emu/include/vssemu_types.h"

/* The rule of GetFullPathName, GetTempPath, GetEnvironmentVariable and others: what fits is copied
 * and its length without the zero answered; otherwise the size that is needed, with the zero. */
DWORD wide_fill(const char *text, WCHAR *buffer, DWORD size);
/* The same in bytes, UTF-8. */
DWORD narrow_fill(const char *text, char *buffer, DWORD size);

/* The rule of others: TRUE, or FALSE with ERROR_MORE_DATA or the like when it does not fit. */
BOOL wide_fill_or_fail(const char *text, WCHAR *buffer, DWORD size, DWORD error);
