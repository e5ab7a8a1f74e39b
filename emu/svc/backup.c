/* SPDX-License-Identifier: MIT */
/* The life of a backup object, its state, and the calls that end at once. The asynchronous ones are
 * in backup_operations.c, what handlers are told in backup_writers.c. */
#include "emu/svc/backup.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/lint/lint_files.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/backup_writers.h"
#include "emu/svc/event_log.h"
#include "emu/svc/phase_runner.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_delete.h"
#include "emu/svc/snapshot_set.h"
#include "emu/svc/look_hook.h"
#include "emu/svc/step_hook.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

struct backup *backup_new(struct service *service)
{
    struct backup *backup = mem_new(struct backup);

    backup->service = service;
    backup->number = ++service->n_sessions;
    backup->n_references = 1;
    backup->session_id = guid_random(service->ports->random);
    list_init(&backup->sessions);
    list_append(&service->backups, &backup->link);
    service_is_busy(service);
    lint_session_init(&backup->lint, &service->lint);
    return backup;
}

struct backup *backup_ref(struct backup *backup)
{
    backup->n_references++;
    return backup;
}

static void backup_free(struct backup *backup)
{
    lint_files_forget(&backup->lint);
    list_remove(&backup->link);
    list_each_safe (struct writer_session, session, &backup->sessions, link) {
        list_remove(&session->link);
        writer_session_free(session);
    }
    backup_drop_metadata(backup);
    backup_drop_statuses(backup);
    backup_drop_shares(backup);
    snapshot_set_free(backup->set);
    bcd_free(backup->document);
    operation_unref(backup->operation);
    array_free(&backup->disabled_classes);
    array_free(&backup->disabled_instances);
    array_free(&backup->enabled_classes);
    array_free(&backup->recovery_set);
    array_free(&backup->volume_names);
    array_free(&backup->device_names);
    sched_notify(backup->service->ports->sched);
    service_may_idle(backup->service);
    free(backup);
}

void backup_unref(struct backup *backup)
{
    if (--backup->n_references == 0)
        backup_free(backup);
}

void backup_keep_set(struct backup *backup)
{
    const struct snapshot_set *set = backup->set;

    for (size_t i = 0; i < set->snapshots.count; i++) {
        const struct snapshot *snapshot = set->snapshots.items[i];

        if (snapshot->context & VSS_VOLSNAP_ATTR_TRANSPORTABLE)
            bcd_add_snapshot(backup->document, &snapshot->id, &snapshot->provider->id,
                             snapshot->volume->guid_name, (uint32_t)snapshot->context);
    }
    backup->set_id = set->id;
    snapshot_set_publish(backup->set, backup->service);
}

/* A set that was started and not made is dropped without a word to the provider (Learn: "State
 * Transitions in Shadow Copy Providers"). */
void backup_drop_set(struct backup *backup)
{
    snapshot_set_free(backup->set);
    backup->set = NULL;
    if (backup->service->creating == backup)
        backup->service->creating = NULL;
}

/* For those who watch (emu/lint). */
static struct lint_scene scene_of(const struct backup *backup)
{
    return (struct lint_scene){ .phase = backup->phase,
                                .is_pending = backup->flags.is_pending,
                                .has_writers = context_has_writers(backup->context),
                                .context_set = backup->context_set,
                                .state_set = backup->flags.state_set,
                                .document = backup->document,
                                .metadata = backup->metadata.items,
                                .n_metadata = backup->metadata.count,
                                .metadata_index = &backup->metadata_index };
}

void backup_tell_args(struct backup *backup, const struct trace_arg *args, size_t n)
{
    check(n <= BACKUP_MAX_ARGS);
    backup->args = args;
    backup->n_args = n;
}

/* What the call was given, behind the number of its session where there are several. */
static size_t args_of(struct backup *backup, struct trace_arg args[BACKUP_MAX_ARGS + 1])
{
    size_t n = 0;

    if (backup->number > 1)
        args[n++] = (struct trace_arg)TRACE_NUMBER("session", backup->number);
    for (size_t i = 0; i < backup->n_args; i++)
        args[n++] = backup->args[i];
    backup->n_args = 0;
    return n;
}

static void trace_release(struct backup *backup)
{
    struct trace_arg args[BACKUP_MAX_ARGS + 1];

    backup->n_args = 0;
    service_trace(backup->service, &(struct trace_record){ .kind = TRACE_CALL,
                                                           .who = "requester",
                                                           .what = "Release",
                                                           .args = args,
                                                           .n_args = args_of(backup, args) });
}

void backup_release(struct backup *backup)
{
    struct lint_scene scene = scene_of(backup);

    lint_session_released(&backup->lint, &scene);
    trace_release(backup);
    backup->is_released = true;
    if (backup->flags.is_pending)
        operation_cancel(backup->operation); /* its end finishes the release, now or later */
    else
        backup_finish_release(backup);
}

/* The reference that release gives back is replaced: the object has it. */
void backup_cut_off(struct backup *backup)
{
    backup_ref(backup);
    backup->is_cut_off = true;
    lint_session_cut_off(&backup->lint);
    if (backup->flags.is_pending)
        backup->operation->is_cut_off = true;
    backup_release(backup);
}

static bool has_auto_release(const struct backup *backup)
{
    return backup->context_is_used && context_is_auto_release(backup->context) &&
           !guid_is_null(&backup->set_id);
}

static void delete_auto_release(struct backup *backup)
{
    if (has_auto_release(backup))
        snapshot_delete_unawaited(backup->service, &backup->set_id);
}

void backup_finish_release(struct backup *backup)
{
    bool is_prepared = backup->phase == PHASE_PREPARED || backup->phase == PHASE_SET_OPEN;

    list_each (struct writer_session, session, &backup->sessions, link) {
        if (is_prepared)
            writer_session_abort(session);
        writer_session_shut_down(session);
    }
    backup_drop_set(backup);
    if (choices_value(&backup->service->choices, CHOICE_AUTO_RELEASE) == AUTO_RELEASE_AT_ONCE)
        delete_auto_release(backup);
    else if (has_auto_release(backup))
        snapshot_delete_later(backup->service, &backup->set_id);
    backup_unref(backup);
}

/* ---- the table ---- */

static HRESULT hresult_of(enum backup_verdict verdict)
{
    switch (verdict) {
    case VERDICT_OK:
        return S_OK;
    case VERDICT_NOTHING_TO_DO:
        return S_FALSE;
    case VERDICT_SET_IN_PROGRESS:
        return VSS_E_SNAPSHOT_SET_IN_PROGRESS;
    case VERDICT_BAD_STATE:
        break;
    }
    return VSS_E_BAD_STATE;
}

static void trace_call(struct backup *backup, enum backup_call call, enum backup_phase before,
                       HRESULT hr, const char *detail)
{
    bool has_moved = before != backup->phase;
    struct trace_arg args[BACKUP_MAX_ARGS + 1];
    size_t n_args = args_of(backup, args);

    service_trace(
        backup->service,
        &(struct trace_record){ .kind = TRACE_CALL,
                                .who = "requester",
                                .what = backup->method ? backup->method : backup_call_name(call),
                                .before = has_moved ? backup_phase_name(before) : NULL,
                                .after = has_moved ? backup_phase_name(backup->phase) : NULL,
                                .has_result = true,
                                .result = hr,
                                .detail = detail,
                                .args = args,
                                .n_args = n_args });
    backup->method = NULL;
}

void backup_name_method(struct backup *backup, const char *method)
{
    backup->method = method;
}

/* S_OK, or what strictness answers to a rule that the call breaks. */
static HRESULT backup_lint_calls(struct backup *backup, enum backup_call call)
{
    struct lint_scene scene = scene_of(backup);
    const char *method = backup->method ? backup->method : backup_call_name(call);
    HRESULT hr = lint_session_calls(&backup->lint, &scene, call, method);

    if (FAILED(hr))
        trace_call(backup, call, backup->phase, hr, "strict");
    return hr;
}

HRESULT backup_enter(struct backup *backup, enum backup_call call)
{
    step_before(backup->service, "requester",
                backup->method ? backup->method : backup_call_name(call));
    if (backup->is_cut_off) {
        trace_call(backup, call, backup->phase, VSS_E_UNEXPECTED, "its session is gone");
        return VSS_E_UNEXPECTED;
    }
    HRESULT hr = hresult_of(backup_rules_ask(call, backup->phase, &backup->flags));

    if (hr != S_OK)
        trace_call(backup, call, backup->phase, FAILED(hr) ? hr : S_OK,
                   FAILED(hr) ? backup_phase_name(backup->phase) : "nothing to do");
    if (hr == S_OK)
        hr = backup_lint_calls(backup, call);
    return hr;
}

static void backup_lint_called(struct backup *backup, enum backup_call call, HRESULT hr)
{
    struct lint_scene scene = scene_of(backup);

    lint_session_called(&backup->lint, &scene, call, hr);
}

HRESULT backup_leave(struct backup *backup, enum backup_call call, HRESULT hr, const char *detail)
{
    enum backup_phase before = backup->phase;

    backup->phase = backup_rules_next(call, before, SUCCEEDED(hr));
    trace_call(backup, call, before, hr, detail);
    backup_lint_called(backup, call, hr);
    return hr;
}

struct operation *backup_begin_operation(struct backup *backup, enum backup_call call)
{
    check(!backup->flags.is_pending);
    operation_unref(backup->operation);
    backup->operation = operation_new();
    backup->operation->call = backup->method ? backup->method : backup_call_name(call);
    backup->operation_call = call;
    backup->flags.is_pending = true;
    trace_call(backup, call, backup->phase, S_OK, "started");
    return operation_ref(backup->operation);
}

static void look_at_set(struct backup *backup)
{
    if (backup->operation_call == CALL_DO_SNAPSHOT_SET ||
        backup->operation_call == CALL_DO_SNAPSHOT_SET_NO_WRITERS)
        look_hook(backup, false);
}

void backup_end_operation(struct backup *backup, HRESULT result)
{
    enum backup_phase before = backup->phase;

    if (look_hook && result == S_OK)
        look_at_set(backup);
    backup->phase = backup_rules_next(backup->operation_call, before, result == S_OK);
    backup->flags.is_pending = false;
    operation_end(backup->operation, result);
    trace_call(backup, backup->operation_call, before, backup->operation->status, NULL);
    backup_lint_called(backup, backup->operation_call, result);
    sched_notify(backup->service->ports->sched);
    if (backup->is_released)
        backup_finish_release(backup);
}

/* ---- calls that end at once ---- */

/* Learn: both pages of VSS_E_INVALID_XML_DOCUMENT: "detail in the event log". */
static HRESULT load_document(struct backup *backup, const char *xml)
{
    auto_free char *error = NULL;
    HRESULT hr = bcd_from_xml(xml, strlen(xml), &backup->document, &error);

    if (hr == S_OK)
        return hr;
    event_log_write(backup->service, EVENT_INVALID_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT,
                    error ? error : "no backup components document", NULL);
    return VSS_E_INVALID_XML_DOCUMENT;
}

HRESULT backup_initialize_for_backup(struct backup *backup, const char *xml)
{
    HRESULT hr = backup_enter(backup, CALL_INITIALIZE_FOR_BACKUP);

    if (FAILED(hr))
        return hr;
    if (xml && *xml)
        hr = load_document(backup, xml);
    else
        backup->document = bcd_new();
    return backup_leave(backup, CALL_INITIALIZE_FOR_BACKUP, hr, NULL);
}

HRESULT backup_initialize_for_restore(struct backup *backup, const char *xml)
{
    HRESULT hr = backup_enter(backup, CALL_INITIALIZE_FOR_RESTORE);

    if (FAILED(hr))
        return hr;
    hr = VSS_E_INVALID_XML_DOCUMENT;
    if (xml && *xml)
        hr = load_document(backup, xml);
    return backup_leave(backup, CALL_INITIALIZE_FOR_RESTORE, hr, NULL);
}

/* Where editions and documents differ. */
static HRESULT check_context(const struct choices *choices, LONG context)
{
    HRESULT hr = context_rules_check(context);

    if (hr == S_OK && context != (LONG)VSS_CTX_ALL && (context & VSS_VOLSNAP_ATTR_TRANSPORTABLE) &&
        choices_value(choices, CHOICE_EDITION) == EDITION_CLIENT)
        return VSS_E_UNSUPPORTED_CONTEXT;
    if (hr == VSS_E_UNSUPPORTED_CONTEXT &&
        choices_value(choices, CHOICE_NO_CONTEXT_CODE) == NO_CONTEXT_CODE_INVALID)
        return E_INVALIDARG;
    return hr;
}

HRESULT backup_set_context(struct backup *backup, LONG context)
{
    HRESULT hr = backup_enter(backup, CALL_SET_CONTEXT);

    if (hr == S_OK && backup->context_set)
        hr = VSS_E_BAD_STATE;
    if (hr == S_OK)
        hr = check_context(&backup->service->choices, context);
    if (hr == S_OK) {
        backup->context = context;
        backup->context_set = true;
    }
    return backup_leave(backup, CALL_SET_CONTEXT, hr, context_name(context));
}

HRESULT backup_set_backup_state(struct backup *backup, bool select_components, bool bootable,
                                VSS_BACKUP_TYPE type, bool partial_files)
{
    HRESULT hr = backup_enter(backup, CALL_SET_BACKUP_STATE);

    if (FAILED(hr))
        return hr;
    if (type < VSS_BT_FULL || type > VSS_BT_OTHER)
        return backup_leave(backup, CALL_SET_BACKUP_STATE, E_INVALIDARG, "type of backup");
    backup->flags.state_set = true;
    backup->document->has_backup_state = true;
    backup->document->select_components = select_components;
    backup->document->bootable_system_state = bootable;
    backup->document->backup_type = type;
    backup->document->partial_file_support = partial_files;
    return backup_leave(backup, CALL_SET_BACKUP_STATE, S_OK,
                        select_components ? "component mode" : "volume mode");
}

HRESULT backup_set_restore_state(struct backup *backup, VSS_RESTORE_TYPE type)
{
    HRESULT hr = backup_enter(backup, CALL_SET_RESTORE_STATE);

    if (FAILED(hr))
        return hr;
    if (type < VSS_RTYPE_BY_COPY || type > VSS_RTYPE_OTHER)
        return backup_leave(backup, CALL_SET_RESTORE_STATE, E_INVALIDARG, "type of restore");
    backup->document->restore_type = type;
    return backup_leave(backup, CALL_SET_RESTORE_STATE, S_OK, NULL);
}

HRESULT backup_start_snapshot_set(struct backup *backup, VSS_ID *ret_set_id)
{
    HRESULT hr = backup_enter(backup, CALL_START_SNAPSHOT_SET);

    if (FAILED(hr))
        return hr;
    if (backup->service->creating)
        return backup_leave(backup, CALL_START_SNAPSHOT_SET, VSS_E_SNAPSHOT_SET_IN_PROGRESS,
                            "another set is being made");
    if (backup->context == (LONG)VSS_CTX_ALL)
        return backup_leave(backup, CALL_START_SNAPSHOT_SET, VSS_E_BAD_STATE, "VSS_CTX_ALL");
    VSS_ID id = service_new_id(backup->service);

    backup->service->creating = backup;
    backup->set = snapshot_set_new(&id);
    backup->document->snapshot_set_id = id;
    *ret_set_id = id;
    event_log_write(backup->service, EVENT_CREATION_STARTED, S_OK, GUID_TEXT(&id), NULL);
    return backup_leave(backup, CALL_START_SNAPSHOT_SET, S_OK, NULL);
}

HRESULT backup_add_to_snapshot_set(struct backup *backup, const char *volume_name,
                                   const VSS_ID *provider_id, VSS_ID *ret_snapshot_id)
{
    HRESULT hr = backup_enter(backup, CALL_ADD_TO_SNAPSHOT_SET);

    if (FAILED(hr))
        return hr;
    hr = snapshot_set_add(backup, volume_name, provider_id, ret_snapshot_id);
    if (SUCCEEDED(hr))
        lint_session_added_volume(
            &backup->lint,
            backup->set->snapshots.items[backup->set->snapshots.count - 1]->volume->letter);
    return backup_leave(backup, CALL_ADD_TO_SNAPSHOT_SET, hr, volume_name);
}

/* Learn: "IVssBackupComponents::AbortBackup", "Aborting VSS Operations". The caller has waited for
 * a pending operation to end. */
HRESULT backup_abort(struct backup *backup)
{
    HRESULT hr = backup_enter(backup, CALL_ABORT_BACKUP);

    if (hr != S_OK)
        return FAILED(hr) ? hr : S_OK;
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (!session->was_aborted)
            writer_session_abort(session);
    }
    backup_drop_set(backup);
    if (choices_value(&backup->service->choices, CHOICE_ABORT_DROPS_COPIES) ==
        ABORT_DROPS_COPIES_YES)
        delete_auto_release(backup);
    return backup_leave(backup, CALL_ABORT_BACKUP, S_OK, NULL);
}
