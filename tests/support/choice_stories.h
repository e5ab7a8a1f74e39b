/* SPDX-License-Identifier: MIT */
/* Stories about open questions (tests/scenario/test_choices.c) of which several instances, or the
 * management of storage, are the cast: each answers a number that the switch decides. */
#pragma once

#include "tests/support/mail_stage.h"

#include <vsmgmt.h>

/* Two instances: how many hear of their restore. */
static inline long restore_instances(struct vssemu_world *w)
{
    struct mail one = { .name = L"first", .store = L"one" };
    struct mail two = { .name = L"second", .store = L"two" };

    (void)w;
    subscribe(&one);
    subscribe(&two);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", GUID_NULL));
    MUST(select_store(b, L"two", GUID_NULL));
    run_events(b);
    call(b, Release);
    long n = (one.seen && strstr(one.seen, "PostRestore")) +
             (two.seen && strstr(two.seen, "PostRestore"));
    leave(&one);
    leave(&two);
    return n;
}

static inline IVssDifferentialSoftwareSnapshotMgmt3 *storage(void)
{
    static const VSS_ID system_provider = {
        0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
    };
    IVssSnapshotMgmt *mgmt = NULL;
    IUnknown *face = NULL;
    void *newest = NULL;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    MUST(CoCreateInstance(&CLSID_VssSnapshotMgmt, NULL, CLSCTX_ALL, &IID_IVssSnapshotMgmt,
                          (void **)&mgmt));
    MUST(call(mgmt, GetProviderMgmtInterface, system_provider,
              &IID_IVssDifferentialSoftwareSnapshotMgmt, &face));
    MUST(call(face, QueryInterface, &IID_IVssDifferentialSoftwareSnapshotMgmt3, &newest));
    call(face, Release);
    call(mgmt, Release);
    return newest;
}

static inline long area_on_change(struct vssemu_world *w)
{
    IVssDifferentialSoftwareSnapshotMgmt3 *areas = storage();
    VSS_PWSZ volume = (VSS_PWSZ)L"C:\\";

    (void)w;
    HRESULT hr = call(areas, ChangeDiffAreaMaximumSize, volume, volume, (LONGLONG)1 << 30);
    call(areas, Release);
    return hr;
}

static inline long snapshot_protection(struct vssemu_world *w)
{
    IVssDifferentialSoftwareSnapshotMgmt3 *areas = storage();
    VSS_VOLUME_PROTECTION_INFO info;

    (void)w;
    HRESULT hr = call(areas, GetVolumeProtectLevel, (VSS_PWSZ)L"C:\\", &info);
    call(areas, Release);
    return hr;
}
