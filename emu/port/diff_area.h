/* SPDX-License-Identifier: MIT */
/* Port: the diff area of a volume (Windows: its shadow copy storage), in which the old state of
 * what changes is kept for its snapshots, as its store keeps it (provider_sim/cow): the store
 * counts the blocks, obeys limits, and tells what it had to give up. Part of port volume
 * (limit_diff_area, use_of_diff_area, put_online, volume_watch_diff_area). Who owns the areas:
 * diff_areas.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct volume;

#define DIFF_AREA_UNBOUNDED INT64_MAX

struct diff_area_limits {
    /* Bytes; what uses more already gives up its oldest snapshots at once. Negative: there is no
     * area; all go, or the volume goes offline. */
    int64_t maximum;
    /* Where the area lies is no room: it must not grow beyond what it has now, and what needs more
     * fails as on a full disk. */
    bool is_stuck;
    /* Rather the volume goes offline than a snapshot is given up: the change that needs room fails,
     * and so does all that follows (-ENXIO), until put_online. */
    bool protects_snapshots;
};

/* Bytes; used <= allocated (Learn: "VSS_DIFF_AREA_PROP structure"). */
struct diff_area_use {
    int64_t used, allocated;
    int64_t free, total; /* of the file system that the store lies on */
    bool is_offline;
};

/* What has happened to the snapshots of a volume, and why (Windows: the numbers of Volsnap). One
 * that was given up is there until it is deleted, but cannot be read (-ENXIO). "All": those from
 * `number` on. */
enum diff_area_event {
    DIFF_AREA_OLDEST_DELETED, /* `number` alone, so that the area stays below its limit: 33 */
    DIFF_AREA_LIMIT_REACHED,  /* all: the limit leaves no room even without older ones: 36 */
    DIFF_AREA_DISK_FULL,      /* all: the area cannot grow where it lies: 24, 35 */
    DIFF_AREA_FAILED,         /* all: reading or writing failed: 14 */
    DIFF_AREA_TOO_SLOW,       /* all: it could not grow in time: 25 */
    DIFF_AREA_WENT_OFFLINE,   /* none, as the volume is protected: `number` is the event instead */
    /* Of a volume on which areas may lie: */
    DIFF_AREA_PLACE_GONE,
    DIFF_AREA_PLACE_FULL,
};

/* Told on the thread whose change brought it about, perhaps inside the service, after the change,
 * with no lock of the volume held. */
typedef void diff_area_listener(void *owner, struct volume *v, enum diff_area_event event,
                                unsigned number);
