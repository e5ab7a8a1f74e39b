/* SPDX-License-Identifier: MIT */
/* The diff areas of the system provider: which volume's lies where, how large each may become, and
 * how well the snapshots of a volume are protected. Fills port diff_areas; tells the stores of the
 * volumes what that means for them (port diff_area), and hears from them what they gave up.
 *
 * An area comes by itself with the first snapshot of a volume, on that volume and of a tenth of its
 * size, and goes with the last one, unless somebody has added or changed it. A volume has one. What
 * somebody has said stays with the volume, in later worlds, too. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/diff_area.h"
#include "emu/port/diff_areas.h"
#include "provider_sim/soft_area.h"

struct soft_provider;

struct area_entry {
    struct volume *source, *place;
    int64_t maximum; /* VSS_ASSOC_NO_MAX_SPACE: unbounded */
    bool is_explicit;
};

/* What is known of a volume, as a source or as a place of areas. */
struct area_volume {
    struct volume *volume;
    int level; /* VSS_PROTECTION_LEVEL */
    int fault; /* VSS_PROTECTION_FAULT */
    int32_t failure;
    bool is_full, is_gone;
    bool is_missing;   /* gone, too: nothing is there but its name in an area of an earlier world */
    bool is_giving_up; /* all its snapshots, for a reason that is told already */
    struct soft_area kept; /* what is written of it on the volume, or would be */
};

/* Guarded by the lock of the provider's records. */
struct area_table {
    struct diff_areas port;
    ARRAY(struct area_entry) entries;
    ARRAY(struct area_volume) volumes;
    ARRAY(struct volume *) missing; /* ours */
};

void area_table_init(struct soft_provider *p);
void area_table_fini(struct soft_provider *p);
/* The volume is about to get a snapshot: it has an area from now on. Inside the service.
 * VSS_E_INSUFFICIENT_STORAGE: the volume on which its area lies has gone. */
HRESULT area_table_prepare(struct soft_provider *p, struct volume *source);

/* ---- diff_area_events.c ---- */

void area_table_listen(struct soft_provider *p, struct volume *v);
/* Tells the source's store its limits. Without the lock. */
void area_table_apply(struct soft_provider *p, struct volume *source);

/* ---- diff_area_kept.c; without the lock ---- */

/* While the provider is being made: what an earlier world has left of the volume's area. False: the
 * volume's snapshots are offline, as what they need lies on a volume that is not there. */
bool area_table_find_kept(struct soft_provider *p, struct volume *source);
bool area_table_has_offline(struct soft_provider *p, struct volume *source);
/* What is written of a volume; writing it anew: on failure the old stays. */
struct soft_area area_table_kept(struct soft_provider *p, struct volume *source);
HRESULT area_table_keep(struct soft_provider *p, struct volume *source,
                        const struct soft_area *record);
/* The same of its area alone; place NULL: it has none. */
HRESULT area_table_keep_area(struct soft_provider *p, struct volume *source,
                             const struct volume *place, int64_t maximum);
void area_table_free_missing(struct soft_provider *p);

/* ---- shared by all; under the lock ---- */

struct area_entry *area_table_find(struct soft_provider *p, const struct volume *source);
/* Good until the next call: known from now on, if it was not. */
struct area_volume *area_table_volume(struct soft_provider *p, struct volume *v);
