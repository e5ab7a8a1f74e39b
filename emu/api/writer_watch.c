/* SPDX-License-Identifier: MIT */
/* See writer_watch.h. */
#include "emu/api/writer_watch.h"

#include "emu/svc/service.h"
#include "emu/svc/writer_registry.h"

void writer_watch_begin(struct writer_watch *watch, struct service *service,
                        const struct writer *writer)
{
    watch->service = service;
    watch->who = writer->who;
}

void writer_watch_subscribes(struct writer_watch *watch, const struct writer *writer,
                             bool has_restores)
{
    watch->is_instance = has_restores;
    if (has_restores)
        lint_writer_subscribes(&watch->service->lint, watch->who, &writer->class_id,
                               writer->instance_name);
}

void writer_watch_unsubscribes(struct writer_watch *watch, const struct writer *writer)
{
    if (watch->is_instance)
        lint_writer_unsubscribes(&watch->service->lint, &writer->class_id, writer->instance_name);
    watch->is_instance = false;
}

void writer_watch_handler(struct writer_watch *watch, enum writer_event event)
{
    watch->began_ns = sched_now(watch->service->ports->sched);
    lint_handler_begins(event);
}

void writer_watch_returned(struct writer_watch *watch)
{
    lint_handler_returned(&watch->service->lint, watch->who);
}

void writer_watch_answered(struct writer_watch *watch, const struct writer_delivery *delivery,
                           const struct writer *writer, const char *refused)
{
    struct lint *lint = &watch->service->lint;
    const struct writer_event_info *info = &delivery->info;

    lint_writer_answered(
        lint, watch->who,
        &(struct lint_answer){ .event = delivery->event,
                               .agreed = delivery->agreed,
                               .failure = delivery->failure,
                               .took_ns = sched_now(watch->service->ports->sched) - watch->began_ns,
                               .freeze_timeout_ms = writer->freeze_timeout_ms,
                               .has_partial_files = info->partial_files,
                               .writer = info->components,
                               .refused = refused });
    if (delivery->event == ON_IDENTIFY && delivery->agreed && !watch->is_identified) {
        watch->is_identified = true;
        /* What writers of another machine wrote is not the fault of any program here: Windows' own
         * break some of the rules. */
        if (!info->metadata->is_told_whole)
            lint_writer_identified(lint, watch->who, info->metadata);
    }
}

void writer_watch_broke(struct writer_watch *watch, enum finding_rule rule, const char *call)
{
    if (watch->service)
        lint_break(&watch->service->lint, rule, watch->who, call, NULL);
}

void writer_watch_asks(struct writer_watch *watch, const struct writer_delivery *delivery,
                       const char *method)
{
    if (watch->service)
        lint_writer_asks(&watch->service->lint, watch->who,
                         delivery ? delivery->event : N_WRITER_EVENTS, method);
}
