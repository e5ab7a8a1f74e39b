/* SPDX-License-Identifier: MIT */
/* Diff areas are added, changed and looked at. Learn: the pages of
 * IVssDifferentialSoftwareSnapshotMgmt and its second version. */
#include "mgmt_stage.h"

#include <string.h>

#define A(method, ...) call(m.areas, method, ##__VA_ARGS__)
#define AREA(method, code, ...) \
    SHOWS(IVssDifferentialSoftwareSnapshotMgmt, method, code, A(method, ##__VA_ARGS__))
#define AREA2(method, code, ...) \
    SHOWS(IVssDifferentialSoftwareSnapshotMgmt2, method, code, A(method, ##__VA_ARGS__))

#define UNLIMITED ((LONGLONG)VSS_ASSOC_NO_MAX_SPACE)

static void added(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_DIFF_AREA_PROP area;
    unsigned long n;

    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 0);
    AREA(AddDiffArea, S_OK, C_ROOT, D_ROOT, 400 * MEGABYTE);
    n = mgmt_areas_of(&m, C_ROOT, &area);
    EXPECT(n == 1 && area.m_llMaximumDiffSpace == 400 * MEGABYTE && area.m_llUsedDiffSpace == 0);
    AREA(AddDiffArea, VSS_E_OBJECT_ALREADY_EXISTS, C_ROOT, D_ROOT, 400 * MEGABYTE);
    AREA(AddDiffArea, VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED, C_ROOT, E_ROOT, UNLIMITED);
    OFF_LIST(S_OK, A(AddDiffArea, D_ROOT, D_ROOT, UNLIMITED));
    n = mgmt_areas_of(&m, D_ROOT, &area);
    EXPECT(n == 1 && area.m_llMaximumDiffSpace == UNLIMITED);
    mgmt_close(&m);
}

/* 320 MB at least, 32 MB on a volume below 500 MB, or what the registry says. */
static void least_size(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssSnapshotMgmt2 *mgmt2 = NULL;
    LONGLONG least = 0;

    AREA(AddDiffArea, E_INVALIDARG, C_ROOT, D_ROOT, 320 * MEGABYTE - 1);
    AREA(AddDiffArea, E_INVALIDARG, C_ROOT, D_ROOT, 0);
    AREA(AddDiffArea, E_INVALIDARG, C_ROOT, D_ROOT, -2);
    AREA(AddDiffArea, S_OK, C_ROOT, D_ROOT, 320 * MEGABYTE);
    EXPECT(vssemu_set_volume_size(m.world, "E:", 400 * MEGABYTE));
    AREA(AddDiffArea, E_INVALIDARG, E_ROOT, D_ROOT, 32 * MEGABYTE - 1);
    AREA(AddDiffArea, S_OK, E_ROOT, D_ROOT, 32 * MEGABYTE);
    MUST(call(m.mgmt, QueryInterface, &IID_IVssSnapshotMgmt2, (void **)&mgmt2));
    SHOWS(IVssSnapshotMgmt2, GetMinDiffAreaSize, S_OK, call(mgmt2, GetMinDiffAreaSize, &least));
    EXPECT(least == 320 * MEGABYTE);
    contract_shows(__FILE__, __LINE__, "IVssSnapshotMgmt2", "GetMinDiffAreaSize", "HRESULT", "",
                   E_INVALIDARG, call(mgmt2, GetMinDiffAreaSize, NULL));
    const DWORD megabytes = 65;

    EXPECT(vssemu_registry_set(m.world, "HKLM\\SYSTEM\\CurrentControlSet\\Services\\VolSnap",
                               "MinDiffAreaFileSize", REG_DWORD, &megabytes, sizeof(megabytes)));
    MUST(call(mgmt2, GetMinDiffAreaSize, &least));
    EXPECT(least == 96 * MEGABYTE); /* the next multiple of 32 */
    OFF_LIST(S_OK, A(ChangeDiffAreaMaximumSize, C_ROOT, D_ROOT, 96 * MEGABYTE));
    call(mgmt2, Release);
    mgmt_close(&m);
}

static void volumes_that_are_none(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumMgmtObject *list = NULL;

    AREA(AddDiffArea, E_INVALIDARG, NULL, D_ROOT, UNLIMITED);
    AREA(AddDiffArea, E_INVALIDARG, C_ROOT, NULL, UNLIMITED);
    AREA(AddDiffArea, E_INVALIDARG, C_ROOT, NO_ROOT, UNLIMITED);
    AREA(AddDiffArea, E_INVALIDARG, (VSS_PWSZ)L"C:", D_ROOT, UNLIMITED);
    AREA(ChangeDiffAreaMaximumSize, E_INVALIDARG, NULL, D_ROOT, UNLIMITED);
    AREA(ChangeDiffAreaMaximumSize, E_INVALIDARG, C_ROOT, D_ROOT, -2);
    AREA(ChangeDiffAreaMaximumSize, VSS_E_OBJECT_NOT_FOUND, NO_ROOT, D_ROOT, UNLIMITED);
    AREA2(ChangeDiffAreaMaximumSizeEx, E_INVALIDARG, C_ROOT, NULL, UNLIMITED, FALSE);
    AREA2(ChangeDiffAreaMaximumSizeEx, VSS_E_OBJECT_NOT_FOUND, C_ROOT, NO_ROOT, UNLIMITED, FALSE);
    AREA(QueryVolumesSupportedForDiffAreas, E_INVALIDARG, NULL, &list);
    AREA(QueryVolumesSupportedForDiffAreas, E_INVALIDARG, C_ROOT, NULL);
    AREA(QueryDiffAreasForVolume, E_INVALIDARG, NULL, &list);
    AREA(QueryDiffAreasForVolume, E_INVALIDARG, C_ROOT, NULL);
    AREA(QueryDiffAreasOnVolume, E_INVALIDARG, NULL, &list);
    AREA(QueryDiffAreasOnVolume, E_INVALIDARG, C_ROOT, NULL);
    AREA(QueryDiffAreasForSnapshot, E_INVALIDARG, GUID_NULL, &list);
    AREA(QueryDiffAreasForSnapshot, E_INVALIDARG, system_provider, NULL);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, A(QueryDiffAreasForVolume, NO_ROOT, &list));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, A(QueryDiffAreasOnVolume, (VSS_PWSZ)L"C:", &list));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, A(QueryVolumesSupportedForDiffAreas, NO_ROOT, &list));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, A(QueryDiffAreasForSnapshot, system_provider, &list));
    EXPECT(!list);
    mgmt_close(&m);
}

static void changed(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_DIFF_AREA_PROP area;

    MUST(A(AddDiffArea, C_ROOT, D_ROOT, 400 * MEGABYTE));
    AREA(ChangeDiffAreaMaximumSize, S_OK, C_ROOT, D_ROOT, 2 * GIGABYTE);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1 && area.m_llMaximumDiffSpace == 2 * GIGABYTE);
    AREA(ChangeDiffAreaMaximumSize, VSS_E_OBJECT_NOT_FOUND, C_ROOT, E_ROOT, 2 * GIGABYTE);
    AREA2(ChangeDiffAreaMaximumSizeEx, VSS_E_OBJECT_NOT_FOUND, C_ROOT, E_ROOT, UNLIMITED, TRUE);
    AREA2(ChangeDiffAreaMaximumSizeEx, S_OK, C_ROOT, D_ROOT, UNLIMITED, TRUE);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1 && area.m_llMaximumDiffSpace == UNLIMITED);
    AREA2(ChangeDiffAreaMaximumSizeEx, E_INVALIDARG, C_ROOT, D_ROOT, VSS_ASSOC_REMOVE, TRUE);
    AREA(ChangeDiffAreaMaximumSize, VSS_E_INSUFFICIENT_STORAGE, C_ROOT, D_ROOT, 10 * MEGABYTE);
    AREA2(ChangeDiffAreaMaximumSizeEx, VSS_E_INSUFFICIENT_STORAGE, C_ROOT, D_ROOT, MEGABYTE, FALSE);
    /* Removing. */
    AREA(ChangeDiffAreaMaximumSize, S_OK, C_ROOT, D_ROOT, VSS_ASSOC_REMOVE);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 0);
    AREA(ChangeDiffAreaMaximumSize, VSS_E_OBJECT_NOT_FOUND, C_ROOT, D_ROOT, VSS_ASSOC_REMOVE);
    /* One that is missing is made, since Server 2008 R2. */
    AREA2(ChangeDiffAreaMaximumSizeEx, S_OK, E_ROOT, E_ROOT, 400 * MEGABYTE, FALSE);
    EXPECT(mgmt_areas_of(&m, E_ROOT, &area) == 1);
    EXPECT(vssemu_set_windows(m.world, "2003"));
    AREA(ChangeDiffAreaMaximumSize, VSS_E_OBJECT_NOT_FOUND, C_ROOT, C_ROOT, 400 * MEGABYTE);
    AREA(ChangeDiffAreaMaximumSize, S_OK, E_ROOT, E_ROOT, 500 * MEGABYTE);
    mgmt_close(&m);
}

/* A snapshot has an area, on its own volume and of a tenth of it; it goes with the last one. */
static void areas_that_come_by_themselves(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_DIFF_AREA_PROP area;
    VSS_ID not_deleted;
    LONG n_deleted;

    m.stage->context = 0;
    stage_go(m.stage, AT_SNAPSHOT_DONE);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1);
    EXPECT(area.m_llMaximumDiffSpace == ((LONGLONG)1 << 40) / 10);
    OFF_LIST(VSS_E_OBJECT_ALREADY_EXISTS, A(AddDiffArea, C_ROOT, C_ROOT, UNLIMITED));
    OFF_LIST(VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED,
             A(AddDiffArea, C_ROOT, D_ROOT, UNLIMITED));
    AREA(ChangeDiffAreaMaximumSize, VSS_E_VOLUME_IN_USE, C_ROOT, C_ROOT, VSS_ASSOC_REMOVE);
    AREA2(ChangeDiffAreaMaximumSizeEx, VSS_E_VOLUME_IN_USE, C_ROOT, C_ROOT, VSS_ASSOC_REMOVE,
          FALSE);
    MUST(call(m.stage->b, DeleteSnapshots, m.stage->set_id, VSS_OBJECT_SNAPSHOT_SET, TRUE,
              &n_deleted, &not_deleted));
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 0);
    mgmt_close(&m);
}

/* Learn: a changed area is an explicit one and survives the last snapshot. */
static void changed_areas_stay(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_DIFF_AREA_PROP area;
    VSS_ID not_deleted;
    LONG n_deleted;

    stage_go(m.stage, AT_SNAPSHOT_DONE);
    AREA(ChangeDiffAreaMaximumSize, S_OK, C_ROOT, C_ROOT, GIGABYTE);
    MUST(call(m.stage->b, DeleteSnapshots, m.stage->set_id, VSS_OBJECT_SNAPSHOT_SET, TRUE,
              &n_deleted, &not_deleted));
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1 && area.m_llMaximumDiffSpace == GIGABYTE);
    mgmt_close(&m);
}

static void looked_at(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumMgmtObject *list = NULL;
    VSS_MGMT_OBJECT_PROP first;
    VSS_DIFF_AREA_PROP area;
    static char data[100000];

    memset(data, 'a', sizeof(data));
    EXPECT(vssemu_file_write(m.world, "C:\\f", data, sizeof(data)));
    MUST(A(AddDiffArea, C_ROOT, D_ROOT, UNLIMITED));
    MUST(A(AddDiffArea, E_ROOT, D_ROOT, UNLIMITED));
    stage_go(m.stage, AT_SNAPSHOT_DONE);
    memset(data, 'b', sizeof(data));
    EXPECT(vssemu_file_write(m.world, "C:\\f", data, sizeof(data)));
    AREA(QueryDiffAreasForVolume, S_OK, C_ROOT, &list);
    EXPECT(mgmt_count(list, NULL) == 1);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1);
    /* What was overwritten is kept. */
    EXPECT(area.m_llUsedDiffSpace >= (LONGLONG)sizeof(data));
    EXPECT(area.m_llUsedDiffSpace <= area.m_llAllocatedDiffSpace);
    AREA(QueryDiffAreasForSnapshot, S_OK, m.stage->snapshot_id, &list);
    EXPECT(mgmt_count(list, &first) == 1);
    EXPECT(first.Type == VSS_MGMT_OBJECT_DIFF_AREA &&
           first.Obj.DiffArea.m_llUsedDiffSpace == area.m_llUsedDiffSpace);
    AREA(QueryDiffAreasOnVolume, S_OK, D_ROOT, &list);
    EXPECT(mgmt_count(list, NULL) == 2);
    AREA(QueryDiffAreasOnVolume, S_OK, C_ROOT, &list);
    EXPECT(mgmt_count(list, NULL) == 0);
    EXPECT(vssemu_set_volume_size(m.world, "C:", 40 * GIGABYTE));
    AREA(QueryVolumesSupportedForDiffAreas, S_OK, C_ROOT, &list);
    EXPECT(mgmt_count(list, &first) == 3);
    EXPECT(first.Type == VSS_MGMT_OBJECT_DIFF_VOLUME &&
           first.Obj.DiffVol.m_llVolumeTotalSpace == 40 * GIGABYTE &&
           first.Obj.DiffVol.m_llVolumeFreeSpace <= first.Obj.DiffVol.m_llVolumeTotalSpace);
    mgmt_close(&m);
}

static void full_places(void)
{
    struct mgmt_stage m = mgmt_open();

    MUST(A(AddDiffArea, C_ROOT, D_ROOT, 400 * MEGABYTE));
    EXPECT(vssemu_add_fault(m.world, "volume=D: at=1s do=fill"));
    vssemu_run_for(m.world, 2000);
    AREA(AddDiffArea, VSS_E_VOLUME_NOT_SUPPORTED, E_ROOT, D_ROOT, UNLIMITED);
    AREA(ChangeDiffAreaMaximumSize, VSS_E_INSUFFICIENT_STORAGE, C_ROOT, D_ROOT, GIGABYTE);
    mgmt_close(&m);
}

static void reserved(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssAsync *async = NULL;
    VSS_DIFF_AREA_PROP area;
    HRESULT status = S_OK;

    MUST(A(AddDiffArea, C_ROOT, D_ROOT, GIGABYTE));
    contract_shows(__FILE__, __LINE__, "IVssDifferentialSoftwareSnapshotMgmt2", "MigrateDiffAreas",
                   "HRESULT", "", VSS_E_OBJECT_NOT_FOUND,
                   A(MigrateDiffAreas, C_ROOT, E_ROOT, C_ROOT));
    AREA2(MigrateDiffAreas, S_OK, C_ROOT, D_ROOT, E_ROOT);
    EXPECT(mgmt_areas_of(&m, C_ROOT, &area) == 1 && area.m_llMaximumDiffSpace == GIGABYTE);
    AREA2(QueryMigrationStatus, S_OK, C_ROOT, E_ROOT, &async);
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_FINISHED);
    call(async, Release);
    contract_shows(__FILE__, __LINE__, "IVssDifferentialSoftwareSnapshotMgmt2",
                   "QueryMigrationStatus", "HRESULT", "", VSS_E_OBJECT_NOT_FOUND,
                   A(QueryMigrationStatus, C_ROOT, D_ROOT, &async));
    contract_shows(__FILE__, __LINE__, "IVssDifferentialSoftwareSnapshotMgmt2",
                   "SetSnapshotPriority", "HRESULT", "", E_NOTIMPL,
                   A(SetSnapshotPriority, system_provider, 1));
    mgmt_close(&m);
}

#define NOT_WELL(itf, method, expression)                  \
    do {                                                   \
        FEW_RIGHTS(m.world, itf, method, expression);      \
        MEMORY_INTERNAL(m.world, itf, method, expression); \
        VETOES(&m, #itf, method, expression);              \
    } while (0)

static void machine(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumMgmtObject *list = NULL;

    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, AddDiffArea,
             A(AddDiffArea, C_ROOT, D_ROOT, UNLIMITED));
    mgmt_provider_answers(&m, "AddDiffArea", "VSS_E_NESTED_VOLUME_LIMIT");
    AREA(AddDiffArea, VSS_E_NESTED_VOLUME_LIMIT, C_ROOT, D_ROOT, UNLIMITED);
    MUST(A(AddDiffArea, C_ROOT, D_ROOT, UNLIMITED)); /* none of these has left anything */
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, ChangeDiffAreaMaximumSize,
             A(ChangeDiffAreaMaximumSize, C_ROOT, D_ROOT, GIGABYTE));
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt2, ChangeDiffAreaMaximumSizeEx,
             A(ChangeDiffAreaMaximumSizeEx, C_ROOT, D_ROOT, GIGABYTE, TRUE));
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, QueryVolumesSupportedForDiffAreas,
             A(QueryVolumesSupportedForDiffAreas, C_ROOT, &list));
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, QueryDiffAreasForVolume,
             A(QueryDiffAreasForVolume, C_ROOT, &list));
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, QueryDiffAreasOnVolume,
             A(QueryDiffAreasOnVolume, C_ROOT, &list));
    stage_go(m.stage, AT_SNAPSHOT_DONE);
    NOT_WELL(IVssDifferentialSoftwareSnapshotMgmt, QueryDiffAreasForSnapshot,
             A(QueryDiffAreasForSnapshot, m.stage->snapshot_id, &list));
    EXPECT(!list);
    mgmt_close(&m);
}

int main(void)
{
    added();
    least_size();
    volumes_that_are_none();
    changed();
    areas_that_come_by_themselves();
    changed_areas_stay();
    looked_at();
    full_places();
    reserved();
    machine();
    return contract_result();
}
