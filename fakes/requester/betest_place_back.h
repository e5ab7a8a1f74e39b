/* SPDX-License-Identifier: MIT */
/* Puts the files of one component set back as the writer's restore method and the component's
 * restore target say (Learn: "Setting VSS Restore Methods", "Setting VSS Restore Targets"). */
#pragma once

#include "fakes/requester/betest_session.h"

enum place_plan { IN_PLACE, BY_MAPPING, AT_REBOOT, DIRECTED, NOT_AT_ALL };

/* What earlier passes of a chain have decided, so that the files of later backups go where those
 * they build on went. Zeroed is empty. */
struct place_memory {
    struct text_index index;
    ARRAY(enum place_plan) plans;
};
void place_memory_free(struct place_memory *memory);

/* Restores the set whose explicit component stands at `owner`; reports what fails. Answers what
 * SetFileRestoreStatus wants to hear. */
VSS_FILE_RESTORE_STATUS place_back(struct session *s, size_t owner, struct place_memory *memory);
