/* SPDX-License-Identifier: MIT */
/* The columns of tests/golden/requester_calls.md: a requester's object in each phase, on the
 * stage of the contract stories. */
#pragma once

#include "tests/contract/stage.h"

#include <string.h>

/* Letters as in the table of emu/proto/backup_rules.h. Those with a 0 have done nothing but what
 * the phase takes; those without have gathered metadata and status, called SetBackupState, and
 * chosen components (in a restore selected them). */
enum column {
    N, /* created */
    I0,
    I, /* initialised for backup */
    S0,
    S,  /* set open */
    Sn, /* the same in a context without writers */
    Sp, /* set open, PrepareForBackup pending */
    P,  /* PrepareForBackup finished */
    C,
    Cn, /* DoSnapshotSet finished; in a context without writers */
    D,  /* BackupComplete finished */
    X,  /* aborted */
    R0,
    R, /* initialised for restore */
    Q, /* PreRestore finished */
    T, /* PostRestore finished */
    N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {
    "N", "I0", "I", "S0", "S", "Sn", "S~", "P", "C", "Cn", "D", "X", "R0", "R", "Q", "T",
};

static const WCHAR spare[] = L"spare";

/* A third component, for AddComponent, and a partial file, for SetRangesFilePath. */
static bool say_more(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                     IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    (void)stage;
    if (strcmp(event, "Identify") == 0)
        MUST(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, spare, NULL, NULL, 0, false, false, true,
                  true, 0));
    if (strcmp(event, "PostSnapshot") == 0) {
        MUST(call(components, GetComponent, 1, &component));
        MUST(call(component, AddPartialFile, L"C:\\files", L"a.txt", L"0:2", NULL));
        call(component, Release);
    }
    return true;
}

static bool take_a_second(void *self, IVssWriterComponents *components)
{
    (void)self, (void)components;
    Sleep(1000);
    return true;
}

/* A writer that keeps PrepareForBackup pending. */
static struct vssemu_writer *add_slow_writer(struct stage *stage)
{
    static const struct vssemu_writer_ops ops = { .OnPrepareBackup = take_a_second };
    struct vssemu_writer *writer = vssemu_writer_new(&ops, NULL, 0);
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x510, 0, 0, { 0 } };
    identity.name = L"Slow Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(writer, &identity));
    MUST(vssemu_writer_subscribe(writer, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    EXPECT(vssemu_set_choice(stage->world, "prepare_without_components", "all"));
    return writer;
}

static void initialize(struct stage *stage, LONG context)
{
    stage_go(stage, AT_CREATED);
    MUST(call(stage->b, InitializeForBackup, NULL));
    if (context)
        MUST(call(stage->b, SetContext, context));
}

static void open_set(struct stage *stage)
{
    MUST(call(stage->b, StartSnapshotSet, &stage->set_id));
    MUST(call(stage->b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &stage->snapshot_id));
}

/* InitializeForRestore and nothing else. */
static void initialize_restore(struct stage *stage)
{
    BSTR xml;

    stage_go(stage, AT_COMPLETE);
    xml = stage_saved_document(stage);
    call(stage->b, Release);
    stage->b = NULL;
    stage->next = AT_CREATED;
    stage_go(stage, AT_CREATED);
    MUST(call(stage->b, InitializeForRestore, xml));
    SysFreeString(xml);
}

static void gather_status(struct stage *stage)
{
    IVssAsync *async = NULL;

    MUST(stage_finish(call(stage->b, GatherWriterStatus, &async), &async));
}

struct scene {
    struct stage *stage;
    struct vssemu_writer *slow;
    IVssAsync *pending;
};

static void go(struct scene *scene, enum column column)
{
    static const enum stage_phase steps[N_COLUMNS] = {
        [I] = AT_CHOSEN,        [S] = AT_SET_OPEN,      [Sp] = AT_SET_OPEN, [P] = AT_PREPARED,
        [C] = AT_SNAPSHOT_DONE, [D] = AT_COMPLETE,      [X] = AT_PREPARED,  [R] = AT_SELECTED,
        [Q] = AT_PRE_RESTORED,  [T] = AT_POST_RESTORED,
    };
    struct stage *stage = scene->stage;
    IVssAsync *async = NULL;

    if (column == Sp)
        scene->slow = add_slow_writer(stage);
    if (column == R0) {
        initialize_restore(stage);
    } else if (column == I0 || column == S0 || column == Sn || column == Cn) {
        initialize(stage, column == Sn || column == Cn ? VSS_CTX_FILE_SHARE_BACKUP : 0);
        if (column != I0)
            open_set(stage);
        if (column == Cn)
            MUST(stage_finish(call(stage->b, DoSnapshotSet, &async), &async));
    } else {
        stage_go(stage, steps[column]);
        if (column == X)
            MUST(call(stage->b, AbortBackup));
        if (column != N)
            gather_status(stage);
    }
    if (column == Sp)
        MUST(call(stage->b, PrepareForBackup, &scene->pending));
}

static void leave(struct scene *scene)
{
    if (scene->pending) {
        call(scene->stage->b, AbortBackup);
        call(scene->pending, Release);
    }
    call(scene->stage->b, Release);
    scene->stage->b = NULL;
    vssemu_writer_free(scene->slow);
    stage_close(scene->stage);
}
