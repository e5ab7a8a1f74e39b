/* SPDX-License-Identifier: MIT */
/* See version.h. */
#include "fakes/windows/version.h"

#include "emu/base/str.h"
#include "emu/port/world.h"

/* clang-format off */
/* Learn: "Operating System Version"; the servers, newest first. */
static const struct windows_release releases[] = {
    { "2022",   10, 0, 20348, 169, "6.3", "Windows Server 2022 Standard",    "21H2", "" },
    { "2016",   10, 0, 14393, 693, "6.3", "Windows Server 2016 Standard",    NULL,   "" },
    { "2012r2",  6, 3,  9600,   0, "6.3", "Windows Server 2012 R2 Standard", NULL,   "" },
    { "2008r2",  6, 1,  7601,   0, "6.1", "Windows Server 2008 R2 Standard", NULL,   "Service Pack 1" },
    { "2003",    5, 2,  3790,   0, "5.2", "Microsoft Windows Server 2003",   NULL,   "Service Pack 2" },
};
/* clang-format on */

const struct windows_release *windows_release_named(const char *name)
{
    for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
        if (name && str_is_equal(releases[i].name, name))
            return &releases[i];
    }
    return &releases[0];
}

const struct windows_release *windows_release_current(void)
{
    return windows_release_named(world_current()->windows);
}
