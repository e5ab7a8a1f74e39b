/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_luns.h"

#include "emu/base/mem.h"
#include "emu/doc/bcd.h"
#include "emu/svc/backup.h"
#include "emu/svc/late_operation.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

static struct provider *find_hardware(struct service *service)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider *provider = service->providers.items[i];

        if (provider->type == VSS_PROV_HARDWARE && !provider->is_gone)
            return provider;
    }
    return NULL;
}

/* ---- import ---- */

/* No provider of this world can look for disks yet. */
static HRESULT import_now(struct service *service, void *arg)
{
    (void)service, (void)arg;
    return VSS_E_NO_SNAPSHOTS_IMPORTED;
}

HRESULT snapshot_luns_import(struct backup *backup, struct operation **ret_operation)
{
    if (guid_is_null(&backup->document->snapshot_set_id))
        return VSS_E_NONTRANSPORTABLE_BCD;
    *ret_operation = late_operation_start(backup->service, import_now, NULL);
    return S_OK;
}

/* ---- copying back ---- */

/* Learn: the page of either method: "the hardware provider is too old" without
 * IVssHardwareSnapshotProviderEx. */
static HRESULT check_hardware(struct service *service)
{
    struct provider *provider = find_hardware(service);

    if (!provider)
        return VSS_E_BAD_STATE;
    return provider->link->can_resync(provider->link) ? S_OK : VSS_E_LEGACY_PROVIDER;
}

HRESULT snapshot_luns_choose(struct backup *backup, const VSS_ID *snapshot_id,
                             const char *destination)
{
    struct service *service = backup->service;
    struct snapshot *snapshot = snapshot_find(service, snapshot_id);

    if (!find_hardware(service))
        return VSS_E_BAD_STATE;
    if (!snapshot || !guid_is_equal(&snapshot->set_id, &backup->document->snapshot_set_id))
        return VSS_E_SNAPSHOT_NOT_IN_SET;
    if (snapshot->provider->type != VSS_PROV_HARDWARE)
        return VSS_E_OBJECT_NOT_FOUND;
    HRESULT hr = check_hardware(service);
    if (FAILED(hr))
        return hr;
    /* The volumes of a world lie on no disk that a hardware provider could write. */
    (void)destination;
    return VSS_E_VOLUME_NOT_SUPPORTED;
}

HRESULT snapshot_luns_recover(struct backup *backup, DWORD flags, struct operation **ret_operation)
{
    HRESULT hr = check_hardware(backup->service);

    (void)flags;
    *ret_operation = NULL;
    return FAILED(hr) ? hr : VSS_E_BAD_STATE; /* nothing could be chosen, so the set is empty */
}
