/* SPDX-License-Identifier: MIT */
/* The link between the service and writers in this process: the life of a writer of
 * vssemu_writer.h. Its handlers run outside the service, on the writer's own thread, one at a time.
 * A writer made with VSSEMU_WRITER_INLINE is called at once, inside. */
#include "emu/api/writer_adapter_i.h"

#include "emu/api/entry.h"
#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"

#include <stdlib.h>
#include <string.h>

static void deliver(struct writer_link *link, struct writer_delivery *delivery)
{
    struct vssemu_writer *w = container_of(link, struct vssemu_writer, link);
    struct handler_call *call = writer_call_new(w, delivery);

    if (w->service->ports->faults)
        writer_fault_meet(w, call);
    if (w->flags & VSSEMU_WRITER_INLINE) {
        if (!writer_fault_holds(w, call))
            writer_call_inline(w, call);
        return;
    }
    list_append(&w->calls, &call->link);
    sched_notify(w->sched);
}

struct vssemu_writer *writer_adapter_of(struct writer_link *link)
{
    return link && link->deliver == deliver ? container_of(link, struct vssemu_writer, link) : NULL;
}

/* ---- the writer's thread ---- */

static bool has_work(void *arg)
{
    struct vssemu_writer *w = arg;

    return atomic_load(&w->is_stopping) || !list_is_empty(&w->calls);
}

static void dispatch(void *arg)
{
    struct vssemu_writer *w = arg;

    world_inherit(w->service->ports); /* handlers live in the world of their writer */
    sched_enter(w->sched);
    for (;;) {
        sched_wait(w->sched, has_work, w, SCHED_NEVER);
        if (list_is_empty(&w->calls))
            break;
        struct handler_call *call = container_of(w->calls.next, struct handler_call, link);

        list_remove(&call->link);
        writer_call_begin(w, call);
        sched_leave(w->sched);
        writer_call_run(w, call);
        sched_enter(w->sched);
        writer_call_end(w, call);
    }
    sched_leave(w->sched);
}

/* ---- life ---- */

void vssemu_writer_identity_init(struct vssemu_writer_identity *identity)
{
    memset(identity, 0, sizeof(*identity));
    identity->level = VSS_APP_FRONT_END;
    identity->freeze_timeout_ms = 60000;
    identity->alternate = VSS_AWS_NO_ALTERNATE_WRITER;
}

struct vssemu_writer *vssemu_writer_new(const struct vssemu_writer_ops *ops, void *self,
                                        unsigned flags)
{
    struct vssemu_writer *w = mem_new(struct vssemu_writer);

    atomic_init(&w->n_references, 1);
    atomic_init(&w->is_stopping, false);
    w->link.deliver = deliver;
    w->ops = ops;
    w->self = self;
    w->flags = flags;
    list_init(&w->calls);
    return w;
}

/* What waits for the thread is still handled: an event that was delivered gets its answer. From a
 * handler of its own, the thread is joined later (by Subscribe or the end). */
static void stop(struct vssemu_writer *w)
{
    sched_enter(w->sched);
    bool is_handler = w->current && w->current->thread == writer_call_this_thread();

    w->is_subscribed = false;
    atomic_store(&w->is_stopping, true);
    writer_registry_remove(w->service, w->writer);
    writer_watch_unsubscribes(&w->watch, w->writer);
    writer_fault_let_go(w);
    sched_notify(w->sched);
    sched_leave(w->sched);
    if (w->thread && !is_handler) {
        w->sched->ops->join(w->sched, w->thread);
        w->thread = NULL;
    }
}

void writer_adapter_unref(struct vssemu_writer *w)
{
    if (atomic_fetch_sub(&w->n_references, 1) > 1)
        return;
    writer_unref(w->writer);
    free(w);
}

void vssemu_writer_destroyed(struct vssemu_writer *w)
{
    if (w && w->is_subscribed)
        writer_watch_broke(&w->watch, FINDING_NOT_UNSUBSCRIBED, "destructor");
    vssemu_writer_free(w);
}

void vssemu_writer_exception_left(struct vssemu_writer *w, const char *handler)
{
    writer_watch_broke(&w->watch, FINDING_HANDLER_EXCEPTION, handler);
}

void vssemu_writer_free(struct vssemu_writer *w)
{
    if (!w)
        return;
    if (w->is_subscribed || w->thread)
        stop(w);
    w->ops = NULL; /* an IVssWriterImpl may live on */
    writer_adapter_unref(w);
}

/* Learn: "CVssWriter::Initialize". */
static bool is_valid(const struct vssemu_writer_identity *identity)
{
    return identity && identity->name && !guid_is_null(&identity->writer_id) &&
           identity->usage > VSS_UT_UNDEFINED && identity->usage <= VSS_UT_OTHER &&
           identity->source > VSS_ST_UNDEFINED && identity->source <= VSS_ST_OTHER &&
           identity->level > VSS_APP_UNKNOWN && identity->level <= VSS_APP_SYSTEM_RM &&
           identity->freeze_timeout_ms && identity->alternate == VSS_AWS_NO_ALTERNATE_WRITER;
}

static HRESULT initialize(struct vssemu_writer *w, const struct vssemu_writer_identity *identity)
{
    if (!w || !is_valid(identity))
        return E_INVALIDARG;
    if (w->writer || !w->ops)
        return VSS_E_BAD_STATE;
    auto_free char *name = utf8_from_wide(identity->name);
    auto_free char *instance_name = utf8_from_wide(identity->instance_name);

    w->service = entry_service();
    w->sched = w->service->ports->sched;
    sched_enter(w->sched);
    w->writer = writer_new(name, instance_name);
    w->writer->class_id = identity->writer_id;
    w->writer->instance_id = guid_random(w->service->ports->random);
    w->writer->usage = identity->usage;
    w->writer->source = identity->source;
    w->writer->level = identity->level;
    w->writer->freeze_timeout_ms = identity->freeze_timeout_ms;
    w->writer->major_version = identity->major_version;
    w->writer->minor_version = identity->minor_version;
    writer_watch_begin(&w->watch, w->service, w->writer);
    sched_leave(w->sched);
    return S_OK;
}

HRESULT vssemu_writer_initialize(struct vssemu_writer *w,
                                 const struct vssemu_writer_identity *identity)
{
    GUARD(CVssWriter_Initialize);
    return initialize(w, identity);
}

HRESULT vssemu_writer_initialize_ex(struct vssemu_writer *w,
                                    const struct vssemu_writer_identity *identity)
{
    GUARD(CVssWriterEx_InitializeEx);
    return initialize(w, identity);
}

/* What Initialize and Subscribe were given. */
static void trace_subscribe(struct service *service, const struct writer *writer, DWORD mask)
{
    const struct trace_arg args[] = {
        TRACE_ID("class", &writer->class_id),
        TRACE_ID("instance", &writer->instance_id),
        TRACE_TEXT("name", writer->name),
        TRACE_TEXT("instance_name", writer->instance_name),
        TRACE_NUMBER("usage", writer->usage),
        TRACE_NUMBER("source", writer->source),
        TRACE_NUMBER("level", writer->level),
        TRACE_NUMBER("freeze_timeout_ms", writer->freeze_timeout_ms),
        TRACE_NUMBER("events", mask),
    };

    service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                   .who = writer->who,
                                                   .what = "Subscribe",
                                                   .args = args,
                                                   .n_args = sizeof(args) / sizeof(args[0]) });
}

/* Learn: "CVssWriter::Subscribe", "VSS_SUBSCRIBE_MASK": two bits are supported, others reserved. */
static HRESULT subscribe(struct vssemu_writer *w, DWORD event_mask)
{
    if (!w || (event_mask & ~(DWORD)(VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG)))
        return E_INVALIDARG;
    if (!w->writer || !w->ops)
        return VSS_E_BAD_STATE;
    if (w->is_subscribed)
        return VSS_E_WRITER_ALREADY_SUBSCRIBED;
    if (w->thread)
        stop(w);
    w->is_subscribed = true;
    w->is_broken = w->is_lifted = false;
    atomic_store(&w->is_stopping, false);
    if (!(w->flags & VSSEMU_WRITER_INLINE))
        w->thread = w->sched->ops->start(w->sched, w->writer->name, dispatch, w);
    sched_enter(w->sched);
    writer_registry_add(w->service, w->writer, &w->link);
    writer_watch_subscribes(&w->watch, w->writer, event_mask & VSS_SM_RESTORE_EVENTS_FLAG);
    trace_subscribe(w->service, w->writer, event_mask);
    sched_notify(w->sched);
    sched_leave(w->sched);
    if (!(w->flags & VSSEMU_WRITER_INLINE))
        entry_writer_subscribed(w->service);
    return S_OK;
}

/* Subscribing takes no time here, so that no limit is ever reached. */
HRESULT vssemu_writer_subscribe(struct vssemu_writer *w, DWORD timeout_ms, DWORD event_mask)
{
    GUARD(CVssWriter_Subscribe);
    (void)timeout_ms;
    return subscribe(w, event_mask);
}

HRESULT vssemu_writer_subscribe_ex(struct vssemu_writer *w, DWORD timeout_ms, DWORD event_mask)
{
    GUARD(CVssWriterEx_SubscribeEx);
    (void)timeout_ms;
    return subscribe(w, event_mask);
}

HRESULT vssemu_writer_unsubscribe(struct vssemu_writer *w)
{
    GUARD(CVssWriter_Unsubscribe);
    if (!w)
        return E_INVALIDARG;
    if (!w->is_subscribed)
        return VSS_E_BAD_STATE;
    stop(w);
    return S_OK;
}
