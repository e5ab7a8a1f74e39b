/* SPDX-License-Identifier: MIT */
/* Making symbolic links. Error codes. */
#pragma once

#include "fakes/windows/links/link_data.h"

/* A copy of a symbolic link that is a file; ERROR_NOT_A_REPARSE_POINT: it is none. */
DWORD symbolic_link_copy(LPCWSTR from, LPCWSTR to, bool fails_if_exists);
