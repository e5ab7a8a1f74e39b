/* SPDX-License-Identifier: MIT */
/* What the files of the system provider share: soft_provider.c the interfaces, soft_snapshots.c the
 * records of snapshots and the work on volumes. */
#pragma once

#include "emu/base/array.h"
#include "emu/com/object.h"
#include "provider_sim/diff_areas.h"
#include "provider_sim/soft_provider.h"

struct soft_revert;
struct volume;

struct soft_snapshot {
    VSS_SNAPSHOT_PROP prop;
    struct volume *volume;
    unsigned number; /* 0: not committed */
    bool is_gone;    /* given up for want of room; nobody finds it any more */
    bool is_kept;    /* its volume keeps it for the next process */
    bool is_decider; /* the others of its set were written down on condition that it is kept */
};

struct soft_provider {
    struct com_object com;
    IVssSoftwareSnapshotProvider IVssSoftwareSnapshotProvider;
    IVssProviderCreateSnapshotSet IVssProviderCreateSnapshotSet;
    IVssProviderNotifications IVssProviderNotifications;
    struct world_ports *world;
    VSS_ID id;
    bool is_inside;
    unsigned last_alias;                  /* the highest device that is no snapshot's number */
    ARRAY(struct volume_alias *) aliases; /* those of each volume that has some, as one array */
    bool is_passing;  /* what is made now ends with this process, whatever it is */
    bool has_context; /* SetContext was called: Query shows this context only */
    LONG context;
    atomic_flag lock;
    ARRAY(struct soft_snapshot *) snapshots;
    ARRAY(struct soft_revert *) reverts; /* the last one of each volume */
    struct area_table areas;
};

/* A step of a set: from which state of its snapshots to which. */
struct soft_phase {
    VSS_SNAPSHOT_STATE from;
    VSS_SNAPSHOT_STATE to;
};

/* Guards the records; never held over a volume's work. */
void soft_provider_lock(struct soft_provider *p);
void soft_provider_unlock(struct soft_provider *p);

/* Under the lock: */
bool soft_snapshot_is_of(const struct soft_snapshot *s, const VSS_ID *id, VSS_OBJECT_TYPE type);
struct soft_snapshot *soft_snapshot_find(struct soft_provider *p, const VSS_ID *id,
                                         VSS_OBJECT_TYPE type);
void soft_snapshot_free(struct soft_snapshot *s);

/* EndPrepareSnapshots: each of the set's volumes has a diff area from now on. */
HRESULT soft_set_prepare_areas(struct soft_provider *p, const VSS_ID *set_id);
/* Without it: VSS_E_OBJECT_NOT_FOUND, or VSS_E_BAD_STATE if one is not in the first state. */
HRESULT soft_set_enter(struct soft_provider *p, const VSS_ID *set_id,
                       const struct soft_phase *phase);
/* The point in time of a set whose phase allows it. */
HRESULT soft_set_commit(struct soft_provider *p, const VSS_ID *set_id);
/* Its writers can change their files in it, if it is to be recovered by itself; and no more. */
HRESULT soft_set_open(struct soft_provider *p, const VSS_ID *set_id);
HRESULT soft_set_seal(struct soft_provider *p, const VSS_ID *set_id);
/* Deletes what was made and forgets all of the set. */
void soft_set_abort(struct soft_provider *p, const VSS_ID *set_id);
/* A set is finished: what is persistent outlives this process from now on. */
HRESULT soft_set_keep(struct soft_provider *p, const VSS_ID *set_id);
HRESULT soft_snapshot_delete(struct soft_provider *p, struct soft_snapshot *s);
/* A set is finished: of client-accessible snapshots 64 stay on each of its volumes, the newest. */
void soft_set_make_room(struct soft_provider *p, const VSS_ID *set_id);

/* What a reader of the trace may want to know; the caller of the provider logs its answer. */
void soft_provider_note(struct soft_provider *p, const char *what, struct volume *v, int error);
HRESULT soft_hresult(int error);                                    /* of a volume's answer */
VSS_PWSZ soft_device_name(const struct volume *v, unsigned number); /* task memory */
struct soft_provider *soft_provider_of(IVssSoftwareSnapshotProvider *face);

/* ---- soft_kept.c ---- */

/* Something about it has changed: the next process is told so, too. */
HRESULT soft_snapshot_keep_again(struct soft_provider *p, struct soft_snapshot *s);

/* ---- soft_found.c ---- */

/* Their volumes forget their devices. */
void soft_provider_free_aliases(struct soft_provider *p);

/* ---- soft_properties.c ---- */

HRESULT soft_provider_SetSnapshotProperty(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                          VSS_SNAPSHOT_PROPERTY_ID property, VARIANT value);

/* ---- soft_revert.c ---- */

HRESULT soft_revert_begin(struct soft_provider *p, const struct soft_snapshot *s);
/* VSS_E_OBJECT_NOT_FOUND: no revert of the volume is known. */
HRESULT soft_revert_query(struct soft_provider *p, const struct volume *v, IVssAsync **ret_async);
void soft_revert_free_all(struct soft_provider *p);
