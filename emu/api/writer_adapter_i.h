/* SPDX-License-Identifier: MIT */
/* What the files of the writer adapter share: writer_adapter.c (the writer's life), writer_call.c
 * (one event through its handler), writer_faults.c (what is planned to go wrong with it),
 * writer_questions.c (what a handler may ask and report), writer_impl.c (the same as
 * IVssWriterImpl). */
#pragma once

#include "emu/api/components_lease.h"
#include "emu/api/create_metadata.h"
#include "emu/api/writer_adapter.h"
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
    bool has_fault; /* something goes wrong with it: */
    bool is_cut;    /* the link broke, or its handler never came back: no answer */
    struct fault_hit fault;
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
    /* Planned faults (writer_faults.c). */
    struct handler_call *held; /* of an inline writer: goes on later; the others wait in calls */
    struct sched_task hold_task, return_task;
    bool is_broken; /* subscribed, but its process is gone */
    bool is_lifted; /* nothing goes wrong any more */
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
/* All three at once, inside. */
void writer_call_inline(struct vssemu_writer *w, struct handler_call *call);
/* The adapter behind a link; NULL: it is another kind's. */
struct vssemu_writer *writer_adapter_of(struct writer_link *link);

/* ---- writer_faults.c; inside unless said ---- */

/* Asks the plan about an event that has just been delivered. */
bool writer_fault_meet(struct vssemu_writer *w, struct handler_call *call);
/* Of an inline writer: true when the call waits, behind a fault or because of its own. */
bool writer_fault_holds(struct vssemu_writer *w, struct handler_call *call);
/* The writer leaves, or all faults are over: what waits goes on now. */
void writer_fault_let_go(struct vssemu_writer *w);
/* Around the handler of a call that has a fault: before it, on its thread; where it runs, outside;
 * behind it. */
void writer_fault_begin(struct vssemu_writer *w, struct handler_call *call);
void writer_fault_run(struct vssemu_writer *w, struct handler_call *call);
void writer_fault_end(struct handler_call *call);
/* A mark of the calling thread, to be compared only. */
const void *writer_call_this_thread(void);
