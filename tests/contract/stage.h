/* SPDX-License-Identifier: MIT */
/* The usual scene of a contract story: a world with the virtual clock, a volume in memory, one
 * writer with two components, and a requester that stands where the story begins. */
#pragma once

#include "contract.h"

#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vssemu.h>
#include <vssemu_writer.h>

/* Rows that a planned condition makes are counted apart from those that a story brings about. */
#define vssemu_plan_condition(...) (contract_is_planned(), (vssemu_plan_condition)(__VA_ARGS__))

#ifndef __cplusplus
#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#else
#define call(object, method, ...) (object)->method(__VA_ARGS__)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Phases of an IVssBackupComponents object, as requester pages tell its life. */
enum stage_phase {
    AT_CREATED,       /* CreateVssBackupComponents */
    AT_INITIALIZED,   /* InitializeForBackup, SetBackupState (component mode, full, no metadata) */
    AT_GATHERED,      /* and GatherWriterMetadata */
    AT_CHOSEN,        /* and AddComponent for both components of the writer */
    AT_SET_OPEN,      /* and StartSnapshotSet, AddToSnapshotSet(C:\) */
    AT_PREPARED,      /* and PrepareForBackup */
    AT_SNAPSHOT_DONE, /* and DoSnapshotSet */
    AT_COMPLETE,      /* and SetBackupSucceeded, BackupComplete */
    AT_RESTORE,       /* another object: InitializeForRestore with what AT_COMPLETE saved, Gather */
    AT_SELECTED,      /* and SetSelectedForRestore for both components */
    AT_PRE_RESTORED,  /* and PreRestore */
    AT_POST_RESTORED  /* and PostRestore */
};

/* A handler of the stage's writer, by the name of its event ("Identify", "PrepareForBackup",
 * "Freeze" ...). metadata only in Identify, components only where the event brings them. Answers
 * true to agree. It runs inside the service: it must not call the requester's functions. */
struct stage;
typedef bool stage_handler(struct stage *stage, const char *event,
                           IVssCreateWriterMetadata *metadata, IVssWriterComponents *components);

struct stage {
    struct vssemu_world *world;
    struct vssemu_writer *writer;
    IVssBackupComponentsEx4 *b; /* any older interface's methods are in its vtable, too */
    VSS_ID set_id, snapshot_id;
    const char *fails_at;   /* event that the writer vetoes; NULL: none */
    HRESULT failure;        /* what it sets then; S_OK: it only answers false */
    stage_handler *handler; /* NULL: agrees */
    LONG context;           /* SetContext of AT_INITIALIZED, unless 0 (VSS_CTX_BACKUP) */
    int next;               /* the step that comes next */
    void *own;              /* the story's */
};

/* The writer of the stage: class id, name, and two components: database "db" "base" and file group
 * (no path) "files", both selectable; their files are in C:\db and C:\files. */
extern const VSS_ID stage_writer_id;
#define STAGE_WRITER_NAME "Stage Writer"
extern const WCHAR stage_db_path[], stage_db_name[], stage_files_name[];

/* A world with nobody on it yet but volume C: (in memory) and the writer. */
struct stage *stage_open(void);
/* The same, and a requester that has come as far as phase. */
struct stage *stage_at(enum stage_phase phase);
/* Goes on from wherever the requester stands. To AT_RESTORE a new object takes over. */
void stage_go(struct stage *stage, enum stage_phase phase);
/* Releases the requester (b may be NULL), ends the world; expects that no object is left. */
void stage_close(struct stage *stage);

/* Instance of the stage's writer, from the gathered metadata. */
VSS_ID stage_instance(struct stage *stage);
/* Waits for the operation of a call that answered hr, answers its result (S_OK for
 * VSS_S_ASYNC_FINISHED), and releases it. */
HRESULT stage_finish(HRESULT hr, IVssAsync **async);
/* The requester's document; the caller frees it with SysFreeString. */
BSTR stage_saved_document(struct stage *stage);

#ifndef __cplusplus
/* The Release of such an object: in C its IUnknown lies directly behind the interface. */
static inline void stage_release_components(IVssWriterComponentsExt *components)
{
    IUnknown *unknown = (IUnknown *)(void *)(components + 1);

    unknown->lpVtbl->Release(unknown);
}
#endif

#ifdef __cplusplus
}
#endif
