/* SPDX-License-Identifier: MIT */
#include "emu/svc/event_log.h"

#include "emu/base/str.h"
#include "emu/svc/service.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the texts are a table's */

void event_log_write(struct service *service, enum event_id id, HRESULT hr, const char *about,
                     const char *operation)
{
    const struct event_row *row = event_row(id);
    auto_str struct str number = { 0 }, text = { 0 };

    str_addf(&number, "%u", row->number);
    str_addf(&text, row->text, about);
    if (operation)
        str_addf(&text, "; operation: %s", operation);
    service_trace(service, &(struct trace_record){ .kind = TRACE_LOG,
                                                   .who = row->source,
                                                   .what = number.text,
                                                   .has_result = true,
                                                   .result = hr,
                                                   .detail = text.text });
}
