/* SPDX-License-Identifier: MIT */
/* IVssCreateExpressWriterMetadata: how a program describes a writer that needs no process. Made by
 * IVssExpressWriter::CreateMetadata. */
#pragma once

#include "emu/doc/wmd.h"

/* Takes a reference of the caller's. The caller owns the reference in *ret. */
void express_metadata_new(struct wmd *take, IVssCreateExpressWriterMetadata **ret);
