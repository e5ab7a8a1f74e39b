/* SPDX-License-Identifier: MIT */
/* What can be planned to go wrong, where, and how it is written: the tables behind --fault, the
 * faults of a world file and vssemu_add_fault. `vssemu states faults` prints them. */
#pragma once

#include "emu/port/faults.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- places: writers have enum writer_event, requesters and the machine enum api_method ---- */

enum fault_provider_point {
    AT_PROVIDER_LOAD, /* OnLoad */
    AT_PROVIDER_UNLOAD,
    AT_PROVIDER_SET_CONTEXT,
    AT_PROVIDER_IS_SUPPORTED,
    AT_PROVIDER_IS_SNAPSHOTTED,
    AT_PROVIDER_BEGIN_PREPARE,
    AT_PROVIDER_END_PREPARE,
    AT_PROVIDER_PRE_COMMIT,
    AT_PROVIDER_COMMIT,
    AT_PROVIDER_POST_COMMIT,
    AT_PROVIDER_PRE_FINAL_COMMIT,
    AT_PROVIDER_POST_FINAL_COMMIT,
    AT_PROVIDER_ABORT,
    AT_PROVIDER_PROPERTIES,
    AT_PROVIDER_SET_PROPERTY,
    AT_PROVIDER_QUERY,
    AT_PROVIDER_DELETE,
    AT_PROVIDER_REVERT,
    AT_PROVIDER_REVERT_STATUS,
    /* The system provider's management of storage, which no backup calls. */
    AT_PROVIDER_ADD_AREA,
    N_BACKUP_PROVIDER_POINTS = AT_PROVIDER_ADD_AREA,
    AT_PROVIDER_CHANGE_AREA,
    AT_PROVIDER_CHANGE_AREA_EX,
    AT_PROVIDER_AREA_VOLUMES,
    AT_PROVIDER_AREAS_FOR,
    AT_PROVIDER_AREAS_ON,
    AT_PROVIDER_AREAS_OF_SNAPSHOT,
    AT_PROVIDER_SET_LEVEL,
    AT_PROVIDER_GET_LEVEL,
    AT_PROVIDER_CLEAR_FAULT,
    AT_PROVIDER_DELETE_UNUSED,
    N_FAULT_PROVIDER_POINTS
};

enum fault_volume_point {
    AT_VOLUME_FLUSH,
    AT_VOLUME_HOLD,
    AT_VOLUME_COMMIT,
    AT_VOLUME_RELEASE,
    AT_VOLUME_DELETE,
    AT_VOLUME_REVERT,
    AT_VOLUME_OPEN, /* a file, for reading or writing */
    AT_VOLUME_READ, /* a block of up to 64 KiB of the volume itself */
    AT_VOLUME_WRITE,
    AT_VOLUME_READ_COPY, /* the same of a snapshot */
    N_FAULT_VOLUME_POINTS
};

size_t fault_point_count(enum fault_actor actor);
/* The first of them, by which backups and restores can come. */
size_t fault_point_count_of_backups(enum fault_actor actor);
const char *fault_point_name(enum fault_actor actor, unsigned point); /* "Freeze" */
/* Any case; of a method of IVssBackupComponents the interface may be left out. False: none. */
bool fault_point_named(enum fault_actor actor, const char *name, unsigned *ret_point);

/* ---- words ---- */

const char *fault_actor_name(enum fault_actor actor);      /* "writer" */
const char *fault_actor_place_key(enum fault_actor actor); /* "event", "call", "op" */
const char *fault_action_name(enum fault_action action);   /* "fail" */
const char *fault_action_help(enum fault_action action);

/* What an action must (or may) say besides. */
enum fault_argument {
    FAULT_TAKES_NOTHING,
    FAULT_TAKES_CODE,
    FAULT_TAKES_DURATION, /* for= */
    FAULT_MAY_TAKE_DURATION,
    FAULT_TAKES_JUMP, /* by=, also negative */
    FAULT_MAY_TAKE_SIZE
};
enum fault_argument fault_action_argument(enum fault_action action);

/* Whether this can happen to the actor at all, and at this place. */
bool fault_rules_actor_has(enum fault_actor actor, enum fault_action action);
bool fault_rules_allow(enum fault_actor actor, unsigned point, enum fault_action action);
/* Whether it can also happen at a time (at=) instead of a place. */
bool fault_rules_allow_at_time(enum fault_actor actor, enum fault_action action);
