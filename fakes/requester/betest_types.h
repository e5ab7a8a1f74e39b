/* SPDX-License-Identifier: MIT */
/* What a type of backup means for a writer and its file sets (Learn: "VSS_BACKUP_TYPE",
 * "VSS_FILE_SPEC_BACKUP_TYPE", "VSS_BACKUP_SCHEMA"). */
#pragma once

#include "emu/doc/wmd.h"
#include "fakes/requester/betest.h"

VSS_BACKUP_TYPE type_of_vss(enum betest_type type);

/* What a writer makes of the type: without its bit in the schema it does a full backup. */
enum betest_type type_for_writer(enum betest_type type, const struct wmd *wmd);

/* Whether the set is to be backed up, and read from the snapshot, in a backup of this type. In a
 * backup of the log only a database's log files count. */
bool type_wants_backup(enum betest_type type, const struct filespec *set, bool is_log);
bool type_wants_snapshot(enum betest_type type, const struct filespec *set, bool is_log);
