/* SPDX-License-Identifier: MIT */
/* A writer that is what a Writer Metadata Document says: same class, names, usage, components,
 * files and restore method; it answers every event with success. So the writers of a production
 * server are rebuilt from the documents that its backup saved, and those of the catalogue
 * (emu/doc/writer_catalog.h) stand in any world. Its instance id is new, as after each start of a
 * service. It runs inside the service. */
#pragma once

#include "emu/doc/wmd.h"
#include "emu/include/vswriter.h"
#include "emu/port/world.h"

struct metadata_writer;
struct vssemu_writer;

/* What a writer of this kind may do besides, as one that a trace has recorded does. Called inside
 * the service, in the handler; the arguments are the handler's. */
struct metadata_writer_ways {
    /* The document that it gives now (borrowed); NULL: its own. */
    struct wmd *(*identify)(struct metadata_writer_ways *ways);
    /* Every other event, by its name in traces; writer is who handles it. components may be NULL,
     * and is for events without them. */
    void (*handle)(struct metadata_writer_ways *ways, struct vssemu_writer *writer,
                   const char *event, IVssWriterComponents *components);
    void (*free)(struct metadata_writer_ways *ways);
};

/* What a document does not say. Zero: as the base class has it. */
struct metadata_writer_options {
    int level; /* VSS_APPLICATION_LEVEL */
    uint32_t freeze_timeout_ms;
    bool is_fleeting; /* at PostSnapshot it deletes its files, those of volumes in the set */
    struct metadata_writer_ways *ways; /* NULL; else the writer's once it is made */
};

/* options may be NULL. wmd is shared (wmd_ref); ports outlive the writer. The calling thread
 * lives in the world. 0 and *ret, or a negative errno and *ret_error, a sentence that the caller
 * frees. */
int metadata_writer_new(struct world_ports *ports, struct wmd *wmd,
                        const struct metadata_writer_options *options, char **ret_error,
                        struct metadata_writer **ret);
/* Unsubscribes and frees. NULL does nothing. */
void metadata_writer_free(struct metadata_writer *writer);
