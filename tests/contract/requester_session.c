/* SPDX-License-Identifier: MIT */
/* The course of a session, as its requester and its writer see it: who is told what, and when it
 * ends. Learn: "Overview of Processing a Backup Under VSS" and the page of each method. */
#include "stage.h"

#include <string.h>
#include <wchar.h>

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))
#define FILES                   stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name
#define NOTHING                 stage_writer_id, VSS_CT_FILEGROUP, NULL, L"nothing"

static bool was_told(struct stage *stage, const char *events)
{
    return strcmp(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), events) == 0;
}

static void a_backup_from_prepare_to_complete(void)
{
    struct stage *stage = stage_at(AT_SET_OPEN);
    VSS_ID instance = stage_instance(stage);
    IVssAsync *async = NULL;
    BSTR xml = NULL;

    BASE(PrepareForBackup, E_INVALIDARG, NULL);
    MUST(stage_finish(BASE(PrepareForBackup, S_OK, &async), &async));
    EXPECT(was_told(stage, "Identify PrepareForBackup"));
    stage->next = AT_SNAPSHOT_DONE;
    stage_go(stage, AT_SNAPSHOT_DONE);
    BASE(SetBackupSucceeded, S_OK, instance, FILES, TRUE);
    BASE(SetBackupSucceeded, VSS_E_OBJECT_NOT_FOUND, instance, NOTHING, TRUE);
    BASE(SetBackupSucceeded, VSS_E_OBJECT_NOT_FOUND, stage_writer_id, FILES, TRUE);
    BASE(SetBackupSucceeded, E_INVALIDARG, instance, stage_writer_id, VSS_CT_FILEGROUP, NULL, NULL,
         TRUE);
    BASE(BackupComplete, E_INVALIDARG, NULL);
    MUST(stage_finish(BASE(BackupComplete, S_OK, &async), &async));
    EXPECT(was_told(stage, "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                           "BackupComplete"));
    BASE(SaveAsXML, E_INVALIDARG, NULL);
    BASE(SaveAsXML, S_OK, &xml);
    EXPECT(xml && wcsstr(xml, stage_files_name));
    SysFreeString(xml);
    stage_close(stage);
}

/* The last reference ends everything: shutdown for writers, the auto-release copy goes, too. */
static void the_last_release_ends_the_session(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);

    EXPECT(vssemu_snapshot_device(stage->world, "C:") != NULL);
    call(stage->b, AddRef);
    EXPECT(call(stage->b, Release) == 1);
    EXPECT(vssemu_snapshot_device(stage->world, "C:") != NULL);
    EXPECT(call(stage->b, Release) == 0);
    stage->b = NULL;
    SHOWS_EFFECT(IVssBackupComponents, Release, (none),
                 was_told(stage, "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw "
                                 "PostSnapshot BackupComplete BackupShutdown") &&
                     !vssemu_snapshot_device(stage->world, "C:"));
    stage_close(stage);
}

static void giving_up_tells_the_prepared_writers(void)
{
    struct stage *stage = stage_at(AT_PREPARED);
    IVssAsync *async = NULL;

    BASE(AbortBackup, S_OK);
    EXPECT(was_told(stage, "Identify PrepareForBackup Abort"));
    BASE(AbortBackup, S_OK); /* nobody is told twice */
    EXPECT(was_told(stage, "Identify PrepareForBackup Abort"));
    BASE(BackupComplete, VSS_E_BAD_STATE, &async);
    stage_close(stage);
}

static void giving_up_where_nothing_began_is_nothing(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);

    BASE(AbortBackup, S_OK);
    EXPECT(was_told(stage, "Identify"));
    stage_go(stage, AT_RESTORE); /* the object is still good */
    BASE(AbortBackup, S_OK);
    stage_close(stage);
}

/* Requester and writers know the session by one id. */
static bool remember_session(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                             IVssWriterComponents *components)
{
    (void)m, (void)components;
    if (strcmp(event, "PrepareForBackup") == 0)
        MUST(vssemu_writer_session_id(stage->writer, stage->own));
    return true;
}

static void a_session_has_one_id(void)
{
    struct stage *stage = stage_open();
    VSS_ID id = { 0 }, of_writer = { 0 };

    stage->handler = remember_session;
    stage->own = &of_writer;
    stage_go(stage, AT_PREPARED);
    SHOWS(IVssBackupComponentsEx3, GetSessionId, S_OK, B(GetSessionId, &id));
    EXPECT(memcmp(&id, &of_writer, sizeof(id)) == 0);
    stage_close(stage);
}

static void status_is_gathered_read_and_freed(void)
{
    struct stage *stage = stage_at(AT_PREPARED);
    IVssAsync *async = NULL;
    UINT n = 0;

    BASE(GatherWriterStatus, E_INVALIDARG, NULL);
    BASE(GetWriterStatusCount, VSS_E_BAD_STATE, &n);
    for (int i = 0; i < 2; i++) { /* again without freeing: the newest result counts */
        MUST(stage_finish(BASE(GatherWriterStatus, S_OK, &async), &async));
        BASE(GetWriterStatusCount, S_OK, &n);
        EXPECT(n == 1);
    }
    BASE(GetWriterStatusCount, E_INVALIDARG, NULL);
    BASE(FreeWriterStatus, S_OK);
    BASE(FreeWriterStatus, VSS_E_BAD_STATE);
    stage_close(stage);
}

/* ---- interfaces ---- */

static void every_version_is_the_same_object(void)
{
    static const IID *const versions[] = {
        &IID_IUnknown,
        &IID_IVssBackupComponents,
        &IID_IVssBackupComponentsEx,
        &IID_IVssBackupComponentsEx2,
        &IID_IVssBackupComponentsEx3,
        &IID_IVssBackupComponentsEx4,
    };
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL, *same = NULL;
    IUnknown *face = NULL, *first = NULL;

    MUST(B(QueryInterface, &IID_IUnknown, (void **)&first));
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        IUnknown *identity = NULL;

        MUST(B(QueryInterface, versions[i], (void **)&face));
        MUST(call(face, QueryInterface, &IID_IUnknown, (void **)&identity));
        EXPECT(identity == first);
        call(identity, Release);
        call(face, Release);
    }
    OFF_LIST(E_NOINTERFACE, B(QueryInterface, &IID_IVssAsync, (void **)&face));
    EXPECT(!face);
    call(first, Release);
    MUST(B(GatherWriterMetadata, &async));
    MUST(call(async, QueryInterface, &IID_IVssAsync, (void **)&same));
    EXPECT(same == async);
    call(same, Release);
    MUST(stage_finish(S_OK, &async));
    stage_close(stage);
}

int main(void)
{
    a_backup_from_prepare_to_complete();
    the_last_release_ends_the_session();
    giving_up_tells_the_prepared_writers();
    giving_up_where_nothing_began_is_nothing();
    a_session_has_one_id();
    status_is_gathered_read_and_freed();
    every_version_is_the_same_object();
    return contract_result();
}
