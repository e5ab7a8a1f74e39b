/* SPDX-License-Identifier: MIT */
/* Which IVssBackupComponents call is legal in which phase of the object, and where it leads.
 * The table is in backup_rules.c; emu/svc/backup asks it before anything is done.
 *
 *   N created --InitializeForBackup--> I --StartSnapshotSet--> S --PrepareForBackup--> P
 *   P --DoSnapshotSet--> C --BackupComplete--> D          (failed or aborted: X ended)
 *   N --InitializeForRestore--> R --PreRestore--> Q --PostRestore--> T
 */
#pragma once

#include <stdbool.h>

enum backup_phase {
    PHASE_CREATED,       /* N: fresh from CreateVssBackupComponents */
    PHASE_INITIALIZED,   /* I: InitializeForBackup done */
    PHASE_SET_OPEN,      /* S: snapshot set started */
    PHASE_PREPARED,      /* P: PrepareForBackup finished */
    PHASE_SNAPSHOT_DONE, /* C: DoSnapshotSet finished with success */
    PHASE_COMPLETE,      /* D: BackupComplete finished */
    PHASE_ENDED,         /* X: AbortBackup, or PrepareForBackup or DoSnapshotSet failed */
    PHASE_RESTORE,       /* R: InitializeForRestore done */
    PHASE_PRE_RESTORED,  /* Q: PreRestore finished */
    PHASE_POST_RESTORED, /* T: PostRestore finished */
    N_PHASES
};

enum backup_call {
    CALL_INITIALIZE_FOR_BACKUP,
    CALL_INITIALIZE_FOR_RESTORE,
    CALL_SET_CONTEXT,
    CALL_SET_BACKUP_STATE,
    CALL_ENABLE_WRITERS, /* EnableWriterClasses, DisableWriterClasses/-Instances */
    CALL_GATHER_WRITER_METADATA,
    CALL_GET_WRITER_METADATA, /* GetWriterMetadata(Ex), -Count, FreeWriterMetadata */
    CALL_ADD_COMPONENT,
    CALL_SET_BACKUP_OPTIONS, /* SetBackupOptions, SetPreviousBackupStamp */
    CALL_START_SNAPSHOT_SET,
    CALL_ADD_TO_SNAPSHOT_SET,
    CALL_PREPARE_FOR_BACKUP,
    CALL_DO_SNAPSHOT_SET,            /* in a context with writers */
    CALL_DO_SNAPSHOT_SET_NO_WRITERS, /* in a context without */
    CALL_SET_BACKUP_SUCCEEDED,
    CALL_BACKUP_COMPLETE,
    CALL_ABORT_BACKUP,
    CALL_GATHER_WRITER_STATUS,
    CALL_GET_WRITER_STATUS, /* GetWriterStatus(Ex), -Count, FreeWriterStatus */
    CALL_GET_WRITER_COMPONENTS,
    CALL_SAVE_AS_XML, /* SaveAsXML, GetSessionId */
    CALL_QUERY,       /* IsVolumeSupported, Query, GetSnapshotProperties, expose */
    CALL_DELETE_SNAPSHOTS,
    CALL_BREAK_OR_REVERT,
    CALL_IMPORT_SNAPSHOTS,
    CALL_SET_RESTORE_STATE,
    CALL_SET_SELECTED_FOR_RESTORE,
    CALL_SET_RESTORE_OPTIONS, /* and AddRestoreSubcomponent, AddNewTarget, ... */
    CALL_SET_ADDITIONAL_RESTORES,
    CALL_PRE_RESTORE,
    CALL_ADD_ALTERNATIVE_MAPPING, /* and SetRangesFilePath */
    CALL_SET_FILE_RESTORE_STATUS,
    CALL_POST_RESTORE,
    CALL_RECOVERY_SET, /* AddSnapshotToRecoverySet, RecoverSet */
    N_CALLS
};

/* What an object has besides its phase. */
struct backup_flags {
    bool is_pending;        /* an asynchronous operation of it runs */
    bool metadata_gathered; /* G is ready, and not freed */
    bool metadata_was_had;  /* G has been ready, whether freed since or not */
    bool metadata_asked;    /* GatherWriterMetadata was called: once per object */
    bool status_gathered;   /* W is ready */
    bool state_set;         /* K: SetBackupState was called */
};

enum backup_verdict {
    VERDICT_OK,
    VERDICT_NOTHING_TO_DO,
    VERDICT_BAD_STATE,
    VERDICT_SET_IN_PROGRESS
};

enum backup_verdict backup_rules_ask(enum backup_call call, enum backup_phase phase,
                                     const struct backup_flags *flags);
/* The phase after the call (or after its operation) has ended, with success or without. */
enum backup_phase backup_rules_next(enum backup_call call, enum backup_phase phase, bool succeeded);

const char *backup_phase_name(enum backup_phase phase); /* "set open" */
const char *backup_call_name(enum backup_call call);    /* "StartSnapshotSet" */
const char *backup_rules_cell_text(enum backup_call call, enum backup_phase phase); /* ">S" */
