/* SPDX-License-Identifier: MIT */
/* A writer and its components in a backup: what each handler may read and write. Learn:
 * "IVssWriterComponents", "IVssComponent", "IVssComponentEx", "IVssComponentEx2". */
#include "reads.h"
#include "stage.h"

#include <string.h>
#include <wchar.h>

static const FILETIME midnight = { 1, 0x01d00000 };

static IVssComponentEx2 *component_at(IVssWriterComponents *components, UINT i)
{
    IVssComponent *component = NULL;
    IVssComponentEx2 *extended = NULL;

    SHOWS(IVssWriterComponents, GetComponent, S_OK, call(components, GetComponent, i, &component));
    MUST(call(component, QueryInterface, &IID_IVssComponentEx2, (void **)&extended));
    call(component, Release);
    return extended;
}

/* ---- PrepareForBackup ---- */

static void the_list(IVssWriterComponents *components)
{
    VSS_ID instance, writer;
    UINT n = 0;

    SHOWS(IVssWriterComponents, GetComponentCount, S_OK, call(components, GetComponentCount, &n));
    EXPECT(n == 2);
    SHOWS(IVssWriterComponents, GetWriterInfo, S_OK,
          call(components, GetWriterInfo, &instance, &writer));
    EXPECT(memcmp(&writer, &stage_writer_id, sizeof(writer)) == 0);
}

static void what_the_requester_chose(IVssComponentEx2 *c)
{
    VSS_COMPONENT_TYPE type = VSS_CT_UNDEFINED;
    boolean succeeded = true;

    READS(IVssComponent, GetLogicalPath, stage_db_path);
    READS(IVssComponent, GetComponentName, stage_db_name);
    READS(IVssComponent, GetPreviousBackupStamp, L"sunday");
    READS(IVssComponent, GetBackupOptions, L"thorough");
    SHOWS(IVssComponent, GetComponentType, S_OK, call(c, GetComponentType, &type));
    EXPECT(type == VSS_CT_DATABASE);
    SHOWS(IVssComponent, GetBackupSucceeded, S_FALSE, call(c, GetBackupSucceeded, &succeeded));
    EXPECT(!succeeded);
}

static void what_is_not_there(IVssComponentEx2 *c)
{
    READS_NOTHING(IVssComponent, GetLogicalPath);
    READS_NOTHING(IVssComponent, GetPreviousBackupStamp);
    READS_NOTHING(IVssComponent, GetBackupOptions);
    READS_NOTHING(IVssComponent, GetBackupMetadata);
    READS_NOTHING(IVssComponent, GetBackupStamp);
    READS_NOTHING(IVssComponentEx, GetPrepareForBackupFailureMsg);
    READS_NOTHING(IVssComponentEx, GetPostSnapshotFailureMsg);
}

static void what_a_writer_adds(IVssComponentEx2 *c)
{
    SHOWS(IVssComponent, SetBackupMetadata, S_OK, call(c, SetBackupMetadata, L"lsn 7"));
    SHOWS(IVssComponent, SetBackupMetadata, VSS_E_OBJECT_ALREADY_EXISTS,
          call(c, SetBackupMetadata, L"lsn 8"));
    READS(IVssComponent, GetBackupMetadata, L"lsn 7");
    SHOWS(IVssComponent, AddPartialFile, S_OK,
          call(c, AddPartialFile, L"C:\\db", L"base.mdb", L"0:2, 0x4:1", L"pages"));
    SHOWS(IVssComponent, AddDifferencedFilesByLastModifyTime, S_OK,
          call(c, AddDifferencedFilesByLastModifyTime, L"C:\\db", L"*.mdb", TRUE, midnight));
    MUST(call(c, SetBackupStamp, L"too early"));
    SHOWS(IVssComponentEx, SetPrepareForBackupFailureMsg, S_OK,
          call(c, SetPrepareForBackupFailureMsg, L"one page is bad"));
    READS(IVssComponentEx, GetPrepareForBackupFailureMsg, L"one page is bad");
    SHOWS(IVssComponentEx, SetPostSnapshotFailureMsg, VSS_E_BAD_STATE,
          call(c, SetPostSnapshotFailureMsg, L"not yet"));
}

static void what_belongs_to_a_restore(IVssComponentEx2 *c)
{
    VSS_FILE_RESTORE_STATUS status;
    boolean selected;

    SHOWS(IVssComponent, SetRestoreMetadata, VSS_E_BAD_STATE, call(c, SetRestoreMetadata, L"x"));
    SHOWS(IVssComponent, SetRestoreTarget, VSS_E_BAD_STATE,
          call(c, SetRestoreTarget, VSS_RT_ALTERNATE));
    SHOWS(IVssComponent, AddDirectedTarget, VSS_E_BAD_STATE,
          call(c, AddDirectedTarget, L"C:\\db", L"a", L"0:1", L"C:\\db", L"b", L"0:1"));
    SHOWS(IVssComponent, SetPreRestoreFailureMsg, VSS_E_BAD_STATE,
          call(c, SetPreRestoreFailureMsg, L"x"));
    SHOWS(IVssComponent, SetPostRestoreFailureMsg, VSS_E_BAD_STATE,
          call(c, SetPostRestoreFailureMsg, L"x"));
    SHOWS(IVssComponent, IsSelectedForRestore, VSS_E_BAD_STATE,
          call(c, IsSelectedForRestore, &selected));
    SHOWS(IVssComponent, GetFileRestoreStatus, VSS_E_BAD_STATE,
          call(c, GetFileRestoreStatus, &status));
}

/* ---- PostSnapshot, BackupComplete ---- */

static void after_the_copy(IVssComponentEx2 *c)
{
    SHOWS(IVssComponent, SetBackupStamp, S_OK, call(c, SetBackupStamp, L"monday"));
    READS(IVssComponent, GetBackupStamp, L"monday"); /* the last call counts */
    SHOWS(IVssComponentEx, SetPostSnapshotFailureMsg, S_OK,
          call(c, SetPostSnapshotFailureMsg, L"a table is locked"));
    SHOWS(IVssComponentEx, SetPrepareForBackupFailureMsg, VSS_E_BAD_STATE,
          call(c, SetPrepareForBackupFailureMsg, L"too late"));
    SHOWS(IVssComponentEx2, SetFailure, S_OK,
          call(c, SetFailure, VSS_E_WRITERERROR_RETRYABLE, 0x80ab0001, L"locked", 0));
    SHOWS_EFFECT(IVssComponentEx2, SetFailure, HRESULT,
                 FAILED(call(c, SetFailure, E_FAIL, 0x80ab0001, L"no such code", 0)));
}

/* The document is read-only now. */
static void when_it_is_over(IVssComponentEx2 *c)
{
    boolean succeeded = false;

    SHOWS(IVssComponent, GetBackupSucceeded, S_OK, call(c, GetBackupSucceeded, &succeeded));
    EXPECT(succeeded);
    SHOWS(IVssComponent, SetBackupMetadata, VSS_E_BAD_STATE, call(c, SetBackupMetadata, L"x"));
    SHOWS(IVssComponent, SetBackupStamp, VSS_E_BAD_STATE, call(c, SetBackupStamp, L"x"));
    SHOWS(IVssComponent, AddPartialFile, VSS_E_BAD_STATE,
          call(c, AddPartialFile, L"C:\\db", L"base.mdb", L"0:1", NULL));
    SHOWS(IVssComponent, AddDifferencedFilesByLastModifyTime, VSS_E_BAD_STATE,
          call(c, AddDifferencedFilesByLastModifyTime, L"C:\\db", L"*", FALSE, midnight));
}

static bool handle(struct stage *stage, const char *event, IVssCreateWriterMetadata *metadata,
                   IVssWriterComponents *components)
{
    (void)metadata;
    if (!components)
        return true;
    IVssComponentEx2 *c = component_at(components, 0), *other = component_at(components, 1);

    if (strcmp(event, "PrepareForBackup") == 0) {
        the_list(components);
        what_the_requester_chose(c);
        what_is_not_there(other);
        what_a_writer_adds(c);
        what_belongs_to_a_restore(c);
    } else if (strcmp(event, "PostSnapshot") == 0) {
        after_the_copy(c);
    } else {
        when_it_is_over(c);
    }
    call(c, Release);
    call(other, Release);
    return true;
}

/* ---- the requester reads what the writer said ---- */

static void lists(IVssComponentEx2 *c)
{
    BSTR path = NULL, name = NULL, ranges = NULL, metadata = NULL;
    FILETIME time = { 0, 0 };
    BOOL recursive = FALSE;
    UINT n = 0;

    SHOWS(IVssComponent, GetPartialFileCount, S_OK, call(c, GetPartialFileCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetPartialFile, S_OK,
          call(c, GetPartialFile, 0, &path, &name, &ranges, &metadata));
    EXPECT(is_text(path, L"C:\\db") && is_text(name, L"base.mdb") &&
           is_text(ranges, L"0:2, 0x4:1") && is_text(metadata, L"pages"));
    SHOWS(IVssComponent, GetDifferencedFilesCount, S_OK, call(c, GetDifferencedFilesCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetDifferencedFile, S_OK,
          call(c, GetDifferencedFile, 0, &path, &name, &recursive, NULL, &time));
    EXPECT(is_text(path, L"C:\\db") && is_text(name, L"*.mdb") && recursive &&
           memcmp(&time, &midnight, sizeof(time)) == 0);
}

static void failures(IVssComponentEx2 *c)
{
    HRESULT failure = S_OK, application = S_OK;
    DWORD reserved = 1;
    BSTR message = NULL;

    READS(IVssComponentEx, GetPostSnapshotFailureMsg, L"a table is locked");
    SHOWS(IVssComponentEx2, GetFailure, S_OK,
          call(c, GetFailure, &failure, &application, &message, &reserved));
    EXPECT(failure == VSS_E_WRITERERROR_RETRYABLE && application == (HRESULT)0x80ab0001 &&
           reserved == 0 && is_text(message, L"locked"));
}

static void requester_reads(struct stage *stage)
{
    IVssWriterComponentsExt *components = NULL;
    BSTR t[4] = { NULL };

    MUST(call(stage->b, GetWriterComponents, 0, &components));
    IVssComponentEx2 *c = component_at((IVssWriterComponents *)components, 0);
    lists(c);
    failures(c);
    OFF_LIST(VSS_E_BAD_STATE, call(c, SetBackupStamp, L"not the requester's"));
    stage_go(stage, AT_COMPLETE);
    /* BackupComplete ended what GetWriterComponents had given: there is no backup to read of. */
    SHOWS(IVssComponent, GetPartialFile, VSS_E_BAD_STATE,
          call(c, GetPartialFile, 0, &t[0], &t[1], &t[2], &t[3]));
    call(c, Release);
    ((IUnknown *)(components + 1))->lpVtbl->Release((IUnknown *)(components + 1));
}

int main(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);

    MUST(call(stage->b, SetPreviousBackupStamp, stage_writer_id, VSS_CT_DATABASE, stage_db_path,
              stage_db_name, L"sunday"));
    MUST(call(stage->b, SetBackupOptions, stage_writer_id, VSS_CT_DATABASE, stage_db_path,
              stage_db_name, L"thorough"));
    stage->handler = handle;
    stage_go(stage, AT_SNAPSHOT_DONE);
    requester_reads(stage);
    stage_close(stage);
    return contract_result();
}
