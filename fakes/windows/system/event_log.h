/* SPDX-License-Identifier: MIT */
/* The event logs as programs write and read them (Learn: "Event Logging"). An entry is a record of
 * the trace, as VSS' own are (emu/svc/event_log.h), with its level and log besides; what programs
 * wrote is also kept for ReadEventLog. Message files are not read: the text is the strings. */
#pragma once

#include "emu/base/array.h"
#include "emu/include/vssemu_types.h"

#include <stddef.h>

struct logged_event {
    unsigned world;  /* serial of the world that it was written in */
    const char *log; /* "Application", "System": static */
    char *source;
    DWORD number, time; /* seconds since 1970 */
    DWORD id;
    WORD type, category;
    ARRAY(char *) strings;
    void *data;
    size_t data_size;
    void *sid; /* NULL: none */
    size_t sid_size;
};

/* The log that a source writes to: what the registry says, else Application. */
const char *log_of_source(const char *source);
/* The static name of a log; NULL: there is none of that name. */
const char *log_named(const char *name);

/* Takes what the event owns. */
void log_write(struct logged_event *event);
/* One with a text of our own. */
void log_entry_write(const char *log, const char *source, DWORD id, WORD type, const char *text);

/* The events of a log of the calling thread's world, oldest first, in fresh memory (the events stay
 * where they are until log_clear). */
const struct logged_event **log_events(const char *log, size_t *ret_n);
void log_clear(const char *log);
