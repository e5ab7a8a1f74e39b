/* SPDX-License-Identifier: MIT */
/* IVssWMComponent: one component of a Writer Metadata Document, as a requester reads it. */
#pragma once

#include "emu/doc/wmd.h"

/* component lies in wmd, of which a reference is taken for the object's life. */
void wm_component_new(struct wmd *wmd, const struct wmd_component *component,
                      IVssWMComponent **ret);
