/* SPDX-License-Identifier: MIT */
#include "fakes/windows/registry/machine_number.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
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

/* The data need not end in zeroes. */
static void tell_strings(const void *data, size_t size, void (*each)(void *arg, const char *text),
                         void *arg)
{
    const uint16_t *units = data;
    size_t n = size / sizeof(*units);

    for (size_t i = 0, length; i < n; i += length + 1) {
        for (length = 0; i + length < n && units[i + length]; length++)
            ;
        auto_free char *text = length ? utf8_from_utf16_n(units + i, length) : NULL;
        if (text)
            each(arg, text);
    }
}

void machine_strings(struct world_ports *world, const char *key,
                     void (*each)(void *arg, const char *text), void *arg)
{
    struct registry *registry = registry_is_made(world) ? registry_of(world) : NULL;

    for (size_t i = 0; registry; i++) {
        auto_free char *name = registry_value_name(registry, key, i);
        auto_free void *data = NULL;
        uint32_t type;
        size_t size;

        if (!name)
            return;
        if (registry_read(registry, key, name, &type, &data, &size) == ERROR_SUCCESS &&
            type == REG_MULTI_SZ)
            tell_strings(data, size, each, arg);
    }
}
