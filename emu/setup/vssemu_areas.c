/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about the storage of snapshots. */
#include "emu/include/vssemu.h"
#include "emu/port/diff_areas.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"
#include "provider_sim/soft_area.h"

#include <ctype.h>
#include <stdio.h>

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

void world_warn_of_areas(struct vssemu_world *w)
{
    unsigned char bytes[VOLUME_SETTINGS_MAX];
    struct soft_area area;

    for (size_t i = 0; i < w->volumes.count; i++) {
        struct volume *v = w->volumes.items[i];

        if (!v->ops->kept_settings || v->is_fleeting)
            continue;
        int error = soft_area_get(bytes, v->ops->kept_settings(v, bytes), &area);
        if (error)
            fprintf(stderr,
                    "vssemu: %c: what was said of the storage of its snapshots is not known: %s\n",
                    v->letter, soft_area_reason(error));
    }
}
