/* SPDX-License-Identifier: MIT */
/* The diff areas of the system provider: which volume's lies where, how large each may become, and
 * how well the snapshots of a volume are protected. Fills port diff_areas; tells the stores of the
 * volumes what that means for them (port diff_area), and hears from them what they gave up.
 *
 * An area comes by itself with the first snapshot of a volume, on that volume and of a tenth of its
 * size, and goes with the last one, unless somebody has added or changed it. A volume has one. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/diff_area.h"
#include "emu/port/diff_areas.h"

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
    bool is_giving_up; /* all its snapshots, for a reason that is told already */
};

/* Guarded by the lock of the provider's records. */
struct area_table {
    struct diff_areas port;
    ARRAY(struct area_entry) entries;
    ARRAY(struct area_volume) volumes;
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

/* ---- shared by both; under the lock ---- */

struct area_entry *area_table_find(struct soft_provider *p, const struct volume *source);
/* Good until the next call: known from now on, if it was not. */
struct area_volume *area_table_volume(struct soft_provider *p, struct volume *v);
