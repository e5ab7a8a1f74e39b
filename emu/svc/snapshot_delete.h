/* SPDX-License-Identifier: MIT */
/* Deleting finished snapshots, one after another (Learn:
 * "IVssBackupComponents::DeleteSnapshots"). */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>

struct backup;
struct provider;
struct service;

struct snapshot_deletion {
    struct service *service;
    struct backup *seen_by; /* only what this session sees; NULL: whatever there is */
    VSS_ID id;              /* of a snapshot or a set */
    bool is_set, force;
    /* The result, valid when is_done. */
    bool is_done;
    HRESULT result;
    LONG n_deleted;
    VSS_ID not_deleted_id;
    void (*done)(struct snapshot_deletion *deletion); /* inside the service; may be NULL */
};

/* Starts; the deletion must live until is_done. */
void snapshot_delete(struct snapshot_deletion *deletion);
/* For auto-release: deletes a set and tells nobody. */
void snapshot_delete_unawaited(struct service *service, const VSS_ID *set_id);
/* The same after some minutes. Windows: a copy was still there 5 s after the last Release and gone
 * 390 s after its creation. */
void snapshot_delete_later(struct service *service, const VSS_ID *set_id);
/* Forgets what was to be deleted later: the world ends. */
void snapshot_delete_forget(struct service *service);

/* A set that was never finished and of which the provider has made its copies: it is told to delete
 * them, and nobody waits for it. */
void snapshot_delete_of_provider(struct service *service, struct provider *provider,
                                 const VSS_ID *set_id);
