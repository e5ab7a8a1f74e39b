/* SPDX-License-Identifier: MIT */
/* For writers inside the world that have a whole document to tell in OnIdentify: what real writers
 * wrote may hold what the calls of IVssCreateWriterMetadata would refuse (a file set named twice,
 * flags of later versions), and thousands of calls say nothing more. emu/api/create_metadata
 * implements it. */
#pragma once

#include "emu/doc/wmd.h"

/* In OnIdentify, before any other call: everything but the identity, which is the writer's. */
void wmd_tell(const struct wmd *wmd, IVssCreateWriterMetadata *metadata);
