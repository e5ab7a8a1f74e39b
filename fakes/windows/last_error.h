/* SPDX-License-Identifier: MIT */
/* Errors of the Windows functions: a code for each thread, and how errno becomes one. */
#pragma once

#include "emu/include/vssemu_types.h"

/* Takes a positive or negative errno; 0 gives ERROR_SUCCESS. */
DWORD win_error_from_errno(int error);

/* Sets the thread's last error and answers false: `return win_fail(ERROR_...)`. */
BOOL win_fail(DWORD error);
/* The same with an errno. */
BOOL win_fail_errno(int error);
