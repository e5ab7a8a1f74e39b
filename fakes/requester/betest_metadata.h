/* SPDX-License-Identifier: MIT */
/* From the interfaces of a writer metadata document to the plain structure of emu/doc/wmd.h, so
 * that choosing components is arithmetic on data. The interfaces are read as any requester reads
 * them; the structure is only where the answers are kept. */
#pragma once

#include "emu/doc/wmd.h"
#include "fakes/requester/betest_com.h"

/* Reads identity, components, file sets, exclusions and the restore method. On failure *ret_call
 * (a constant) names the call that answered. The caller frees *ret with wmd_free. */
HRESULT metadata_read(IVssExamineWriterMetadata *examine, struct wmd **ret, const char **ret_call);
