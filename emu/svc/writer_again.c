/* SPDX-License-Identifier: MIT */
/* A writer that answers an event twice: the second answer belongs to no open question, so nobody
 * waits for it and nothing changes but the trace. */
#include "emu/svc/writer_session.h"

#include "emu/base/mem.h"
#include "emu/svc/backup.h"
#include "emu/svc/service.h"

static void second_done(struct writer_delivery *delivery)
{
    struct writer_session *session = delivery->owner;

    service_trace(session->backup->service,
                  &(struct trace_record){ .kind = TRACE_NOTE,
                                          .who = session->writer->who,
                                          .what = "answers a second time",
                                          .detail = writer_event_name(delivery->event) });
    writer_session_end_delivery(session, delivery);
}

struct writer_delivery *writer_delivery_again(const struct writer_delivery *first)
{
    struct writer_delivery *again = mem_copy(first, sizeof(*first));
    struct writer_session *session = first->owner;

    again->message = NULL;
    again->done = second_done;
    backup_ref(session->backup);
    session->backup->service->n_unfinished++;
    return again;
}
