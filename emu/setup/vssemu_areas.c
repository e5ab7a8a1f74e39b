/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about the storage of snapshots. */
#include "emu/include/vssemu.h"
#include "emu/port/diff_areas.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"

#include <ctype.h>

static struct volume *find(struct vssemu_world *w, const char *name)
{
    for (size_t i = 0; i < w->volumes.count; i++) {
        char letter = w->volumes.items[i]->letter;

        if (letter && toupper(letter) == toupper(name[0]))
            return w->volumes.items[i];
    }
    return NULL;
}

bool world_put_diff_area(struct vssemu_world *w, char source, char place, int64_t maximum)
{
    struct volume *of = find(w, &source), *on = find(w, &place);

    if (!of || !on)
        return false;
    world_requester_comes(&w->service); /* the system provider is there */
    sched_enter(w->ports.sched);
    w->ports.diff_areas->ops->put(w->ports.diff_areas, of, on, maximum);
    sched_leave(w->ports.sched);
    return true;
}

bool vssemu_set_diff_area(struct vssemu_world *w, const char *volume_name, const char *on,
                          int64_t maximum)
{
    return world_put_diff_area(w, volume_name[0], on[0], maximum);
}

bool vssemu_set_volume_size(struct vssemu_world *w, const char *volume_name, int64_t bytes)
{
    struct volume *v = find(w, volume_name);

    if (!v || bytes <= 0)
        return false;
    v->size = bytes;
    return true;
}
