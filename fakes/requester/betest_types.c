/* SPDX-License-Identifier: MIT */
/* Types of backup as a table (betest_types.h). */
#include "fakes/requester/betest_types.h"

/* A copy holds what a full backup holds; it only leaves no trace in the writer's history. */
static const struct {
    VSS_BACKUP_TYPE vss;
    uint32_t schema; /* what a writer must support; 0: every writer does */
    uint32_t backup, snapshot;
    bool only_logs;
} types[BETEST_N_TYPES] = {
    [BETEST_FULL] = { VSS_BT_FULL, 0, VSS_FSBT_FULL_BACKUP_REQUIRED,
                      VSS_FSBT_FULL_SNAPSHOT_REQUIRED, false },
    [BETEST_INCREMENTAL] = { VSS_BT_INCREMENTAL, VSS_BS_INCREMENTAL,
                             VSS_FSBT_INCREMENTAL_BACKUP_REQUIRED,
                             VSS_FSBT_INCREMENTAL_SNAPSHOT_REQUIRED, false },
    [BETEST_DIFFERENTIAL] = { VSS_BT_DIFFERENTIAL, VSS_BS_DIFFERENTIAL,
                              VSS_FSBT_DIFFERENTIAL_BACKUP_REQUIRED,
                              VSS_FSBT_DIFFERENTIAL_SNAPSHOT_REQUIRED, false },
    [BETEST_LOG] = { VSS_BT_LOG, VSS_BS_LOG, VSS_FSBT_LOG_BACKUP_REQUIRED,
                     VSS_FSBT_LOG_SNAPSHOT_REQUIRED, true },
    [BETEST_COPY] = { VSS_BT_COPY, VSS_BS_COPY, VSS_FSBT_FULL_BACKUP_REQUIRED,
                      VSS_FSBT_FULL_SNAPSHOT_REQUIRED, false },
};

VSS_BACKUP_TYPE type_of_vss(enum betest_type type)
{
    return types[type].vss;
}

enum betest_type type_for_writer(enum betest_type type, const struct wmd *wmd)
{
    return (wmd->backup_schema & types[type].schema) == types[type].schema ? type : BETEST_FULL;
}

bool type_wants_backup(enum betest_type type, const struct filespec *set, bool is_log)
{
    return (!types[type].only_logs || is_log) && (set->backup_type_mask & types[type].backup);
}

bool type_wants_snapshot(enum betest_type type, const struct filespec *set, bool is_log)
{
    return type_wants_backup(type, set, is_log) && (set->backup_type_mask & types[type].snapshot);
}
