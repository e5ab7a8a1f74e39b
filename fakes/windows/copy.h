/* SPDX-License-Identifier: MIT */
/* Copying a file, for CopyFile and for what moves a file to another volume. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>

struct copy_options {
    bool fails_if_exists;
    bool keeps_links;            /* a link is copied itself */
    LPPROGRESS_ROUTINE progress; /* may be NULL, as what follows */
    void *argument;
    BOOL *cancel;
};

/* Data, attributes and the time of the last change: an error code. What was written of a copy that
 * failed is deleted. */
DWORD copy_file(LPCWSTR from, LPCWSTR to, const struct copy_options *options);
