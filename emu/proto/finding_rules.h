/* SPDX-License-Identifier: MIT */
/* The rules that the documentation gives requesters and writers and that Windows lets pass when
 * they are broken: one row each. emu/lint watches for them; what is broken becomes a finding.
 * docs/findings.md explains each row with a wrong and a right example. */
#pragma once

#include "emu/include/vss.h"

enum finding_level { LEVEL_MUST, LEVEL_SHOULD };
enum finding_side { SIDE_REQUESTER, SIDE_WRITER };

enum finding_rule {
    /* requester: sequence */
    FINDING_COM_NOT_INITIALIZED,
    FINDING_COM_SECURITY,
    FINDING_BACKUP_STATE_IN_RESTORE,
    FINDING_METADATA_NOT_READ,
    FINDING_STATUS_BEFORE_EVENTS,
    FINDING_STATUS_NOT_FREED,
    FINDING_STATUS_NOT_READ,
    FINDING_STATUS_AFTER_PREPARE,
    FINDING_STATUS_AFTER_SNAPSHOT,
    FINDING_STATUS_AFTER_COMPLETE,
    FINDING_STATUS_AFTER_PRE_RESTORE,
    FINDING_STATUS_AFTER_POST_RESTORE,
    FINDING_QUERY_WITHOUT_CONTEXT,
    FINDING_IMPORT_AFTER_CONTEXT,
    FINDING_DOCUMENT_EARLY,
    FINDING_DELETE_AFTER_ABORT,
    FINDING_DROPPED_AFTER_PREPARE,
    FINDING_ABORT_AFTER_FAILURE,
    FINDING_COMPLETE_MISSING,
    FINDING_RELEASED_PENDING,
    FINDING_POST_RESTORE_MISSING,
    /* requester: components */
    FINDING_COMPONENT_AFTER_SET,
    FINDING_COMPONENT_IMPLIED,
    FINDING_COMPONENT_MANDATORY,
    FINDING_DEPENDENCY,
    FINDING_TYPE_UNSUPPORTED,
    FINDING_VOLUME_NOT_IN_SET,
    FINDING_LIVE_READ,
    FINDING_SUCCEEDED_MISSING,
    FINDING_SUCCEEDED_DESPITE,
    FINDING_SCHEMA_BIT,
    FINDING_COMPONENTS_BEFORE_PRE_RESTORE,
    FINDING_RESTORE_STATE_MISSING,
    FINDING_RESTORE_OPTIONS_AGAIN,
    FINDING_NOTHING_SELECTED,
    FINDING_FILE_RESTORE_STATUS,
    FINDING_MAPPING_NOT_RECORDED,
    /* requester: objects */
    FINDING_ASYNC_NOT_QUERIED,
    FINDING_ASYNC_RESERVED,
    FINDING_DEAD_COMPONENTS,
    FINDING_SESSION_LEAKED,
    FINDING_ASYNC_LEAKED,
    FINDING_OBJECT_LEAKED,
    FINDING_BSTR_LEAKED,
    FINDING_SNAPSHOT_LEFT,
    /* writer: what Identify tells */
    FINDING_NO_RESTORE_METHOD,
    FINDING_NO_COMPONENT,
    FINDING_IDENTIFY_REFUSAL,
    FINDING_MAPPING_UNKNOWN,
    FINDING_MAPPING_NEEDED,
    FINDING_LOG_SCHEMA,
    FINDING_FILES_OVERLAP,
    FINDING_RESERVED_FLAG,
    FINDING_DEPENDENCY_FORM,
    FINDING_INSTANCE_NAME,
    /* writer: handlers */
    FINDING_VETO_WITHOUT_FAILURE,
    FINDING_FAILURE_IN_IDENTIFY,
    FINDING_HANDLER_EXCEPTION,
    FINDING_SETTER_REFUSAL,
    FINDING_COMPONENTS_KEPT,
    FINDING_VALUE_UNPREDICTABLE,
    FINDING_WRITER_SCHEMA,
    FINDING_PARTIAL_FILE,
    FINDING_DIRECTED_TARGET,
    FINDING_FREEZE_LONG,
    FINDING_FREEZE_WRITES,
    FINDING_NOT_UNSUBSCRIBED,
    N_FINDING_RULES
};

struct finding_row {
    const char *id; /* "backup-complete-missing" */
    enum finding_level level;
    enum finding_side side;
    const char *broken; /* what has happened: a sentence's end after "the requester ..." */
    const char *page;
    HRESULT error; /* what --strict-api answers to the call that breaks it; S_OK: nothing */
};

const struct finding_row *finding_row(enum finding_rule rule);
/* N_FINDING_RULES: there is none. */
enum finding_rule finding_rule_named(const char *id);
const char *finding_level_name(enum finding_level level); /* "must", "should" */
const char *finding_side_name(enum finding_side side);    /* "requester", "writer" */
