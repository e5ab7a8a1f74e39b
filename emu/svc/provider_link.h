/* SPDX-License-Identifier: MIT */
/* How the service speaks to a provider. emu/api/provider_adapter is the link to providers in this
 * process, built in or a user's. */
#pragma once

#include "emu/include/vss.h"
#include "emu/proto/set_phases.h"

#include <stdbool.h>

enum provider_request_kind {
    REQUEST_PHASE,        /* a set's phase: call */
    REQUEST_DELETE,       /* DeleteSnapshots of object_id */
    REQUEST_REVERT_STATUS /* QueryRevertStatus of volume_name */
};

/* A snapshot whose device is to be learned. */
struct provider_device {
    VSS_ID snapshot_id;
    HRESULT result; /* of GetSnapshotProperties */
    char *device;   /* UTF-8, owned by the request; NULL: none was told */
};

/* A call that may take time. */
struct provider_request {
    enum provider_request_kind kind;
    enum provider_call call;
    VSS_ID set_id;
    LONG n_snapshots; /* PostCommitSnapshots */
    /* The provider is asked for these behind a PostCommitSnapshots that was good; the sender's. */
    struct provider_device *devices;
    size_t n_devices;
    VSS_ID object_id;
    VSS_OBJECT_TYPE object_type;
    bool force;
    const char *volume_name; /* the sender's, until it is done */
    /* The answer. */
    HRESULT result; /* as the provider gave it */
    LONG n_deleted;
    VSS_ID not_deleted_id;
    HRESULT status;                                 /* what the IVssAsync of a revert says */
    void (*done)(struct provider_request *request); /* inside the service, once */
    void *owner;
};

struct provider_link {
    /* These are called inside the service, never from a task. A provider that is not built in is
     * asked outside meanwhile: whoever calls looks up what it needs again afterwards. */
    HRESULT (*set_context)(struct provider_link *link, LONG context);
    HRESULT(*is_volume_supported)
    (struct provider_link *link, const char *volume_name, bool *ret_supported);
    HRESULT(*begin_prepare)
    (struct provider_link *link, const VSS_ID *set_id, const VSS_ID *snapshot_id,
     const char *volume_name, LONG context);
    /* Strings are task memory (VssFreeSnapshotProperties). */
    HRESULT(*properties)
    (struct provider_link *link, const VSS_ID *snapshot_id, VSS_SNAPSHOT_PROP *ret_prop);
    /* All that its Query lists, an array of n; the caller frees the strings and the array. */
    HRESULT (*query)(struct provider_link *link, VSS_SNAPSHOT_PROP **ret_props, size_t *ret_n);
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

    /* From anywhere inside the service. The request belongs to the link until done is called,
     * later or at once. */
    void (*send)(struct provider_link *link, struct provider_request *request);
    /* Whether something that it was asked has not come back. */
    bool (*is_busy)(struct provider_link *link);
    /* It is not needed for now: it may unload what it loads when it needs it. is_forced: it has
     * to. */
    void (*rest)(struct provider_link *link, bool is_forced);
    void (*free)(struct provider_link *link); /* outside the service */
};
