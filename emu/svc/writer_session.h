/* SPDX-License-Identifier: MIT */
/* One writer in one backup or restore: its state, its failure, its time limits, its slot. The only
 * code that changes a writer state (in the .c file: writer_session_enter, and where a choice or a
 * missing slot says otherwise). The state machine itself is the table in emu/proto/writer_rules. */
#pragma once

#include "emu/svc/writer_registry.h"
#include "emu/port/sched.h"

struct backup;
struct bcd_writer;
struct wmd;

struct writer_session {
    struct list link; /* in the backup, in the order of subscription */
    struct backup *backup;
    struct writer *writer;         /* a reference */
    struct wmd *metadata;          /* a reference; NULL until Identify succeeded */
    struct bcd_writer *components; /* its part of the document, NULL if none */
    bool is_participating;         /* gets events beyond Identify */
    bool got_prepare_backup;       /* so it will get BackupShutdown */
    bool is_past_post_snapshot;    /* Abort is no longer delivered */
    bool was_aborted;
    VSS_WRITER_STATE state;
    HRESULT failure;
    HRESULT application;             /* what SetWriterFailureEx added */
    char *message;                   /* owned, NULL: none */
    bool slot_waits;                 /* its slot is given back when the status is gathered */
    struct writer_delivery *current; /* the event that is being answered, or NULL */
    void (*answered)(struct writer_session *session);
    struct sched_task freeze_timer, handler_timer;
};

struct writer_session *writer_session_new(struct backup *backup, struct writer *writer);
void writer_session_free(struct writer_session *session);

/* Delivers an event and calls answered when it is over: answered, timed out, or not deliverable in
 * this state or to an express writer (then at once). One event at a time, Abort and BackupShutdown
 * excepted. */
void writer_session_send(struct writer_session *session, enum writer_event event,
                         void (*answered)(struct writer_session *session));
/* Delivers Abort unless the writer had none of this backup's events or is past PostSnapshot. Does
 * not wait for the answer. */
void writer_session_abort(struct writer_session *session);
/* Delivers BackupShutdown to a writer that got PrepareForBackup. Does not wait for the answer. */
void writer_session_shut_down(struct writer_session *session);
/* The requester has asked for the status, which ends a session of old systems. */
void writer_session_status_gathered(struct writer_session *session);
bool writer_session_has_failed(const struct writer_session *session);

/* The last of a delivery: it is freed, and whoever waits for the service to be idle hears of it. */
void writer_session_end_delivery(struct writer_session *session, struct writer_delivery *delivery);
