/* SPDX-License-Identifier: MIT */
/* IVssCreateWriterMetadata and Ex: how a writer's OnIdentify fills its metadata. The writer adapter
 * makes one for each OnIdentify. The interface has no reference count: VSS owns the object. */
#pragma once

#include "emu/doc/wmd.h"

struct create_metadata;

/* The document is borrowed until create_metadata_end. Identity (ids, name, usage, source, version)
 * is filled in by the caller beforehand. */
struct create_metadata *create_metadata_new(struct wmd *borrowed);
/* The face; its vtable is that of IVssCreateWriterMetadataEx, of which this is the beginning. */
IVssCreateWriterMetadata *create_metadata_face(struct create_metadata *metadata);
/* From now on every method answers VSS_E_BAD_STATE. Freeing later than the handler keeps a writer
 * that kept the pointer out of freed memory. */
void create_metadata_end(struct create_metadata *metadata);
/* The last method that was called out of order (VSS_E_OBJECT_NOT_FOUND); NULL: none. */
const char *create_metadata_refused(const struct create_metadata *metadata);
void create_metadata_free(struct create_metadata *metadata); /* NULL does nothing */
