/* SPDX-License-Identifier: MIT */
/* What volume_faults.c (operations for the service) and volume_faults_files.c share. */
#pragma once

#include "emu/base/list.h"
#include "emu/port/volume.h"
#include "emu/proto/fault_rules.h"

#include <stdatomic.h>

struct volume_front {
    const struct volume_ops *real;
    struct volume_ops ops; /* those of volume_faults_ops that the volume has */
    struct world_ports *ports;
    struct volume_watcher *watcher; /* NULL: nobody */
    struct list late;               /* struct late */
    atomic_bool is_gone, is_full;
    /* Snapshots up to this number are lost; UINT_MAX: all, until the next one is made. */
    atomic_uint lost_up_to;
    atomic_uint last_number; /* made in this world; 0: none */
};

/* Also makes the volume vanish or full. */
bool volume_faults_meet(struct volume *v, enum fault_volume_point point, struct fault_hit *ret_hit);

extern const struct volume_ops volume_faults_ops;
void volume_faults_flush(struct volume *v, struct volume_done *done);
void volume_faults_hold(struct volume *v, struct volume_done *done);
void volume_faults_commit(struct volume *v, unsigned number, struct volume_done *done);
void volume_faults_release(struct volume *v, struct volume_done *done);
void volume_faults_delete(struct volume *v, unsigned number, struct volume_done *done);
void volume_faults_revert(struct volume *v, unsigned number, struct volume_done *done);
void volume_faults_free(struct volume *v);
