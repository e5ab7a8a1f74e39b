/* SPDX-License-Identifier: MIT */
/* What an event does to a writer's state. Learn: "VSS_WRITER_STATE enumeration", "Writers". */
#pragma once

#include "emu/include/vswriter.h"

#include <stdbool.h>

enum writer_event {
    ON_IDENTIFY,
    ON_PREPARE_BACKUP,
    ON_PREPARE_SNAPSHOT,
    ON_FREEZE,
    ON_THAW,
    ON_POST_SNAPSHOT,
    ON_ABORT,
    ON_BACKUP_COMPLETE,
    ON_BACKUP_SHUTDOWN,
    ON_PRE_RESTORE,
    ON_POST_RESTORE,
    N_WRITER_EVENTS
};

/* What became of an event. The second outcome is documented (Learn: "Writer Errors and Vetoes"):
 * the handler reports a failure with SetWriterFailure, yet returns true. */
enum writer_outcome { OUTCOME_AGREED, OUTCOME_REPORTED, OUTCOME_VETOED };

/* Whether an event may be delivered in a state at all. */
bool writer_rules_allow(VSS_WRITER_STATE state, enum writer_event event);
/* The state after the event. An event that the table does not name leaves the state. */
VSS_WRITER_STATE writer_rules_next(VSS_WRITER_STATE state, enum writer_event event,
                                   enum writer_outcome outcome);
/* Whether a veto of this event raises Abort for the writer (Learn: "Aborting VSS Operations"). */
bool writer_rules_veto_aborts(enum writer_event event);

const char *writer_event_name(enum writer_event event); /* "PrepareForBackup" */
