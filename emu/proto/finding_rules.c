/* SPDX-License-Identifier: MIT */
/* See finding_rules.h. Must: the pages say must, required, or that the caller is responsible.
 * Should: they advise, or they forbid what published programs do on Windows without harm. */
#include "emu/proto/finding_rules.h"

#include <string.h>

#define MUST   LEVEL_MUST
#define SHOULD LEVEL_SHOULD
#define REQ    SIDE_REQUESTER
#define WRI    SIDE_WRITER
#define BAD    VSS_E_BAD_STATE
#define BACKUP "IVssBackupComponents::"
#define CREATE "IVssCreateWriterMetadata::"

/* clang-format off */
static const struct finding_row finding_rows[N_FINDING_RULES] = {
[FINDING_COM_NOT_INITIALIZED] = { "com-not-initialized", MUST, REQ,
    "uses VSS on a thread that has not called CoInitializeEx",
    "Overview of Backup Initialization", (HRESULT)0x800401F0 /* CO_E_NOTINITIALIZED */ },
[FINDING_COM_SECURITY] = { "com-security-missing", SHOULD, REQ,
    "gathers metadata without CoInitializeSecurity: writers cannot call back (event 8194)",
    "Security Considerations for Requesters", S_OK },
[FINDING_BACKUP_STATE_IN_RESTORE] = { "backup-state-in-restore", MUST, REQ,
    "calls SetBackupState in a restore", BACKUP "SetBackupState", BAD },
[FINDING_METADATA_NOT_READ] = { "metadata-not-read", SHOULD, REQ,
    "goes on without having read what it gathered (GetWriterMetadata)",
    "Overview of the Backup Discovery Phase", S_OK },
[FINDING_STATUS_BEFORE_EVENTS] = { "status-before-events", SHOULD, REQ,
    "gathers writer status before any event of its own: leftovers of others may show",
    "Determining Writer Status", S_OK },
[FINDING_STATUS_NOT_FREED] = { "status-not-freed", SHOULD, REQ,
    "gathers writer status again without FreeWriterStatus", BACKUP "GatherWriterStatus", S_OK },
[FINDING_STATUS_NOT_READ] = { "status-not-read", SHOULD, REQ,
    "gathers writer status and does not look at it (GetWriterStatus)",
    "Determining Writer Status", S_OK },
[FINDING_STATUS_AFTER_PREPARE] = { "status-after-prepare", MUST, REQ,
    "goes on after PrepareForBackup without gathering writer status",
    "Determining Writer Status", BAD },
[FINDING_STATUS_AFTER_SNAPSHOT] = { "status-after-snapshot", MUST, REQ,
    "goes on after DoSnapshotSet without gathering writer status",
    "Determining Writer Status", BAD },
[FINDING_STATUS_AFTER_COMPLETE] = { "status-after-complete", SHOULD, REQ,
    "leaves after BackupComplete without gathering writer status",
    BACKUP "BackupComplete", S_OK },
[FINDING_STATUS_AFTER_PRE_RESTORE] = { "status-after-pre-restore", MUST, REQ,
    "goes on after PreRestore without gathering writer status",
    "Determining Writer Status", BAD },
[FINDING_STATUS_AFTER_POST_RESTORE] = { "status-after-post-restore", MUST, REQ,
    "leaves after PostRestore without gathering writer status",
    "Determining Writer Status", S_OK },
[FINDING_QUERY_WITHOUT_CONTEXT] = { "query-without-context", SHOULD, REQ,
    "asks about snapshots with neither SetContext nor SetBackupState before",
    BACKUP "Query", S_OK },
[FINDING_IMPORT_AFTER_CONTEXT] = { "import-after-context", SHOULD, REQ,
    "imports snapshots after SetContext", BACKUP "ImportSnapshots", S_OK },
[FINDING_DOCUMENT_EARLY] = { "document-saved-early", SHOULD, REQ,
    "saves the document before PrepareForBackup, while it is not filled in",
    BACKUP "SaveAsXML", S_OK },
[FINDING_DELETE_AFTER_ABORT] = { "delete-after-abort", SHOULD, REQ,
    "deletes snapshots with an object whose backup was aborted",
    BACKUP "AbortBackup", S_OK },
[FINDING_DROPPED_AFTER_PREPARE] = { "session-dropped-after-prepare", MUST, REQ,
    "releases the session after PrepareForBackup without AbortBackup",
    "Aborting VSS Operations", S_OK },
[FINDING_ABORT_AFTER_FAILURE] = { "abort-missing-after-failure", MUST, REQ,
    "releases the session after a failed DoSnapshotSet without AbortBackup",
    "Aborting VSS Operations", S_OK },
[FINDING_COMPLETE_MISSING] = { "backup-complete-missing", MUST, REQ,
    "releases the session after DoSnapshotSet without BackupComplete",
    "Overview of Backup Termination", S_OK },
[FINDING_RELEASED_PENDING] = { "released-while-pending", MUST, REQ,
    "releases the session while an operation of it runs", "IVssAsync interface", S_OK },
[FINDING_POST_RESTORE_MISSING] = { "post-restore-missing", MUST, REQ,
    "releases the session after PreRestore without PostRestore",
    "Overview of Restore Clean-Up and Termination", S_OK },

[FINDING_COMPONENT_AFTER_SET] = { "component-after-set", SHOULD, REQ,
    "adds a component after StartSnapshotSet", "Shadow Copy Creation Details", S_OK },
[FINDING_COMPONENT_IMPLIED] = { "component-already-implied", SHOULD, REQ,
    "adds a component that comes with an ancestor it has added",
    "Working with Selectability for Backup", S_OK },
[FINDING_COMPONENT_MANDATORY] = { "component-mandatory", MUST, REQ,
    "leaves out a component that is mandatory once any of its writer is backed up",
    "Working with Selectability for Backup", BAD },
[FINDING_DEPENDENCY] = { "dependency-not-honoured", MUST, REQ,
    "adds a component without the one it depends on",
    "Dependencies Between Components Managed by Different Writers", BAD },
[FINDING_TYPE_UNSUPPORTED] = { "backup-type-unsupported", SHOULD, REQ,
    "asks for a backup type that the writer does not support: it makes a full backup of it",
    "VSS_BACKUP_SCHEMA enumeration", S_OK },
[FINDING_VOLUME_NOT_IN_SET] = { "volume-not-in-set", MUST, REQ,
    "makes the snapshot without a volume of a file that must be read from it",
    "VSS_FILE_SPEC_BACKUP_TYPE enumeration", BAD },
[FINDING_LIVE_READ] = { "live-file-read", MUST, REQ,
    "reads a component's file from the live volume although it must come from the snapshot",
    "VSS_FILE_SPEC_BACKUP_TYPE enumeration", S_OK },
[FINDING_SUCCEEDED_MISSING] = { "backup-succeeded-missing", MUST, REQ,
    "completes the backup without SetBackupSucceeded for a component",
    BACKUP "SetBackupSucceeded", BAD },
[FINDING_SUCCEEDED_DESPITE] = { "succeeded-despite-failure", SHOULD, REQ,
    "calls a component's backup a success although its writer failed",
    "Writer Errors and Vetoes", S_OK },
[FINDING_SCHEMA_BIT] = { "schema-bit-missing", MUST, REQ,
    "uses what the writer's backup schema does not offer",
    "VSS_BACKUP_SCHEMA enumeration", BAD },
[FINDING_COMPONENTS_BEFORE_PRE_RESTORE] = { "components-before-pre-restore", SHOULD, REQ,
    "reads components before PreRestore and not after it, when writers may have changed them",
    "IVssWriterComponentsExt interface", S_OK },
[FINDING_RESTORE_STATE_MISSING] = { "restore-state-missing", SHOULD, REQ,
    "restores without SetRestoreState", BACKUP "SetRestoreState", S_OK },
[FINDING_RESTORE_OPTIONS_AGAIN] = { "restore-options-repeated", SHOULD, REQ,
    "sets the restore options of a component twice", BACKUP "SetRestoreOptions", S_OK },
[FINDING_NOTHING_SELECTED] = { "restore-nothing-selected", SHOULD, REQ,
    "calls PreRestore with no component selected: no writer takes part",
    BACKUP "SetSelectedForRestore", S_OK },
[FINDING_FILE_RESTORE_STATUS] = { "file-restore-status-missing", MUST, REQ,
    "calls PostRestore without SetFileRestoreStatus for a selected component",
    BACKUP "SetFileRestoreStatus", BAD },
[FINDING_MAPPING_NOT_RECORDED] = { "mapping-not-recorded", MUST, REQ,
    "restores to an alternate location without AddAlternativeLocationMapping",
    BACKUP "AddAlternativeLocationMapping", BAD },

[FINDING_ASYNC_NOT_QUERIED] = { "async-not-queried", MUST, REQ,
    "releases an operation whose result it has not read with QueryStatus",
    "IVssAsync::Wait", S_OK },
[FINDING_ASYNC_RESERVED] = { "async-reserved-parameter", MUST, REQ,
    "passes a pointer where QueryStatus wants NULL", "IVssAsync::QueryStatus", E_INVALIDARG },
[FINDING_DEAD_COMPONENTS] = { "dead-components-used", MUST, REQ,
    "uses a component object that the last event call has ended",
    BACKUP "GetWriterComponents", S_OK },
[FINDING_SESSION_LEAKED] = { "session-not-released", MUST, REQ,
    "never releases a backup components object", "CreateVssBackupComponents function", S_OK },
[FINDING_ASYNC_LEAKED] = { "async-leaked", MUST, REQ,
    "never releases the object of an operation", "IVssAsync interface", S_OK },
[FINDING_OBJECT_LEAKED] = { "object-leaked", MUST, REQ,
    "never releases an object that it was given", BACKUP "GetWriterMetadata", S_OK },
[FINDING_BSTR_LEAKED] = { "bstr-leaked", MUST, REQ,
    "never frees a text that it was given with SysFreeString",
    BACKUP "GetWriterStatus", S_OK },
[FINDING_SNAPSHOT_LEFT] = { "snapshot-left-behind", SHOULD, REQ,
    "leaves a persistent snapshot behind", "Overview of Backup Termination", S_OK },

[FINDING_NO_RESTORE_METHOD] = { "restore-method-missing", MUST, WRI,
    "names no restore method in OnIdentify", CREATE "SetRestoreMethod", S_OK },
[FINDING_NO_COMPONENT] = { "component-missing", SHOULD, WRI,
    "names no component in OnIdentify", "Overview of Backup Initialization", S_OK },
[FINDING_IDENTIFY_REFUSAL] = { "identify-refusal-ignored", MUST, WRI,
    "answers true although a call in OnIdentify was refused",
    "IVssCreateWriterMetadata interface", S_OK },
[FINDING_MAPPING_UNKNOWN] = { "mapping-without-file-set", MUST, WRI,
    "maps files that no component of it has", CREATE "AddAlternateLocationMapping", S_OK },
[FINDING_MAPPING_NEEDED] = { "alternate-location-without-mapping", MUST, WRI,
    "wants a restore to an alternate location and names none",
    "VSS_RESTOREMETHOD_ENUM enumeration", S_OK },
[FINDING_LOG_SCHEMA] = { "log-schema-without-logs", MUST, WRI,
    "offers log backups and has no log file", "VSS_BACKUP_SCHEMA enumeration", S_OK },
[FINDING_FILES_OVERLAP] = { "file-sets-overlap", MUST, WRI,
    "names a file in two file sets", CREATE "AddFilesToFileGroup", S_OK },
[FINDING_RESERVED_FLAG] = { "component-reserved-flag", SHOULD, WRI,
    "sets bNotifyOnBackupComplete, which is reserved", CREATE "AddComponent", S_OK },
[FINDING_DEPENDENCY_FORM] = { "remote-dependency-form", SHOULD, WRI,
    "marks a remote dependency by its component name instead of its logical path",
    CREATE "AddComponentDependency", S_OK },
[FINDING_INSTANCE_NAME] = { "instance-name-missing", MUST, WRI,
    "takes part in restores beside an instance of its class without an instance name of its own",
    "CVssWriter::Initialize", S_OK },

[FINDING_VETO_WITHOUT_FAILURE] = { "veto-without-failure", MUST, WRI,
    "answers false without SetWriterFailure", "CVssWriter::SetWriterFailure", S_OK },
[FINDING_FAILURE_IN_IDENTIFY] = { "failure-in-identify", MUST, WRI,
    "calls SetWriterFailure in OnIdentify", "CVssWriter::OnIdentify", S_OK },
[FINDING_HANDLER_EXCEPTION] = { "handler-exception", MUST, WRI,
    "lets an exception leave a handler", "Writers", S_OK },
[FINDING_SETTER_REFUSAL] = { "setter-refusal-ignored", MUST, WRI,
    "answers true and reports nothing although a call in the handler was refused",
    "IVssComponent interface", S_OK },
[FINDING_COMPONENTS_KEPT] = { "components-kept", MUST, WRI,
    "uses a component object after its handler has returned",
    "IVssWriterComponents interface", S_OK },
[FINDING_VALUE_UNPREDICTABLE] = { "value-unpredictable", MUST, WRI,
    "asks for a value in a handler that has none: it may be anything",
    "CVssWriter::GetCurrentSnapshotSetId", S_OK },
[FINDING_WRITER_SCHEMA] = { "writer-schema-bit-missing", MUST, WRI,
    "writes into the document what its own backup schema does not offer",
    "VSS_BACKUP_SCHEMA enumeration", S_OK },
[FINDING_PARTIAL_FILE] = { "partial-file-unsupported", MUST, WRI,
    "adds a partial file although the requester does not support them",
    "IVssComponent::AddPartialFile", S_OK },
[FINDING_DIRECTED_TARGET] = { "directed-target-alone", MUST, WRI,
    "adds a directed target without SetRestoreTarget(VSS_RT_DIRECTED)",
    "IVssComponent::AddDirectedTarget", S_OK },
[FINDING_FREEZE_LONG] = { "freeze-too-long", SHOULD, WRI,
    "spends more than half of its freeze window in OnFreeze", "CVssWriter::OnFreeze", S_OK },
[FINDING_FREEZE_WRITES] = { "freeze-writes", SHOULD, WRI,
    "opens many files for writing in OnFreeze; OnPrepareSnapshot is the place",
    "CVssWriter::OnFreeze", S_OK },
[FINDING_NOT_UNSUBSCRIBED] = { "writer-not-unsubscribed", MUST, WRI,
    "destroys its object while it is subscribed", "CVssWriter::Unsubscribe", S_OK },
};
/* clang-format on */

const struct finding_row *finding_row(enum finding_rule rule)
{
    return &finding_rows[rule];
}

enum finding_rule finding_rule_named(const char *id)
{
    for (unsigned i = 0; id && i < N_FINDING_RULES; i++) {
        if (strcmp(finding_rows[i].id, id) == 0)
            return (enum finding_rule)i;
    }
    return N_FINDING_RULES;
}

const char *finding_level_name(enum finding_level level)
{
    return level == LEVEL_MUST ? "must" : "should";
}

const char *finding_side_name(enum finding_side side)
{
    return side == SIDE_REQUESTER ? "requester" : "writer";
}
