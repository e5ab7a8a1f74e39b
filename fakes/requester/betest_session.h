/* SPDX-License-Identifier: MIT */
/* What backup and restore have in common: one IVssBackupComponents object, waiting for operations,
 * reading what the writers say about themselves and how they feel. Every function that can fail
 * has reported the failure when it answers false. */
#pragma once

#include "fakes/requester/betest_documents.h"
#include "fakes/requester/betest_selection.h"

struct session {
    const struct betest_options *options;
    struct betest_report *report;
    IVssBackupComponents *vss;
    struct selection selection;
    struct betest_config *config; /* of /X; NULL: everything */
    bool is_backup;
};

/* Creates the object and reads /X. */
bool session_begin(struct session *s, const struct betest_options *options,
                   struct betest_report *report);
/* Releases the object, which ends the session: writers hear BackupShutdown, snapshots that release
 * themselves go. */
void session_end(struct session *s);

/* Whether a call succeeded; reports it if not. */
bool session_did(struct session *s, const char *call, HRESULT hr);
/* The same for a call that began an operation: waits for its end and takes its result, then
 * releases *async (which may be NULL after a failure). */
bool session_finish(struct session *s, const char *call, HRESULT hr, IVssAsync **async);

/* GatherWriterMetadata; the writers are added to `writers`, and `texts` (may be NULL) gets each
 * document as XML. */
bool session_gather_metadata(struct session *s, struct selection *writers, struct documents *texts);

/* GatherWriterStatus after an event. A chosen writer that has failed is reported once, with all its
 * components; answers false only when the gathering itself failed. */
bool session_check_writers(struct session *s, const char *after);
