/* SPDX-License-Identifier: MIT */
/* See event_log.h. */
#include "fakes/windows/system/event_log.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/world.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/registry/registry.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const logs[] = { "Application", "System", "Security" };
#define N_LOGS (sizeof(logs) / sizeof(logs[0]))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct logged_event *) events; /* of all worlds, in their order */

const char *log_named(const char *name)
{
    for (size_t i = 0; i < N_LOGS; i++) {
        if (fold_compare(logs[i], name) == 0)
            return logs[i];
    }
    return NULL;
}

const char *log_of_source(const char *source)
{
    if (log_named(source))
        return log_named(source);
    for (size_t i = 0; i < N_LOGS; i++) {
        auto_free char *path = str_printf(
            "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\%s\\%s", logs[i], source);
        if (registry_has_key(registry_current(), path))
            return logs[i];
    }
    return logs[0];
}

/* ---- the trace ---- */

static const char *level_name(WORD type)
{
    switch (type) {
    case EVENTLOG_ERROR_TYPE:
        return "Error";
    case EVENTLOG_WARNING_TYPE:
        return "Warning";
    default:
        return "Information";
    }
}

/* The strings, a line each; then what is not plain. */
static char *text_of(const struct logged_event *event)
{
    struct str text = { 0 };

    for (size_t i = 0; i < event->strings.count; i++)
        str_addf(&text, "%s%s", i ? "\n" : "", event->strings.items[i]);
    if (event->category)
        str_addf(&text, "\n\nCategory: %u", event->category);
    if (event->data_size)
        str_add(&text, "\n\nData:");
    for (size_t i = 0; i < event->data_size && i < 64; i++)
        str_addf(&text, " %02x", ((const unsigned char *)event->data)[i]);
    if (event->data_size > 64)
        str_addf(&text, " and %zu bytes more", event->data_size - 64);
    return str_take(&text);
}

/* Event viewers show the lower half of an id; the upper one is severity and facility. */
static void write_trace(const struct logged_event *event)
{
    struct world_ports *world = world_current();
    auto_free char *number = str_printf("%u", (unsigned)(event->id & 0xFFFF));
    auto_free char *text = text_of(event);
    struct trace_record record = { .kind = TRACE_LOG,
                                   .who = event->source,
                                   .what = number,
                                   .detail = text,
                                   .call = level_name(event->type),
                                   .object = event->log };

    sched_enter(world->sched);
    record.at_ns = sched_now(world->sched);
    trace_write(world->trace, &record);
    sched_leave(world->sched);
}

/* ---- the logs ---- */

void log_write(struct logged_event *event)
{
    struct logged_event *kept = mem_copy(event, sizeof(*event));
    struct world_ports *world = world_current();
    DWORD number = 1;

    kept->world = world->serial;
    kept->time = (DWORD)(clock_unix_ns(world->clock) / 1000000000);
    write_trace(kept);
    pthread_mutex_lock(&lock);
    for (size_t i = events.count; i-- > 0;) {
        if (events.items[i]->world == kept->world && events.items[i]->log == kept->log) {
            number = events.items[i]->number + 1;
            break;
        }
    }
    kept->number = number;
    array_add(&events, kept);
    pthread_mutex_unlock(&lock);
}

void log_entry_write(const char *log, const char *source, DWORD id, WORD type, const char *text)
{
    struct logged_event event = {
        .log = log_named(log), .source = mem_strdup(source), .id = id, .type = type
    };

    array_add(&event.strings, mem_strdup(text));
    log_write(&event);
}

const struct logged_event **log_events(const char *log, size_t *ret_n)
{
    unsigned world = world_current()->serial;
    ARRAY(const struct logged_event *) found = { 0 };

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < events.count; i++) {
        if (events.items[i]->world == world && events.items[i]->log == log)
            array_add(&found, (const struct logged_event *)events.items[i]);
    }
    pthread_mutex_unlock(&lock);
    *ret_n = found.count;
    return found.items;
}

static void free_event(struct logged_event *event)
{
    for (size_t i = 0; i < event->strings.count; i++)
        free(event->strings.items[i]);
    array_free(&event->strings);
    free(event->source);
    free(event->data);
    free(event->sid);
    free(event);
}

void log_clear(const char *log)
{
    unsigned world = world_current()->serial;
    size_t n = 0;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < events.count; i++) {
        if (events.items[i]->world == world && events.items[i]->log == log)
            free_event(events.items[i]);
        else
            events.items[n++] = events.items[i];
    }
    events.count = n;
    if (!n)
        array_free(&events);
    pthread_mutex_unlock(&lock);
}
