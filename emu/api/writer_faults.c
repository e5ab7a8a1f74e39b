/* SPDX-License-Identifier: MIT */
/* What is planned to go wrong with a writer, at the one place that all its events pass. A fault is
 * met inside the service, when the event is delivered, and happens on the thread that runs the
 * handler: writer_fault_begin before it, writer_fault_run where it would run, writer_fault_end
 * behind it. A handler runs unless its process ends or it never comes back: what a failing writer
 * answers is changed behind it, so that the code of a user's writer has done its part of each
 * event, and whatever follows is what may follow on Windows.
 *
 * An inline writer has no thread that could wait: its call is held back, the next ones behind it,
 * until a task goes on with it. A writer whose process ends has a broken link: what it was asked
 * is answered at once as Windows does for a call into a process that is gone, what comes later does
 * not reach it. */
#include "emu/api/writer_adapter_i.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/wmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_inline(const struct vssemu_writer *w)
{
    return w->flags & VSSEMU_WRITER_INLINE;
}

static void note(struct vssemu_writer *w, const char *what, const char *detail)
{
    service_trace(w->service,
                  &(struct trace_record){
                      .kind = TRACE_NOTE, .who = w->writer->who, .what = what, .detail = detail });
}

bool writer_fault_meet(struct vssemu_writer *w, struct handler_call *call)
{
    call->has_fault = faults_meet(w->service->ports->faults, FAULT_WRITER, w->writer->name,
                                  call->delivery->event, &call->fault);
    return call->has_fault;
}

/* ---- a process that ends ---- */

/* What is under way or waits is no longer answered by a handler. */
static void cut_calls(struct vssemu_writer *w)
{
    if (w->current)
        w->current->is_cut = true;
    if (w->held)
        w->held->is_cut = true;
    for (struct list *at = w->calls.next; at != &w->calls; at = at->next)
        container_of(at, struct handler_call, link)->is_cut = true;
}

static void come_back(struct sched_task *task)
{
    struct vssemu_writer *w = container_of(task, struct vssemu_writer, return_task);
    struct writer *old = w->writer;
    struct writer *again = writer_new(old->name, old->instance_name);

    again->class_id = old->class_id;
    again->instance_id = guid_random(w->service->ports->random);
    again->usage = old->usage;
    again->source = old->source;
    again->level = old->level;
    again->freeze_timeout_ms = old->freeze_timeout_ms;
    again->major_version = old->major_version;
    again->minor_version = old->minor_version;
    w->writer = again;
    w->is_broken = false;
    writer_watch_begin(&w->watch, w->service, again);
    writer_registry_add(w->service, again, &w->link);
    note(w, "Subscribe", "a new instance");
    writer_unref(old);
}

static void break_link(struct vssemu_writer *w, const char *how, int64_t returns_ns)
{
    struct sched *sched = w->sched;

    if (w->is_broken)
        return;
    w->is_broken = true;
    note(w, how, NULL);
    writer_registry_remove(w->service, w->writer);
    writer_watch_unsubscribes(&w->watch, w->writer);
    cut_calls(w);
    if (returns_ns) {
        w->return_task.run = come_back;
        sched_post(sched, &w->return_task, sched_now(sched) + returns_ns);
    }
    sched_notify(sched);
}

static const char *end_of_process(enum fault_action action)
{
    return action == FAULT_CRASH ? "its process has crashed" : "its process has ended";
}

/* The process of code under test is this one: it ends as the fault says. */
static void end_process(const struct fault_hit *hit)
{
    int number = hit->action == FAULT_CRASH ? SIGSEGV : SIGKILL;

    fflush(NULL);
    raise(number);
    _exit(128 + number);
}

static bool ends_process(const struct vssemu_writer *w, enum fault_action action)
{
    return !is_inline(w) && (action == FAULT_CRASH || action == FAULT_DIE) &&
           w->service->ports->faults->ends_process;
}

static void leave(struct vssemu_writer *w, const struct fault_hit *hit)
{
    switch (hit->action) {
    case FAULT_CRASH:
    case FAULT_DIE:
        break_link(w, end_of_process(hit->action), hit->duration_ns);
        break;
    default:
        break_link(w, "Unsubscribe", 0);
        break;
    }
}

/* ---- around the handler ---- */

static bool has_come_back(void *arg)
{
    const struct vssemu_writer *w = arg;

    return atomic_load(&w->is_stopping) || w->is_lifted || w->current->is_cut;
}

/* On the writer's own thread, which really waits. */
static void wait_on_thread(struct vssemu_writer *w, const struct handler_call *call)
{
    bool is_hanging = call->fault.action == FAULT_HANG;
    int64_t for_ns = call->fault.duration_ns;

    if (is_hanging || for_ns)
        sched_wait(w->sched, has_come_back, w,
                   is_hanging ? SCHED_NEVER : sched_now(w->sched) + for_ns);
}

static bool makes_wait(const struct handler_call *call)
{
    enum fault_action action = call->fault.action;

    return action == FAULT_HANG || action == FAULT_DELAY ||
           (action == FAULT_FAIL && call->fault.duration_ns);
}

void writer_fault_begin(struct vssemu_writer *w, struct handler_call *call)
{
    const struct fault_hit *hit = &call->fault;

    if (!is_inline(w) && makes_wait(call))
        wait_on_thread(w, call);
    switch (hit->action) {
    case FAULT_HANG:
        /* Lifted, a program's handler runs after all, late: it may be what opens a gate. */
        if (is_inline(w) || !w->is_lifted)
            call->is_cut = true;
        break;
    case FAULT_CRASH:
    case FAULT_DIE:
    case FAULT_UNSUBSCRIBE:
        if (ends_process(w, hit->action)) /* where the handler would run */
            note(w, end_of_process(hit->action), NULL);
        else
            leave(w, hit);
        break;
    case FAULT_THROW:
        note(w, "an exception left the handler", writer_event_name(call->delivery->event));
        break;
    default:
        break;
    }
}

void writer_fault_run(struct vssemu_writer *w, struct handler_call *call)
{
    if (ends_process(w, call->fault.action))
        end_process(&call->fault);
}

/* As many sets of files as the size takes; a set is about this long in the document. */
#define SET_SIZE 80

static void pad(struct wmd *wmd, uint64_t size)
{
    char name[32];

    for (uint64_t i = 0; i < size / SET_SIZE; i++) {
        snprintf(name, sizeof(name), "oversize%012llu", (unsigned long long)i);
        filespecs_add(&wmd->exclude_files, "C:\\oversize", name, false, NULL,
                      FILESPEC_MASK_DEFAULT);
    }
}

void writer_fault_end(struct handler_call *call)
{
    struct writer_delivery *delivery = call->delivery;

    switch (call->fault.action) {
    case FAULT_FAIL:
        call->agreed = false;
        call->has_report = true;
        call->failure = call->fault.code;
        break;
    case FAULT_VETO:
    case FAULT_THROW:
        call->agreed = call->has_report = false;
        call->failure = S_OK;
        break;
    case FAULT_REPORT:
        call->agreed = true;
        call->has_report = true;
        call->failure = call->fault.code;
        break;
    case FAULT_CORRUPT:
        delivery->info.metadata->is_damaged = true;
        break;
    case FAULT_OVERSIZE:
        pad(delivery->info.metadata, call->fault.size);
        delivery->is_too_long = !call->fault.size;
        break;
    default:
        break;
    }
}

/* ---- inline writers ---- */

static void go_on_with_held(struct vssemu_writer *w)
{
    struct handler_call *call = w->held;

    sched_cancel(w->sched, &w->hold_task);
    w->held = NULL;
    writer_call_inline(w, call);
    while (!w->held && !list_is_empty(&w->calls)) {
        call = container_of(w->calls.next, struct handler_call, link);
        list_remove(&call->link);
        if (!writer_fault_holds(w, call))
            writer_call_inline(w, call);
    }
}

static void held_is_due(struct sched_task *task)
{
    go_on_with_held(container_of(task, struct vssemu_writer, hold_task));
}

bool writer_fault_holds(struct vssemu_writer *w, struct handler_call *call)
{
    if (w->held) {
        list_append(&w->calls, &call->link);
        return true;
    }
    if (!call->has_fault || !makes_wait(call) || w->is_lifted || call->is_cut)
        return false;
    w->held = call;
    w->hold_task.run = held_is_due;
    if (call->fault.action != FAULT_HANG)
        sched_post(w->sched, &w->hold_task, sched_now(w->sched) + call->fault.duration_ns);
    return true;
}

void writer_fault_let_go(struct vssemu_writer *w)
{
    sched_cancel(w->sched, &w->return_task);
    w->is_lifted = true;
    if (w->held)
        go_on_with_held(w);
}

/* ---- all of a world's ---- */

static struct vssemu_writer *writer_of(struct writer *writer)
{
    return writer_adapter_of(writer->to);
}

size_t writer_adapter_count_native(struct service *service)
{
    size_t n = 0;

    list_each (struct writer, writer, &service->writers, link) {
        struct vssemu_writer *w = writer_of(writer);

        n += w && !is_inline(w);
    }
    return n;
}

static bool is_meant(struct writer *writer, const char *pattern)
{
    return writer_of(writer) && (!pattern || str_matches(writer->name, pattern));
}

bool writer_adapter_has(struct service *service, const char *pattern)
{
    list_each (struct writer, writer, &service->writers, link) {
        if (is_meant(writer, pattern))
            return true;
    }
    return false;
}

void writer_adapter_happen(struct service *service, const char *pattern,
                           const struct fault_hit *hit)
{
    list_each_safe (struct writer, writer, &service->writers, link) {
        struct vssemu_writer *w = writer_of(writer);

        if (!is_meant(writer, pattern))
            continue;
        if (ends_process(w, hit->action)) {
            note(w, end_of_process(hit->action), NULL);
            end_process(hit);
        }
        leave(w, hit);
        if (w->held)
            go_on_with_held(w);
    }
}

/* What they go on with may make others subscribe or leave: a few at a time, from the beginning. */
void writer_adapter_lift_faults(struct service *service)
{
    for (bool is_over = false; !is_over;) {
        is_over = true;
        list_each (struct writer, writer, &service->writers, link) {
            struct vssemu_writer *w = writer_of(writer);

            if (!w || w->is_lifted)
                continue;
            is_over = false;
            writer_fault_let_go(w);
            break;
        }
    }
    sched_notify(service->ports->sched);
}
