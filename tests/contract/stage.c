/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* {5ca1ab1e-57a6-4e00-b0a2-0c0ffee0c0de} */
const VSS_ID stage_writer_id = {
    0x5ca1ab1e, 0x57a6, 0x4e00, { 0xb0, 0xa2, 0x0c, 0x0f, 0xfe, 0xe0, 0xc0, 0xde }
};
const WCHAR stage_db_path[] = L"db", stage_db_name[] = L"base", stage_files_name[] = L"files";

/* ---- the writer ---- */

static bool answer(struct stage *stage, const char *event, IVssCreateWriterMetadata *metadata,
                   IVssWriterComponents *components)
{
    bool agrees = !stage->handler || stage->handler(stage, event, metadata, components);

    if (!stage->fails_at || strcmp(stage->fails_at, event) != 0)
        return agrees;
    if (stage->failure != S_OK)
        vssemu_writer_set_failure(stage->writer, stage->failure);
    return false;
}

#define FULL (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

static bool identify(void *self, IVssCreateWriterMetadata *m)
{
    MUST(call(m, AddComponent, VSS_CT_DATABASE, stage_db_path, stage_db_name, NULL, NULL, 0, false,
              true, true, true, 0));
    MUST(call(m, AddDatabaseFiles, stage_db_path, stage_db_name, L"C:\\db", L"*.mdb", FULL));
    MUST(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, stage_files_name, NULL, NULL, 0, false, true,
              true, true, 0));
    MUST(
        call(m, AddFilesToFileGroup, NULL, stage_files_name, L"C:\\files", L"*", true, NULL, FULL));
    MUST(call(m, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL, VSS_WRE_ALWAYS,
              false));
    return answer(self, "Identify", m, NULL);
}

static bool prepare_backup(void *self, IVssWriterComponents *components)
{
    return answer(self, "PrepareForBackup", NULL, components);
}

static bool prepare_snapshot(void *self)
{
    return answer(self, "PrepareForSnapshot", NULL, NULL);
}

static bool freeze(void *self)
{
    return answer(self, "Freeze", NULL, NULL);
}

static bool thaw(void *self)
{
    return answer(self, "Thaw", NULL, NULL);
}

static bool abort_snapshot(void *self)
{
    return answer(self, "Abort", NULL, NULL);
}

static bool post_snapshot(void *self, IVssWriterComponents *components)
{
    return answer(self, "PostSnapshot", NULL, components);
}

static bool backup_complete(void *self, IVssWriterComponents *components)
{
    return answer(self, "BackupComplete", NULL, components);
}

static bool backup_shutdown(void *self, VSS_ID set_id)
{
    (void)set_id;
    return answer(self, "BackupShutdown", NULL, NULL);
}

static bool pre_restore(void *self, IVssWriterComponents *components)
{
    return answer(self, "PreRestore", NULL, components);
}

static bool post_restore(void *self, IVssWriterComponents *components)
{
    return answer(self, "PostRestore", NULL, components);
}

static const struct vssemu_writer_ops writer_ops = {
    .OnIdentify = identify,
    .OnPrepareBackup = prepare_backup,
    .OnPrepareSnapshot = prepare_snapshot,
    .OnFreeze = freeze,
    .OnThaw = thaw,
    .OnAbort = abort_snapshot,
    .OnPostSnapshot = post_snapshot,
    .OnBackupComplete = backup_complete,
    .OnBackupShutdown = backup_shutdown,
    .OnPreRestore = pre_restore,
    .OnPostRestore = post_restore,
};

static void subscribe(struct stage *stage)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = stage_writer_id;
    identity.name = L"" STAGE_WRITER_NAME;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    stage->writer = vssemu_writer_new(&writer_ops, stage, VSSEMU_WRITER_INLINE);
    MUST(vssemu_writer_initialize(stage->writer, &identity));
    MUST(vssemu_writer_subscribe(stage->writer, 0,
                                 VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG));
}

/* ---- the requester ---- */

HRESULT stage_finish(HRESULT hr, IVssAsync **async)
{
    HRESULT result = hr;

    if (SUCCEEDED(hr) && *async) {
        call(*async, Wait, INFINITE);
        call(*async, QueryStatus, &result, NULL);
        if (result == VSS_S_ASYNC_FINISHED)
            result = S_OK;
        call(*async, Release);
    }
    *async = NULL;
    return result;
}

struct stage *stage_open(void)
{
    struct stage *stage = calloc(1, sizeof(*stage));

    stage->world = vssemu_world_new(NULL);
    if (!vssemu_add_volume(stage->world, "C:", NULL) ||
        !vssemu_file_write(stage->world, "C:\\db\\base.mdb", "pages", 5) ||
        !vssemu_file_write(stage->world, "C:\\files\\a.txt", "words", 5)) {
        fprintf(stderr, "stage: %s\n", vssemu_error(stage->world));
        abort();
    }
    subscribe(stage);
    return stage;
}

static void gather(struct stage *stage)
{
    IVssAsync *async = NULL;

    MUST(stage_finish(call(stage->b, GatherWriterMetadata, &async), &async));
}

VSS_ID stage_instance(struct stage *stage)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance = { 0 };

    MUST(call(stage->b, GetWriterMetadata, 0, &instance, &metadata));
    if (metadata)
        call(metadata, Release);
    return instance;
}

BSTR stage_saved_document(struct stage *stage)
{
    BSTR xml = NULL;

    MUST(call(stage->b, SaveAsXML, &xml));
    return xml;
}

static void create(struct stage *stage)
{
    IVssBackupComponents *b = NULL;

    MUST(CreateVssBackupComponents(&b));
    MUST(call(b, QueryInterface, &IID_IVssBackupComponentsEx4, (void **)&stage->b));
    call(b, Release);
}

static void choose(struct stage *stage)
{
    VSS_ID instance = stage_instance(stage);

    MUST(call(stage->b, AddComponent, instance, stage_writer_id, VSS_CT_DATABASE, stage_db_path,
              stage_db_name));
    MUST(call(stage->b, AddComponent, instance, stage_writer_id, VSS_CT_FILEGROUP, NULL,
              stage_files_name));
}

static void complete(struct stage *stage)
{
    VSS_ID instance = stage_instance(stage);
    IVssAsync *async = NULL;

    MUST(call(stage->b, SetBackupSucceeded, instance, stage_writer_id, VSS_CT_DATABASE,
              stage_db_path, stage_db_name, TRUE));
    MUST(call(stage->b, SetBackupSucceeded, instance, stage_writer_id, VSS_CT_FILEGROUP, NULL,
              stage_files_name, TRUE));
    MUST(stage_finish(call(stage->b, BackupComplete, &async), &async));
}

static void begin_restore(struct stage *stage)
{
    BSTR xml = stage_saved_document(stage);

    call(stage->b, Release);
    create(stage);
    MUST(call(stage->b, InitializeForRestore, xml));
    SysFreeString(xml);
    gather(stage);
}

static void take_step(struct stage *stage, enum stage_phase to)
{
    IVssAsync *async = NULL;

    switch (to) {
    case AT_CREATED:
        create(stage);
        break;
    case AT_INITIALIZED:
        MUST(call(stage->b, InitializeForBackup, NULL));
        if (stage->context)
            MUST(call(stage->b, SetContext, stage->context));
        MUST(call(stage->b, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE));
        break;
    case AT_GATHERED:
        gather(stage);
        break;
    case AT_CHOSEN:
        choose(stage);
        break;
    case AT_SET_OPEN:
        MUST(call(stage->b, StartSnapshotSet, &stage->set_id));
        MUST(call(stage->b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &stage->snapshot_id));
        break;
    case AT_PREPARED:
        MUST(stage_finish(call(stage->b, PrepareForBackup, &async), &async));
        break;
    case AT_SNAPSHOT_DONE:
        MUST(stage_finish(call(stage->b, DoSnapshotSet, &async), &async));
        break;
    case AT_COMPLETE:
        complete(stage);
        break;
    case AT_RESTORE:
        begin_restore(stage);
        break;
    case AT_SELECTED:
        MUST(call(stage->b, SetSelectedForRestore, stage_writer_id, VSS_CT_DATABASE, stage_db_path,
                  stage_db_name, TRUE));
        MUST(call(stage->b, SetSelectedForRestore, stage_writer_id, VSS_CT_FILEGROUP, NULL,
                  stage_files_name, TRUE));
        break;
    case AT_PRE_RESTORED:
        MUST(stage_finish(call(stage->b, PreRestore, &async), &async));
        break;
    case AT_POST_RESTORED:
        MUST(stage_finish(call(stage->b, PostRestore, &async), &async));
        break;
    }
}

void stage_go(struct stage *stage, enum stage_phase phase)
{
    for (; stage->next <= (int)phase; stage->next++)
        take_step(stage, (enum stage_phase)stage->next);
}

struct stage *stage_at(enum stage_phase phase)
{
    struct stage *stage = stage_open();

    stage_go(stage, phase);
    return stage;
}

void stage_close(struct stage *stage)
{
    if (stage->b)
        call(stage->b, Release);
    vssemu_writer_free(stage->writer);
    EXPECT(vssemu_world_free(stage->world) == 0);
    free(stage);
}
