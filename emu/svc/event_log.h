/* SPDX-License-Identifier: MIT */
/* The Application log as a user of Windows would see it: entries are records of the trace
 * (TRACE_LOG: who is the source, what the number, the result is the code inside, the detail the
 * description with the operation and context under it, in lines). Callable from any thread. */
#pragma once

#include "emu/include/vss.h"
#include "emu/proto/event_ids.h"

struct service;
struct snapshot_set;
struct writer;

/* about goes into the text of the row; operation ("PrepareForSnapshot Event", may be NULL) tells
 * what was under way. */
void event_log_write(struct service *service, enum event_id id, HRESULT hr, const char *about,
                     const char *operation);
/* The same with lines of context, "Execution Context: Writer\nWriter Name: Sql"; NULL: none. */
void event_log_write_in(struct service *service, enum event_id id, HRESULT hr, const char *about,
                        const char *operation, const char *context);
/* The same with the writer as its context. */
void event_log_write_of_writer(struct service *service, enum event_id id, HRESULT hr,
                               const char *about, const char *operation,
                               const struct writer *writer);
/* A provider answered one of its routines ("CommitSnapshots") with a failure. */
void event_log_write_of_provider(struct service *service, const char *provider_name,
                                 const char *routine, HRESULT hr);
/* The requester gathers metadata and writers cannot call it back (CoInitializeSecurity). */
void event_log_callback_denied(struct service *service);
/* Writes on a set's volumes could not be held or (VSS_E_FLUSH_WRITES_TIMEOUT) flushed. */
void event_log_write_of_set(struct service *service, HRESULT hr, const struct snapshot_set *set);
