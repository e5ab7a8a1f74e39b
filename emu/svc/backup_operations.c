/* SPDX-License-Identifier: MIT */
/* The asynchronous calls of a backup: each asks the table, begins an operation, sends an event to
 * the writers, and ends the operation when all have answered. DoSnapshotSet is the phase
 * runner's. */
#include "emu/svc/backup.h"

#include "emu/doc/bcd.h"
#include "emu/lint/lint_selection.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/backup_writers.h"
#include "emu/svc/event_log.h"
#include "emu/svc/look_hook.h"
#include "emu/svc/phase_runner.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

/* ---- events to many ---- */

static void all_have_answered(struct backup *backup);

static void one_has_answered(struct writer_session *session)
{
    struct backup *backup = session->backup;

    if (--backup->n_awaited == 0)
        all_have_answered(backup);
}

static void send_to(struct backup *backup, enum writer_event event, bool to_all)
{
    backup_ref(backup);
    backup->n_awaited = 1; /* ourselves, until all have been sent */
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (!to_all && !session->is_participating)
            continue;
        backup->n_awaited++;
        writer_session_send(session, event, one_has_answered);
    }
    if (--backup->n_awaited == 0)
        all_have_answered(backup);
    backup_unref(backup);
}

void backup_send_to_participants(struct backup *backup, enum writer_event event)
{
    send_to(backup, event, false);
}

/* Cancel: whoever has not answered is no longer waited for; its answer will come too late. */
static void cancel_events(struct operation *operation)
{
    struct backup *backup = operation->owner;

    list_each (struct writer_session, session, &backup->sessions, link) {
        session->answered = NULL;
        session->current = NULL;
        sched_cancel(backup->service->ports->sched, &session->handler_timer);
    }
    backup->n_awaited = 0;
    if (backup->operation_call == CALL_PREPARE_FOR_BACKUP) {
        list_each (struct writer_session, session, &backup->sessions, link)
            writer_session_abort(session);
    }
    backup_end_operation(backup, VSS_S_ASYNC_CANCELLED);
}

static struct operation *begin(struct backup *backup, enum backup_call call)
{
    struct operation *operation = backup_begin_operation(backup, call);

    operation->owner = backup;
    operation->cancel = cancel_events;
    return operation;
}

static void all_have_answered(struct backup *backup)
{
    switch (backup->operation_call) {
    case CALL_GATHER_WRITER_METADATA:
        backup_collect_metadata(backup);
        backup->flags.metadata_gathered = backup->flags.metadata_was_had = true;
        break;
    case CALL_GATHER_WRITER_STATUS:
        backup_collect_statuses(backup);
        backup->flags.status_gathered = true;
        break;
    default:
        break;
    }
    backup_end_operation(backup, S_OK);
}

/* ---- the calls ---- */

HRESULT backup_gather_metadata(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = backup_enter(backup, CALL_GATHER_WRITER_METADATA);

    if (FAILED(hr))
        return hr;
    backup->flags.metadata_asked = true;
    if (lint_session_lacks_security(&backup->lint))
        event_log_callback_denied(backup->service);
    *ret_operation = begin(backup, CALL_GATHER_WRITER_METADATA);
    backup_meet_writers(backup);
    send_to(backup, ON_IDENTIFY, true);
    return S_OK;
}

HRESULT backup_free_metadata(struct backup *backup)
{
    backup_name_method(backup, "FreeWriterMetadata");
    HRESULT hr = backup_enter(backup, CALL_GET_WRITER_METADATA);

    if (FAILED(hr))
        return hr;
    backup_drop_metadata(backup);
    backup->flags.metadata_gathered = false;
    return backup_leave(backup, CALL_GET_WRITER_METADATA, S_OK, NULL);
}

HRESULT backup_gather_status(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = backup_enter(backup, CALL_GATHER_WRITER_STATUS);

    if (FAILED(hr))
        return hr;
    *ret_operation = begin(backup, CALL_GATHER_WRITER_STATUS);
    if (!backup->flags.metadata_asked)
        backup_meet_writers(backup);
    all_have_answered(backup);
    return S_OK;
}

HRESULT backup_free_status(struct backup *backup)
{
    backup_name_method(backup, "FreeWriterStatus");
    HRESULT hr = backup_enter(backup, CALL_GET_WRITER_STATUS);

    if (FAILED(hr))
        return hr;
    backup_drop_statuses(backup);
    backup->flags.status_gathered = false;
    return backup_leave(backup, CALL_GET_WRITER_STATUS, S_OK, NULL);
}

/* Learn: "Shadow Copy Creation Details": in a context without writers these calls always fail. */
static HRESULT enter_with_writers(struct backup *backup, enum backup_call call)
{
    HRESULT hr = backup_enter(backup, call);

    if (hr == S_OK && !context_has_writers(backup->context))
        hr = backup_leave(backup, call, VSS_E_BAD_STATE, "a context without writers");
    return hr;
}

HRESULT backup_prepare(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = enter_with_writers(backup, CALL_PREPARE_FOR_BACKUP);

    if (FAILED(hr))
        return hr;
    *ret_operation = begin(backup, CALL_PREPARE_FOR_BACKUP);
    backup_choose_participants(backup);
    backup_send_to_participants(backup, ON_PREPARE_BACKUP);
    return S_OK;
}

HRESULT backup_do_snapshot_set(struct backup *backup, struct operation **ret_operation)
{
    enum backup_call call = context_has_writers(backup->context) ? CALL_DO_SNAPSHOT_SET
                                                                 : CALL_DO_SNAPSHOT_SET_NO_WRITERS;
    HRESULT hr = backup_enter(backup, call);

    if (FAILED(hr))
        return hr;
    backup->context_is_used = true;
    if (!backup->set->snapshots.count)
        event_log_write(backup->service, EVENT_NO_VOLUMES, S_OK, GUID_TEXT(&backup->set->id),
                        "Executing Asynchronous Operation");
    *ret_operation = backup_begin_operation(backup, call);
    phase_runner_start(backup);
    return S_OK;
}

HRESULT backup_complete(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = enter_with_writers(backup, CALL_BACKUP_COMPLETE);

    if (FAILED(hr))
        return hr;
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (writer_session_has_failed(session))
            lint_selection_failed_writer(&backup->lint, session->components, session->writer->name);
    }
    *ret_operation = begin(backup, CALL_BACKUP_COMPLETE);
    backup_send_to_participants(backup, ON_BACKUP_COMPLETE);
    return S_OK;
}

HRESULT backup_pre_restore(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = backup_enter(backup, CALL_PRE_RESTORE);

    if (FAILED(hr))
        return hr;
    *ret_operation = begin(backup, CALL_PRE_RESTORE);
    backup_choose_restore_participants(backup);
    backup_send_to_participants(backup, ON_PRE_RESTORE);
    return S_OK;
}

HRESULT backup_post_restore(struct backup *backup, struct operation **ret_operation)
{
    HRESULT hr = backup_enter(backup, CALL_POST_RESTORE);

    if (FAILED(hr))
        return hr;
    if (look_hook)
        look_hook(backup, true);
    *ret_operation = begin(backup, CALL_POST_RESTORE);
    backup_send_to_participants(backup, ON_POST_RESTORE);
    return S_OK;
}
