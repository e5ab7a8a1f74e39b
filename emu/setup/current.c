/* SPDX-License-Identifier: MIT */
/* Which world a thread lives in: the one it chose (tests), else the process's. */
#include "emu/base/list.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/setup/process_world.h"
#include "emu/setup/world.h"

static _Thread_local struct vssemu_world *chosen;

struct vssemu_world *world_chosen(void)
{
    return chosen;
}

void world_use(struct vssemu_world *world)
{
    chosen = world;
    bstr_threads_world = world ? world->ports.serial : 0;
    com_objects_use(world ? &world->objects : NULL);
}

struct world_ports *world_current(void)
{
    return chosen ? &chosen->ports : &process_world()->ports;
}

struct world_ports *world_existing(void)
{
    if (chosen)
        return &chosen->ports;
    return process_world_is_made() ? &process_world()->ports : NULL;
}

struct world_ports *world_inherited(void)
{
    return chosen ? &chosen->ports : NULL;
}

void world_inherit(struct world_ports *ports)
{
    world_use(ports ? container_of(ports, struct vssemu_world, ports) : NULL);
}
