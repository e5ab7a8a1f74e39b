/* SPDX-License-Identifier: MIT */
/* The way to the management of storage, its lists, and its reserved queries. Learn:
 * IVssSnapshotMgmt, IVssEnumMgmtObject; [MS-SCMP] describes the queries. */
#include "mgmt_stage.h"

#include <string.h>
#include <wchar.h>

/* The page of the method lists no failure but says there are some: one is named here. */
#define FAILS(itf, method, code, expression) \
    contract_shows(__FILE__, __LINE__, #itf, #method, "HRESULT", "", code, expression)

/* As of the other enumerator: E_FAIL when the service fails inside. */
#define INNER_ERROR(method, expression)                                   \
    do {                                                                  \
        EXPECT(vssemu_plan_condition(m.world, VSSEMU_INTERNAL_ERROR,      \
                                     "IVssEnumMgmtObject::" #method, 1)); \
        FAILS(IVssEnumMgmtObject, method, E_FAIL, expression);            \
    } while (0)

static void the_provider(void)
{
    struct mgmt_stage m = mgmt_open();
    const VSS_ID other = { 1 };
    IUnknown *face = NULL;
    void *newer = NULL;

    SHOWS(IVssSnapshotMgmt, GetProviderMgmtInterface, S_OK,
          call(m.mgmt, GetProviderMgmtInterface, system_provider,
               &IID_IVssDifferentialSoftwareSnapshotMgmt, &face));
    OFF_LIST(S_OK, call(face, QueryInterface, &IID_IVssDifferentialSoftwareSnapshotMgmt2, &newer));
    call((IUnknown *)newer, Release);
    OFF_LIST(E_NOINTERFACE, call(face, QueryInterface, &IID_IVssSnapshotMgmt, &newer));
    call(face, Release);
    FAILS(IVssSnapshotMgmt, GetProviderMgmtInterface, VSS_E_PROVIDER_NOT_REGISTERED,
          call(m.mgmt, GetProviderMgmtInterface, other, &IID_IVssDifferentialSoftwareSnapshotMgmt,
               &face));
    EXPECT(!face);
    OFF_LIST(E_NOINTERFACE, call(m.mgmt, GetProviderMgmtInterface, system_provider,
                                 &IID_IVssDifferentialSoftwareSnapshotMgmt2, &face));
    OFF_LIST(E_INVALIDARG, call(m.mgmt, GetProviderMgmtInterface, system_provider,
                                &IID_IVssDifferentialSoftwareSnapshotMgmt, NULL));
    vssemu_set_caller(m.world, VSSEMU_BACKUP_OPERATOR);
    OFF_LIST(E_ACCESSDENIED, call(m.mgmt, GetProviderMgmtInterface, system_provider,
                                  &IID_IVssDifferentialSoftwareSnapshotMgmt, &face));
    vssemu_set_caller(m.world, VSSEMU_ADMINISTRATOR);
    mgmt_close(&m);
}

static void volumes_for_snapshots(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumMgmtObject *list = NULL;
    VSS_MGMT_OBJECT_PROP prop;
    ULONG n = 0;

    SHOWS(IVssSnapshotMgmt, QueryVolumesSupportedForSnapshots, S_OK,
          call(m.mgmt, QueryVolumesSupportedForSnapshots, system_provider,
               VSS_CTX_CLIENT_ACCESSIBLE, &list));
    MUST(call(list, Next, 1, &prop, &n));
    EXPECT(n == 1 && prop.Type == VSS_MGMT_OBJECT_VOLUME);
    EXPECT(wcscmp(prop.Obj.Vol.m_pwszVolumeDisplayName, L"C:\\") == 0);
    EXPECT(wcsncmp(prop.Obj.Vol.m_pwszVolumeName, L"\\\\?\\Volume{", 11) == 0);
    CoTaskMemFree(prop.Obj.Vol.m_pwszVolumeName);
    CoTaskMemFree(prop.Obj.Vol.m_pwszVolumeDisplayName);
    EXPECT(mgmt_count(list, NULL) == 2); /* D:, E: */
    FAILS(IVssSnapshotMgmt, QueryVolumesSupportedForSnapshots, VSS_E_PROVIDER_NOT_REGISTERED,
          call(m.mgmt, QueryVolumesSupportedForSnapshots, GUID_NULL, 0, &list));
    EXPECT(!list);
    mgmt_close(&m);
}

static void snapshots_of_a_volume(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumObject *list = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n = 0;

    stage_go(m.stage, AT_SNAPSHOT_DONE);
    SHOWS(IVssSnapshotMgmt, QuerySnapshotsByVolume, S_OK,
          call(m.mgmt, QuerySnapshotsByVolume, C_ROOT, system_provider, &list));
    MUST(call(list, Next, 1, &prop, &n));
    EXPECT(prop.Type == VSS_OBJECT_SNAPSHOT &&
           IsEqualGUID(&prop.Obj.Snap.m_SnapshotId, &m.stage->snapshot_id));
    VssFreeSnapshotProperties(&prop.Obj.Snap);
    EXPECT(call(list, Next, 1, &prop, &n) == S_FALSE && n == 0);
    call(list, Release);
    MUST(call(m.mgmt, QuerySnapshotsByVolume, D_ROOT, system_provider, &list));
    EXPECT(call(list, Next, 1, &prop, &n) == S_FALSE);
    call(list, Release);
    FAILS(IVssSnapshotMgmt, QuerySnapshotsByVolume, VSS_E_OBJECT_NOT_FOUND,
          call(m.mgmt, QuerySnapshotsByVolume, NO_ROOT, system_provider, &list));
    OFF_LIST(E_INVALIDARG, call(m.mgmt, QuerySnapshotsByVolume, NULL, system_provider, &list));
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED,
             call(m.mgmt, QuerySnapshotsByVolume, C_ROOT, GUID_NULL, &list));
    mgmt_close(&m);
}

static void lists(void)
{
    struct mgmt_stage m = mgmt_open();
    IVssEnumMgmtObject *list = NULL, *clone = NULL;
    VSS_MGMT_OBJECT_PROP props[4];
    ULONG n = 0;

    MUST(call(m.areas, QueryVolumesSupportedForDiffAreas, C_ROOT, &list)); /* C:, D:, E: */
    SHOWS(IVssEnumMgmtObject, Next, S_OK, call(list, Next, 2, props, &n));
    EXPECT(n == 2 && wcscmp(props[1].Obj.DiffVol.m_pwszVolumeDisplayName, L"D:\\") == 0);
    for (ULONG i = 0; i < n; i++) {
        CoTaskMemFree(props[i].Obj.DiffVol.m_pwszVolumeName);
        CoTaskMemFree(props[i].Obj.DiffVol.m_pwszVolumeDisplayName);
    }
    SHOWS(IVssEnumMgmtObject, Clone, S_OK, call(list, Clone, &clone));
    SHOWS(IVssEnumMgmtObject, Reset, S_OK, call(list, Reset));
    SHOWS(IVssEnumMgmtObject, Skip, S_OK, call(list, Skip, 2));
    OFF_LIST(S_FALSE, call(list, Skip, 2));
    INNER_ERROR(Skip, call(list, Skip, 1));
    INNER_ERROR(Reset, call(list, Reset));
    EXPECT(mgmt_count(clone, NULL) == 1); /* the clone kept its place */
    FAILS(IVssEnumMgmtObject, Next, E_POINTER, call(list, Next, 1, NULL, &n));
    OFF_LIST(E_POINTER, call(list, Next, 1, props, NULL));
    FAILS(IVssEnumMgmtObject, Clone, E_POINTER, call(list, Clone, NULL));
    MUST(call(list, Reset));
    EXPECT(mgmt_count(list, NULL) == 3);
    mgmt_close(&m);
}

int main(void)
{
    the_provider();
    volumes_for_snapshots();
    snapshots_of_a_volume();
    lists();
    return contract_result();
}
