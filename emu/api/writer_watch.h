/* SPDX-License-Identifier: MIT */
/* What a writer's link tells those who watch for broken rules (emu/lint): events that its handlers
 * have answered, and values that they ask for where there are none. */
#pragma once

#include "emu/lint/lint_writer.h"
#include "emu/svc/writer_link.h"

struct service;
struct writer;

/* A writer as those who watch know it; in the link's object, zeroed. */
struct writer_watch {
    struct service *service; /* NULL before Initialize */
    const char *who;         /* "writer Sql", the writer's */
    bool is_identified;      /* its document has been looked at */
    bool is_instance;        /* counted among the instances of its class */
    int64_t began_ns;        /* of the handler that runs */
};

void writer_watch_begin(struct writer_watch *watch, struct service *service,
                        const struct writer *writer);

/* Subscribe and Unsubscribe, inside the service. */
void writer_watch_subscribes(struct writer_watch *watch, const struct writer *writer,
                             bool has_restores);
void writer_watch_unsubscribes(struct writer_watch *watch, const struct writer *writer);

/* Around the handler, on its thread. */
void writer_watch_handler(struct writer_watch *watch, enum writer_event event);
void writer_watch_returned(struct writer_watch *watch);
/* Inside the service: what the handler answered is in the delivery. refused: a method that it was
 * refused, NULL: none. */
void writer_watch_answered(struct writer_watch *watch, const struct writer_delivery *delivery,
                           const struct writer *writer, const char *refused);
void writer_watch_broke(struct writer_watch *watch, enum finding_rule rule, const char *call);

/* A value is asked for where there is none; delivery NULL: no handler runs. */
void writer_watch_asks(struct writer_watch *watch, const struct writer_delivery *delivery,
                       const char *method);
