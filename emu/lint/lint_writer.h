/* SPDX-License-Identifier: MIT */
/* Watches writers: what they tell in Identify, what their handlers do and answer. who is the
 * writer's name in the trace, "writer Sql". */
#pragma once

#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/lint/lint.h"
#include "emu/proto/writer_rules.h"

struct lint_answer {
    enum writer_event event;
    bool agreed;
    HRESULT failure; /* SetWriterFailure, or S_OK */
    int64_t took_ns;
    unsigned freeze_timeout_ms;
    bool has_partial_files;          /* the requester supports them */
    const struct bcd_writer *writer; /* its part of the document; NULL: none */
    const char *refused;             /* a method that was refused in the handler; NULL: none */
};

/* A writer has answered Identify with true: its document, once for each instance. */
void lint_writer_identified(struct lint *lint, const char *who, const struct wmd *wmd);
/* A writer that takes part in restores subscribes, or does so no more; instance_name NULL: it has
 * none. Inside the service. */
void lint_writer_subscribes(struct lint *lint, const char *who, const GUID *class_id,
                            const char *instance_name);
void lint_writer_unsubscribes(struct lint *lint, const GUID *class_id, const char *instance_name);
/* A handler has returned. Inside the service. */
void lint_writer_answered(struct lint *lint, const char *who, const struct lint_answer *answer);

/* Around a handler, on the thread that runs it. */
void lint_handler_begins(enum writer_event event);
void lint_handler_returned(struct lint *lint, const char *who);

/* A value is asked for in a handler that has none; N_WRITER_EVENTS: outside every handler. */
void lint_writer_asks(struct lint *lint, const char *who, enum writer_event event,
                      const char *method);
