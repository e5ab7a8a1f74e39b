/* SPDX-License-Identifier: MIT */
/* See writer_session.h. Time limits: from Freeze to Thaw the writer's own freeze window (Learn:
 * "CVssWriter::Initialize"), for every other handler HANDLER_LIMIT_MS. */
#include "emu/svc/writer_session.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/doc/wmd.h"
#include "emu/proto/set_phases.h"
#include "emu/svc/backup.h"
#include "emu/svc/event_log.h"
#include "emu/svc/service.h"
#include "emu/svc/document_hook.h"
#include "emu/svc/step_hook.h"

#include <stdlib.h>
#include <string.h>

static void freeze_window_missed(struct sched_task *task);
static void handler_limit_reached(struct sched_task *task);

static struct service *service_of(struct writer_session *session)
{
    return session->backup->service;
}

struct writer_session *writer_session_new(struct backup *backup, struct writer *writer)
{
    struct writer_session *session = mem_new(struct writer_session);

    list_init(&session->link);
    session->backup = backup;
    session->writer = writer_ref(writer);
    session->state = VSS_WS_STABLE;
    if (writer->express)
        session->metadata = wmd_ref(writer->express);
    session->freeze_timer.run = freeze_window_missed;
    session->handler_timer.run = handler_limit_reached;
    return session;
}

static void cancel_timers(struct writer_session *session)
{
    sched_cancel(service_of(session)->ports->sched, &session->freeze_timer);
    sched_cancel(service_of(session)->ports->sched, &session->handler_timer);
}

void writer_session_free(struct writer_session *session)
{
    cancel_timers(session);
    wmd_free(session->metadata);
    free(session->message);
    writer_unref(session->writer);
    free(session);
}

static void post_after(struct writer_session *session, struct sched_task *timer, int64_t limit_ms)
{
    struct sched *sched = service_of(session)->ports->sched;

    sched_post(sched, timer, sched_now(sched) + limit_ms * SCHED_MS);
}

bool writer_session_has_failed(const struct writer_session *session)
{
    return session->state >= VSS_WS_FAILED_AT_IDENTIFY;
}

/* ---- state: the one setter ---- */

static const char *short_state(VSS_WRITER_STATE state)
{
    return writer_state_name(state) + strlen("VSS_WS_");
}

/* The writer's metadata as the trace gets it; NULL: it has this document already. */
static char *metadata_to_tell(const void *of)
{
    const struct writer_session *session = of;
    auto_free char *xml = session->metadata ? wmd_to_xml(session->metadata) : NULL;
    uint64_t hash = xml ? hash_text(xml) : 0;

    if (hash == session->writer->told_metadata)
        return NULL;
    session->writer->told_metadata = hash;
    return take_ptr(&xml);
}

/* What a replay needs besides the result: the session where there are several, what a handler
 * that did not simply agree has answered, the document of Identify. */
static size_t event_args(struct writer_session *session, const struct writer_delivery *delivery,
                         struct trace_arg args[5])
{
    bool has_failed = delivery && (!delivery->agreed || delivery->failure != S_OK);
    size_t n = 0;

    if (session->backup->number > 1)
        args[n++] = (struct trace_arg)TRACE_NUMBER("session", session->backup->number);
    if (has_failed)
        args[n++] = (struct trace_arg)TRACE_TRUTH("returned", delivery->agreed);
    if (has_failed && delivery->application != S_OK)
        args[n++] = (struct trace_arg)TRACE_NUMBER("application", delivery->application);
    if (has_failed && session->message)
        args[n++] = (struct trace_arg)TRACE_TEXT("message", session->message);
    if (delivery && delivery->event == ON_IDENTIFY && !has_failed)
        args[n++] = (struct trace_arg)TRACE_MADE("metadata", metadata_to_tell, session);
    return n;
}

/* delivery NULL: the record is about none. */
static void trace_answer(struct writer_session *session, enum trace_kind kind, const char *what,
                         VSS_WRITER_STATE before, HRESULT result, const char *detail,
                         const struct writer_delivery *delivery)
{
    int64_t now = sched_now(service_of(session)->ports->sched);
    struct trace_arg args[5];

    service_trace(service_of(session),
                  &(struct trace_record){ .kind = kind,
                                          .who = session->writer->who,
                                          .what = what,
                                          .before = short_state(before),
                                          .after = short_state(session->state),
                                          .has_result = true,
                                          .result = result,
                                          .detail = detail,
                                          .took_ns = delivery ? now - delivery->sent_ns : 0,
                                          .args = args,
                                          .n_args = event_args(session, delivery, args) });
}

static void trace_event(struct writer_session *session, enum trace_kind kind, const char *what,
                        VSS_WRITER_STATE before, HRESULT result, const char *detail)
{
    trace_answer(session, kind, what, before, result, detail, NULL);
}

/* What must hold in every state; the same bullets as in the table of writer_rules.c. */
static void writer_session_check(const struct writer_session *session)
{
    if (session->state == VSS_WS_WAITING_FOR_THAW)
        check(session->is_participating && (session->failure == S_OK || /* or Thaw took too long: */
                                            session->failure == VSS_E_WRITER_NOT_RESPONDING));
    if (session->state == VSS_WS_WAITING_FOR_BACKUP_COMPLETE)
        check(session->is_past_post_snapshot);
    if (session->failure != S_OK)
        check(writer_session_has_failed(session) || session->was_aborted ||
              session->failure == VSS_E_WRITER_NOT_RESPONDING ||
              session->failure == VSS_E_WRITER_STATUS_NOT_AVAILABLE);
}

static void writer_session_enter(struct writer_session *session, enum writer_event event,
                                 enum writer_outcome outcome, HRESULT failure)
{
    session->state = writer_rules_next(session->state, event, outcome);
    if (failure != S_OK && writer_session_has_failed(session))
        session->failure = failure;
    if (event == ON_POST_SNAPSHOT)
        session->is_past_post_snapshot = true;
    writer_session_check(session);
}

static void log_rejection(struct writer_session *session, enum writer_event event, HRESULT failure)
{
    auto_free char *operation = event == ON_IDENTIFY
                                    ? mem_strdup("Gathering Writer Data")
                                    : str_printf("%s Event", writer_event_name(event));

    event_log_write_of_writer(service_of(session), EVENT_WRITER_REJECTED, failure,
                              session->writer->name, operation, session->writer);
}

static unsigned choice(struct writer_session *session, enum choice which)
{
    return choices_value(&service_of(session)->choices, which);
}

/* ---- slots ---- */

static bool takes_slot(enum writer_event event)
{
    return event == ON_PREPARE_BACKUP || event == ON_PRE_RESTORE;
}

/* What other sessions left behind is collected at the next event of any. */
static bool take_slot(struct writer_session *session)
{
    struct writer_slots *slots = &session->writer->slots;
    int64_t now = sched_now(service_of(session)->ports->sched);
    const VSS_ID *id = &session->backup->session_id;

    for (size_t n = writer_slots_collect(slots, id, now); n > 0; n--)
        event_log_write(service_of(session), EVENT_OLD_SESSION, VSS_E_WRITER_STATUS_NOT_AVAILABLE,
                        session->writer->name, NULL);
    return writer_slots_take(slots, id, now);
}

/* The writer is left alone in this backup: it has no room to remember it. */
static void tell_no_slot(struct writer_session *session, enum writer_event event)
{
    session->is_participating = false;
    session->state = VSS_WS_UNKNOWN;
    session->failure = VSS_E_WRITER_STATUS_NOT_AVAILABLE;
    trace_event(session, TRACE_STATE, "no session slot", VSS_WS_STABLE, session->failure,
                writer_event_name(event));
}

static void give_slot_back(struct writer_session *session)
{
    session->slot_waits = false;
    writer_slots_give_back(&session->writer->slots, &session->backup->session_id);
}

/* Learn: "Determining Writer Status": up to Server 2008 SP2 a slot is free only when the status
 * has been gathered after the last event: whoever leaves without it has BackupShutdown delivered,
 * and keeps the slot until it is collected. */
static void event_is_over(struct writer_session *session, enum writer_event event)
{
    bool is_last = event == ON_BACKUP_COMPLETE || event == ON_POST_RESTORE;
    bool is_shut = event == ON_BACKUP_SHUTDOWN && !session->slot_waits;

    if (is_last && choice(session, CHOICE_SESSION_SLOTS) == SESSION_SLOTS_BY_STATUS)
        session->slot_waits = true;
    else if (is_last || event == ON_ABORT || is_shut)
        give_slot_back(session);
}

void writer_session_status_gathered(struct writer_session *session)
{
    if (session->slot_waits)
        give_slot_back(session);
}

/* ---- deliveries ---- */

static struct writer_delivery *new_delivery(struct writer_session *session, enum writer_event event,
                                            void (*done)(struct writer_delivery *))
{
    struct writer_delivery *delivery = mem_new(struct writer_delivery);

    delivery->event = event;
    delivery->done = done;
    delivery->owner = session;
    delivery->sent_ns = sched_now(service_of(session)->ports->sched);
    backup_fill_event_info(session->backup, session, event, &delivery->info);
    backup_ref(session->backup);
    service_of(session)->n_unfinished++;
    return delivery;
}

void writer_session_end_delivery(struct writer_session *session, struct writer_delivery *delivery)
{
    struct backup *backup = session->backup;

    backup->service->n_unfinished--;
    free(delivery->message);
    free(delivery);
    sched_notify(backup->service->ports->sched);
    backup_unref(backup);
}

static void deliver(struct writer_session *session, struct writer_delivery *delivery)
{
    step_before(service_of(session), session->writer->who, writer_event_name(delivery->event));
    if (session->writer->to) {
        session->writer->to->deliver(session->writer->to, delivery);
        return;
    }
    delivery->agreed = false;
    delivery->failure = VSS_E_WRITER_NOT_RESPONDING;
    delivery->done(delivery);
}

static enum writer_outcome outcome_of(const struct writer_delivery *delivery, HRESULT *ret_failure)
{
    *ret_failure = delivery->failure;
    if (delivery->agreed)
        return delivery->failure == S_OK ? OUTCOME_AGREED : OUTCOME_REPORTED;
    if (*ret_failure == S_OK)
        *ret_failure = VSS_E_WRITERERROR_NONRETRYABLE; /* false alone: our choice */
    return OUTCOME_VETOED;
}

/* What a handler said with SetWriterFailureEx stays until another one says something. */
static void take_report(struct writer_session *session, struct writer_delivery *delivery)
{
    if (delivery->agreed && !delivery->has_report)
        return;
    session->application = delivery->application;
    free(session->message);
    session->message = take_ptr(&delivery->message);
}

/* Abort and BackupShutdown: nobody waits for the answer. There is no state for a failed Abort; its
 * code is kept unless there is an earlier one, which is the cause. */
static void unawaited_done(struct writer_delivery *delivery)
{
    struct writer_session *session = delivery->owner;
    VSS_WRITER_STATE before = session->state;
    HRESULT failure;
    enum writer_outcome outcome = outcome_of(delivery, &failure);

    writer_session_enter(session, delivery->event, outcome, S_OK);
    if (delivery->event == ON_ABORT && session->failure == S_OK &&
        choice(session, CHOICE_STATE_AFTER_ABORT) == STATE_AFTER_ABORT_STABLE)
        session->state = VSS_WS_STABLE;
    if (failure != S_OK && session->failure == S_OK) {
        session->failure = failure;
        take_report(session, delivery);
    }
    trace_answer(session, TRACE_EVENT, writer_event_name(delivery->event), before, failure, NULL,
                 delivery);
    if (failure != S_OK)
        log_rejection(session, delivery->event, failure);
    event_is_over(session, delivery->event);
    writer_session_end_delivery(session, delivery);
}

void writer_session_abort(struct writer_session *session)
{
    if (!session->is_participating ||
        (session->is_past_post_snapshot &&
         choice(session, CHOICE_ABORT_AFTER_POST_SNAPSHOT) == ABORT_AFTER_POST_SNAPSHOT_NO))
        return;
    cancel_timers(session);
    session->was_aborted = true;
    deliver(session, new_delivery(session, ON_ABORT, unawaited_done));
}

void writer_session_shut_down(struct writer_session *session)
{
    if (!session->got_prepare_backup ||
        (session->was_aborted &&
         choice(session, CHOICE_SHUTDOWN_AFTER_ABORT) == SHUTDOWN_AFTER_ABORT_NO))
        return;
    session->got_prepare_backup = false;
    cancel_timers(session);
    deliver(session, new_delivery(session, ON_BACKUP_SHUTDOWN, unawaited_done));
}

static void tell_answered(struct writer_session *session)
{
    void (*answered)(struct writer_session *) = session->answered;

    session->answered = NULL;
    session->current = NULL;
    sched_cancel(service_of(session)->ports->sched, &session->handler_timer);
    if (answered)
        answered(session);
}

static bool raises_abort(struct writer_session *session, enum writer_event event)
{
    return writer_rules_veto_aborts(event) ||
           (event == ON_PREPARE_SNAPSHOT &&
            choice(session, CHOICE_PREPARE_FAILURE_ABORTS) == PREPARE_FAILURE_ABORTS_YES);
}

/* Windows: a document that the transport does not take is logged ("XML document is too long", then
 * VSS_E_UNEXPECTED), and the writer is on no list (Microsoft, ntdebugging: "Missing System Writer
 * Case Explained"). XML is made only where a limit is set. */
static bool is_too_long(struct writer_session *session, const struct writer_delivery *delivery)
{
    struct service *service = service_of(session);
    const struct wmd *wmd = delivery->info.metadata;
    auto_free char *xml = service->document_limit || delivery->is_too_long ? wmd_to_xml(wmd) : NULL;
    auto_free char *about = NULL;

    if (!xml || (!delivery->is_too_long && strlen(xml) <= service->document_limit))
        return false;
    about = str_printf("XML document is too long: the metadata of '%s', %zu bytes", wmd->name,
                       strlen(xml));
    event_log_write(service, EVENT_ROUTINE_ERROR, HRESULT_FROM_WIN32(ERROR_BAD_LENGTH), about,
                    "Identify event");
    event_log_write(service, EVENT_ROUTINE_ERROR, VSS_E_UNEXPECTED,
                    "the metadata of a writer was not taken", "Identify event");
    return true;
}

static void awaited_done(struct writer_delivery *delivery)
{
    struct writer_session *session = delivery->owner;
    VSS_WRITER_STATE before = session->state;
    HRESULT failure;
    enum writer_outcome outcome = outcome_of(delivery, &failure);
    enum writer_event event = delivery->event;

    if (session->current != delivery) { /* it had timed out; the answer comes too late */
        trace_answer(session, TRACE_NOTE, writer_event_name(event), before, failure,
                     "answered after its time limit", delivery);
        wmd_free(delivery->info.metadata);
        writer_session_end_delivery(session, delivery);
        return;
    }
    if (outcome != OUTCOME_AGREED)
        sched_cancel(service_of(session)->ports->sched, &session->freeze_timer);
    if (event == ON_IDENTIFY && outcome == OUTCOME_AGREED && is_too_long(session, delivery)) {
        outcome = OUTCOME_VETOED;
        failure = VSS_E_UNEXPECTED;
    }
    if (event == ON_IDENTIFY && outcome == OUTCOME_AGREED)
        session->metadata = wmd_ref(delivery->info.metadata);
    if (metadata_hook && event == ON_IDENTIFY && session->metadata)
        metadata_hook(session);
    if (event == ON_BACKUP_COMPLETE &&
        choice(session, CHOICE_BACKUP_COMPLETE_FAILURE) == BACKUP_COMPLETE_FAILURE_HIDDEN) {
        writer_session_enter(session, event, OUTCOME_AGREED, S_OK);
    } else {
        writer_session_enter(session, event, outcome, failure);
        take_report(session, delivery);
    }
    trace_answer(session, TRACE_EVENT, writer_event_name(event), before, failure, NULL, delivery);
    if (outcome != OUTCOME_AGREED)
        log_rejection(session, event, failure);
    event_is_over(session, event);
    if (outcome == OUTCOME_VETOED && raises_abort(session, event))
        writer_session_abort(session);
    wmd_free(delivery->info.metadata);
    tell_answered(session);
    writer_session_end_delivery(session, delivery);
}

void writer_session_send(struct writer_session *session, enum writer_event event,
                         void (*answered)(struct writer_session *session))
{
    check(!session->current);
    if (session->writer->express || session->was_aborted ||
        !writer_rules_allow(session->state, event)) {
        answered(session);
        return;
    }
    if (takes_slot(event) && !take_slot(session)) {
        tell_no_slot(session, event);
        answered(session);
        return;
    }
    struct writer_delivery *delivery = new_delivery(session, event, awaited_done);

    session->answered = answered;
    session->current = delivery;
    if (event == ON_PREPARE_BACKUP)
        session->got_prepare_backup = true;
    if (event == ON_FREEZE)
        post_after(session, &session->freeze_timer, session->writer->freeze_timeout_ms);
    else
        post_after(session, &session->handler_timer, HANDLER_LIMIT_MS);
    if (event == ON_THAW)
        sched_cancel(service_of(session)->ports->sched, &session->freeze_timer);
    deliver(session, delivery);
}

/* ---- time limits ---- */

/* Learn: "CVssWriter::Initialize": when the window passes, VSS raises Abort in the writer. */
static void freeze_window_missed(struct sched_task *task)
{
    struct writer_session *session = container_of(task, struct writer_session, freeze_timer);
    VSS_WRITER_STATE before = session->state;

    if (before == VSS_WS_WAITING_FOR_THAW)
        session->state = VSS_WS_WAITING_FOR_FREEZE; /* the window belongs to Freeze */
    writer_session_enter(session, ON_FREEZE, OUTCOME_VETOED, VSS_E_WRITERERROR_TIMEOUT);
    trace_event(session, TRACE_STATE, "freeze time-out", before, VSS_E_WRITERERROR_TIMEOUT, NULL);
    log_rejection(session, ON_FREEZE, VSS_E_WRITERERROR_TIMEOUT);
    backup_ref(session->backup);
    struct backup *backup = session->backup;
    writer_session_abort(session);
    if (session->current)
        tell_answered(session);
    backup_unref(backup);
}

static void handler_limit_reached(struct sched_task *task)
{
    struct writer_session *session = container_of(task, struct writer_session, handler_timer);
    struct backup *backup = session->backup;

    backup_ref(backup);
    session->failure = VSS_E_WRITER_NOT_RESPONDING;
    if (session->current->event == ON_IDENTIFY)
        writer_session_enter(session, ON_IDENTIFY, OUTCOME_VETOED, session->failure);
    event_is_over(session, session->current->event);
    trace_event(session, TRACE_STATE, "handler time-out", session->state,
                VSS_E_WRITER_NOT_RESPONDING, writer_event_name(session->current->event));
    event_log_write_of_writer(service_of(session), EVENT_WRITER_SILENT, VSS_E_WRITER_NOT_RESPONDING,
                              session->writer->name, NULL, session->writer);
    tell_answered(session);
    backup_unref(backup);
}
