/* SPDX-License-Identifier: MIT */
/* Which program CreateProcess means, and a descriptor to start it from. */
#pragma once

#include "emu/include/vssemu_types.h"

struct program {
    char *image; /* path as it was found: a Windows path, or the host's */
    int fd;      /* to be executed; -1: none */
};

/* application NULL: the first word of the line, searched for. An error code; what Windows would do
 * and this cannot is told on standard error. */
DWORD program_find_for(const char *application, const char *line, struct program *ret);
void program_fini(struct program *program);
