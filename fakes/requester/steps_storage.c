/* SPDX-License-Identifier: MIT */
/* The storage of snapshots, as an administrator manages it (steps_i.h). These steps need no
 * session. */
#include "fakes/requester/steps_i.h"

#include "emu/include/vsmgmt.h"

#include <stdlib.h>
#include <string.h>

#define PLAY(name) \
    HRESULT step_##name(struct steps_session *s, const struct step *step, IVssAsync **ret_async)

/* Learn: "IVssSnapshotMgmt::GetProviderMgmtInterface": the system provider. */
static const VSS_ID system_provider = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};

static HRESULT open_storage(IVssDifferentialSoftwareSnapshotMgmt **ret_storage)
{
    auto_com IVssSnapshotMgmt *mgmt = NULL;
    HRESULT hr = CoCreateInstance(&CLSID_VssSnapshotMgmt, NULL, CLSCTX_ALL, &IID_IVssSnapshotMgmt,
                                  (void **)&mgmt);

    if (SUCCEEDED(hr))
        hr = IVssSnapshotMgmt_GetProviderMgmtInterface(mgmt, system_provider,
                                                       &IID_IVssDifferentialSoftwareSnapshotMgmt,
                                                       (IUnknown **)ret_storage);
    return hr;
}

/* "400MB"; nothing: no limit; 0: the area is removed. */
static bool maximum_of(const struct step *step, LONGLONG *ret_maximum)
{
    static const char *const units[] = { "", "KB", "MB", "GB" };
    const char *text = step_argument(step, 2);
    char *end;

    *ret_maximum = VSS_ASSOC_NO_MAX_SPACE;
    if (!text)
        return true;
    *ret_maximum = strtoll(text, &end, 10);
    for (unsigned i = 0; i < sizeof(units) / sizeof(*units) && end != text; i++) {
        if (strcmp(end, units[i]) == 0) {
            *ret_maximum <<= 10 * i;
            return true;
        }
    }
    return false;
}

static HRESULT change(struct steps_session *s, const struct step *step, bool is_new)
{
    auto_com IVssDifferentialSoftwareSnapshotMgmt *storage = NULL;
    auto_wide WCHAR *source = steps_volume(step_argument(step, 0));
    auto_wide WCHAR *place = steps_volume(step_argument(step, 1));
    LONGLONG maximum;

    if (!maximum_of(step, &maximum))
        return steps_explain(s, "%s is no size: 400MB", step_argument(step, 2));
    HRESULT hr = open_storage(&storage);

    if (FAILED(hr))
        return hr;
    return is_new
               ? IVssDifferentialSoftwareSnapshotMgmt_AddDiffArea(storage, source, place, maximum)
               : IVssDifferentialSoftwareSnapshotMgmt_ChangeDiffAreaMaximumSize(storage, source,
                                                                                place, maximum);
}

PLAY(AddDiffArea)
{
    (void)ret_async;
    return change(s, step, true);
}

PLAY(ChangeDiffAreaMaximumSize)
{
    (void)ret_async;
    return change(s, step, false);
}

PLAY(QueryDiffAreasForVolume)
{
    auto_com IVssDifferentialSoftwareSnapshotMgmt *storage = NULL;
    auto_com IVssEnumMgmtObject *list = NULL;
    auto_wide WCHAR *volume = steps_volume(step_argument(step, 0));
    const char *expected = step_argument(step, 1);
    VSS_MGMT_OBJECT_PROP prop;
    ULONG n = 0, count = 0;
    HRESULT hr = open_storage(&storage);

    (void)ret_async;
    if (SUCCEEDED(hr))
        hr = IVssDifferentialSoftwareSnapshotMgmt_QueryDiffAreasForVolume(storage, volume, &list);
    while (hr == S_OK && IVssEnumMgmtObject_Next(list, 1, &prop, &n) == S_OK) {
        CoTaskMemFree(prop.Obj.DiffArea.m_pwszVolumeName);
        CoTaskMemFree(prop.Obj.DiffArea.m_pwszDiffAreaVolumeName);
        count++;
    }
    if (hr == S_OK && expected && strtoul(expected, NULL, 10) != count)
        return steps_explain(s, "there are %u diff areas, expected %s", (unsigned)count, expected);
    return hr;
}
