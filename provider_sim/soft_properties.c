/* SPDX-License-Identifier: MIT */
/* What may be changed of a snapshot that is there. */
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "provider_sim/soft_provider_state.h"

#include <stdlib.h>

static bool set_text(VSS_PWSZ *text, const VARIANT *value)
{
    if (V_VT(value) != VT_BSTR)
        return false;
    auto_free char *utf8 = utf8_from_wide(V_BSTR(value));

    free(*text);
    *text = task_wide_from_utf8(utf8);
    return true;
}

static bool set_property(VSS_SNAPSHOT_PROP *prop, VSS_SNAPSHOT_PROPERTY_ID property,
                         const VARIANT *value)
{
    switch (property) {
    case VSS_SPROPID_EXPOSED_NAME:
        return set_text(&prop->m_pwszExposedName, value);
    case VSS_SPROPID_EXPOSED_PATH:
        return set_text(&prop->m_pwszExposedPath, value);
    case VSS_SPROPID_SERVICE_MACHINE:
        return set_text(&prop->m_pwszServiceMachine, value);
    case VSS_SPROPID_ORIGINATING_MACHINE:
        return set_text(&prop->m_pwszOriginatingMachine, value);
    case VSS_SPROPID_SNAPSHOT_ATTRIBUTES:
        if (V_VT(value) == VT_I4)
            prop->m_lSnapshotAttributes = V_I4(value);
        return V_VT(value) == VT_I4;
    default:
        return false; /* the others are what the snapshot is */
    }
}

HRESULT soft_provider_SetSnapshotProperty(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                          VSS_SNAPSHOT_PROPERTY_ID property, VARIANT value)
{
    struct soft_provider *p =
        container_of(face, struct soft_provider, IVssSoftwareSnapshotProvider);
    HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

    if (guid_is_null(&id))
        return E_INVALIDARG;
    soft_provider_lock(p);
    struct soft_snapshot *s = soft_snapshot_find(p, &id, VSS_OBJECT_SNAPSHOT);
    if (s)
        hr = set_property(&s->prop, property, &value) ? S_OK : E_INVALIDARG;
    soft_provider_unlock(p);
    return hr == S_OK ? soft_snapshot_keep_again(p, s) : hr;
}
