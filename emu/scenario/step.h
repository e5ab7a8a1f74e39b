/* SPDX-License-Identifier: MIT */
/* One step of a scripted requester, and how it is written:
 *
 *   GatherWriterMetadata
 *   AddComponent "Sql Writer" \Instance\db
 *   DoSnapshotSet -> VSS_E_HOLD_WRITES_TIMEOUT
 *   B: start DoSnapshotSet
 *   B: Wait 5s -> VSS_S_ASYNC_PENDING
 *
 * In front, with a colon, the session (one or more capital letters; none: the only one). A method
 * of the interface that is asynchronous is waited for, and its end is its result; with `start`
 * the script goes on at once. Behind -> the result that is expected; without it the step must
 * succeed; `any` is any. Who plays them: fakes/requester/steps.h. */
#pragma once

#include "emu/include/vswriter.h"
#include "emu/port/faults.h"
#include "emu/scenario/words.h"

#include <stdint.h>

/* Name, least and most words behind it, how it runs, what stands behind it. */
#define STEP_MANY 99
/* clang-format off */
#define STEPS(X) \
    X(CreateVssBackupComponents,     0, 0, CALL,  "")                                    \
    X(InitializeForBackup,           0, 1, CALL,  "[DOCUMENT]")                          \
    X(InitializeForRestore,          0, 1, CALL,  "[DOCUMENT]")                          \
    X(SetContext,                    1, 1, CALL,  "CONTEXT")                             \
    X(SetBackupState,                0, 4, CALL,  "[TYPE] [volumes] [bootable] [partial]") \
    X(SetRestoreState,               0, 1, CALL,  "[TYPE]")                              \
    X(EnableWriterClasses,           1, STEP_MANY, CALL, "WRITER...")                    \
    X(DisableWriterClasses,          1, STEP_MANY, CALL, "WRITER...")                    \
    X(DisableWriterInstances,        1, STEP_MANY, CALL, "WRITER...")                    \
    X(GatherWriterMetadata,          0, 1, ASYNC, "[unread]")                            \
    X(GetWriterMetadataCount,        0, 1, CALL,  "[EXPECTED]")                          \
    X(FreeWriterMetadata,            0, 0, CALL,  "")                                    \
    X(AddComponent,                  1, 2, CALL,  "WRITER COMPONENT, or all")            \
    X(SetBackupOptions,              3, 3, CALL,  "WRITER COMPONENT TEXT")               \
    X(SetPreviousBackupStamp,        3, 3, CALL,  "WRITER COMPONENT TEXT")               \
    X(StartSnapshotSet,              0, 0, CALL,  "")                                    \
    X(AddToSnapshotSet,              1, 2, CALL,  "VOLUME [PROVIDER], or all")           \
    X(IsVolumeSupported,             1, 2, CALL,  "VOLUME [yes|no]")                     \
    X(PrepareForBackup,              0, 0, ASYNC, "")                                    \
    X(DoSnapshotSet,                 0, 0, ASYNC, "")                                    \
    X(GetSnapshotProperties,         0, 1, CALL,  "[VOLUME]")                            \
    X(GatherWriterStatus,            0, 1, ASYNC, "[unread]")                            \
    X(GetWriterStatusCount,          0, 1, CALL,  "[EXPECTED]")                          \
    X(FreeWriterStatus,              0, 0, CALL,  "")                                    \
    X(SetBackupSucceeded,            2, 3, CALL,  "WRITER COMPONENT true|false, or all true|false") \
    X(BackupComplete,                0, 0, ASYNC, "")                                    \
    X(AbortBackup,                   0, 0, CALL,  "")                                    \
    X(SaveAsXML,                     0, 0, CALL,  "")                                    \
    X(GetWriterComponentsCount,      0, 1, CALL,  "[EXPECTED]")                          \
    X(GetSessionId,                  0, 0, CALL,  "")                                    \
    X(DeleteSnapshots,               0, 1, CALL,  "[set|VOLUME]")                        \
    X(Query,                         0, 1, CALL,  "[EXPECTED]")                          \
    X(ExposeSnapshot,                2, 3, CALL,  "VOLUME NAME [local|remote]")          \
    X(BreakSnapshotSet,              0, 0, CALL,  "")                                    \
    X(ImportSnapshots,               0, 0, ASYNC, "")                                    \
    X(RevertToSnapshot,              1, 1, CALL,  "VOLUME")                              \
    X(SetSelectedForRestore,         2, 3, CALL,  "WRITER COMPONENT true|false, or all true|false") \
    X(SetAdditionalRestores,         3, 3, CALL,  "WRITER COMPONENT true|false")         \
    X(SetRestoreOptions,             3, 3, CALL,  "WRITER COMPONENT TEXT")               \
    X(AddNewTarget,                  6, 6, CALL,  "WRITER COMPONENT PATH FILE yes|no NEWPATH") \
    X(AddAlternativeLocationMapping, 6, 6, CALL,  "WRITER COMPONENT PATH FILE yes|no NEWPATH") \
    X(AddRestoreSubcomponent,        3, 3, CALL,  "WRITER COMPONENT SUBCOMPONENT")       \
    X(SetRangesFilePath,             4, 4, CALL,  "WRITER COMPONENT INDEX PATH")         \
    X(SetFileRestoreStatus,          2, 3, CALL,  "WRITER COMPONENT none|all|failed, or all STATUS") \
    X(PreRestore,                    0, 0, ASYNC, "")                                    \
    X(PostRestore,                   0, 0, ASYNC, "")                                    \
    X(Wait,                          0, 1, OWN,   "[TIME]")                              \
    X(Cancel,                        0, 0, OWN,   "")                                    \
    X(QueryStatus,                   0, 0, OWN,   "")                                    \
    X(Release,                       0, 0, OWN,   "")                                    \
    X(Die,                           0, 0, OWN,   "")                                    \
    X(Pause,                         1, 1, OWN,   "TIME")                                \
    X(Status,                        2, 3, OWN,   "WRITER STATE [CODE]")                 \
    X(Copy,                          0, 0, OWN,   "")                                    \
    X(Write,                         2, 2, OWN,   "PATH TEXT")                           \
    X(Delete,                        1, 1, OWN,   "PATH")                                \
    X(Read,                          1, 2, OWN,   "PATH [TEXT]")                         \
    X(ReadCopy,                      1, 2, OWN,   "PATH [TEXT]")                         \
    X(Attributes,                    1, 1, OWN,   "PATH")                                \
    X(AddDiffArea,                   2, 3, OWN,   "VOLUME ON [MAXIMUM]")                 \
    X(ChangeDiffAreaMaximumSize,     2, 3, OWN,   "VOLUME ON [MAXIMUM]")                 \
    X(QueryDiffAreasForVolume,       1, 2, OWN,   "VOLUME [EXPECTED]")                   \
    X(begin,                         0, 1, MACRO, "[TYPE]")                              \
    X(snapshot,                      0, 0, MACRO, "")                                    \
    X(complete,                      0, 0, MACRO, "")                                    \
    X(backup,                        0, 1, MACRO, "[TYPE]")                              \
    X(restore,                       0, 0, MACRO, "")
/* clang-format on */

enum step_method {
#define X(name, least, most, how, usage) STEP_##name,
    STEPS(X)
#undef X
        N_STEPS
};

enum step_how {
    STEP_CALL,  /* a call of IVssBackupComponents that ends at once */
    STEP_ASYNC, /* one that answers an IVssAsync */
    STEP_OWN,   /* of the script itself */
    STEP_MACRO  /* several steps */
};

struct step {
    char session[8]; /* "" for the only one */
    bool is_started; /* `start` */
    enum step_method method;
    struct words words; /* those behind the method are words.items[1...] after a `start` is gone */
    bool has_expected, is_any;
    int32_t expected;
};

/* False: *ret_error gets a sentence; the caller frees. ret_step is uninitialised before. */
bool step_parse(const char *text, struct step *ret_step, char **ret_error);
void step_fini(struct step *step);

static inline const char *step_argument(const struct step *step, size_t i)
{
    return i + 1 < step->words.count ? step->words.items[i + 1] : NULL;
}

const char *step_name(enum step_method method);
enum step_how step_how(enum step_method method);
/* The steps of a macro, NULL behind the last; {} in one is the macro's argument. */
const char *const *step_macro(enum step_method method);

/* ---- words, for those who may not look below the public interface ---- */

#define STEP_CODE_SIZE 48
const char *step_code(HRESULT code, char buffer[STEP_CODE_SIZE]); /* "VSS_E_BAD_STATE" */
#define STEP_CODE(code) step_code((code), (char[STEP_CODE_SIZE]){ 0 })
const char *step_state(VSS_WRITER_STATE state); /* "FAILED_AT_FREEZE" */
bool step_guid(const char *text, GUID *ret_guid);
/* The class of a writer of a world file that names none (emu/scenario/brief.h). */
GUID step_writer_class(const char *name);
