/* SPDX-License-Identifier: MIT */
/* Which call of CVssWriter means something in which handler. What the documentation does not allow
 * answers VSS_E_BAD_STATE, or, where a method has no error to give, the neutral value. The methods
 * of IVssComponent have rules of their own (emu/api/components_lease). Learn: "CVssWriter class"
 * and the pages of its methods. */
#pragma once

#include "emu/proto/writer_rules.h"

enum writer_call {
    ASK_SET_WRITER_FAILURE, /* and Ex */
    ASK_GET_SESSION_ID,
    ASK_GET_CURRENT_SNAPSHOT_SET_ID,
    ASK_GET_CURRENT_VOLUMES, /* GetCurrentVolumeCount, GetCurrentVolumeArray */
    ASK_IS_PATH_AFFECTED,
    ASK_GET_SNAPSHOT_DEVICE_NAME,
    ASK_GET_CONTEXT,
    ASK_GET_BACKUP_TYPE,
    ASK_GET_BACKUP_STATE, /* AreComponentsSelected, IsBootableSystemStateBackedUp, ... */
    ASK_GET_RESTORE_TYPE,
    ASK_GET_IDENTIFY_INFORMATION,
    ASK_IS_WRITER_SHUTTING_DOWN,
    N_WRITER_CALLS
};

bool writer_calls_allow(enum writer_call call, enum writer_event event);
const char *writer_call_name(enum writer_call call);
