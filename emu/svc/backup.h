/* SPDX-License-Identifier: MIT */
/* One requester's backup, restore or query: the object behind an IVssBackupComponents. Where it is
 * in the call order (backup_rules), its document, its writers, its snapshot set, its operation.
 *
 * Functions are named after the methods they serve; arguments are checked by emu/api, the state is
 * asked here, before anything is done. Texts are UTF-8. All inside the service. */
#pragma once

#include "emu/doc/writer_index.h"
#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/lint/lint_session.h"
#include "emu/port/trace.h"
#include "emu/proto/backup_rules.h"
#include "emu/svc/operation.h"
#include "emu/svc/writer_session.h"

struct bcd;
struct bcd_component;
struct phase_runner;
struct service;
struct snapshot_set;
struct wmd;

struct writer_status {
    VSS_ID instance_id, class_id;
    char *name;
    VSS_WRITER_STATE state;
    HRESULT failure;
    HRESULT application; /* of SetWriterFailureEx */
    char *message;       /* the same; NULL: none */
};

struct backup {
    struct list link; /* in service->backups */
    unsigned n_references;
    struct service *service;
    unsigned number; /* of the session in the trace, from 1 */
    enum backup_phase phase;
    struct backup_flags flags;
    LONG context;
    bool context_set;     /* SetContext has succeeded */
    bool context_is_used; /* DoSnapshotSet was called */
    bool is_cut_off;      /* released, though its object still has it: it answers nothing more */
    bool is_released;     /* the requester has let go */
    VSS_ID session_id;
    struct bcd *document;              /* owned; NULL before Initialize */
    struct list sessions;              /* struct writer_session */
    ARRAY(struct bcd_writer *) shares; /* of restore_participants.c */
    ARRAY(struct wmd *) metadata;      /* of the last gather, references */
    struct writer_index metadata_index;
    ARRAY(struct writer_status) statuses;
    ARRAY(VSS_ID) disabled_classes, disabled_instances, enabled_classes;
    bool has_enabled_classes;
    ARRAY(VSS_ID) recovery_set;  /* AddSnapshotToRecoverySet */
    bool is_resyncing;           /* RecoverSet runs */
    struct snapshot_set *set;    /* while it is made */
    VSS_ID set_id;               /* of the copy that was made; null before */
    struct phase_runner *runner; /* while DoSnapshotSet runs */
    struct operation *operation; /* the pending one, a reference */
    enum backup_call operation_call;
    const char *method;           /* of the call that runs, where a table row has several */
    const struct trace_arg *args; /* of the call that runs, for the trace; borrowed */
    size_t n_args;
    unsigned n_awaited; /* writers that have not answered yet */
    struct lint_session lint;
    ARRAY(const char *) volume_names, device_names; /* for handlers; borrowed texts */
};

struct backup *backup_new(struct service *service);
struct backup *backup_ref(struct backup *backup);
void backup_unref(struct backup *backup);
/* The requester's last Release, also when its process has died: cancels what is pending, sends
 * BackupShutdown, deletes auto-release snapshots. Takes the requester's reference. */
void backup_release(struct backup *backup);
/* The requester's process or the service itself is gone: the session ends as by its last Release,
 * which comes later all the same. What is asked from now on answers VSS_E_UNEXPECTED. */
void backup_cut_off(struct backup *backup);

/* Rows of the table stand for several methods: names the one that is called, for the trace, until
 * the next backup_leave or refusal. */
void backup_name_method(struct backup *backup, const char *method);
/* The arguments of the call that begins, for its record. They stay the caller's, until the call
 * leaves; pointers in them are read then, so that they also tell what a call gave back. */
void backup_tell_args(struct backup *backup, const struct trace_arg *args, size_t n);
#define BACKUP_ARGS(backup, ...)                                          \
    backup_tell_args((backup), (const struct trace_arg[]){ __VA_ARGS__ }, \
                     sizeof((const struct trace_arg[]){ __VA_ARGS__ }) / sizeof(struct trace_arg))
#define BACKUP_MAX_ARGS 12
/* Asks the table, records the call. S_OK to go on, S_FALSE for "answer S_OK and do nothing". */
HRESULT backup_enter(struct backup *backup, enum backup_call call);
/* A synchronous call has ended: moves the phase, traces, answers hr. */
HRESULT backup_leave(struct backup *backup, enum backup_call call, HRESULT hr, const char *detail);

HRESULT backup_initialize_for_backup(struct backup *backup, const char *xml);
HRESULT backup_initialize_for_restore(struct backup *backup, const char *xml);
HRESULT backup_set_context(struct backup *backup, LONG context);
HRESULT backup_set_backup_state(struct backup *backup, bool select_components, bool bootable,
                                VSS_BACKUP_TYPE type, bool partial_files);
HRESULT backup_set_restore_state(struct backup *backup, VSS_RESTORE_TYPE type);

enum writer_filter { DISABLE_CLASSES, ENABLE_CLASSES, DISABLE_INSTANCES };
HRESULT backup_filter_writers(struct backup *backup, enum writer_filter filter, const VSS_ID *ids,
                              size_t n_ids);

HRESULT backup_gather_metadata(struct backup *backup, struct operation **ret_operation);
HRESULT backup_gather_status(struct backup *backup, struct operation **ret_operation);
HRESULT backup_free_metadata(struct backup *backup);
HRESULT backup_free_status(struct backup *backup);

/* ---- backup_choice.c ---- */

/* How a call names a component. */
struct component_key {
    const VSS_ID *instance_id; /* NULL: every instance of the class */
    VSS_ID class_id;
    VSS_COMPONENT_TYPE type; /* an argument that is checked, not part of the identity */
    const char *path;        /* NULL: the root */
    const char *name;        /* NULL: no good argument */
};
HRESULT backup_add_component(struct backup *backup, const struct component_key *key);
/* What a setter does to a component. */
typedef HRESULT component_change(struct bcd_component *component, const void *value);
/* The shape of every setter: asks the table row of call, checks the arguments (apply NULL: one that
 * is not in the key is no good), finds every component of the key and changes it. */
HRESULT backup_change_components(struct backup *backup, enum backup_call call,
                                 const struct component_key *key, component_change *apply,
                                 const void *value);
/* Whether a gathered writer of the class has the file set in this component or in one below it;
 * true when nobody knows. */
bool backup_may_have_file_set(struct backup *backup, const VSS_ID *class_id,
                              const struct bcd_component *component, const char *path,
                              const char *filespec, bool recursive);

/* ---- the set and the events ---- */

HRESULT backup_start_snapshot_set(struct backup *backup, VSS_ID *ret_set_id);
HRESULT backup_add_to_snapshot_set(struct backup *backup, const char *volume_name,
                                   const VSS_ID *provider_id, VSS_ID *ret_snapshot_id);
HRESULT backup_prepare(struct backup *backup, struct operation **ret_operation);
HRESULT backup_do_snapshot_set(struct backup *backup, struct operation **ret_operation);
HRESULT backup_complete(struct backup *backup, struct operation **ret_operation);
HRESULT backup_abort(struct backup *backup);
HRESULT backup_pre_restore(struct backup *backup, struct operation **ret_operation);
HRESULT backup_post_restore(struct backup *backup, struct operation **ret_operation);

/* ---- for the other files of svc ---- */

void backup_fill_event_info(struct backup *backup, struct writer_session *session,
                            enum writer_event event, struct writer_event_info *ret_info);
/* The set has been made: its snapshots are the service's now; a document of a transportable set
 * tells what import needs (Learn: "Importing Transportable Shadow Copied Volumes"). */
void backup_keep_set(struct backup *backup);
void backup_drop_set(struct backup *backup);
void backup_finish_release(struct backup *backup);
/* Ends the pending operation: phase, result, waiters. */
void backup_end_operation(struct backup *backup, HRESULT result);
/* Starts the operation of a call that the table has allowed. */
struct operation *backup_begin_operation(struct backup *backup, enum backup_call call);
/* Sends an event to every participating writer and calls then when all have answered. */
void backup_send_to_participants(struct backup *backup, enum writer_event event);
