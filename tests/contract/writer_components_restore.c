/* SPDX-License-Identifier: MIT */
/* A writer and its components in a restore. Learn: "IVssComponent", "IVssComponentEx". */
#include "reads.h"
#include "stage.h"

#include <string.h>
#include <wchar.h>

#define DB stage_writer_id, VSS_CT_DATABASE, stage_db_path, stage_db_name

static IVssComponentEx2 *component_at(IVssWriterComponents *components, UINT i)
{
    IVssComponent *component = NULL;

    MUST(call(components, GetComponent, i, &component));
    return (IVssComponentEx2 *)component;
}

/* What the requester asks for the first component, and not for the second. */
static void ask_for_much(struct stage *stage)
{
    MUST(call(stage->b, SetRestoreState, VSS_RTYPE_BY_COPY));
    MUST(call(stage->b, SetAdditionalRestores, DB, true));
    MUST(call(stage->b, SetRestoreOptions, DB, L"carefully"));
    MUST(call(stage->b, AddRestoreSubcomponent, DB, L"db\\base", L"part", false));
    MUST(call(stage->b, AddAlternativeLocationMapping, DB, L"C:\\db", L"*.mdb", false,
              L"C:\\alternate"));
    MUST(call(stage->b, AddNewTarget, DB, L"C:\\db", L"*.mdb", false, L"C:\\new"));
    MUST(call(stage->b, SetAuthoritativeRestore, DB, true));
    MUST(call(stage->b, SetRollForward, DB, VSS_RF_PARTIAL, L"noon"));
    MUST(call(stage->b, SetRestoreName, DB, L"base2"));
}

static bool is_filedesc(IVssWMFiledesc *file, LPCWSTR destination)
{
    BSTR path = NULL, place = NULL;

    MUST(call(file, GetPath, &path));
    MUST(call(file, GetAlternateLocation, &place));
    EXPECT(call(file, Release) == 0);
    return is_text(path, L"C:\\db") && is_text(place, destination);
}

static void places(IVssComponentEx2 *c)
{
    IVssWMFiledesc *file = NULL;
    UINT n = 0;

    SHOWS(IVssComponent, GetAlternateLocationMappingCount, S_OK,
          call(c, GetAlternateLocationMappingCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetAlternateLocationMapping, S_OK,
          call(c, GetAlternateLocationMapping, 0, &file));
    EXPECT(is_filedesc(file, L"C:\\alternate"));
    SHOWS(IVssComponent, GetNewTargetCount, S_OK, call(c, GetNewTargetCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetNewTarget, S_OK, call(c, GetNewTarget, 0, &file));
    EXPECT(is_filedesc(file, L"C:\\new"));
}

static void what_the_requester_wants(IVssComponentEx2 *c)
{
    VSS_ROLLFORWARD_TYPE roll = VSS_RF_UNDEFINED;
    BSTR path = NULL, name = NULL, point = NULL;
    boolean answer = false, repair = true;
    UINT n = 0;

    SHOWS(IVssComponent, IsSelectedForRestore, S_OK, call(c, IsSelectedForRestore, &answer));
    EXPECT(answer);
    SHOWS(IVssComponent, GetAdditionalRestores, S_OK, call(c, GetAdditionalRestores, &answer));
    EXPECT(answer);
    READS(IVssComponent, GetRestoreOptions, L"carefully");
    SHOWS(IVssComponent, GetRestoreSubcomponentCount, S_OK,
          call(c, GetRestoreSubcomponentCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetRestoreSubcomponent, S_OK,
          call(c, GetRestoreSubcomponent, 0, &path, &name, &repair));
    EXPECT(is_text(path, L"db\\base") && is_text(name, L"part") && !repair);
    answer = false;
    SHOWS(IVssComponentEx, GetAuthoritativeRestore, S_OK,
          call(c, GetAuthoritativeRestore, &answer));
    EXPECT(answer);
    SHOWS(IVssComponentEx, GetRollForward, S_OK, call(c, GetRollForward, &roll, &point));
    EXPECT(roll == VSS_RF_PARTIAL && is_text(point, L"noon"));
    READS(IVssComponentEx, GetRestoreName, L"base2");
}

static void what_is_not_asked_for(IVssComponentEx2 *c)
{
    VSS_RESTORE_TARGET target = VSS_RT_DIRECTED;
    boolean more = true;

    SHOWS(IVssComponent, GetAdditionalRestores, S_FALSE, call(c, GetAdditionalRestores, &more));
    EXPECT(!more);
    READS_NOTHING(IVssComponent, GetRestoreOptions);
    READS_NOTHING(IVssComponent, GetRestoreMetadata);
    READS_NOTHING(IVssComponent, GetPreRestoreFailureMsg);
    READS_NOTHING(IVssComponent, GetPostRestoreFailureMsg);
    MUST(call(c, GetRestoreTarget, &target));
    EXPECT(target == VSS_RT_ORIGINAL);
}

static void what_a_writer_adds(IVssComponentEx2 *c)
{
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;
    BSTR t[6] = { NULL };
    UINT n = 0;

    SHOWS(IVssComponent, SetRestoreMetadata, S_OK, call(c, SetRestoreMetadata, L"lsn 7"));
    SHOWS(IVssComponent, SetRestoreMetadata, VSS_E_OBJECT_ALREADY_EXISTS,
          call(c, SetRestoreMetadata, L"lsn 8"));
    READS(IVssComponent, GetRestoreMetadata, L"lsn 7");
    SHOWS(IVssComponent, SetRestoreTarget, S_OK, call(c, SetRestoreTarget, VSS_RT_DIRECTED));
    SHOWS(IVssComponent, GetRestoreTarget, S_OK, call(c, GetRestoreTarget, &target));
    EXPECT(target == VSS_RT_DIRECTED);
    SHOWS(
        IVssComponent, AddDirectedTarget, S_OK,
        call(c, AddDirectedTarget, L"C:\\db", L"base.mdb", L"0:2", L"C:\\to", L"new.mdb", L"8:2"));
    SHOWS(IVssComponent, GetDirectedTargetCount, S_OK, call(c, GetDirectedTargetCount, &n));
    EXPECT(n == 1);
    SHOWS(IVssComponent, GetDirectedTarget, S_OK,
          call(c, GetDirectedTarget, 0, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5]));
    EXPECT(is_text(t[0], L"C:\\db") && is_text(t[1], L"base.mdb") && is_text(t[2], L"0:2") &&
           is_text(t[3], L"C:\\to") && is_text(t[4], L"new.mdb") && is_text(t[5], L"8:2"));
    SHOWS(IVssComponent, SetPreRestoreFailureMsg, S_OK,
          call(c, SetPreRestoreFailureMsg, L"in use"));
    READS(IVssComponent, GetPreRestoreFailureMsg, L"in use");
    OFF_LIST(VSS_E_BAD_STATE, call(c, SetBackupStamp, L"no backup"));
    OFF_LIST(VSS_E_BAD_STATE, call(c, SetPostRestoreFailureMsg, L"too early"));
}

/* The document is read-only in PostRestore, but for its message. */
static void after_the_files(IVssComponentEx2 *c)
{
    VSS_FILE_RESTORE_STATUS status = VSS_RS_UNDEFINED;

    SHOWS(IVssComponent, GetFileRestoreStatus, S_OK, call(c, GetFileRestoreStatus, &status));
    EXPECT(status == VSS_RS_ALL);
    SHOWS(IVssComponent, SetPostRestoreFailureMsg, S_OK,
          call(c, SetPostRestoreFailureMsg, L"not recovered"));
    READS(IVssComponent, GetPostRestoreFailureMsg, L"not recovered");
    OFF_LIST(VSS_E_BAD_STATE, call(c, SetRestoreMetadata, L"x"));
    OFF_LIST(VSS_E_BAD_STATE, call(c, SetRestoreTarget, VSS_RT_ORIGINAL));
}

static bool handle(struct stage *stage, const char *event, IVssCreateWriterMetadata *metadata,
                   IVssWriterComponents *components)
{
    (void)stage, (void)metadata;
    bool is_before = strcmp(event, "PreRestore") == 0;

    if (!is_before && strcmp(event, "PostRestore") != 0)
        return true;
    IVssComponentEx2 *c = component_at(components, 0), *other = component_at(components, 1);

    if (is_before) {
        what_the_requester_wants(c);
        places(c);
        what_is_not_asked_for(other);
        what_a_writer_adds(c);
    } else {
        after_the_files(c);
    }
    call(c, Release);
    call(other, Release);
    return true;
}

/* Learn: "IVssComponentEx2::GetFailure": not during a restore. */
static void no_failures_of_a_restore(struct stage *stage)
{
    IVssWriterComponentsExt *components = NULL;
    HRESULT failure, application;
    BSTR message = NULL;
    DWORD reserved;

    MUST(call(stage->b, GetWriterComponents, 0, &components));
    IVssComponentEx2 *c = component_at((IVssWriterComponents *)components, 0);
    SHOWS(IVssComponentEx2, GetFailure, VSS_E_BAD_STATE,
          call(c, GetFailure, &failure, &application, &message, &reserved));
    call(c, Release);
    ((IUnknown *)(components + 1))->lpVtbl->Release((IUnknown *)(components + 1));
}

int main(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);

    stage->handler = handle;
    stage_go(stage, AT_SELECTED);
    ask_for_much(stage);
    stage_go(stage, AT_PRE_RESTORED);
    MUST(call(stage->b, SetFileRestoreStatus, DB, VSS_RS_ALL));
    no_failures_of_a_restore(stage);
    stage_go(stage, AT_POST_RESTORED);
    EXPECT(strstr(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), "PreRestore PostRestore"));
    stage_close(stage);
    return contract_result();
}
