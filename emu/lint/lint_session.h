/* SPDX-License-Identifier: MIT */
/* Watches one requester's backup, restore or query: the order of its calls. Embedded in the
 * service's backup, which tells it of every call; inside the service. */
#pragma once

#include "emu/base/list.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/doc/writer_index.h"
#include "emu/lint/lint.h"
#include "emu/proto/backup_rules.h"

#define LINT_REQUESTER "requester"

struct lint_session {
    struct lint *lint;
    bool is_muted;  /* nobody's program: the requester behind vssemu.h */
    bool is_done;   /* released: told once */
    int status_due; /* enum backup_call whose status was not gathered yet, -1: none */
    bool status_unread, status_unfreed, metadata_read;
    bool has_sent_events; /* of its own: from PrepareForBackup or PreRestore on */
    bool has_failed_set, was_aborted, has_restore_state;
    bool has_early_components;         /* read before PreRestore and not again */
    struct text_index restore_options; /* components whose options were set */
    char letters[27];                  /* of the volumes in the set */
    struct list watched; /* in lint->watched while its files must come from the snapshot */
    const struct bcd *watched_document;
    ARRAY(struct wmd *) watched_metadata; /* references */
};

/* What the session looks like when something happens; all borrowed. */
struct lint_scene {
    enum backup_phase phase;
    bool is_pending;
    bool has_writers; /* by context */
    bool context_set, state_set;
    const struct bcd *document; /* NULL before it is initialized */
    struct wmd *const *metadata;
    size_t n_metadata;
    const struct writer_index *metadata_index; /* places in metadata */
};

void lint_session_init(struct lint_session *session, struct lint *lint);
/* The requester calls, and the table of the protocol lets it. S_OK, or what strictness answers. */
HRESULT lint_session_calls(struct lint_session *session, const struct lint_scene *scene,
                           enum backup_call call, const char *method);
/* The call, or the operation that it started, has ended. */
void lint_session_called(struct lint_session *session, const struct lint_scene *scene,
                         enum backup_call call, HRESULT result);
/* The program gathers metadata and has not called CoInitializeSecurity. */
bool lint_session_lacks_security(const struct lint_session *session);
/* SetRestoreOptions has succeeded for a component. */
void lint_session_set_options(struct lint_session *session, const GUID *class_id, const char *path,
                              const char *name);
void lint_session_added_volume(struct lint_session *session, char letter);
/* A fault ends the session (the service restarts, the requester dies): nothing is owed any more. */
void lint_session_cut_off(struct lint_session *session);
/* The last Release, or the requester's death. */
void lint_session_released(struct lint_session *session, const struct lint_scene *scene);

/* Breaks a rule unless the session is nobody's. */
HRESULT lint_session_break(struct lint_session *session, enum finding_rule rule, const char *call,
                           const char *object);
