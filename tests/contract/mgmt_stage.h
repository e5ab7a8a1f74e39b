/* SPDX-License-Identifier: MIT */
/* The scene of the stories about the storage of snapshots: C:, D: and E: in memory, and the system
 * provider's management interface. */
#pragma once

#include "conditions.h"

#include <stdio.h>
#include <vsmgmt.h>

#define DIFF1 IVssDifferentialSoftwareSnapshotMgmt
#define DIFF2 IVssDifferentialSoftwareSnapshotMgmt2
#define DIFF3 IVssDifferentialSoftwareSnapshotMgmt3

#define MEGABYTE ((LONGLONG)1 << 20)
#define GIGABYTE ((LONGLONG)1 << 30)

#define C_ROOT  ((VSS_PWSZ)L"C:\\")
#define D_ROOT  ((VSS_PWSZ)L"D:\\")
#define E_ROOT  ((VSS_PWSZ)L"E:\\")
#define NO_ROOT ((VSS_PWSZ)L"X:\\")

/* {b5946137-7b9f-4925-af80-51abd60b20d5}, as the page of GetProviderMgmtInterface has it. */
static const VSS_ID system_provider = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};

struct mgmt_stage {
    struct stage *stage;
    struct vssemu_world *world;
    IVssSnapshotMgmt *mgmt;
    IVssDifferentialSoftwareSnapshotMgmt3 *areas; /* the older interfaces' methods are its, too */
};

static inline struct mgmt_stage mgmt_open(void)
{
    struct mgmt_stage m = { .stage = stage_open() };
    IUnknown *face = NULL;

    m.world = m.stage->world;
    EXPECT(vssemu_add_volume(m.world, "D:", NULL) && vssemu_add_volume(m.world, "E:", NULL));
    stage_go(m.stage, AT_INITIALIZED);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    MUST(CoCreateInstance(&CLSID_VssSnapshotMgmt, NULL, CLSCTX_ALL, &IID_IVssSnapshotMgmt,
                          (void **)&m.mgmt));
    MUST(call(m.mgmt, GetProviderMgmtInterface, system_provider,
              &IID_IVssDifferentialSoftwareSnapshotMgmt, &face));
    MUST(call(face, QueryInterface, &IID_IVssDifferentialSoftwareSnapshotMgmt3, (void **)&m.areas));
    call(face, Release);
    return m;
}

static inline void mgmt_close(struct mgmt_stage *m)
{
    call(m->areas, Release);
    call(m->mgmt, Release);
    stage_close(m->stage);
}

/* How many elements a list has; its first one (its strings are freed). Releases the list. */
static inline ULONG mgmt_count(IVssEnumMgmtObject *list, VSS_MGMT_OBJECT_PROP *ret_first)
{
    VSS_MGMT_OBJECT_PROP prop;
    ULONG n = 0, fetched = 0;

    while (call(list, Next, 1, &prop, &fetched) == S_OK) {
        if (n++ == 0 && ret_first)
            *ret_first = prop;
        CoTaskMemFree(prop.Obj.Vol.m_pwszVolumeName);
        CoTaskMemFree(prop.Obj.Vol.m_pwszVolumeDisplayName);
    }
    call(list, Release);
    return n;
}

/* The areas of a volume: how many, and the first. */
static inline ULONG mgmt_areas_of(struct mgmt_stage *m, VSS_PWSZ volume,
                                  VSS_DIFF_AREA_PROP *ret_area)
{
    IVssEnumMgmtObject *list = NULL;
    VSS_MGMT_OBJECT_PROP prop = { VSS_MGMT_OBJECT_UNKNOWN };

    MUST(call(m->areas, QueryDiffAreasForVolume, volume, &list));
    ULONG n = mgmt_count(list, &prop);

    EXPECT(!n || prop.Type == VSS_MGMT_OBJECT_DIFF_AREA);
    *ret_area = prop.Obj.DiffArea;
    return n;
}

/* The system provider answers its next such call with a code. */
static inline void mgmt_provider_answers(struct mgmt_stage *m, const char *method, const char *code)
{
    char text[160];

    snprintf(text, sizeof(text), "provider=* call=%s do=fail code=%s", method, code);
    EXPECT(vssemu_add_fault(m->world, text));
}

#define VETOES(m, itf, method, expression)                                          \
    do {                                                                            \
        unsigned before = vssemu_event_count((m)->world, "VSS", 12293);             \
        mgmt_provider_answers(m, #method, "VSS_E_PROVIDER_VETO");                   \
        contract_shows(__FILE__, __LINE__, itf, #method, "VSS_E_PROVIDER_VETO", "", \
                       VSS_E_PROVIDER_VETO, (expression));                          \
        EXPECT(vssemu_event_count((m)->world, "VSS", 12293) == before + 1);         \
    } while (0)
