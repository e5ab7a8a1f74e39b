/* SPDX-License-Identifier: MIT */
/* Texts of error codes. */
#pragma once

#include "emu/include/vssemu_types.h"

/* What a Win32 error or HRESULT means, in our own words, without a line end; NULL: no text. */
const char *message_of_code(DWORD code);
