/* SPDX-License-Identifier: MIT */
/* What the parts of the scripted requester share: steps.c (sessions, results, macros),
 * steps_calls.c (the methods for a backup), steps_restore.c (those for a restore), steps_cast.c
 * (writers and components by name), steps_files.c (files, and what is looked at), steps_storage.c
 * (diff areas). */
#pragma once

#include "fakes/requester/betest_com.h"
#include "fakes/requester/betest_files.h"
#include "fakes/requester/steps.h"

#include "emu/doc/wmd.h"

struct steps_status {
    char *writer;
    VSS_WRITER_STATE state;
    HRESULT failure;
};

struct steps_component {
    size_t writer, component; /* in the session's writers, and there */
    bool has_failed;          /* a file of it could not be read */
};

struct steps_snapshot {
    char *volume; /* "C:\" */
    VSS_ID id;
};

/* One IVssBackupComponents. */
struct steps_session {
    char name[8];
    struct steps_player *player;
    IVssBackupComponents *vss; /* NULL: none yet, or released */
    IVssAsync *running;        /* of the last asynchronous call, until the next */
    bool is_gone;              /* a fault ended it: what follows is left out */
    VSS_ID set;
    struct wmds writers; /* as GatherWriterMetadata gave them */
    ARRAY(struct steps_status) status;
    ARRAY(struct steps_component) chosen;
    ARRAY(struct steps_snapshot) snapshots;
    struct volume_places places; /* where the snapshots are read */
};

struct steps_player {
    struct steps_hooks hooks;
    ARRAY(struct steps_session *) sessions;
    BSTR document; /* of the last SaveAsXML */
    char *why;     /* what a step found wrong besides its result; NULL: nothing */
    bool was_hurt; /* a fault of the requester has fired: what follows need not succeed */
    bool initialised;
};

/* What a row of the table does: the call itself. ret_async: of asynchronous methods. */
typedef HRESULT step_play(struct steps_session *s, const struct step *step, IVssAsync **ret_async);
extern step_play *const step_plays[N_STEPS];

/* The step is wrong for a reason that no result shows; answers S_FALSE. printf. */
HRESULT steps_explain(struct steps_session *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void steps_note(struct steps_session *s, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Of a call that a step makes besides its own, such as GetWriterMetadata behind
 * GatherWriterMetadata: whether a fault of the requester happens instead of it. When that has ended
 * the session (is_gone), nothing more is called. */
bool steps_is_replaced(struct steps_session *s, const char *method);

/* ---- steps_cast.c ---- */

/* Reads what GatherWriterMetadata has found, GatherWriterStatus. */
HRESULT steps_read_metadata(struct steps_session *s);
HRESULT steps_read_status(struct steps_session *s);
void steps_forget_metadata(struct steps_session *s);
void steps_forget_status(struct steps_session *s);
/* By name or class id, in any case; NULL: explained. */
struct wmd *steps_writer(struct steps_session *s, const char *name);
struct wmd_component *steps_component(struct steps_session *s, const struct wmd *wmd,
                                      const char *full_name);
/* The class (or instance) of a name, or the id that stands there. False: explained. */
bool steps_class_of(struct steps_session *s, const char *name, bool is_instance, GUID *ret);
/* As the last GatherWriterStatus showed it: not failed, or not on it. */
bool steps_writer_is_well(const struct steps_session *s, const struct wmd *wmd);

/* ---- steps_calls.c ---- */

/* Judges a number that the step may name. */
HRESULT steps_count(struct steps_session *s, const struct step *step, HRESULT hr, size_t count);
/* A method that takes WRITER COMPONENT TEXT. */
HRESULT steps_component_text(struct steps_session *s, const struct step *step,
                             HRESULT (*method)(IVssBackupComponents *vss, VSS_ID writer,
                                               VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name,
                                               LPCWSTR text));

/* ---- steps_restore.c ---- */

step_play step_SetRestoreState, step_SetSelectedForRestore, step_SetAdditionalRestores,
    step_SetRestoreOptions, step_AddNewTarget, step_AddAlternativeLocationMapping,
    step_AddRestoreSubcomponent, step_SetRangesFilePath, step_SetFileRestoreStatus, step_PreRestore,
    step_PostRestore;

/* ---- steps_snapshots.c ---- */

step_play step_StartSnapshotSet, step_AddToSnapshotSet, step_IsVolumeSupported, step_DoSnapshotSet,
    step_GetSnapshotProperties, step_DeleteSnapshots, step_Query, step_ExposeSnapshot,
    step_BreakSnapshotSet, step_ImportSnapshots, step_RevertToSnapshot;
void steps_forget_snapshots(struct steps_session *s);
/* Devices of the snapshots by volume, asked for when they are needed. */
HRESULT steps_find_places(struct steps_session *s);

/* ---- steps_storage.c ---- */

step_play step_AddDiffArea, step_ChangeDiffAreaMaximumSize, step_QueryDiffAreasForVolume;

/* ---- steps_files.c ---- */

step_play step_Copy, step_Write, step_Delete, step_Read, step_ReadCopy, step_Attributes;

/* "C:" becomes "C:\"; everything else stays. */
WCHAR *steps_volume(const char *name);
