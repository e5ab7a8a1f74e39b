/* SPDX-License-Identifier: MIT */
/* See lint_session.h. What is allowed by the table of the protocol and yet against a page is a row
 * of cells below; what is forgotten shows when the session goes on or ends. */
#include "emu/lint/lint_session.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/lint/lint_files.h"
#include "emu/lint/lint_selection.h"

#include <string.h>

HRESULT lint_session_break(struct lint_session *session, enum finding_rule rule, const char *call,
                           const char *object)
{
    return session->is_muted ? S_OK : lint_break(session->lint, rule, LINT_REQUESTER, call, object);
}

void lint_session_init(struct lint_session *session, struct lint *lint)
{
    *session = (struct lint_session){ .lint = lint, .status_due = -1 };
    list_init(&session->watched);
}

/* ---- calls that the table allows and a page does not ---- */

#define AT(phase)     (1u << PHASE_##phase)
#define AT_ANY        ((1u << N_PHASES) - 1)
#define BEFORE_EVENTS (AT(INITIALIZED) | AT(SET_OPEN) | AT(RESTORE))

typedef bool condition(const struct lint_session *session, const struct lint_scene *scene);

static bool metadata_is_unread(const struct lint_session *session, const struct lint_scene *scene)
{
    return !session->metadata_read && scene->n_metadata;
}

static bool status_is_unfreed(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)scene;
    return session->status_unfreed;
}

static bool status_is_unread(const struct lint_session *session, const struct lint_scene *scene)
{
    return session->status_unread && scene->n_metadata;
}

static bool is_before_events(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)scene;
    return !session->has_sent_events;
}

static bool has_no_context(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)session;
    return !scene->context_set && !scene->state_set;
}

static bool has_context(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)session;
    return scene->context_set;
}

static bool has_early_components(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)scene;
    return session->has_early_components;
}

static bool has_no_restore_state(const struct lint_session *session, const struct lint_scene *scene)
{
    (void)scene;
    return !session->has_restore_state;
}

/* clang-format off */
static const struct cell {
    enum backup_call call;
    unsigned phases;
    enum finding_rule rule;
    condition *holds; /* NULL: always */
} cells[] = {
    { CALL_SET_BACKUP_STATE,      AT(RESTORE),       FINDING_BACKUP_STATE_IN_RESTORE,       NULL },
    { CALL_ADD_COMPONENT,         AT(SET_OPEN),      FINDING_COMPONENT_AFTER_SET,           NULL },
    { CALL_PREPARE_FOR_BACKUP,    AT_ANY,            FINDING_METADATA_NOT_READ,             metadata_is_unread },
    { CALL_PRE_RESTORE,           AT_ANY,            FINDING_RESTORE_STATE_MISSING,         has_no_restore_state },
    { CALL_GATHER_WRITER_STATUS,  BEFORE_EVENTS,     FINDING_STATUS_BEFORE_EVENTS,          is_before_events },
    { CALL_GATHER_WRITER_STATUS,  AT_ANY,            FINDING_STATUS_NOT_FREED,              status_is_unfreed },
    { CALL_GATHER_WRITER_STATUS,  AT_ANY,            FINDING_STATUS_NOT_READ,               status_is_unread },
    { CALL_DO_SNAPSHOT_SET,       AT_ANY,            FINDING_STATUS_NOT_READ,               status_is_unread },
    { CALL_BACKUP_COMPLETE,       AT_ANY,            FINDING_STATUS_NOT_READ,               status_is_unread },
    { CALL_POST_RESTORE,          AT_ANY,            FINDING_STATUS_NOT_READ,               status_is_unread },
    { CALL_POST_RESTORE,          AT_ANY,            FINDING_COMPONENTS_BEFORE_PRE_RESTORE, has_early_components },
    { CALL_QUERY,                 AT(INITIALIZED) | AT(SET_OPEN), FINDING_QUERY_WITHOUT_CONTEXT, has_no_context },
    { CALL_IMPORT_SNAPSHOTS,      AT(INITIALIZED),   FINDING_IMPORT_AFTER_CONTEXT,          has_context },
    { CALL_SAVE_AS_XML,           AT(INITIALIZED) | AT(SET_OPEN), FINDING_DOCUMENT_EARLY,   NULL },
};

/* What a session may not go on without: the status after the event before. */
static const struct due {
    enum backup_call event;
    enum finding_rule rule;
} dues[] = {
    { CALL_PREPARE_FOR_BACKUP, FINDING_STATUS_AFTER_PREPARE },
    { CALL_DO_SNAPSHOT_SET,    FINDING_STATUS_AFTER_SNAPSHOT },
    { CALL_BACKUP_COMPLETE,    FINDING_STATUS_AFTER_COMPLETE },
    { CALL_PRE_RESTORE,        FINDING_STATUS_AFTER_PRE_RESTORE },
    { CALL_POST_RESTORE,       FINDING_STATUS_AFTER_POST_RESTORE },
};
/* clang-format on */
#define N_CELLS (sizeof(cells) / sizeof(cells[0]))
#define N_DUES  (sizeof(dues) / sizeof(dues[0]))

static bool sends_event(enum backup_call call)
{
    for (size_t i = 0; i < N_DUES; i++) {
        if (dues[i].event == call)
            return true;
    }
    return false;
}

static HRESULT settle_status(struct lint_session *session, const char *method)
{
    int due = session->status_due;

    session->status_due = -1;
    for (size_t i = 0; i < N_DUES; i++) {
        if ((int)dues[i].event == due)
            return lint_session_break(session, dues[i].rule, method, NULL);
    }
    return S_OK;
}

static HRESULT first_of(HRESULT a, HRESULT b)
{
    return FAILED(a) ? a : b;
}

static HRESULT check_cells(struct lint_session *session, const struct lint_scene *scene,
                           enum backup_call call, const char *method)
{
    HRESULT hr = S_OK;

    for (size_t i = 0; i < N_CELLS; i++) {
        if (cells[i].call == call && cells[i].phases & (1u << scene->phase) &&
            (!cells[i].holds || cells[i].holds(session, scene)))
            hr = first_of(hr, lint_session_break(session, cells[i].rule, method, NULL));
    }
    return hr;
}

/* ---- what becomes of it ---- */

static void note_reading(struct lint_session *session, const struct lint_scene *scene,
                         enum backup_call call, const char *method)
{
    if (call == CALL_GET_WRITER_COMPONENTS)
        session->has_early_components = scene->phase == PHASE_RESTORE;
    if (call == CALL_GET_WRITER_METADATA && strncmp(method, "Free", 4) != 0)
        session->metadata_read = true;
    if (call == CALL_GET_WRITER_STATUS) {
        session->status_unread = false;
        if (strncmp(method, "Free", 4) == 0)
            session->status_unfreed = false;
    }
}

static bool needs_com(enum backup_call call)
{
    return call == CALL_INITIALIZE_FOR_BACKUP || call == CALL_INITIALIZE_FOR_RESTORE;
}

bool lint_session_lacks_security(const struct lint_session *session)
{
    const struct lint *lint = session->lint;

    return !session->is_muted && lint->com_has_security && !lint->com_has_security();
}

static HRESULT check_com(struct lint_session *session, enum backup_call call, const char *method)
{
    const struct lint *lint = session->lint;

    if (needs_com(call) && lint->com_is_initialised && !lint->com_is_initialised())
        return lint_session_break(session, FINDING_COM_NOT_INITIALIZED, method, NULL);
    if (call == CALL_GATHER_WRITER_METADATA && lint_session_lacks_security(session))
        return lint_session_break(session, FINDING_COM_SECURITY, method, NULL);
    return S_OK;
}

HRESULT lint_session_calls(struct lint_session *session, const struct lint_scene *scene,
                           enum backup_call call, const char *method)
{
    if (session->is_muted)
        return S_OK;
    lint_thread.is_requester = true;
    HRESULT hr = check_com(session, call, method);

    hr = first_of(hr, check_cells(session, scene, call, method));
    if (sends_event(call))
        hr = first_of(hr, settle_status(session, method));
    if (sends_event(call) || call == CALL_DO_SNAPSHOT_SET_NO_WRITERS)
        hr = first_of(hr, lint_selection_check(session, scene, call, method));
    if (call == CALL_ABORT_BACKUP)
        session->status_due = -1; /* whatever the writers' status is, it is over */
    note_reading(session, scene, call, method);
    return hr;
}

void lint_session_called(struct lint_session *session, const struct lint_scene *scene,
                         enum backup_call call, HRESULT result)
{
    bool is_good = SUCCEEDED(result) && result != VSS_S_ASYNC_CANCELLED;

    if (call == CALL_DO_SNAPSHOT_SET || call == CALL_DO_SNAPSHOT_SET_NO_WRITERS)
        session->has_failed_set = !is_good;
    if (call == CALL_ABORT_BACKUP)
        session->was_aborted = true;
    /* Published requesters delete after every abort; mostly there is nothing. */
    if (call == CALL_DELETE_SNAPSHOTS && is_good && session->was_aborted &&
        scene->phase == PHASE_ENDED)
        lint_session_break(session, FINDING_DELETE_AFTER_ABORT, "DeleteSnapshots", NULL);
    if (call == CALL_SET_RESTORE_STATE && is_good)
        session->has_restore_state = true;
    if (call == CALL_GATHER_WRITER_STATUS && is_good) {
        session->status_due = -1;
        session->status_unread = session->status_unfreed = true;
    }
    if (!sends_event(call))
        return;
    session->has_sent_events = true;
    if (is_good && scene->n_metadata)
        session->status_due = (int)call;
    lint_files_follow(session, scene);
}

void lint_session_set_options(struct lint_session *session, const GUID *class_id, const char *path,
                              const char *name)
{
    auto_free char *object =
        str_printf("%s%s%s", path ? path : "", path && *path ? "\\" : "", name);
    auto_free char *key = str_printf("%s\x1f%s", GUID_TEXT(class_id), object);

    if (!session->is_muted && !text_index_add(&session->restore_options, key, 0))
        lint_session_break(session, FINDING_RESTORE_OPTIONS_AGAIN, "SetRestoreOptions", object);
}

void lint_session_added_volume(struct lint_session *session, char letter)
{
    size_t n = strlen(session->letters);

    if (letter && n < sizeof(session->letters) - 1 && !strchr(session->letters, letter))
        session->letters[n] = letter;
}

static void forget(struct lint_session *session)
{
    lint_files_forget(session);
    text_index_free(&session->restore_options);
}

void lint_session_cut_off(struct lint_session *session)
{
    session->is_done = true;
    forget(session);
}

void lint_session_released(struct lint_session *session, const struct lint_scene *scene)
{
    if (session->is_done)
        return;
    session->is_done = true;
    if (scene->is_pending)
        lint_session_break(session, FINDING_RELEASED_PENDING, "Release", NULL);
    else
        settle_status(session, "Release");
    if (status_is_unread(session, scene))
        lint_session_break(session, FINDING_STATUS_NOT_READ, "Release", NULL);
    if (scene->phase == PHASE_PREPARED && !scene->is_pending)
        lint_session_break(session, FINDING_DROPPED_AFTER_PREPARE, "Release", NULL);
    if (scene->phase == PHASE_SNAPSHOT_DONE && scene->has_writers && !scene->is_pending)
        lint_session_break(session, FINDING_COMPLETE_MISSING, "Release", NULL);
    if (scene->phase == PHASE_ENDED && session->has_failed_set && !session->was_aborted)
        lint_session_break(session, FINDING_ABORT_AFTER_FAILURE, "Release", NULL);
    if (scene->phase == PHASE_PRE_RESTORED && !scene->is_pending)
        lint_session_break(session, FINDING_POST_RESTORE_MISSING, "Release", NULL);
    forget(session);
}
