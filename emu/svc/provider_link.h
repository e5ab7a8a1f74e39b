/* SPDX-License-Identifier: MIT */
/* How the service speaks to a provider. emu/api/provider_adapter is the link to providers in this
 * process, built in or a user's. */
#pragma once

#include "emu/include/vss.h"
#include "emu/proto/set_phases.h"

#include <stdbool.h>

/* A call that may take time. */
struct provider_request {
    bool is_delete; /* DeleteSnapshots of object_id instead of a set's phase */
    enum provider_call call;
    VSS_ID set_id;
    LONG n_snapshots; /* PostCommitSnapshots */
    VSS_ID object_id;
    VSS_OBJECT_TYPE object_type;
    bool force;
    /* The answer. */
    HRESULT result; /* as the provider gave it */
    LONG n_deleted;
    VSS_ID not_deleted_id;
    void (*done)(struct provider_request *request); /* inside the service, once */
    void *owner;
};

struct provider_link {
    /* These return at once. */
    HRESULT(*is_volume_supported)
    (struct provider_link *link, const char *volume_name, LONG context, bool *ret_supported);
    HRESULT(*begin_prepare)
    (struct provider_link *link, const VSS_ID *set_id, const VSS_ID *snapshot_id,
     const char *volume_name, LONG context);
    /* Strings are task memory (VssFreeSnapshotProperties). */
    HRESULT(*properties)
    (struct provider_link *link, const VSS_ID *snapshot_id, VSS_SNAPSHOT_PROP *ret_prop);
    HRESULT(*is_snapshotted)
    (struct provider_link *link, const char *volume_name, bool *ret_present,
     LONG *ret_compatibility);
    HRESULT(*set_attributes)
    (struct provider_link *link, const VSS_ID *snapshot_id, LONG attributes);
    HRESULT(*set_text)
    (struct provider_link *link, const VSS_ID *snapshot_id, VSS_SNAPSHOT_PROPERTY_ID property,
     const char *text);
    HRESULT (*revert)(struct provider_link *link, const VSS_ID *snapshot_id);
    /* S_OK: *ret_status is what the provider's IVssAsync says of the revert. */
    HRESULT(*revert_status)
    (struct provider_link *link, const char *volume_name, HRESULT *ret_status);
    /* Whether it has IVssHardwareSnapshotProviderEx: older ones copy no LUN back. */
    bool (*can_resync)(struct provider_link *link);
    /* Copies snapshots back onto n disks; S_OK: it has begun, and resync_status says how it is. */
    HRESULT (*resync)(struct provider_link *link, size_t n);
    HRESULT (*resync_status)(struct provider_link *link);
    /* The request belongs to the link until done is called, later or at once. */
    void (*send)(struct provider_link *link, struct provider_request *request);
    void (*free)(struct provider_link *link);
};
