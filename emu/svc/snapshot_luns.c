/* SPDX-License-Identifier: MIT */
#include "emu/svc/snapshot_luns.h"

#include "emu/base/mem.h"
#include "emu/doc/bcd.h"
#include "emu/port/volume.h"
#include "emu/svc/backup.h"
#include "emu/svc/late_operation.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <stdlib.h>

static struct provider *find_hardware(struct service *service)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider *provider = service->providers.items[i];

        if (provider->type == VSS_PROV_HARDWARE && !provider->is_gone && !provider->is_for_disks)
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
    if (!backup->document->snapshots.count)
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

static bool is_resync_running(struct service *service)
{
    list_each (struct backup, backup, &service->backups, link) {
        if (backup->is_resyncing)
            return true;
    }
    return false;
}

/* The disk to be written must be one of the hardware provider's. */
static HRESULT check_destination(struct service *service, const struct snapshot *snapshot,
                                 const char *destination)
{
    struct provider *provider = snapshot->provider;
    struct volume *volume =
        destination ? service_find_volume(service, destination) : snapshot->volume;
    bool is_supported = false;

    if (!volume || FAILED(provider_set_context(service, provider, snapshot->context)) ||
        FAILED(
            provider->link->is_volume_supported(provider->link, volume->guid_name, &is_supported)))
        return VSS_E_VOLUME_NOT_SUPPORTED;
    return is_supported ? S_OK : VSS_E_VOLUME_NOT_SUPPORTED;
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
    if (SUCCEEDED(hr) && is_resync_running(service))
        hr = VSS_E_RESYNC_IN_PROGRESS;
    if (SUCCEEDED(hr))
        hr = check_destination(service, snapshot, destination);
    if (SUCCEEDED(hr))
        array_add(&backup->recovery_set, *snapshot_id);
    return hr;
}

/* ---- while the provider copies ---- */

#define ASK_AGAIN_NS (100 * SCHED_MS)

struct resync {
    struct backup *backup; /* a reference */
    struct provider *provider;
    struct operation *operation; /* a reference */
    struct sched_task ask;
};

static void ask(struct sched_task *task)
{
    struct resync *resync = container_of(task, struct resync, ask);
    struct service *service = resync->backup->service;
    struct sched *sched = service->ports->sched;
    HRESULT status = resync->provider->link->resync_status(resync->provider->link);

    if (status == VSS_S_ASYNC_PENDING) {
        sched_post(sched, &resync->ask, sched_now(sched) + ASK_AGAIN_NS);
        return;
    }
    resync->backup->is_resyncing = false;
    if (status == VSS_S_ASYNC_FINISHED)
        status = S_OK;
    operation_end(resync->operation,
                  provider_translate(service, resync->provider, "ResyncLuns", status));
    operation_unref(resync->operation);
    backup_unref(resync->backup);
    free(resync);
    service->n_unfinished--;
    sched_notify(sched);
}

static struct operation *follow(struct backup *backup, struct provider *provider)
{
    struct resync *resync = mem_new(struct resync);
    struct sched *sched = backup->service->ports->sched;

    resync->backup = backup_ref(backup);
    resync->provider = provider;
    resync->operation = operation_new();
    resync->operation->is_uncancellable = true;
    resync->ask.run = ask;
    backup->is_resyncing = true;
    backup->service->n_unfinished++;
    sched_post(sched, &resync->ask, sched_now(sched) + ASK_AGAIN_NS);
    return operation_ref(resync->operation);
}

HRESULT snapshot_luns_recover(struct backup *backup, DWORD flags, struct operation **ret_operation)
{
    struct provider *provider = find_hardware(backup->service);
    HRESULT hr = check_hardware(backup->service);

    if (SUCCEEDED(hr) && !backup->recovery_set.count)
        hr = VSS_E_BAD_STATE;
    if (SUCCEEDED(hr) &&
        (flags & ~(DWORD)(VSS_RECOVERY_REVERT_IDENTITY_ALL | VSS_RECOVERY_NO_VOLUME_CHECK)))
        hr = E_INVALIDARG;
    if (FAILED(hr))
        return hr;
    hr = provider->link->resync(provider->link, backup->recovery_set.count);
    hr = provider_translate(backup->service, provider, "ResyncLuns", hr);
    if (SUCCEEDED(hr))
        *ret_operation = follow(backup, provider);
    return hr;
}
