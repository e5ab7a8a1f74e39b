/* SPDX-License-Identifier: MIT */
/* Numbers and lists in the registry that set up the machine (registry_number and registry_strings
 * of emu/port/world.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct world_ports;

/* False: there is no such value, or it is no REG_DWORD. None that every registry begins with. */
bool machine_number(struct world_ports *world, const char *key, const char *name,
                    uint32_t *ret_number);
void machine_strings(struct world_ports *world, const char *key,
                     void (*each)(void *arg, const char *text), void *arg);
