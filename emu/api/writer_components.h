/* SPDX-License-Identifier: MIT */
/* IVssWriterComponents, as a writer's handlers get it, and IVssWriterComponentsExt, as a requester
 * gets it: the components of one writer in the Backup Components Document. */
#pragma once

#include "emu/api/components_lease.h"
#include "emu/doc/bcd.h"

struct writer_components;

/* For a handler. Takes a reference of the lease. writer belongs to the document. The interface has
 * no reference count: VSS owns the object. */
struct writer_components *writer_components_new(struct components_lease *lease,
                                                struct bcd_writer *writer);
IVssWriterComponents *writer_components_face(struct writer_components *components);
void writer_components_free(struct writer_components *components); /* NULL does nothing */

/* For a writer that is asked without having components in the document (component mode with
 * prepare_without_components): count 0, no document behind it. */
struct writer_components *writer_components_new_empty(struct components_lease *lease,
                                                      const GUID *writer_id,
                                                      const GUID *instance_id);

/* For a requester; the caller owns the reference in *ret. In memory the object is two pointers to
 * tables: IVssWriterComponents' methods, then IUnknown's, as the C++ interface with its two
 * bases. */
void writer_components_ext_new(struct components_lease *lease, struct bcd_writer *writer,
                               IVssWriterComponentsExt **ret);
/* The IUnknown of such an object, for C, where the interface shows no Release. */
static inline IUnknown *writer_components_ext_unknown(IVssWriterComponentsExt *face)
{
    return (IUnknown *)(void *)(face + 1);
}
