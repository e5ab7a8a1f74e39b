/* SPDX-License-Identifier: MIT */
/* Which Windows the world plays (`--windows`): numbers and names as programs and the registry
 * show them. */
#pragma once

#include "emu/include/vssemu_types.h"

struct windows_release {
    const char *name; /* as --windows has it */
    DWORD major, minor, build, revision;
    const char *current_version; /* of the registry: "6.3" for all that came after 8.1 */
    const char *product;         /* "Windows Server 2022 Standard" */
    const char *display;         /* "21H2"; NULL: had none */
    const char *service_pack;    /* "" or "Service Pack 1" */
};

/* name NULL or unknown: the newest. */
const struct windows_release *windows_release_named(const char *name);
/* The calling thread's world's. */
const struct windows_release *windows_release_current(void);
