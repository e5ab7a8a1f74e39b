/* SPDX-License-Identifier: MIT */
/* What backup and restore have in common: one IVssBackupComponents object, waiting for operations,
 * reading what the writers say about themselves and how they feel. Every function that can fail
 * has reported the failure when it answers false. */
#pragma once

#include "fakes/requester/betest_documents.h"
#include "fakes/requester/betest_selection.h"

struct session {
    const struct betest_options *options;
    const char *document, *store; /* of this pass; as in the options unless a chain is restored */
    struct betest_report *report;
    IVssBackupComponents *vss;
    IVssBackupComponentsEx3
        *vss_ex; /* the same object; NULL: a system that has no such interface */
    struct selection selection;
    struct betest_config *config; /* of /X or /C; NULL: everything */
    bool is_restore;
    bool has_failed_writer; /* or component, by what its writer said */
};

/* Creates the object and reads /X or /C. */
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

/* GatherWriterStatus after an event, and what the document says about each explicit component
 * since: its details are read anew. A chosen writer that has failed is reported once, with all its
 * components; one that failed in part (VSS_E_WRITERERROR_PARTIAL_FAILURE), with those. Answers
 * false when the gathering itself failed, and with /StopError when some writer has. */
bool session_check_writers(struct session *s, const char *after);
