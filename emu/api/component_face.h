/* SPDX-License-Identifier: MIT */
/* IVssComponent, Ex and Ex2: one component of the Backup Components Document, read by requesters
 * and writers, written by a writer's handlers as far as the lease allows (writer-notes: 6). */
#pragma once

#include "emu/api/components_lease.h"
#include "emu/doc/bcd.h"

/* component belongs to the document behind the lease. Takes a reference of the lease. The caller
 * owns the reference in *ret. */
void component_face_new(struct components_lease *lease, struct bcd_component *component,
                        IVssComponent **ret);
