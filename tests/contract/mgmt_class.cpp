/* SPDX-License-Identifier: MIT */
/* The storage of snapshots from C++: the classes and interfaces by their declarations alone. */
#include "stage.h"

#include <vsmgmt.h>

static const VSS_ID system_provider = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};

template <class I> static void drop(I *&object)
{
    if (object)
        object->Release();
    object = NULL;
}

int main()
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE);
    IVssSnapshotMgmt *mgmt = NULL;
    IVssSnapshotMgmt2 *mgmt2 = NULL;
    IVssDifferentialSoftwareSnapshotMgmt *areas = NULL;
    IVssDifferentialSoftwareSnapshotMgmt3 *areas3 = NULL;
    IVssEnumMgmtObject *list = NULL;
    VSS_MGMT_OBJECT_PROP prop;
    LONGLONG least = 0;
    ULONG n = 0;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    MUST(CoCreateInstance(__uuidof(VssSnapshotMgmt), NULL, CLSCTX_ALL, __uuidof(IVssSnapshotMgmt),
                          (void **)&mgmt));
    SHOWS(IVssSnapshotMgmt, GetProviderMgmtInterface, S_OK,
          mgmt->GetProviderMgmtInterface(system_provider,
                                         __uuidof(IVssDifferentialSoftwareSnapshotMgmt),
                                         (IUnknown **)&areas));
    MUST(mgmt->QueryInterface(__uuidof(IVssSnapshotMgmt2), (void **)&mgmt2));
    SHOWS(IVssSnapshotMgmt2, GetMinDiffAreaSize, S_OK, mgmt2->GetMinDiffAreaSize(&least));
    EXPECT(least == 320 << 20);
    SHOWS(IVssDifferentialSoftwareSnapshotMgmt, QueryDiffAreasForVolume, S_OK,
          areas->QueryDiffAreasForVolume((VSS_PWSZ)L"C:\\", &list));
    SHOWS(IVssEnumMgmtObject, Next, S_OK, list->Next(1, &prop, &n));
    EXPECT(n == 1 && prop.Type == VSS_MGMT_OBJECT_DIFF_AREA);
    CoTaskMemFree(prop.Obj.DiffArea.m_pwszVolumeName);
    CoTaskMemFree(prop.Obj.DiffArea.m_pwszDiffAreaVolumeName);
    MUST(areas->QueryInterface(__uuidof(IVssDifferentialSoftwareSnapshotMgmt3), (void **)&areas3));
    SHOWS(IVssDifferentialSoftwareSnapshotMgmt3, SetVolumeProtectLevel, S_OK,
          areas3->SetVolumeProtectLevel((VSS_PWSZ)L"C:\\", VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME));
    drop(areas3);
    drop(list);
    drop(areas);
    drop(mgmt2);
    drop(mgmt);
    stage_close(stage);
    return contract_result();
}
