/* SPDX-License-Identifier: MIT */
/* Port: which device a snapshot is: HarddiskVolumeShadowCopyN is snapshot N of the one volume that
 * has it. Volumes whose snapshots were made apart may have the same numbers: then those of one of
 * them go under other numbers as long as this world lasts. (Windows gives out devices anew when it
 * starts.) */
#pragma once

#include "emu/port/volume.h"

#define VOLUME_NO_DEVICE 0u /* of a snapshot that nobody can reach in this world */

static inline unsigned volume_device_of(const struct volume *v, unsigned view)
{
    for (size_t i = 0; i < v->n_aliases; i++) {
        if (v->aliases[i].view == view)
            return v->aliases[i].device;
    }
    return view;
}

/* 0: no snapshot of this volume has the device. That one has it is not said. */
static inline unsigned volume_view_of(const struct volume *v, unsigned device)
{
    unsigned view = device;

    for (size_t i = 0; i < v->n_aliases; i++) {
        if (v->aliases[i].device == device)
            return v->aliases[i].view;
        if (v->aliases[i].view == device)
            view = 0;
    }
    return view;
}
