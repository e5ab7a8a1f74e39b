/* SPDX-License-Identifier: MIT */
/* What the files of the writer adapter share: writer_adapter.c (the writer's life), writer_call.c
 * (one event through its handler), writer_questions.c (what a handler may ask and report),
 * writer_impl.c (the same as IVssWriterImpl). */
#pragma once

#include "emu/api/components_lease.h"
#include "emu/api/create_metadata.h"
#include "emu/api/writer_components.h"
#include "emu/api/writer_watch.h"
#include "emu/include/vssemu_writer.h"
#include "emu/svc/service.h"
#include "emu/svc/writer_link.h"
#include "emu/svc/writer_registry.h"

#include <stdatomic.h>

/* One event on its way through the handler. */
struct handler_call {
    struct list link;
    struct writer_delivery *delivery;
    struct writer_event_info info; /* a copy: values only, no borrowed texts are used */
    WCHAR **volumes, **devices;
    struct components_lease *lease;
    struct writer_components *components;
    struct create_metadata *metadata;
    IVssExamineWriterMetadata *identify_information; /* a reference, or NULL */
    const void *thread;                              /* on which the handler runs */
    bool agreed;
    /* What it reported last. */
    bool has_report;
    HRESULT failure, application;
    char *message; /* NULL: none */
};

struct vssemu_writer {
    atomic_uint n_references; /* its maker's, and one of each IVssWriterImpl */
    struct writer_link link;
    const struct vssemu_writer_ops *ops; /* NULL once its maker has let go */
    void *self;
    unsigned flags;
    struct service *service;
    struct sched *sched;
    struct writer *writer; /* a reference; NULL before Initialize */
    bool is_subscribed;
    atomic_bool is_stopping;
    struct list calls;            /* waiting for the thread */
    struct handler_call *current; /* in its handler now */
    struct writer_watch watch;
    struct sched_thread *thread;
};

void writer_adapter_unref(struct vssemu_writer *w);

/* Inside the service. */
struct handler_call *writer_call_new(struct vssemu_writer *w, struct writer_delivery *delivery);
/* Inside, on the thread that is to run the handler. */
void writer_call_begin(struct vssemu_writer *w, struct handler_call *call);
/* On the same thread; outside, unless the writer is inline. */
void writer_call_run(struct vssemu_writer *w, struct handler_call *call);
/* Inside: the faces die, the answer goes back, the call is freed. */
void writer_call_end(struct vssemu_writer *w, struct handler_call *call);
/* A mark of the calling thread, to be compared only. */
const void *writer_call_this_thread(void);
