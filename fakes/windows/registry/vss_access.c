/* SPDX-License-Identifier: MIT */
/* Learn: "Registry Keys and Values for Backup and Restore": values of VssAccessControl are
 * REG_DWORD and named like the account. Anything else, and a number that is not listed, is
 * nobody's. */
#include "fakes/windows/registry/vss_access.h"

#include "emu/base/cleanup.h"
#include "emu/port/access.h"
#include "emu/port/world.h"
#include "fakes/windows/registry/registry.h"

#include <string.h>
#include <windows.h>

#define KEY "HKLM\\SYSTEM\\CurrentControlSet\\Services\\VSS\\VssAccessControl"

static enum access_given given(struct world_ports *world, const char *account)
{
    auto_free void *data = NULL;
    uint32_t type = REG_NONE, value = 0;
    size_t size = 0;

    if (registry_read(registry_of(world), KEY, account, &type, &data, &size) != ERROR_SUCCESS ||
        type != REG_DWORD || size != sizeof(value))
        return ACCESS_NOT_LISTED;
    memcpy(&value, data, sizeof(value));
    return value <= ACCESS_BOTH ? (enum access_given)value : ACCESS_NOT_LISTED;
}

const struct access *vss_access(void)
{
    static const struct access access = { .given = given };

    return &access;
}
