/* SPDX-License-Identifier: MIT */
/* IVssExamineWriterMetadata, Ex and Ex2: what a requester reads of a Writer Metadata Document. Made
 * by GetWriterMetadata(Ex) and by CreateVssExamineWriterMetadataInternal, which examine_metadata.c
 * exports. */
#pragma once

#include "emu/doc/wmd.h"

/* Takes a reference of the caller's (wmd_ref to keep one). One object answers all three interface
 * identifiers; QueryInterface for the others. The caller owns the reference in *ret. */
void examine_metadata_new(struct wmd *take, IVssExamineWriterMetadata **ret);
