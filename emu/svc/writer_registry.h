/* SPDX-License-Identifier: MIT */
/* The writers that are there. A writer is known from Subscribe to Unsubscribe; sessions that began
 * meanwhile keep it by reference, so that they can tell that it is gone. */
#pragma once

#include "emu/base/list.h"
#include "emu/svc/writer_link.h"
#include "emu/svc/writer_slots.h"

#include <stdatomic.h>

struct service;

struct writer {
    struct list link;         /* in service->writers while subscribed */
    atomic_uint n_references; /* its maker may let go when the world is gone */
    struct writer_link *to;   /* NULL once it has unsubscribed */
    VSS_ID class_id, instance_id;
    char *name;          /* UTF-8, owned */
    char *instance_name; /* NULL: none */
    char *who;           /* in the trace: "writer NAME" */
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    VSS_APPLICATION_LEVEL level;
    unsigned freeze_timeout_ms;
    unsigned major_version, minor_version;
    struct writer_slots slots; /* of its sessions */
    uint64_t told_metadata;    /* hash of the document that the trace has; 0: none */
    struct wmd *express;       /* of an express writer: its document, owned; else NULL */
};

/* One reference for the caller. Names are copied. */
struct writer *writer_new(const char *name, const char *instance_name);
struct writer *writer_ref(struct writer *writer);
void writer_unref(struct writer *writer); /* NULL does nothing */

void writer_registry_add(struct service *service, struct writer *writer, struct writer_link *to);
void writer_registry_remove(struct service *service, struct writer *writer);
