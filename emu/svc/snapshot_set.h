/* SPDX-License-Identifier: MIT */
/* Snapshots: a set while it is made, and the finished ones that the service knows. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/svc/provider_registry.h"

struct backup;
struct exposed_name;
struct service;
struct volume;

struct snapshot {
    struct list link; /* in service->snapshots once finished */
    VSS_ID id, set_id;
    struct volume *volume;
    struct provider *provider;
    LONG context;
    LONG n_in_set;                /* at creation */
    VSS_TIMESTAMP created;        /* when it was finished */
    bool was_refused;             /* its provider would not delete it */
    bool is_earlier;              /* the program under test has not made it */
    char *device;                 /* NULL until it is committed; UTF-8 */
    struct exposed_name *exposed; /* its name of its own, owned; NULL: none */
};

struct snapshot_set {
    VSS_ID id;
    ARRAY(struct snapshot *) snapshots;
    ARRAY(struct provider *) providers; /* each once */
    bool is_held;                       /* writes on its volumes wait */
};

#define MAX_VOLUMES_IN_SET 64 /* Learn: "IVssBackupComponents::AddToSnapshotSet" */

struct snapshot_set *snapshot_set_new(const VSS_ID *id);
void snapshot_set_free(struct snapshot_set *set); /* NULL does nothing; frees its snapshots */
void snapshot_free(struct snapshot *snapshot);

/* Chooses the provider, tells it, adds the snapshot. Codes: those of AddToSnapshotSet. */
HRESULT snapshot_set_add(struct backup *backup, const char *volume_name, const VSS_ID *provider_id,
                         VSS_ID *ret_snapshot_id);

/* Behind PostCommitSnapshots, when no write waits any more, the devices of a provider's copies are
 * learned: the request asks for them, its answer is taken. What a provider says of its snapshots is
 * not worth the set (one without a device is a copy that nobody reads). set NULL: it has gone. */
void snapshot_set_ask_devices(struct snapshot_set *set, const struct provider *provider,
                              struct provider_request *request);
void snapshot_set_take_devices(struct snapshot_set *set, struct service *service,
                               struct provider *provider, struct provider_request *request);
/* Moves the finished snapshots into the service's list; the set keeps none. */
void snapshot_set_publish(struct snapshot_set *set, struct service *service);

struct snapshot *snapshot_find(struct service *service, const VSS_ID *id);
/* Whether a session sees it: its context does, or it has made it. */
bool snapshot_is_seen_by(const struct snapshot *snapshot, const struct backup *backup);
/* The same as snapshot_find among those that the session sees. */
struct snapshot *snapshot_find_for(struct backup *backup, const VSS_ID *id);

/* What its provider says of it, completed by what the service knows; strings are task memory. A
 * snapshot of which the provider knows no more (it made room for newer ones) is forgotten:
 * VSS_E_OBJECT_NOT_FOUND. The snapshot may be gone afterwards in any case. */
HRESULT snapshot_properties(struct service *service, struct snapshot *snapshot,
                            VSS_SNAPSHOT_PROP *ret_prop);
/* A finished snapshot of an earlier process is known from now on. False: its volume is away. */
bool snapshot_adopt(struct service *service, struct provider *provider,
                    const VSS_SNAPSHOT_PROP *prop);
/* The same for one that a provider lists. A finished snapshot of an earlier run is known from now
 * on. False: it names no snapshot. */
bool snapshot_complete(struct service *service, struct provider *provider, VSS_SNAPSHOT_PROP *prop);
