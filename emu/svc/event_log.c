/* SPDX-License-Identifier: MIT */
/* See event_log.h. Windows: the layout of a description, as published entries have it. */
#include "emu/svc/event_log.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/port/volume.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"
#include "emu/svc/writer_registry.h"

#include <string.h>

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the texts are a table's */

static void add_code(struct str *text, HRESULT hr)
{
    const char *name = HRESULT_NAME(hr);

    str_addf(text, " hr = 0x%08x%s%s%s", (unsigned)hr, *name == '0' ? "" : ", ",
             *name == '0' ? "" : name, ".");
}

/* A heading and its lines, indented. */
static void add_block(struct str *text, const char *heading, const char *lines)
{
    if (!lines || !*lines)
        return;
    str_addf(text, "\n\n%s:", heading);
    while (*lines) {
        size_t n = strcspn(lines, "\n");

        str_addf(text, "\n   %.*s", (int)n, lines);
        lines += n + (lines[n] == '\n');
    }
}

void event_log_write_in(struct service *service, enum event_id id, HRESULT hr, const char *about,
                        const char *operation, const char *context)
{
    const struct event_row *row = event_row(id);
    auto_str struct str number = { 0 }, text = { 0 };

    str_addf(&number, "%u", row->number);
    str_addf(&text, row->text, about);
    if (row->shows_code)
        add_code(&text, hr);
    add_block(&text, "Operation", operation);
    add_block(&text, "Context", context);
    service_trace(service, &(struct trace_record){ .kind = TRACE_LOG,
                                                   .who = row->source,
                                                   .what = number.text,
                                                   .has_result = row->shows_code,
                                                   .result = hr,
                                                   .detail = text.text });
}

void event_log_write(struct service *service, enum event_id id, HRESULT hr, const char *about,
                     const char *operation)
{
    event_log_write_in(service, id, hr, about, operation, NULL);
}

void event_log_write_of_writer(struct service *service, enum event_id id, HRESULT hr,
                               const char *about, const char *operation,
                               const struct writer *writer)
{
    auto_str struct str context = { 0 };

    str_addf(&context, "Execution Context: Writer\nWriter Class Id: {%s}\n",
             GUID_TEXT(&writer->class_id));
    str_addf(&context, "Writer Name: %s\nWriter Instance ID: {%s}", writer->name,
             GUID_TEXT(&writer->instance_id));
    event_log_write_in(service, id, hr, about, operation, context.text);
}

void event_log_write_of_provider(struct service *service, const char *provider_name,
                                 const char *routine, HRESULT hr)
{
    auto_free char *context = str_printf("Provider Name: %s", provider_name);
    auto_free char *operation = str_printf("Processing %s", routine);

    event_log_write_in(service,
                       hr == E_INVALIDARG ? EVENT_PROVIDER_ARGUMENT : EVENT_PROVIDER_ROUTINE, hr,
                       routine, operation, context);
}

/* Windows: seen with the first writer that answers, hr E_ACCESSDENIED; the gather goes on. */
void event_log_callback_denied(struct service *service)
{
    if (list_is_empty(&service->writers))
        return;
    const struct writer *writer = container_of(service->writers.next, struct writer, link);

    event_log_write_of_writer(service, EVENT_CALLBACK_DENIED, E_ACCESSDENIED, "a requester",
                              "Gathering Writer Data", writer);
}

void event_log_write_of_set(struct service *service, HRESULT hr, const struct snapshot_set *set)
{
    enum event_id id = hr == VSS_E_FLUSH_WRITES_TIMEOUT ? EVENT_FLUSH_WRITES : EVENT_HOLD_WRITES;
    auto_str struct str names = { 0 };

    for (size_t i = 0; i < set->snapshots.count; i++)
        str_addf(&names, "%s%s", i ? ", " : "", set->snapshots.items[i]->volume->guid_name);
    event_log_write(service, id, hr, names.text ? names.text : "none",
                    "Executing Asynchronous Operation");
}
