/* SPDX-License-Identifier: MIT */
#include "fakes/windows/registry/machine_number.h"

#include "emu/base/cleanup.h"
#include "emu/port/world.h"
#include "fakes/windows/registry/registry.h"

#include <string.h>
#include <windows.h>

bool machine_number(struct world_ports *world, const char *key, const char *name,
                    uint32_t *ret_number)
{
    auto_free void *data = NULL;
    uint32_t type = REG_NONE;
    size_t size = 0;

    /* Those that every registry begins with have no such number: none is made for it. */
    if (!registry_is_made(world) ||
        registry_read(registry_of(world), key, name, &type, &data, &size) != ERROR_SUCCESS ||
        type != REG_DWORD || size != sizeof(*ret_number))
        return false;
    memcpy(ret_number, data, size);
    return true;
}
