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
    bool was_refused;             /* its provider would not delete it */
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
HRESULT snapshot_set_add(struct snapshot_set *set, struct service *service, const char *volume_name,
                         const VSS_ID *provider_id, LONG context, VSS_ID *ret_snapshot_id);

/* After the commit: asks the providers for the device names. */
void snapshot_set_learn_devices(struct snapshot_set *set);
/* Moves the finished snapshots into the service's list; the set keeps none. */
void snapshot_set_publish(struct snapshot_set *set, struct service *service);

struct snapshot *snapshot_find(struct service *service, const VSS_ID *id);
/* Whether a session sees it: its context does, or it has made it. */
bool snapshot_is_seen_by(const struct snapshot *snapshot, const struct backup *backup);
/* The same as snapshot_find among those that the session sees. */
struct snapshot *snapshot_find_for(struct backup *backup, const VSS_ID *id);

/* What its provider says of it; strings are task memory. A snapshot of which the provider knows no
 * more (it made room for newer ones) is forgotten: VSS_E_OBJECT_NOT_FOUND. */
HRESULT snapshot_properties(struct service *service, struct snapshot *snapshot,
                            VSS_SNAPSHOT_PROP *ret_prop);
