/* SPDX-License-Identifier: MIT */
/* The Application log as a user of Windows would see it: entries are records of the trace
 * (TRACE_LOG: who is the source, what the number, the result is the code inside). Callable from any
 * thread. */
#pragma once

#include "emu/include/vss.h"
#include "emu/proto/event_ids.h"

struct service;

/* about goes into the text of the row; operation ("PrepareForSnapshot event", may be NULL) tells
 * what was under way. */
void event_log_write(struct service *service, enum event_id id, HRESULT hr, const char *about,
                     const char *operation);
