/* SPDX-License-Identifier: MIT */
/* Port: the diff areas of a world. The system provider owns them (provider_sim/diff_areas): which
 * volume's lies on which, how large it may become, how well its snapshots are protected. Faces
 * (emu/api) and those who make worlds (emu/setup) reach them here; the stores of the volumes do
 * what the areas say (diff_area.h). An area that lies on another volume is a matter of accounts:
 * the blocks stay with the volume that they come from, and whether the other volume is full or gone
 * decides over them. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct volume;

struct diff_area {
    /* Whose changes it keeps; on which volume it lies. One that an earlier world had and this one
     * has not is no volume of the world: it has nothing but its names. */
    struct volume *source, *place;
    int64_t maximum; /* bytes; VSS_ASSOC_NO_MAX_SPACE (-1): unbounded */
    int64_t allocated, used;
};

/* As VSS_VOLUME_PROTECTION_INFO has it. */
struct diff_area_protection {
    int level; /* VSS_PROTECTION_LEVEL */
    bool is_offline;
    int fault; /* VSS_PROTECTION_FAULT */
    int32_t failure;
    bool has_unused_area;
};

struct diff_areas;

/* HRESULTs are those of the pages of IVssDifferentialSoftwareSnapshotMgmt(2,3). Called inside the
 * service; volumes are the world's. */
struct diff_areas_ops {
    HRESULT(*add)
    (struct diff_areas *all, struct volume *source, struct volume *place, int64_t maximum);
    HRESULT(*change)
    (struct diff_areas *all, struct volume *source, struct volume *place, int64_t maximum,
     bool is_volatile);
    /* Whatever the size and the snapshots are: for who makes a world. */
    void (*put)(struct diff_areas *all, struct volume *source, struct volume *place,
                int64_t maximum);
    HRESULT(*move)
    (struct diff_areas *all, struct volume *source, struct volume *place, struct volume *to);
    /* The i-th area; false behind the last. */
    bool (*item)(struct diff_areas *all, size_t i, struct diff_area *ret_area);
    /* Whether areas can lie on it: the pages want NTFS, and room. */
    HRESULT (*can_lie_on)(struct diff_areas *all, struct volume *place);
    /* Bytes that an area must be allowed; source NULL: of a volume of the usual size. */
    int64_t (*minimum)(struct diff_areas *all, const struct volume *source);
    HRESULT (*set_level)(struct diff_areas *all, struct volume *v, int level);
    HRESULT(*protection)
    (struct diff_areas *all, struct volume *v, struct diff_area_protection *ret_protection);
    HRESULT (*clear_fault)(struct diff_areas *all, struct volume *v);
    HRESULT (*delete_unused)(struct diff_areas *all, struct volume *place);
    /* Whose changes a snapshot needs kept; NULL: the provider has no such snapshot. */
    struct volume *(*source_of)(struct diff_areas *all, const VSS_ID *snapshot);
};

struct diff_areas {
    const struct diff_areas_ops *ops;
};
