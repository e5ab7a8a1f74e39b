/* SPDX-License-Identifier: MIT */
#include "emu/api/entry.h"

#include "emu/api/backup_components.h"
#include "emu/api/guard.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

void (*entry_on_writer_subscribed)(struct service *service);
void (*entry_on_requester)(struct service *service);

struct service *entry_service(void)
{
    return world_current()->service;
}

HRESULT guard(enum api_method method)
{
    struct world_ports *ports = world_existing();

    return ports ? machine_meet(ports->service, method) : S_OK;
}

unsigned api_choice(enum choice choice)
{
    return choices_value(&entry_service()->choices, choice);
}

void entry_writer_subscribed(struct service *service)
{
    if (entry_on_writer_subscribed)
        entry_on_writer_subscribed(service);
}

/* Learn: "CreateVssBackupComponents function". */
HRESULT APIENTRY CreateVssBackupComponentsInternal(IVssBackupComponents **ret)
{
    GUARD(Function_CreateVssBackupComponents);
    if (!ret)
        return E_INVALIDARG;
    struct service *service = entry_service();

    if (entry_on_requester)
        entry_on_requester(service);
    backup_components_new(service, ret);
    return S_OK;
}

void APIENTRY VssFreeSnapshotPropertiesInternal(VSS_SNAPSHOT_PROP *prop)
{
    if (prop)
        snapshot_prop_clear(prop);
}

/* Learn: "IsVolumeSnapshotted function". Nothing is disabled on our volumes: capability 0. */
HRESULT APIENTRY IsVolumeSnapshottedInternal(VSS_PWSZ volume_name, BOOL *ret_present,
                                             LONG *ret_capability)
{
    GUARD(Function_IsVolumeSnapshotted);
    struct service *service = entry_service();
    auto_free char *name = utf8_from_wide(volume_name);

    if (!name || !ret_present || !ret_capability)
        return E_INVALIDARG;
    *ret_present = FALSE;
    *ret_capability = 0;
    sched_enter(service->ports->sched);
    struct volume *volume = service_find_volume(service, name);
    list_each (struct snapshot, snapshot, &service->snapshots, link) {
        if (snapshot->volume == volume)
            *ret_present = TRUE;
    }
    sched_leave(service->ports->sched);
    return volume ? S_OK : VSS_E_OBJECT_NOT_FOUND;
}
