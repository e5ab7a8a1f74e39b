/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_break.h"

#include "emu/base/mem.h"
#include "emu/svc/backup.h"
#include "emu/svc/late_operation.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#define KNOWN_FLAGS                                                  \
    (VSS_BREAKEX_FLAG_MASK_LUNS | VSS_BREAKEX_FLAG_MAKE_READ_WRITE | \
     VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL | VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE)

static HRESULT check_set(struct backup *backup, const VSS_ID *set_id)
{
    HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

    list_each (struct snapshot, snapshot, &backup->service->snapshots, link) {
        if (!guid_is_equal(&snapshot->set_id, set_id) || !snapshot_is_seen_by(snapshot, backup))
            continue;
        if (snapshot->provider->type != VSS_PROV_HARDWARE)
            return VSS_E_PROVIDER_VETO;
        hr = S_OK;
    }
    return hr;
}

static void forget_set(struct service *service, const VSS_ID *set_id)
{
    list_each_safe (struct snapshot, snapshot, &service->snapshots, link) {
        if (guid_is_equal(&snapshot->set_id, set_id))
            snapshot_free(snapshot);
    }
}

HRESULT snapshot_break(struct backup *backup, const VSS_ID *set_id)
{
    HRESULT hr = check_set(backup, set_id);

    if (SUCCEEDED(hr))
        forget_set(backup->service, set_id);
    return hr;
}

/* Learn: "VSS_HARDWARE_OPTIONS enumeration". MASK_LUNS goes with no other; the two about identity
 * exclude each other. */
static HRESULT check_flags(DWORD flags)
{
    const DWORD identity =
        VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL | VSS_BREAKEX_FLAG_REVERT_IDENTITY_NONE;

    if (flags & ~(DWORD)KNOWN_FLAGS)
        return E_INVALIDARG;
    if ((flags & VSS_BREAKEX_FLAG_MASK_LUNS) && flags != VSS_BREAKEX_FLAG_MASK_LUNS)
        return E_INVALIDARG;
    return (flags & identity) == identity ? E_INVALIDARG : S_OK;
}

struct late_break {
    VSS_ID set_id;
    DWORD flags;
};

/* The disk of the original volume is always there, so that its identity is taken. */
static HRESULT break_now(struct service *service, void *arg)
{
    const struct late_break *late = arg;

    if (late->flags & VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL)
        return VSS_E_BREAK_REVERT_ID_FAILED;
    forget_set(service, &late->set_id);
    return S_OK;
}

HRESULT snapshot_break_later(struct backup *backup, const VSS_ID *set_id, DWORD flags,
                             struct operation **ret_operation)
{
    HRESULT hr = check_flags(flags);

    if (SUCCEEDED(hr))
        hr = check_set(backup, set_id);
    if (FAILED(hr))
        return hr;
    struct late_break *late = mem_new(struct late_break);

    *late = (struct late_break){ *set_id, flags };
    *ret_operation = late_operation_start(backup->service, break_now, late);
    return S_OK;
}
