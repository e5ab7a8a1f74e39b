/* SPDX-License-Identifier: MIT */
/* The table of phases and calls. Sources: Learn, pages "IVssBackupComponents", "Overview of
 * Processing a Backup Under VSS", "Overview of Processing a Restore Under VSS", the page of each
 * method, and what programs that work on Windows were seen to do. */
#include "emu/proto/backup_rules.h"

enum cell_rule {
    RULE_BAD,         /* VSS_E_BAD_STATE */
    RULE_OK,          /* allowed; the phase stays unless next says otherwise */
    RULE_NOP,         /* S_OK without effect */
    RULE_BUSY,        /* VSS_E_SNAPSHOT_SET_IN_PROGRESS */
    RULE_G,           /* allowed when metadata is gathered */
    RULE_ONCE,        /* allowed until GatherWriterMetadata was called */
    RULE_ONCE_OR_NOP, /* the same; later S_OK without effect */
    RULE_W,           /* allowed when status is gathered */
    RULE_PREPARE,     /* allowed when metadata was gathered and SetBackupState was called */
};

struct cell {
    enum cell_rule rule;
    bool moves;
    enum backup_phase next, next_failed;
};

/* clang-format off */
#define N_ PHASE_CREATED
#define I_ PHASE_INITIALIZED
#define S_ PHASE_SET_OPEN
#define P_ PHASE_PREPARED
#define C_ PHASE_SNAPSHOT_DONE
#define D_ PHASE_COMPLETE
#define X_ PHASE_ENDED
#define R_ PHASE_RESTORE
#define Q_ PHASE_PRE_RESTORED
#define T_ PHASE_POST_RESTORED

#define BAD   { RULE_BAD, false, 0, 0 }
#define ok    { RULE_OK, false, 0, 0 }
#define nop   { RULE_NOP, false, 0, 0 }
#define BUSY  { RULE_BUSY, false, 0, 0 }
#define G     { RULE_G, false, 0, 0 }
#define once  { RULE_ONCE, false, 0, 0 }
#define onceN { RULE_ONCE_OR_NOP, false, 0, 0 }
#define W     { RULE_W, false, 0, 0 }
#define to(next, failed)   { RULE_OK, true, next, failed }
#define G_to(next, failed) { RULE_G, true, next, failed }
#define prep(next, failed) { RULE_PREPARE, true, next, failed }

static const struct call_row {
    const char *name;
    struct cell in[N_PHASES];
} call_rows[N_CALLS] = {
/*                                       N             I             S             P             C             D             X             R             Q             T  */
[CALL_INITIALIZE_FOR_BACKUP] = { "InitializeForBackup",
                                       { to(I_, N_),   BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_INITIALIZE_FOR_RESTORE] = { "InitializeForRestore",
                                       { to(R_, N_),   BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_SET_CONTEXT] = { "SetContext",
                                       { BAD,          ok,           BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_SET_BACKUP_STATE] = { "SetBackupState",
                                       { BAD,          ok,           ok,           BAD,          BAD,          BAD,          BAD,          ok,           BAD,          BAD } },
[CALL_ENABLE_WRITERS] = { "EnableWriterClasses",
                                       { BAD,          onceN,        onceN,        nop,          nop,          nop,          nop,          onceN,        nop,          nop } },
[CALL_GATHER_WRITER_METADATA] = { "GatherWriterMetadata",
                                       { BAD,          once,         once,         BAD,          BAD,          BAD,          BAD,          once,         BAD,          BAD } },
[CALL_GET_WRITER_METADATA] = { "GetWriterMetadata",
                                       { BAD,          G,            G,            G,            G,            G,            G,            G,            G,            G } },
[CALL_ADD_COMPONENT] = { "AddComponent",
                                       { BAD,          G,            G,            BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_SET_BACKUP_OPTIONS] = { "SetBackupOptions",
                                       { BAD,          ok,           ok,           BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_START_SNAPSHOT_SET] = { "StartSnapshotSet",
                                       { BAD,          to(S_, I_),   BUSY,         BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_ADD_TO_SNAPSHOT_SET] = { "AddToSnapshotSet",
                                       { BAD,          BAD,          ok,           ok,           BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_PREPARE_FOR_BACKUP] = { "PrepareForBackup",
                                       { BAD,          BAD,          prep(P_, X_), BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_DO_SNAPSHOT_SET] = { "DoSnapshotSet",
                                       { BAD,          BAD,          BAD,          to(C_, X_),   BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_DO_SNAPSHOT_SET_NO_WRITERS] = { "DoSnapshotSet (no writers)",
                                       { BAD,          BAD,          to(C_, X_),   BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_SET_BACKUP_SUCCEEDED] = { "SetBackupSucceeded",
                                       { BAD,          BAD,          BAD,          ok,           ok,           BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_BACKUP_COMPLETE] = { "BackupComplete",
                                       { BAD,          BAD,          BAD,          to(D_, D_),   to(D_, D_),   BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_ABORT_BACKUP] = { "AbortBackup",
                                       { BAD,          nop,          to(X_, X_),   to(X_, X_),   to(X_, X_),   nop,          ok,           nop,          nop,          nop } },
[CALL_GATHER_WRITER_STATUS] = { "GatherWriterStatus",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok } },
[CALL_GET_WRITER_STATUS] = { "GetWriterStatus",
                                       { BAD,          W,            W,            W,            W,            W,            W,            W,            W,            W } },
[CALL_GET_WRITER_COMPONENTS] = { "GetWriterComponents",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok } },
[CALL_SAVE_AS_XML] = { "SaveAsXML",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok } },
[CALL_QUERY] = { "Query",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           BAD,          BAD,          BAD } },
[CALL_DELETE_SNAPSHOTS] = { "DeleteSnapshots",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok } },
[CALL_BREAK_OR_REVERT] = { "BreakSnapshotSet",
                                       { BAD,          ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok,           ok } },
[CALL_IMPORT_SNAPSHOTS] = { "ImportSnapshots",
                                       { BAD,          ok,           BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD } },
[CALL_SET_RESTORE_STATE] = { "SetRestoreState",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           BAD,          BAD } },
[CALL_SET_SELECTED_FOR_RESTORE] = { "SetSelectedForRestore",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          G,            BAD,          BAD } },
[CALL_SET_RESTORE_OPTIONS] = { "SetRestoreOptions",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           BAD,          BAD } },
[CALL_SET_ADDITIONAL_RESTORES] = { "SetAdditionalRestores",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           ok,           BAD } },
[CALL_PRE_RESTORE] = { "PreRestore",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          G_to(Q_, R_), BAD,          BAD } },
[CALL_ADD_ALTERNATIVE_MAPPING] = { "AddAlternativeLocationMapping",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           ok,           BAD } },
[CALL_SET_FILE_RESTORE_STATUS] = { "SetFileRestoreStatus",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           BAD } },
[CALL_POST_RESTORE] = { "PostRestore",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          to(T_, T_),   BAD } },
[CALL_RECOVERY_SET] = { "AddSnapshotToRecoverySet",
                                       { BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          BAD,          ok,           ok,           BAD } },
};

/* The calls that may be made while an operation of the object runs. */
static const bool allowed_while_pending[N_CALLS] = {
    [CALL_SAVE_AS_XML] = true,
    [CALL_ABORT_BACKUP] = true,
};

static const char *const phase_names[N_PHASES] = {
    "created", "initialized", "set open", "prepared", "snapshot done", "complete", "ended",
    "restore", "pre-restored", "post-restored",
};
/* clang-format on */

enum backup_verdict backup_rules_ask(enum backup_call call, enum backup_phase phase,
                                     const struct backup_flags *flags)
{
    if (flags->is_pending && !allowed_while_pending[call])
        return VERDICT_BAD_STATE;
    switch (call_rows[call].in[phase].rule) {
    case RULE_OK:
        return VERDICT_OK;
    case RULE_NOP:
        return VERDICT_NOTHING_TO_DO;
    case RULE_BUSY:
        return VERDICT_SET_IN_PROGRESS;
    case RULE_G:
        return flags->metadata_gathered ? VERDICT_OK : VERDICT_BAD_STATE;
    case RULE_ONCE:
        return flags->metadata_asked ? VERDICT_BAD_STATE : VERDICT_OK;
    case RULE_ONCE_OR_NOP:
        return flags->metadata_asked ? VERDICT_NOTHING_TO_DO : VERDICT_OK;
    case RULE_W:
        return flags->status_gathered ? VERDICT_OK : VERDICT_BAD_STATE;
    case RULE_PREPARE:
        return flags->metadata_was_had && flags->state_set ? VERDICT_OK : VERDICT_BAD_STATE;
    case RULE_BAD:
        break;
    }
    return VERDICT_BAD_STATE;
}

enum backup_phase backup_rules_next(enum backup_call call, enum backup_phase phase, bool succeeded)
{
    const struct cell *cell = &call_rows[call].in[phase];

    if (!cell->moves)
        return phase;
    return succeeded ? cell->next : cell->next_failed;
}

const char *backup_phase_name(enum backup_phase phase)
{
    return phase_names[phase];
}

const char *backup_call_name(enum backup_call call)
{
    return call_rows[call].name;
}

const char *backup_rules_cell_text(enum backup_call call, enum backup_phase phase)
{
    static const char *const letters[N_PHASES] = { ">N", ">I", ">S", ">P", ">C",
                                                   ">D", ">X", ">R", ">Q", ">T" };
    static const char *const texts[] = {
        [RULE_BAD] = "BAD",         [RULE_OK] = "ok", [RULE_NOP] = "nop",
        [RULE_BUSY] = "BUSY",       [RULE_G] = "G",   [RULE_ONCE] = "G0",
        [RULE_ONCE_OR_NOP] = "G0n", [RULE_W] = "W",   [RULE_PREPARE] = "G,K",
    };
    const struct cell *cell = &call_rows[call].in[phase];

    return cell->moves ? letters[cell->next] : texts[cell->rule];
}
