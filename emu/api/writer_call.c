/* SPDX-License-Identifier: MIT */
/* One event through a handler: made inside the service, run outside, ended inside. Texts are in
 * UTF-16 by then, documents are faces under a lease that ends with the handler. */
#include "emu/api/writer_adapter_i.h"

#include "emu/api/examine_metadata.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <stdlib.h>

static WCHAR **wide_list(const char *const *texts, size_t n)
{
    if (!texts)
        return NULL;
    WCHAR **list = mem_alloc((n + 1) * sizeof(*list));

    for (size_t i = 0; i < n; i++)
        list[i] = (WCHAR *)utf16_from_utf8(texts[i]);
    return list;
}

static void free_list(WCHAR **list, size_t n)
{
    for (size_t i = 0; list && i < n; i++)
        free(list[i]);
    free(list);
}

static enum components_access access_of(enum writer_event event)
{
    switch (event) {
    case ON_PREPARE_BACKUP:
        return COMPONENTS_PREPARE_BACKUP;
    case ON_POST_SNAPSHOT:
        return COMPONENTS_POST_SNAPSHOT;
    case ON_PRE_RESTORE:
        return COMPONENTS_PRE_RESTORE;
    case ON_POST_RESTORE:
        return COMPONENTS_POST_RESTORE;
    default:
        return COMPONENTS_BACKUP_COMPLETE;
    }
}

static bool takes_components(enum writer_event event)
{
    return event == ON_PREPARE_BACKUP || event == ON_POST_SNAPSHOT || event == ON_BACKUP_COMPLETE ||
           event == ON_PRE_RESTORE || event == ON_POST_RESTORE;
}

struct handler_call *writer_call_new(struct vssemu_writer *w, struct writer_delivery *delivery)
{
    struct handler_call *call = mem_new(struct handler_call);
    const struct writer_event_info *info = &delivery->info;

    call->delivery = delivery;
    call->info = *info;
    call->volumes = wide_list(info->volumes, info->n_volumes);
    call->devices = wide_list(info->devices, info->n_volumes);
    if (takes_components(delivery->event) && info->has_components) {
        call->lease = components_lease_new(access_of(delivery->event),
                                           w->flags & VSSEMU_WRITER_INLINE ? NULL : w->sched);
        call->lease->is_writers = true;
        call->lease->service = w->service;
        call->lease->who = w->writer->who;
        call->lease->event = writer_event_name(delivery->event);
        call->lease->session = info->session_number;
        call->components = info->components
                               ? writer_components_new(call->lease, info->components)
                               : writer_components_new_empty(call->lease, &w->writer->class_id,
                                                             &w->writer->instance_id);
    }
    if (delivery->event == ON_IDENTIFY)
        call->metadata = create_metadata_new(info->metadata);
    if (info->identify_information)
        examine_metadata_new(wmd_ref(info->identify_information), &call->identify_information);
    return call;
}

static void call_free(struct handler_call *call)
{
    free_list(call->volumes, call->info.n_volumes);
    free_list(call->devices, call->info.n_volumes);
    writer_components_free(call->components);
    create_metadata_free(call->metadata);
    if (call->identify_information)
        call->identify_information->lpVtbl->Release(call->identify_information);
    free(call->message);
    free(call);
}

static bool run_handler(struct vssemu_writer *w, struct handler_call *call)
{
    const struct vssemu_writer_ops *ops = w->ops;
    IVssWriterComponents *components =
        call->components ? writer_components_face(call->components) : NULL;

    switch (call->delivery->event) {
    case ON_IDENTIFY:
        return !ops->OnIdentify || ops->OnIdentify(w->self, create_metadata_face(call->metadata));
    case ON_PREPARE_BACKUP:
        return !ops->OnPrepareBackup || ops->OnPrepareBackup(w->self, components);
    case ON_PREPARE_SNAPSHOT:
        return !ops->OnPrepareSnapshot || ops->OnPrepareSnapshot(w->self);
    case ON_FREEZE:
        return !ops->OnFreeze || ops->OnFreeze(w->self);
    case ON_THAW:
        return !ops->OnThaw || ops->OnThaw(w->self);
    case ON_ABORT:
        return !ops->OnAbort || ops->OnAbort(w->self);
    case ON_POST_SNAPSHOT:
        return !ops->OnPostSnapshot || ops->OnPostSnapshot(w->self, components);
    case ON_BACKUP_COMPLETE:
        return !ops->OnBackupComplete || ops->OnBackupComplete(w->self, components);
    case ON_BACKUP_SHUTDOWN:
        return !ops->OnBackupShutdown || ops->OnBackupShutdown(w->self, call->info.snapshot_set_id);
    case ON_PRE_RESTORE:
        return !ops->OnPreRestore || ops->OnPreRestore(w->self, components);
    case ON_POST_RESTORE:
        return !ops->OnPostRestore || ops->OnPostRestore(w->self, components);
    case N_WRITER_EVENTS:
        break;
    }
    return true;
}

const void *writer_call_this_thread(void)
{
    static _Thread_local char mark;

    return &mark;
}

void writer_call_begin(struct vssemu_writer *w, struct handler_call *call)
{
    call->thread = writer_call_this_thread();
    w->current = call;
    if (call->has_fault)
        writer_fault_begin(w, call);
}

void writer_call_run(struct vssemu_writer *w, struct handler_call *call)
{
    if (call->has_fault)
        writer_fault_run(w, call);
    if (call->is_cut)
        return;
    writer_watch_handler(&w->watch, call->delivery->event);
    sched_is_about(w->sched, writer_event_name(call->delivery->event));
    call->agreed = run_handler(w, call);
    sched_is_about(w->sched, NULL);
    writer_watch_returned(&w->watch);
}

/* A method that the handler was refused, or NULL. */
static const char *refused_in(const struct handler_call *call)
{
    if (call->metadata)
        return create_metadata_refused(call->metadata);
    return call->lease ? call->lease->refused : NULL;
}

/* A call into a process that is gone. */
static void call_is_cut(struct handler_call *call)
{
    call->agreed = call->has_report = false;
    call->failure = VSS_E_WRITER_NOT_RESPONDING;
    call->application = S_OK;
    free(take_ptr(&call->message));
}

void writer_call_end(struct vssemu_writer *w, struct handler_call *call)
{
    struct writer_delivery *delivery = call->delivery;

    if (call->has_fault && !call->is_cut)
        writer_fault_end(call);
    if (call->is_cut)
        call_is_cut(call);
    delivery->agreed = call->agreed;
    delivery->has_report = call->has_report;
    delivery->failure = call->failure;
    if (!call->has_fault && !call->is_cut) /* what was planned is not the handler's doing */
        writer_watch_answered(&w->watch, delivery, w->writer, refused_in(call));
    components_lease_end(call->lease);
    if (call->metadata)
        create_metadata_end(call->metadata);
    delivery->application = call->application;
    delivery->message = take_ptr(&call->message);
    w->current = NULL;
    bool is_twice = call->has_fault && !call->is_cut && call->fault.action == FAULT_TWICE;
    struct writer_delivery *again = is_twice ? writer_delivery_again(delivery) : NULL;

    delivery->done(delivery);
    if (again)
        again->done(again);
    call_free(call);
}

void writer_call_inline(struct vssemu_writer *w, struct handler_call *call)
{
    struct handler_call *outer = w->current;

    writer_call_begin(w, call);
    writer_call_run(w, call);
    writer_call_end(w, call);
    w->current = outer;
}
